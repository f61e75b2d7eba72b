"""How long a verdict takes: ``facturier valider`` against factur-x's own two checks, on the same files, in one process.

They do not do the same work, and the table says so: without a Saxon server, factur-x's schematron check answers True
and validates nothing. Run: ``.venv/bin/python bench/valider.py``.
"""

from __future__ import annotations

import logging
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from facturx import xml_check_schematron, xml_check_xsd

from facturier.efacture import valider

FACTURES = Path(__file__).resolve().parent.parent / "data" / "factures"
TOURS = 15


def juge_facturier(fichier: Path) -> bool:
    """Whether the file is valid, by the kit."""
    return valider(fichier).verdict == "valide"


def juge_facturx(fichier: Path) -> bool:
    """Whether the file is valid, by factur-x left to itself."""
    octets = fichier.read_bytes()
    try:
        return bool(xml_check_xsd(octets) and xml_check_schematron(octets))
    except Exception:  # noqa: BLE001 - the library raises a bare Exception for an invalid file
        return False


def mesurer(juge: Callable[[Path], bool], fichiers: list[Path]) -> tuple[float, float, dict[Path, bool]]:
    """First call, then median of the others a file, in ms of processor (the machine may be shared); verdicts."""
    debut = time.process_time()
    juge(fichiers[0])
    premier = time.process_time() - debut
    verdicts = {f: juge(f) for f in fichiers}
    durees = []
    for _ in range(TOURS):
        for fichier in fichiers:
            debut = time.process_time()
            juge(fichier)
            durees.append(time.process_time() - debut)
    return premier * 1000, statistics.median(durees) * 1000, verdicts


def main() -> None:
    """Print the table."""
    logging.disable(logging.CRITICAL)  # factur-x reports each missing server
    fautifs = {ligne.split(",")[0] for ligne in (FACTURES / "manifeste.csv").read_text().splitlines()[1:]
               if ligne.split(",")[4] != "valide"}  # fmt: skip
    for nom, motif in (("UBL", "*.ubl.xml"), ("CII", "*.cii.xml")):
        fichiers = sorted(FACTURES.glob(motif))
        faux = [f for f in fichiers if f.name in fautifs]
        for outil, juge in (("facturier valider", juge_facturier), ("factur-x seul", juge_facturx)):
            premier, median, verdicts = mesurer(juge, fichiers)
            trouves = sum(not verdicts[f] for f in faux)
            a_tort = sum(not v for f, v in verdicts.items() if f not in faux)
            print(f"| {nom} | {outil} | {len(fichiers) * TOURS} | {premier:.0f} | {median:.1f} "
                  f"| {trouves} / {len(faux)} | {a_tort} |")  # fmt: skip


if __name__ == "__main__":
    main()
