"""Notebooks that were in learners' hands: parsed within bounds, recognised whatever their name, made valid again."""

from __future__ import annotations

import contextlib
import json
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from facturier.evaluation.bareme import Bareme
from facturier.evaluation.reponses import Reponse, lire_miroirs

PROFONDEUR_MAX = 100
ELEMENTS_MAX = 1_000_000
CELLULES_MAX = 5_000
_CHAINE = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)


@dataclass(frozen=True)
class CarnetRendu:
    """A notebook handed in.

    Attributes:
        nom: its name in the parcel.
        octets: the notebook as nbformat 4, None when it cannot be made valid (its answers are still read).
        reponses: the answers mirrored in it.
        problemes: what could not be read, in sentences.
    """

    nom: str
    brut: dict[str, Any]
    octets: bytes | None
    reponses: dict[str, Reponse]
    problemes: tuple[str, ...]


def lire_carnet(nom: str, octets: bytes) -> CarnetRendu | None:
    """The notebook, or None when these bytes are no notebook at all."""
    brut = objet_json(octets)
    if brut is None or not isinstance(brut.get("nbformat"), int):
        return None
    valide = _mettre_au_format(brut, octets)
    reponses, problemes = lire_miroirs(brut if brut["nbformat"] >= 4 or valide is None else json.loads(valide))
    return CarnetRendu(nom, brut, valide, reponses, tuple(problemes))


def objet_json(octets: bytes) -> dict[str, Any] | None:
    """A JSON object of bounded depth and number of elements, or None.

    The elements are counted before anything is parsed: one byte may otherwise become thirty in memory.
    """
    if _trop_d_elements(octets):
        return None
    try:
        brut = json.loads(octets.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    return brut if isinstance(brut, dict) and not _trop_profond(brut) else None


def chapitre_du_carnet(carnet: CarnetRendu, baremes: Mapping[str, Bareme]) -> str | None:
    """The chapter it answers: by its metadata, else by its graded cells, else by the answers it carries.

    « » (empty) means one of our lessons, in which nothing is graded.
    """
    nom = _metadonnee_carnet(carnet.brut)
    slug, _, sorte = nom.partition("/")
    if sorte == "lecon":
        return ""
    if sorte == "exercices" and slug in baremes:
        return slug
    ids = _grade_ids(carnet.brut)
    scores = {s: len(ids & _ids_du_bareme(b)) for s, b in baremes.items()}
    meilleur = max(scores.values(), default=0)
    candidats = [s for s, n in scores.items() if n == meilleur and n > 0]
    if len(candidats) == 1:
        return candidats[0]
    origines = {r.carnet for r in carnet.reponses.values()}
    trouves = [s for s, b in baremes.items() if origines == {b.carnet}]
    return trouves[0] if trouves else None


def _metadonnee_carnet(brut: dict[str, Any]) -> str:
    metadonnees = brut.get("metadata")
    propres = metadonnees.get("facturier") if isinstance(metadonnees, dict) else None
    nom = propres.get("carnet") if isinstance(propres, dict) else None
    return nom if isinstance(nom, str) else ""


def _ids_du_bareme(bareme: Bareme) -> set[str]:
    return {i for e in bareme.exercices for i in (e.id, f"solution-{e.id}")}


def _grade_ids(brut: dict[str, Any]) -> set[str]:
    cellules = brut.get("cells")
    ids = set()
    for cellule in cellules if isinstance(cellules, list) else ():
        metadonnees = cellule.get("metadata") if isinstance(cellule, dict) else None
        nbgrader = metadonnees.get("nbgrader") if isinstance(metadonnees, dict) else None
        grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
        if isinstance(grade_id, str):
            ids.add(grade_id)
    return ids


def _mettre_au_format(brut: dict[str, Any], octets: bytes) -> bytes | None:
    with _bibliotheque_muette():
        return _convertir(brut, octets)


def _convertir(brut: dict[str, Any], octets: bytes) -> bytes | None:
    import nbformat
    from nbformat.validator import normalize

    cellules = brut.get("cells")
    if isinstance(cellules, list) and len(cellules) > CELLULES_MAX:
        return None
    try:
        if brut["nbformat"] < 4:
            noeud = nbformat.convert(nbformat.reads(octets.decode("utf-8-sig"), nbformat.NO_CONVERT), 4)
        else:
            noeud = nbformat.from_dict(brut)
        if not nbformat.validator.isvalid(noeud):
            _, noeud = normalize(noeud)
            nbformat.validate(noeud)
        texte: str = nbformat.writes(noeud, version=4)
        return texte.encode("utf-8")  # a lone surrogate has no bytes
    except Exception:  # noqa: BLE001 - the library raises anything on hostile notebooks; the answer is « not valid »
        return None


@contextlib.contextmanager
def _bibliotheque_muette() -> Iterator[None]:
    """nbformat reports each oddity to the terminal; ours go in the results, in sentences."""
    from traitlets.log import get_logger

    logger = get_logger()
    avant, logger.disabled = logger.disabled, True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.disabled = avant


def _trop_d_elements(octets: bytes) -> bool:
    total = fin = 0
    for chaine in _CHAINE.finditer(octets):
        total += 1 + _signes(octets, fin, chaine.start())
        if total > ELEMENTS_MAX:
            return True
        fin = chaine.end()
    return total + _signes(octets, fin, len(octets)) > ELEMENTS_MAX


def _signes(octets: bytes, debut: int, fin: int) -> int:
    return sum(octets.count(signe, debut, fin) for signe in (b",", b"[", b"{"))


def _trop_profond(obj: object) -> bool:
    pile: list[tuple[object, int]] = [(obj, 1)]
    while pile:
        courant, niveau = pile.pop()
        if niveau > PROFONDEUR_MAX:
            return True
        enfants = courant.values() if isinstance(courant, dict) else courant if isinstance(courant, list) else ()
        pile.extend((enfant, niveau + 1) for enfant in enfants if isinstance(enfant, (dict, list)))
    return False
