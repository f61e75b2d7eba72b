"""Items read strictly, from the ``quiz.toml`` of a chapter or from the bank. They hold the key: trainer's side only."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from facturier.evaluation.items import (
    A_CHOIX,
    A_SAISIR,
    FIABLE,
    GENRES,
    Choix,
    Cible,
    Genre,
    Item,
    Ligne,
    Piege,
    id_choix,
)
from facturier.evaluation.lecture_toml import Fiche, lire

__all__ = ["FIABLE", "Choix", "Genre", "Item", "Piege", "id_choix", "lire_item", "lire_pieges", "lire_quiz"]

_CHAMPS = ("id", "objectif", "niveau", "genre", "question", "source", "fiabilite")
_CHAMPS_SAISIS = ("attendu", "tolerance", "unite", "retour_juste", "retour_faux", "piege")
_LIGNES_MAX = 8


def lire_quiz(fichier: Path, objectifs: Collection[str], au: date) -> tuple[Item, ...]:
    """The items of a quiz, in the order of the file, told as the law stands on that day.

    Raises:
        ErreurFacturier: the sentence names the file, the item and what is wrong with it.
    """
    items: list[Item] = []
    for fiche in lire(fichier, "item", "item"):
        item = lire_item(fiche.au_jour(au), objectifs)
        if any(deja.id == item.id for deja in items):
            raise fiche.refus("cet identifiant est déjà pris, donnez-en un autre")
        items.append(item)
    return tuple(items)


def lire_pieges(fiche: Fiche) -> tuple[Piege, ...]:
    """The known mistakes ``[[….piege]]`` of an item or of an exercise."""
    pieges = []
    for piege in fiche.sous_fiches("piege", "piège"):
        piege.seuls(("valeur", "retour"))
        pieges.append(Piege(piege.valeur_attendue("valeur"), piege.texte("retour")))
    return tuple(pieges)


def lire_item(fiche: Fiche, objectifs: Collection[str]) -> Item:
    """One item.

    Raises:
        ErreurFacturier: what is wrong with it; an uncertain fact is never graded.
    """
    identifiant = fiche.identifiant()
    genre = cast(Genre, fiche.parmi("genre", GENRES))
    objectif = fiche.texte("objectif")
    if objectif not in objectifs:
        raise fiche.refus(f"objectif inconnu « {objectif} », le chapitre déclare : {', '.join(sorted(objectifs))}")
    niveau = fiche.champs.get("niveau")
    if isinstance(niveau, bool) or niveau not in (1, 2, 3):
        raise fiche.refus("« niveau » doit valoir 1, 2 ou 3")
    fiabilite = fiche.parmi("fiabilite", (FIABLE, "partiel", "à vérifier"))
    if fiabilite != FIABLE:
        raise fiche.refus(
            f"le fait est « {fiabilite} » : un fait incertain ne se note pas, retirez l’item ou établissez le fait"
        )
    commun: dict[str, Any] = {
        "id": identifiant,
        "objectif": objectif,
        "niveau": niveau,
        "genre": genre,
        "question": fiche.texte("question"),
        "source": fiche.texte("source"),
        "fiabilite": fiabilite,
    }
    if genre in A_SAISIR:
        return _a_saisir(fiche, genre, commun)
    if genre in A_CHOIX:
        fiche.seuls((*_CHAMPS, "choix", *(("facture",) if genre == "champ" else ())))
        facture = fiche.texte("facture") if genre == "champ" else ""
        return Item(**commun, choix=_lire_choix(fiche, identifiant, genre), facture=facture)
    if genre == "ordre":
        return _ordre(fiche, commun)
    return _appariement(fiche, commun)


def _a_saisir(fiche: Fiche, genre: Genre, commun: dict[str, Any]) -> Item:
    fiche.seuls((*_CHAMPS, *_CHAMPS_SAISIS))
    if genre == "date":
        from facturier.evaluation.valeurs import lire_jour

        if lire_jour(fiche.valeur_attendue()) is None:
            raise fiche.refus("« attendu » doit être une date, comme 24/11/2026")
    return Item(
        **commun,
        attendu=fiche.valeur_attendue(),
        tolerance=fiche.decimal_ou_rien("tolerance") or Decimal(0),
        unite=fiche.texte_ou_vide("unite"),
        retour_juste=fiche.texte("retour_juste"),
        retour_faux=fiche.texte("retour_faux"),
        pieges=lire_pieges(fiche),
    )


def _lire_choix(fiche: Fiche, item: str, genre: Genre) -> tuple[Choix, ...]:
    choix: list[Choix] = []
    for entree in fiche.sous_fiches("choix", "choix"):
        entree.seuls(("texte", "juste", "retour", "cle"))
        texte, juste = entree.texte("texte"), entree.champs.get("juste")
        if not isinstance(juste, bool):
            raise entree.refus("« juste » doit valoir true ou false")
        if any(deja.texte == texte for deja in choix):
            raise entree.refus(f"le choix « {texte} » est écrit deux fois")
        choix.append(Choix(id_choix(item, _cle(entree, texte)), texte, juste, entree.texte("retour")))
    justes = sum(c.juste for c in choix)
    if len(choix) < 2:
        raise fiche.refus("il faut au moins deux choix")
    if genre != "multiple" and justes != 1:
        raise fiche.refus(
            f"une question à réponse unique a une seule réponse juste, celle-ci en a {justes or 'aucune'}"
        )
    if justes == 0:
        raise fiche.refus("aucun choix n’est juste")
    if len({c.id for c in choix}) < len(choix):
        raise fiche.refus("deux choix ont la même empreinte, changez un mot de l’un d’eux")
    return tuple(choix)


def _ordre(fiche: Fiche, commun: dict[str, Any]) -> Item:
    """Its lines are written in the right order; the targets are ranks."""
    fiche.seuls((*_CHAMPS, "ligne", "retour_juste"))
    entrees = _entrees(fiche, ("texte", "retour", "cle"))
    lignes = tuple(
        Ligne(id_choix(commun["id"], _cle(e, e.texte("texte"))), e.texte("texte"), str(rang), e.texte("retour"))
        for rang, e in enumerate(entrees, 1)
    )
    cibles = tuple(Cible(str(rang), str(rang)) for rang in range(1, len(lignes) + 1))
    _distinctes(fiche, lignes)
    return Item(**commun, lignes=lignes, cibles=cibles, retour_juste=fiche.texte("retour_juste"))


def _appariement(fiche: Fiche, commun: dict[str, Any]) -> Item:
    """Each line names its target; two lines may share one, ``leurres`` are targets of no line."""
    fiche.seuls((*_CHAMPS, "ligne", "leurres", "retour_juste"))
    leurres = fiche.champs.get("leurres", [])
    if not isinstance(leurres, list) or not all(isinstance(texte, str) and texte.strip() for texte in leurres):
        raise fiche.refus("« leurres » doit être une liste de textes")
    entrees = _entrees(fiche, ("texte", "cible", "retour", "cle"))
    textes = dict.fromkeys([*(e.texte("cible") for e in entrees), *(texte.strip() for texte in leurres)])
    cibles = {texte: Cible(id_choix(f"{commun['id']}\ncible", texte), texte) for texte in textes}
    lignes = tuple(
        Ligne(
            id_choix(commun["id"], _cle(e, e.texte("texte"))),
            e.texte("texte"),
            cibles[e.texte("cible")].id,
            e.texte("retour"),
        )
        for e in entrees
    )
    if len(cibles) < 2:
        raise fiche.refus("il faut au moins deux réponses différentes à associer")
    _distinctes(fiche, lignes)
    return Item(**commun, lignes=lignes, cibles=tuple(cibles.values()), retour_juste=fiche.texte("retour_juste"))


def _entrees(fiche: Fiche, connus: Collection[str]) -> tuple[Fiche, ...]:
    entrees = fiche.sous_fiches("ligne", "ligne")
    if not 3 <= len(entrees) <= _LIGNES_MAX:
        raise fiche.refus(f"il faut de 3 à {_LIGNES_MAX} lignes, celui-ci en a {len(entrees)}")
    for entree in entrees:
        entree.seuls(connus)
    return entrees


def _distinctes(fiche: Fiche, lignes: tuple[Ligne, ...]) -> None:
    if len({ligne.texte for ligne in lignes}) < len(lignes) or len({ligne.id for ligne in lignes}) < len(lignes):
        raise fiche.refus("une ligne est écrite deux fois")


def _cle(entree: Fiche, texte: str) -> str:
    """What tells a choice or a line when its words change with the day: the words of its template."""
    return entree.texte_ou_vide("cle") or texte
