"""From text to notebooks: jupytext Markdown → a lesson, or a master carrying nbgrader's metadata. Deterministic."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from facturier import __version__
from facturier.erreurs import ErreurFacturier
from facturier.evaluation.bareme import Bareme
from facturier.fabrique import faits, lectures, regles

Cellule = dict[str, Any]
PARAMETRES = ["parameters"]
"""Tag of the cell that a session's materials fill (papermill)."""
PAGE = "facturier"
"""Where a cell says what is read in its place in a page without code (``lanceur.pages`` reads it)."""
_DE_JUPYTEXT = {"lines_to_next_cell", "lines_to_end_of_cell_marker"}


@dataclass(frozen=True)
class Source:
    """A text to be made a notebook: where it is, the name it will bear (``sans_moe/lecon``), the day of its facts."""

    fichier: Path
    carnet: str
    au: date = faits.REFERENCE

    @property
    def lieu(self) -> str:
        """How refusals name it."""
        return f"{self.fichier.parent.name}/{self.fichier.name}"


def lire_cellules(source: Source) -> list[Cellule]:
    """The cells of a jupytext Markdown text: type, source and the options of the fence."""
    import jupytext

    try:
        texte = source.fichier.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as cause:
        raise ErreurFacturier(
            f"{source.lieu} est illisible ({cause}) : enregistrez-le en UTF-8.", code="source-illisible"
        ) from cause
    carnet = jupytext.reads(faits.rediger(texte, source.au, source.lieu, **lectures.appels()), fmt="md")
    cellules = []
    for cellule in carnet.cells:
        options = {k: v for k, v in cellule.metadata.items() if k in ("exercice", "solution")}
        if cellule.metadata.get("tags") == PARAMETRES:
            options["tags"] = PARAMETRES
        inconnues = sorted(set(cellule.metadata) - set(options) - _DE_JUPYTEXT)
        if inconnues:
            raise ErreurFacturier(
                f"{source.lieu} : option de cellule inconnue « {inconnues[0]} », retirez-la.", code="source-invalide"
            )
        lue, en_page = lectures.deux_lectures(cellule.source)
        if (cellule.cell_type == "code" and lue != en_page) or (en_page and not lue):
            raise ErreurFacturier(
                f"{source.lieu} : « carnet » et « page » s’emploient dans un texte qui se lit aussi en carnet "
                f"({en_page[:40]}).",
                code="source-invalide",
            )
        options |= {"page": en_page} if en_page != lue else {}
        cellules.append({"type": cellule.cell_type, "source": lue, **options})
    return cellules


def carnet_lecon(source: Source) -> dict[str, Any]:
    """The lesson's notebook, as JSON."""
    cellules = lire_cellules(source)
    regles.verifier_rythme(source.lieu, cellules)
    regles.verifier_lecon(source.lieu, cellules)
    return _carnet(source.carnet, [(c, _metadonnees(c)) for c in cellules])


def carnet_maitre(source: Source, bareme: Bareme) -> dict[str, Any]:
    """The master of an exercise notebook: graded cells locked, solutions inside, everything else read-only."""
    cellules = lire_cellules(source)
    regles.verifier_rythme(source.lieu, cellules)
    regles.verifier_exercices(source.lieu, cellules, bareme)
    vues: Counter[str] = Counter()
    return _carnet(
        source.carnet, [(c, {**_metadonnees(c), **_nbgrader(source.carnet, c, bareme, vues)}) for c in cellules]
    )


def en_octets(carnet: dict[str, Any]) -> bytes:
    """The one byte form of a notebook: the same that nbformat and nbgrader write."""
    import nbformat

    noeud = nbformat.from_dict(carnet)
    nbformat.validate(noeud)
    texte: str = nbformat.writes(noeud)
    return f"{texte}\n".encode()


def _carnet(nom: str, cellules: list[tuple[Cellule, dict[str, Any]]]) -> dict[str, Any]:
    vues: Counter[str] = Counter()
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "language_info": {"name": "python"},
            "facturier": {"carnet": nom, "version": __version__},
        },
        "cells": [_cellule(nom, cellule, metadonnees, vues) for cellule, metadonnees in cellules],
    }


def _cellule(nom: str, cellule: Cellule, metadonnees: dict[str, Any], vues: Counter[str]) -> dict[str, Any]:
    faite = {
        "id": _empreinte(nom, cellule, vues),
        "cell_type": cellule["type"],
        "metadata": metadonnees,
        "source": cellule["source"],
    }
    if cellule["type"] == "code":
        faite |= {"execution_count": None, "outputs": []}
    return faite


def _empreinte(nom: str, cellule: Cellule, vues: Counter[str]) -> str:
    """A cell's id: hash of its notebook and content, not of its place; twins are told apart by their rank."""
    cle = f"{nom}\n{cellule['type']}\n{cellule['source']}"
    vues[cle] += 1
    return hashlib.sha256(f"{cle}\n{vues[cle]}".encode()).hexdigest()[:12]


def _metadonnees(cellule: Cellule) -> dict[str, Any]:
    if "tags" in cellule:
        return {"tags": [*PARAMETRES], "jupyter": {"source_hidden": True}}
    if "page" in cellule:
        return {PAGE: {"page": cellule["page"]}}
    if cellule["type"] == "code" and _sans_rien_a_lire(cellule["source"]):
        return {"jupyter": {"source_hidden": True}}
    return {}


def _sans_rien_a_lire(code: str) -> bool:
    """Whether those lines are worth nothing but what they show: no value of the learner goes through them."""
    appel = regles.appel_facade(code)
    return code == regles.IMPORT or (appel is not None and (appel.verbe != "rendre" or len(appel.arguments) == 1))


def _nbgrader(nom: str, cellule: Cellule, bareme: Bareme, vues: Counter[str]) -> dict[str, Any]:
    if cellule["type"] != "code":
        return {}
    commun = {"schema_version": 3, "task": False}
    if "exercice" in cellule:
        exercice = bareme.par_id[cellule["exercice"]]
        propre = {"grade": True, "grade_id": exercice.id, "locked": True, "solution": False}
        return {"nbgrader": {**commun, **propre, "points": float(exercice.points)}}
    if "solution" in cellule:
        grade_id = grade_id_solution(cellule["solution"])
        return {"nbgrader": {**commun, "grade": False, "grade_id": grade_id, "locked": False, "solution": True}}
    grade_id = f"lecture-{_empreinte(nom, cellule, vues)}"
    return {"nbgrader": {**commun, "grade": False, "grade_id": grade_id, "locked": True, "solution": False}}


def grade_id_solution(exercice: str) -> str:
    """nbgrader's identifier of the cell where the learner writes the code of that exercise."""
    return f"solution-{exercice}"
