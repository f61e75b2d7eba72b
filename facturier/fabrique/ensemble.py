"""Everything that is derived, in one call: chapters, sample invoices, pages of ``docs/``; written, or only compared."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from facturier import contenu
from facturier.ecriture import write_bytes
from facturier.fabrique import construction
from facturier.fabrique.faits import REFERENCE

FACTURES = Path("data/factures")
DOCS = Path("docs")


def construire_tout(sortie: Path | None = None, *, verifier: bool = False, au: date = REFERENCE) -> list[str]:
    """Build (or, with ``verifier``, compare) ``notebooks/``, ``release/`` and ``data/factures/``.

    The derived pages (circuits, coverage) are built too, where there is a ``docs/`` to hold them.

    Returns:
        Paths relative to ``sortie``: what was written or removed, or what a build would change.
    """
    from facturier.efacture import bibliotheque

    racine = sortie.resolve() if sortie is not None else contenu.racine()
    changes = construction.construire(racine, verifier=verifier, au=au)
    voulus = bibliotheque.contenus()
    dossier = racine / FACTURES
    presents = {f.name for f in dossier.iterdir()} if dossier.is_dir() else set()
    for nom, octets in sorted(voulus.items()):
        if nom in presents and (dossier / nom).read_bytes() == octets:
            continue
        changes.append(f"{FACTURES.as_posix()}/{nom}")
        if not verifier:
            write_bytes(dossier / nom, octets)
    for nom in sorted(presents - voulus.keys()):
        changes.append(f"{FACTURES.as_posix()}/{nom}")
        if not verifier:
            (dossier / nom).unlink()
    return changes + construire_pages(racine, verifier=verifier)


def construire_pages(racine: Path, *, verifier: bool) -> list[str]:
    """The derived pages, where ``racine`` has a ``docs/`` to hold them: what was, or would be, changed."""
    from facturier import cycle
    from facturier.fabrique.couverture import Couverture, page

    if not (racine / DOCS).is_dir():
        return []
    voulus = {"circuits.md": cycle.page_circuits(), "couverture.md": page(Couverture.lire())}
    voulus |= {f"circuits/{cas}.svg": cycle.diagramme_circuit(cas) for cas in cycle.circuits_dessines()}
    presents = {f"circuits/{f.name}" for f in (racine / DOCS / "circuits").glob("*.svg")}
    changes = []
    for nom in sorted({*voulus, *presents}):
        fichier = racine / DOCS / nom
        octets = voulus[nom].encode() if nom in voulus else None
        if octets is not None and fichier.is_file() and fichier.read_bytes() == octets:
            continue
        changes.append(f"{DOCS.as_posix()}/{nom}")
        if not verifier and octets is None:
            fichier.unlink()
        elif not verifier and octets is not None:
            write_bytes(fichier, octets)
    return changes
