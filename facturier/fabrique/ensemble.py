"""Everything that is derived, in one call: chapters and sample invoices; written, or only compared."""

from __future__ import annotations

from pathlib import Path

from facturier import contenu
from facturier.ecriture import write_bytes
from facturier.fabrique import construction

FACTURES = Path("data/factures")


def construire_tout(sortie: Path | None = None, *, verifier: bool = False) -> list[str]:
    """Build (or, with ``verifier``, compare) ``notebooks/``, ``release/`` and ``data/factures/``.

    Returns:
        Paths relative to ``sortie``: what was written or removed, or what a build would change.
    """
    from facturier.efacture import bibliotheque

    racine = sortie.resolve() if sortie is not None else contenu.racine()
    changes = construction.construire(racine, verifier=verifier)
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
    return changes
