"""A damaged notebook made gradable again: cells copied, deleted or altered are put right from the gradebook.

Which copy of a duplicated cell counts? For a cell where the learner writes, the first one that was written in; for any
other, the first. The other copies stay where they are, as plain cells without a mark.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.api import Gradebook, MissingEntry


@dataclass(frozen=True)
class Modele:
    """A cell as the gradebook knows it."""

    grade_id: str
    type: str
    source: str
    metadonnees: dict[str, Any]

    @property
    def modifiable(self) -> bool:
        """The learner writes in it."""
        return bool(self.metadonnees["solution"] or self.metadonnees["task"])

    def neuve(self) -> Any:
        """A fresh copy, as released."""
        fabrique = new_code_cell if self.type == "code" else new_markdown_cell
        cellule = fabrique(self.source)
        cellule.metadata["nbgrader"] = dict(self.metadonnees)
        if not self.modifiable:
            cellule.metadata["editable"] = False
        cellule.metadata["deletable"] = False
        return cellule


def reparer(nb: Any, resources: Any, ordre: list[str]) -> list[str]:
    """Put right, in place, the cells that nbgrader will look for; say in sentences what was repaired."""
    modeles = _modeles(resources)
    ordre = [g for g in ordre if g in modeles] or list(modeles)
    remarques: list[str] = []
    retenues = _retenir(nb, modeles, remarques)
    for rang, cellule in enumerate(nb.cells):
        grade_id = next((g for g, r in retenues.items() if r == rang), None)
        if grade_id is None:
            cellule.metadata.pop("nbgrader", None)
        else:
            nb.cells[rang] = _remise_en_etat(cellule, modeles[grade_id])
    _retablir(nb, modeles, ordre, remarques)
    return remarques


def _retenir(nb: Any, modeles: dict[str, Modele], remarques: list[str]) -> dict[str, int]:
    places: dict[str, list[int]] = {}
    for rang, cellule in enumerate(nb.cells):
        meta = cellule.metadata.get("nbgrader")
        grade_id = meta.get("grade_id") if isinstance(meta, dict) else None
        if isinstance(grade_id, str) and grade_id in modeles:
            places.setdefault(grade_id, []).append(rang)
    retenues = {}
    for grade_id, rangs in places.items():
        modele = modeles[grade_id]
        ecrites = [r for r in rangs if modele.modifiable and nb.cells[r].source.strip() != modele.source.strip()]
        retenues[grade_id] = (ecrites or rangs)[0]
        if len(rangs) > 1:
            remarques.append(f"La cellule « {grade_id} » figure {len(rangs)} fois dans le carnet ; une seule compte.")
    return retenues


def _remise_en_etat(cellule: Any, modele: Modele) -> Any:
    neuve = modele.neuve()
    if "id" in cellule:
        neuve["id"] = cellule["id"]
    if modele.type == "code" and cellule.cell_type == "code":
        neuve.outputs = cellule.outputs
        neuve.execution_count = cellule.execution_count
    if modele.modifiable:
        neuve.source = cellule.source
        if modele.type == "markdown" and "attachments" in cellule:
            neuve.attachments = cellule.attachments
    return neuve


def _retablir(nb: Any, modeles: dict[str, Modele], ordre: list[str], remarques: list[str]) -> None:
    """Insert each missing cell after the one that precedes it in the master."""
    precedent = -1
    for grade_id in ordre:
        rang = next((r for r, c in enumerate(nb.cells) if _grade_id(c) == grade_id), None)
        if rang is None:
            rang = precedent + 1
            nb.cells.insert(rang, modeles[grade_id].neuve())
            if modeles[grade_id].metadonnees["grade"] or modeles[grade_id].modifiable:
                remarques.append(f"La cellule « {grade_id} » manquait au carnet ; elle est rétablie.")
        precedent = rang


def _grade_id(cellule: Any) -> str | None:
    grade_id: str | None = cellule.metadata.get("nbgrader", {}).get("grade_id")
    return grade_id


def _modeles(resources: Any) -> dict[str, Modele]:
    infos = resources["nbgrader"]
    with Gradebook(infos["db_url"]) as gb:
        try:
            carnet = gb.find_notebook(infos["notebook"], infos["assignment"])
        except MissingEntry:  # nbgrader itself skips unknown notebooks before coming here
            return {}
        points = {c.name: c.max_score for c in (*carnet.grade_cells, *carnet.task_cells)}
        solutions = {c.name for c in carnet.solution_cells}
        taches = {c.name for c in carnet.task_cells}
        notees = {c.name for c in carnet.grade_cells}
        return {
            c.name: Modele(c.name, c.cell_type, c.source, _metadonnees(c, points, notees, solutions, taches))
            for c in carnet.source_cells
        }


def _metadonnees(
    cellule: Any, points: dict[str, float], notees: set[str], solutions: set[str], taches: set[str]
) -> dict[str, Any]:
    nom = cellule.name
    meta = {
        "schema_version": 3,
        "grade_id": nom,
        "grade": nom in notees,
        "solution": nom in solutions,
        "task": nom in taches,
        "locked": bool(cellule.locked),
        "cell_type": cellule.cell_type,
    }
    if cellule.checksum:
        meta["checksum"] = cellule.checksum
    if nom in points:
        meta["points"] = points[nom]
    return meta
