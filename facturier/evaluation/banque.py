"""The item bank, read strictly from ``source/<slug>/quiz.toml``. It holds the key: trainer's side only."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, cast

from facturier.evaluation.lecture_toml import Fiche, lire

Genre = Literal["unique", "multiple", "nombre"]
FIABLE = "établi"
_VRAI_FAUX = ("Vrai", "Faux")
_CHAMPS = ("id", "objectif", "niveau", "genre", "question", "source", "fiabilite")
_CHAMPS_NOMBRE = ("attendu", "tolerance", "unite", "retour_juste", "retour_faux", "piege")


@dataclass(frozen=True)
class Choix:
    """A possible answer, whether it is right, and what to tell who ticked it."""

    id: str
    texte: str
    juste: bool
    retour: str


@dataclass(frozen=True)
class Piege:
    """A wrong value that tells which mistake was made, and the sentence that explains it."""

    valeur: str
    retour: str


@dataclass(frozen=True)
class Item:
    """One question. ``choix`` for « unique » and « multiple », ``attendu``… for « nombre »."""

    id: str
    objectif: str
    niveau: int
    genre: Genre
    question: str
    source: str
    fiabilite: str
    choix: tuple[Choix, ...] = ()
    attendu: str = ""
    tolerance: Decimal = Decimal(0)
    unite: str = ""
    retour_juste: str = ""
    retour_faux: str = ""
    pieges: tuple[Piege, ...] = ()

    def public(self) -> dict[str, Any]:
        """What a learner may read: neither key nor feedback; the order of the choices says nothing."""
        enonce: dict[str, Any] = {
            "id": self.id,
            "objectif": self.objectif,
            "genre": self.genre,
            "question": self.question,
            "unite": self.unite,
        }
        enonce["choix"] = [{"id": c.id, "texte": c.texte} for c in _ordre_neutre(self.choix)]
        return enonce


def lire_quiz(fichier: Path, objectifs: Collection[str]) -> tuple[Item, ...]:
    """The items of a quiz, in the order of the file.

    Raises:
        ErreurFacturier: the sentence names the file, the item and what is wrong with it.
    """
    items: list[Item] = []
    for fiche in lire(fichier, "item", "item"):
        item = _lire_item(fiche, objectifs)
        if any(deja.id == item.id for deja in items):
            raise fiche.refus("cet identifiant est déjà pris, donnez-en un autre")
        items.append(item)
    return tuple(items)


def id_choix(item: str, texte: str) -> str:
    """Identifier of a choice: says which text was ticked, not whether it is right."""
    return hashlib.sha256(f"{item}\n{texte}".encode()).hexdigest()[:8]


def lire_pieges(fiche: Fiche) -> tuple[Piege, ...]:
    """The known mistakes ``[[….piege]]`` of an item or of an exercise."""
    pieges = []
    for piege in fiche.sous_fiches("piege", "piège"):
        piege.seuls(("valeur", "retour"))
        pieges.append(Piege(piege.valeur_attendue("valeur"), piege.texte("retour")))
    return tuple(pieges)


def _lire_item(fiche: Fiche, objectifs: Collection[str]) -> Item:
    identifiant = fiche.identifiant()
    genre = cast(Genre, fiche.parmi("genre", ("unique", "multiple", "nombre")))
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
    commun = {
        "id": identifiant,
        "objectif": objectif,
        "niveau": niveau,
        "genre": genre,
        "question": fiche.texte("question"),
        "source": fiche.texte("source"),
        "fiabilite": fiabilite,
    }
    if genre == "nombre":
        fiche.seuls((*_CHAMPS, *_CHAMPS_NOMBRE))
        return Item(
            **commun,
            attendu=fiche.valeur_attendue(),
            tolerance=fiche.decimal_ou_rien("tolerance") or Decimal(0),
            unite=fiche.texte_ou_vide("unite"),
            retour_juste=fiche.texte("retour_juste"),
            retour_faux=fiche.texte("retour_faux"),
            pieges=lire_pieges(fiche),
        )
    fiche.seuls((*_CHAMPS, "choix"))
    return Item(**commun, choix=_lire_choix(fiche, identifiant, genre))


def _lire_choix(fiche: Fiche, item: str, genre: Genre) -> tuple[Choix, ...]:
    choix: list[Choix] = []
    for entree in fiche.sous_fiches("choix", "choix"):
        entree.seuls(("texte", "juste", "retour"))
        texte, juste = entree.texte("texte"), entree.champs.get("juste")
        if not isinstance(juste, bool):
            raise entree.refus("« juste » doit valoir true ou false")
        if any(deja.texte == texte for deja in choix):
            raise entree.refus(f"le choix « {texte} » est écrit deux fois")
        choix.append(Choix(id_choix(item, texte), texte, juste, entree.texte("retour")))
    justes = sum(c.juste for c in choix)
    if len(choix) < 2:
        raise fiche.refus("il faut au moins deux choix")
    if genre == "unique" and justes != 1:
        raise fiche.refus(
            f"une question à réponse unique a une seule réponse juste, celle-ci en a {justes or 'aucune'}"
        )
    if justes == 0:
        raise fiche.refus("aucun choix n’est juste")
    if len({c.id for c in choix}) < len(choix):
        raise fiche.refus("deux choix ont la même empreinte, changez un mot de l’un d’eux")
    return tuple(choix)


def _ordre_neutre(choix: tuple[Choix, ...]) -> tuple[Choix, ...]:
    if {c.texte for c in choix} == set(_VRAI_FAUX):
        return tuple(sorted(choix, key=lambda c: _VRAI_FAUX.index(c.texte)))
    return tuple(sorted(choix, key=lambda c: c.id))
