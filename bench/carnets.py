"""How long « tout exécuter » takes in each notebook, on a stock kernel that is ready: ``python bench/carnets.py``."""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from facturier import contenu

TOURS = 3
BORNE = 3.0


def executer(carnet: Path) -> float:
    """Seconds from the first cell sent to the last one answered."""
    lu = nbformat.read(carnet, as_version=4)
    client = NotebookClient(lu, timeout=120, resources={"metadata": {"path": str(carnet.parent)}})
    with client.setup_kernel():
        debut = time.perf_counter()
        for rang, cellule in enumerate(lu.cells):
            client.execute_cell(cellule, rang)
        return time.perf_counter() - debut


def main() -> None:
    """One row a notebook: median and worst of ``TOURS`` runs, each on a new kernel, in a copy of the content."""
    print(f"Load average before: {os.getloadavg()[0]:.1f}; {os.cpu_count()} cores; n = {TOURS}; bound {BORNE:.0f} s\n")
    print("| Notebook | Median, s | Worst, s |\n|---|---|---|")
    depasse = False
    with tempfile.TemporaryDirectory() as temporaire:
        dossier = Path(temporaire)
        for nom in ("notebooks", "release", "data"):
            shutil.copytree(contenu.racine() / nom, dossier / nom)
        for carnet in [*sorted(dossier.glob("notebooks/*.ipynb")), *sorted(dossier.glob("release/*/*.ipynb"))]:
            durees = [executer(carnet) for _ in range(TOURS)]
            depasse |= statistics.median(durees) > BORNE
            nom = carnet.relative_to(dossier).as_posix().removesuffix(".ipynb")
            print(f"| {nom} | {statistics.median(durees):.2f} | {max(durees):.2f} |", flush=True)
    sys.exit(depasse)


if __name__ == "__main__":
    main()
