"""Marks, then reports: what a trainer gets from a folder of returned work in one command."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path
from typing import Any

from facturier import contenu
from facturier.ecriture import write_json, write_text
from facturier.evaluation.classe import Gardee
from facturier.evaluation.identites import cles
from facturier.evaluation.resultats import Resultats
from facturier.fabrique import rapports
from facturier.fabrique.comparaison import precedents
from facturier.fabrique.correction import noter

BILANS = "bilans"


def noter_et_rapporter(
    dossier: Path, sortie: Path, apprenants: Path | None = None, classe: Gardee | None = None
) -> Resultats:
    """Mark ``dossier`` (see :func:`facturier.fabrique.correction.noter`) and write the reports in ``sortie``.

    ``bilan.html`` and ``bilan.csv`` are the class's; ``bilans/<key>.html`` is each learner's (``fichiers`` says
    which); ``grading/feedback/<key>/`` holds the commented copies. The report of a learner whom a former marking knew
    and this one does not is removed: a file that nobody renews would mislead.
    """
    anciens = precedents(sortie / "resultats.json") or {}
    resultats = noter(dossier, sortie, apprenants, classe=classe)
    noms = cles(a.id for a in resultats.apprenants)
    presents = {a.id: f"{BILANS}/{noms[a.id]}.html" for a in resultats.apprenants if a.statut != "absent"}
    fichiers: dict[str, Any] = {
        **resultats.fichiers,
        "bilan_html": "bilan.html",
        "bilan_csv": "bilan.csv",
        "bilans": presents,
    }
    complets = replace(resultats, fichiers=fichiers)
    write_json(sortie / "resultats.json", complets.en_json())
    write_json(sortie / "resultats_detail.json", complets.detail())
    for cle in set(cles(anciens).values()) - {noms[ident] for ident in presents}:
        with contextlib.suppress(OSError):
            (sortie / BILANS / f"{cle}.html").unlink()
    rapports.produire(
        sortie / "resultats_detail.json",
        {ident: sortie / chemin for ident, chemin in presents.items()},
        sortie / "bilan.html",
    )
    write_text(sortie / "bilan.csv", complets.en_csv({c.slug: c.titre for c in contenu.chapitres()}))
    return complets
