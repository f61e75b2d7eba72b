"""Whose assignment is it? Decided from the trainer's own master, never from the file that a learner hands in."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import Any

from traitlets import Unicode
from traitlets.config import LoggingConfigurable

from facturier import contenu
from facturier.erreurs import ErreurFacturier
from facturier.evaluation.bareme import Bareme, lire_bareme


class Maitres(LoggingConfigurable):  # type: ignore[misc]
    """Finds the master behind a submission, and the barème when that master is one of ours."""

    sources = Unicode("", help="Folder of the chapters' sources (key included).").tag(config=True)

    @cached_property
    def _chapitres(self) -> dict[str, contenu.Chapitre]:
        dossier = Path(self.sources) if self.sources else contenu.racine() / "source"
        return {c.slug: c for c in contenu.chapitres(dossier)}

    def ordre(self, coursedir: Any, resources: dict[str, Any]) -> list[str]:
        """The grade ids of the master's cells, from top to bottom (empty without a master)."""
        cellules = (self._lire(coursedir, resources) or {}).get("cells", [])
        metas = [c.get("metadata", {}).get("nbgrader", {}) for c in cellules]
        return [m["grade_id"] for m in metas if "grade_id" in m]

    def bareme(self, coursedir: Any, resources: dict[str, Any]) -> Bareme | None:
        """The barème of one of our assignments; None for an assignment that the trainer wrote with plain nbgrader.

        Raises:
            ErreurFacturier: it is one of ours, and its master or its key is missing.
        """
        master = self._lire(coursedir, resources)
        devoir = resources["nbgrader"]["assignment"]
        if master is None:
            if devoir in self._chapitres:  # never fall back on executing what learners wrote
                raise ErreurFacturier(
                    f"Le modèle du devoir « {devoir} » manque dans grading/source : reconstruisez-le "
                    "(facturier construire).",
                    code="modele-introuvable",
                )
            return None
        carnet = master.get("metadata", {}).get("facturier", {}).get("carnet")
        if carnet is None:
            return None
        chapitre = self._chapitres.get(str(carnet).partition("/")[0])
        if chapitre is None:
            raise ErreurFacturier(
                f"Le barème du carnet « {carnet} » est introuvable dans {self.sources} : rétablissez ce chapitre.",
                code="bareme-introuvable",
            )
        return lire_bareme(chapitre)

    def _lire(self, coursedir: Any, resources: dict[str, Any]) -> dict[str, Any] | None:
        infos = resources["nbgrader"]
        dossier = Path(coursedir.format_path(coursedir.source_directory, ".", infos["assignment"]))
        fichier = dossier / f"{infos['notebook']}.ipynb"
        if not fichier.is_file():
            return None
        lu: dict[str, Any] = json.loads(fichier.read_text(encoding="utf-8"))
        return lu


def coursedir_de(preprocesseur: Any) -> Any:
    """The course of the converter that runs this preprocessor (preprocessor → exporter → converter)."""
    return preprocesseur.parent.parent.coursedir
