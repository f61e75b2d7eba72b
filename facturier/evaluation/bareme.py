"""The exercises of a chapter, read strictly from its ``corrige.toml`` and ``quiz.toml``. Trainer's side only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from facturier import contenu
from facturier.erreurs import ErreurFacturier
from facturier.evaluation.banque import Item, lire_pieges, lire_quiz
from facturier.evaluation.exercices import REGLES, Bareme, Critere, Exercice, GenreExercice, Regle
from facturier.evaluation.graines import Graine
from facturier.evaluation.lecture_toml import CENTIEME, Fiche, lire
from facturier.evaluation.tirages import lire_tirage

if TYPE_CHECKING:
    from facturier.situations import Critere as CritereDeSituation

__all__ = ["REGLES", "Bareme", "Critere", "Exercice", "GenreExercice", "Regle", "baremes", "lire_bareme"]

_COMMUNS = ("id", "genre", "titre", "objectif", "points", "parametres", "facultatif")
_PROPRES = {
    "quiz": ("items", "tirage"),
    "depot": ("critere", "scenario", "fournisseur_siret"),
    "valeur": ("libelle", "attendu", "tolerance", "reussi", "manque", "piege"),
    "portail": ("critere", "situation"),
}


def lire_bareme(chapitre: contenu.Chapitre, graine: Graine | None = None) -> Bareme:
    """The graded exercises of a chapter, told as the law stands on the day of ``graine``, which draws from the bank.

    Without it, the reference draw.

    Raises:
        ErreurFacturier: the sentence names the file, the exercise and what is wrong with it.
    """
    objectifs = {o.ref for o in chapitre.objectifs}
    quiz = chapitre.dossier / "quiz.toml"
    graine = graine or Graine()
    items = lire_quiz(quiz, objectifs, graine.au) if quiz.is_file() else ()
    exercices: list[Exercice] = []
    for fiche in lire(chapitre.dossier / "corrige.toml", "exercice", "exercice"):
        exercice = _lire_exercice(fiche.au_jour(graine.au), chapitre, objectifs, items, graine)
        if any(deja.id == exercice.id for deja in exercices):
            raise fiche.refus("cet identifiant est déjà pris, donnez-en un autre")
        exercices.append(exercice)
    if all(e.facultatif for e in exercices):
        raise ErreurFacturier(
            f"{chapitre.slug}/corrige.toml : tout y est facultatif, notez au moins un exercice.", code="bareme-invalide"
        )
    notes = [item.id for e in exercices if e.tirage is None for item in e.items]
    for item in items:
        if notes.count(item.id) != 1:
            combien = "aucun exercice" if item.id not in notes else "plusieurs exercices"
            raise ErreurFacturier(
                f"{chapitre.slug}/corrige.toml : l’item « {item.id} » de quiz.toml est pris par {combien}, "
                "citez-le dans un seul exercice de genre « quiz ».",
                code="bareme-invalide",
            )
    return Bareme(chapitre.slug, chapitre.titre, tuple(exercices))


def baremes(sources: Path | None = None) -> dict[str, Bareme]:
    """The barèmes of all chapters that have an exercise notebook, by slug, in teaching order."""
    return {c.slug: lire_bareme(c) for c in contenu.chapitres(sources) if c.exercices is not None}


def _lire_exercice(
    fiche: Fiche, chapitre: contenu.Chapitre, objectifs: set[str], items: tuple[Item, ...], graine: Graine
) -> Exercice:
    genre = cast(GenreExercice, fiche.parmi("genre", _PROPRES))
    fiche.seuls((*_COMMUNS, *_PROPRES[genre]))
    parametres = fiche.champs.get("parametres", {})
    if not isinstance(parametres, dict):
        raise fiche.refus("« parametres » doit être une table")
    facultatif = fiche.champs.get("facultatif", False)
    if not isinstance(facultatif, bool):
        raise fiche.refus("« facultatif » vaut true ou false")
    commun: dict[str, Any] = {
        "chapitre": chapitre.slug,
        "id": fiche.identifiant(),
        "genre": genre,
        "titre": fiche.texte("titre"),
        "objectif": _lire_objectif(fiche, genre, objectifs),
        "parametres": dict(parametres),
        "facultatif": facultatif,
    }
    points = fiche.points()
    if genre == "quiz" and "tirage" in fiche.champs:
        return _quiz_tire(fiche, commun, points, chapitre, graine)
    if genre == "quiz":
        return _quiz(fiche, commun, points, items)
    if genre == "depot":
        return _depot(fiche, commun, points)
    if genre == "portail":
        return _portail(fiche, commun, points)
    return Exercice(
        **commun,
        points=points or Decimal(1),
        libelle=fiche.texte_ou_vide("libelle"),
        attendu=fiche.valeur_attendue(),
        tolerance=fiche.decimal_ou_rien("tolerance") or Decimal(0),
        reussi=fiche.texte("reussi"),
        manque=fiche.texte("manque"),
        pieges=lire_pieges(fiche),
    )


def _lire_objectif(fiche: Fiche, genre: GenreExercice, objectifs: set[str]) -> str:
    if genre == "quiz" and "objectif" not in fiche.champs:
        return ""  # each item names its own
    objectif = fiche.texte("objectif")
    if objectif not in objectifs:
        raise fiche.refus(f"objectif inconnu « {objectif} », le chapitre déclare : {', '.join(sorted(objectifs))}")
    return objectif


def _quiz(fiche: Fiche, commun: dict[str, Any], points: Decimal | None, items: tuple[Item, ...]) -> Exercice:
    voulus = fiche.champs.get("items")
    if voulus is not None:
        par_id = {i.id: i for i in items}
        if not isinstance(voulus, list) or any(v not in par_id for v in voulus):
            raise fiche.refus("« items » cite un item absent de quiz.toml")
        items = tuple(par_id[v] for v in voulus)
    if not items:
        raise fiche.refus("quiz.toml ne donne aucun item à cet exercice")
    return Exercice(**commun, points=_partage(fiche, points, items), items=items)


def _quiz_tire(
    fiche: Fiche, commun: dict[str, Any], points: Decimal | None, chapitre: contenu.Chapitre, graine: Graine
) -> Exercice:
    """A quiz whose items come from the bank, which stands beside the chapters."""
    if "items" in fiche.champs or not isinstance(fiche.champs["tirage"], dict):
        raise fiche.refus("« tirage » doit être une table, sans « items »")
    tirage = lire_tirage(Fiche(f"{fiche.lieu}, tirage", fiche.champs["tirage"]), chapitre.dossier.parent)
    items = tirage.items(graine)
    if ailleurs := {i.objectif for i in items} - {o.ref for o in chapitre.objectifs}:
        raise fiche.refus(f"le tirage évalue {min(ailleurs)}, que la carte du chapitre ne déclare pas")
    total = _partage(fiche, points, items)
    return Exercice(**commun, points=total, items=items, tirage=tirage, graine=graine.texte())


def _partage(fiche: Fiche, points: Decimal | None, items: tuple[Item, ...]) -> Decimal:
    total = points or Decimal(len(items))
    if total / len(items) != (total / len(items)).quantize(CENTIEME):
        raise fiche.refus(f"{total} points ne se partagent pas en centièmes entre {len(items)} items")
    return total


def _depot(fiche: Fiche, commun: dict[str, Any], points: Decimal | None) -> Exercice:
    criteres: list[Critere] = []
    for entree in fiche.sous_fiches("critere", "critère"):
        critere = _lire_critere(Fiche(f"{fiche.lieu}, critère « {entree.champs.get('id', '?')} »", entree.champs))
        if any(deja.id == critere.id for deja in criteres):
            raise entree.refus(f"l’identifiant « {critere.id} » est déjà pris, donnez-en un autre")
        criteres.append(critere)
    if not criteres:
        raise fiche.refus("aucun critère [[exercice.critere]]")
    siret = fiche.texte("fournisseur_siret")
    commun["parametres"] = {**commun["parametres"], "fournisseur_siret": siret}
    return Exercice(
        **commun,
        points=_total(fiche, criteres, points),
        criteres=tuple(criteres),
        scenario=fiche.texte_ou_vide("scenario"),
        fournisseur_siret=siret,
    )


def _portail(fiche: Fiche, commun: dict[str, Any], points: Decimal | None) -> Exercice:
    from facturier import situations

    code = fiche.parmi("situation", situations.situations())
    connus = {c.nom: c for c in situations.tirer(code, "").criteres}
    criteres = tuple(_critere_du_portail(entree, connus) for entree in fiche.sous_fiches("critere", "critère"))
    if len({c.id for c in criteres}) != len(criteres):
        raise fiche.refus("un critère est cité deux fois")
    if not criteres:
        raise fiche.refus("aucun critère [[exercice.critere]]")
    return Exercice(**commun, points=_total(fiche, criteres, points), criteres=criteres, situation=code)


def _critere_du_portail(fiche: Fiche, connus: Mapping[str, CritereDeSituation]) -> Critere:
    fiche.seuls(("champ", "points", "libelle", "reussi", "manque"))
    nom, points = fiche.parmi("champ", connus), fiche.points()
    if points is None:
        raise fiche.refus("le champ « points » manque")
    return Critere(
        id=nom,
        libelle=fiche.texte_ou_vide("libelle") or connus[nom].libelle,
        points=points,
        champ=nom,
        regle="portail",
        attendu=(),
        reussi=fiche.texte_ou_vide("reussi"),
        manque=fiche.texte_ou_vide("manque"),
    )


def _total(fiche: Fiche, criteres: Iterable[Critere], points: Decimal | None) -> Decimal:
    total = sum((c.points for c in criteres), Decimal(0))
    if points is not None and points != total:
        raise fiche.refus(f"« points » vaut {points}, mais ses critères totalisent {total}")
    return total


def _lire_critere(fiche: Fiche) -> Critere:
    fiche.seuls(("id", "libelle", "points", "champ", "regle", "attendu", "reussi", "manque"))
    regle = cast(Regle, fiche.parmi("regle", REGLES))
    points = fiche.points()
    if points is None:
        raise fiche.refus("le champ « points » manque")
    if regle == "portail":
        from facturier.portail.criteres import CRITERES

        fiche.parmi("champ", CRITERES)
    return Critere(
        id=fiche.identifiant(),
        libelle=fiche.texte("libelle"),
        points=points,
        champ=fiche.texte_ou_vide("champ") if regle == "statut" else fiche.texte("champ"),
        regle=regle,
        attendu=_lire_attendu(fiche, regle),
        reussi=fiche.texte("reussi"),
        manque=fiche.texte("manque"),
    )


def _lire_attendu(fiche: Fiche, regle: Regle) -> tuple[str, ...]:
    if regle in ("present", "portail"):
        return ()
    valeur = fiche.champs.get("attendu")
    if regle in ("parmi", "statut") and isinstance(valeur, list):
        if not valeur or not all(isinstance(v, str) and v.strip() for v in valeur):
            raise fiche.refus("« attendu » doit être une liste de textes non vides")
        return tuple(v.strip() for v in valeur)
    return (fiche.valeur_attendue(),)
