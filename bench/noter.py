"""How long a class of 7 takes: ``facturier noter`` against stock ``nbgrader autograde`` on the same submissions.

The played class of ``facturier demo`` hands in 3 notebooks each; one learner is hostile, one copy damaged. Ours
collects the zips, marks, writes feedback and reports; stock runs every notebook with its default configuration and only
marks. What each one found is printed beside the time. Run: ``.venv/bin/python bench/noter.py`` (two to five minutes).
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry

from facturier.evaluation.notation.configuration import preparer_chemin

DEVOIRS = ("quiz_entree", "sans_moe", "quiz_sortie")
TOURS = 3
DELAI = 120
FACTURIER = [sys.executable, "-c", "from facturier.cli import main; main()"]


def lancer(mots: list[str], dossier: Path) -> tuple[float, float, subprocess.CompletedProcess[str] | None]:
    """Seconds on the clock, seconds of processor, and the finished process (None: stopped at the limit)."""
    avant, debut = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    try:
        fini = subprocess.run(mots, cwd=dossier, capture_output=True, text=True, timeout=DELAI, env=os.environ)
    except subprocess.TimeoutExpired:
        fini = None
    apres = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter() - debut, apres.ru_utime + apres.ru_stime - avant.ru_utime - avant.ru_stime, fini


def par_facturier(demo: Path, tours: int) -> None:
    """Print one row for ours."""
    horloge, processeur = [], []
    document: dict[str, Any] = {}
    for tour in range(tours):
        sortie = demo.with_name(f"notes{tour}")
        mots = [*FACTURIER, "noter", str(demo / "rendus"), "--sortie", str(sortie), "--json"]
        secondes, cpu, fini = lancer(mots, demo)
        assert fini is not None
        assert fini.returncode == 1, fini.stderr  # one copy to look at: the hostile one
        horloge.append(secondes)
        processeur.append(cpu)
        document = json.loads(fini.stdout)
    notes = {a["id"]: {d: a["exercices"][d]["points"] for d in DEVOIRS} for a in document["apprenants"]}
    temps = f"{statistics.median(horloge):.0f} | {statistics.median(processeur):.0f}"
    print(f"| facturier noter | {tours} | {temps} | {notes} |")


def par_nbgrader(demo: Path) -> None:
    """Print one row for stock nbgrader, one run of each assignment."""
    cours = demo.with_name("stock")
    shutil.copytree(demo / "grading/source", cours / "source")
    shutil.copytree(demo / "grading/submitted", cours / "submitted")
    (cours / "nbgrader_config.py").write_text("c = get_config()\n", encoding="utf-8")
    nbgrader = [sys.executable, "-m", "nbgrader"]
    horloge = processeur = 0.0
    sorties = {}
    for devoir in DEVOIRS:
        _, _, fini = lancer([*nbgrader, "generate_assignment", devoir], cours)
        assert fini is not None
        assert fini.returncode == 0, fini.stderr
        secondes, cpu, fini = lancer([*nbgrader, "autograde", devoir], cours)
        horloge, processeur = horloge + secondes, processeur + cpu
        sorties[devoir] = "arrêté à la limite" if fini is None else f"sortie {fini.returncode}"
    notes: dict[str, dict[str, float | None]] = {}
    with Gradebook(f"sqlite:///{cours}/gradebook.db") as carnet:
        for apprenant in sorted(p.name for p in (cours / "submitted").iterdir()):
            notes[apprenant] = {}
            for devoir in DEVOIRS:
                try:
                    rendu = carnet.find_submission(devoir, apprenant)
                    fait = (cours / "autograded" / apprenant / devoir).is_dir()
                    notes[apprenant][devoir] = rendu.score if fait else None
                except MissingEntry:
                    notes[apprenant][devoir] = None
    print(f"| nbgrader autograde ({sorties}) | 1 | {horloge:.0f} | {processeur:.0f} | {notes} |")


def main() -> None:
    """Play the class, then print the rows."""
    preparer_chemin()
    with tempfile.TemporaryDirectory(prefix="facturier-bench-") as dossier:
        demo = Path(dossier) / "demo"
        _, _, fini = lancer([*FACTURIER, "demo", "--sortie", str(demo)], Path(dossier))
        assert fini is not None
        assert fini.returncode == 0, fini.stderr
        par_facturier(demo, TOURS)
        par_nbgrader(demo)


if __name__ == "__main__":
    main()
