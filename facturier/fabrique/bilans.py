"""Marks, then reports: what a trainer gets from a folder of returned work in one command."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from facturier.ecriture import write_bytes
from facturier.evaluation.identites import cles
from facturier.evaluation.resultats import Resultats
from facturier.fabrique import rapports
from facturier.fabrique.correction import noter


def noter_et_rapporter(dossier: Path, sortie: Path, apprenants: Path | None = None) -> Resultats:
    """Mark ``dossier`` (see :func:`facturier.fabrique.correction.noter`) and write the reports in ``sortie``.

    ``bilan.html`` and ``bilan.csv`` are the class's; ``bilans/<key>.html`` is each learner's (``fichiers`` says
    which); ``grading/feedback/<key>/`` holds the commented copies.
    """
    resultats = noter(dossier, sortie, apprenants)
    noms = cles(a.id for a in resultats.apprenants)
    presents = {a.id: f"{noms[a.id]}.html" for a in resultats.apprenants if a.statut != "absent"}
    rapports.produire(sortie / "resultats_detail.json", presents, sortie / "bilans", sortie / "bilan.html")
    write_bytes(sortie / "bilan.csv", (sortie / "resultats.csv").read_bytes())
    fichiers: dict[str, Any] = {
        **resultats.fichiers,
        "bilan_html": "bilan.html",
        "bilan_csv": "bilan.csv",
        "bilans": {a: f"bilans/{nom}" for a, nom in presents.items()},
    }
    return replace(resultats, fichiers=fichiers)
