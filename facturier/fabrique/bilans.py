"""Marks, then reports: what a trainer gets from a folder of returned work in one command."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from facturier import contenu
from facturier.ecriture import write_json, write_text
from facturier.evaluation.resultats import Resultats
from facturier.fabrique import rapports
from facturier.fabrique.comparaison import precedents
from facturier.fabrique.correction import noter

BILANS = "bilans"
_INTERDITS = re.compile(r'[<>:"/\\|?*\x00-\x1f]+')


def noter_et_rapporter(dossier: Path, sortie: Path, apprenants: Path | None = None) -> Resultats:
    """Mark ``dossier`` (see :func:`facturier.fabrique.correction.noter`) and write the reports in ``sortie``.

    ``bilan.html`` and ``bilan.csv`` are the class's; ``bilans/<learner>.html`` is each learner's. The report of a
    learner whom a former marking knew and this one does not is removed: a file that nobody renews would mislead.
    """
    anciens = precedents(sortie / "resultats.json") or {}
    resultats = noter(dossier, sortie, apprenants)
    presents = noms_de_fichiers(a.id for a in resultats.apprenants if a.statut != "absent")
    fichiers: dict[str, Any] = {
        **resultats.fichiers,
        "bilan_html": "bilan.html",
        "bilan_csv": "bilan.csv",
        "bilans": {ident: f"{BILANS}/{nom}" for ident, nom in presents.items()},
    }
    complets = replace(resultats, fichiers=fichiers)
    write_json(sortie / "resultats.json", complets.en_json())
    write_json(sortie / "resultats_detail.json", complets.detail())
    perimes = set(noms_de_fichiers(anciens).values()) - set(presents.values())
    for nom in perimes:
        with contextlib.suppress(OSError):
            (sortie / BILANS / nom).unlink()
    rapports.produire(
        sortie / "resultats_detail.json",
        {ident: sortie / BILANS / nom for ident, nom in presents.items()},
        sortie / "bilan.html",
    )
    write_text(sortie / "bilan.csv", complets.en_csv({c.slug: c.titre for c in contenu.chapitres()}))
    return complets


def noms_de_fichiers(idents: Iterable[str]) -> dict[str, str]:
    """A file name for each learner that every system takes, two learners never sharing one."""
    noms: dict[str, str] = {}
    pris: set[str] = set()
    for ident in idents:
        base = nom = _INTERDITS.sub("-", ident).strip(" .") or "apprenant"
        rang = 1
        while nom.casefold() in pris:
            rang += 1
            nom = f"{base} {rang}"
        pris.add(nom.casefold())
        noms[ident] = f"{nom}.html"
    return noms
