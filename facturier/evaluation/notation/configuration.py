"""The course's nbgrader settings, the same for ``nbgrader …`` typed by hand and for our own commands."""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path
from typing import Any

SOURCE = "grading/source"
RELEASE = "release"
SOUMIS = "grading/submitted"
CORRIGES = "grading/autograded"
RETOURS = "grading/feedback"
CARNET = "exercices"
"""Name of the one notebook of each of our assignments."""
VERROU_SECONDES = 60
CELLULE_SECONDES = 30

_ICI = "facturier.evaluation.notation"
_STOCK = "nbgrader.preprocessors"


def configurer(c: Any, racine: Path) -> None:
    """Fill a traitlets configuration for the course that lives in ``racine`` (a checkout or a session's workspace)."""
    racine = racine.resolve()
    preparer_chemin()
    c.CourseDirectory.root = str(racine)
    # forward slashes on purpose: nbgrader puts these in a regular expression without escaping them
    c.CourseDirectory.source_directory = SOURCE
    c.CourseDirectory.release_directory = RELEASE
    c.CourseDirectory.submitted_directory = SOUMIS
    c.CourseDirectory.autograded_directory = CORRIGES
    c.CourseDirectory.feedback_directory = RETOURS
    c.CourseDirectory.solution_directory = "grading/solution"
    c.CourseDirectory.source_with_tests_directory = "grading/source_with_tests"
    c.CourseDirectory.db_url = url_carnet_de_notes(racine)

    c.GenerateAssignment.post_convert_hook = f"{_ICI}.enonces.ecrire_enonces"
    c.ClearSolutions.code_stub = {"python": "# À vous"}
    c.ClearSolutions.text_stub = "À vous."
    c.OverwriteCells.add_missing_cells = True
    c.OverwriteCells.missing_cell_notification = "Cette cellule ({cell_id}) manquait au rendu ; elle est rétablie.\n\n"
    c.Execute.timeout = CELLULE_SECONDES
    c.Autograde.sanitize_preprocessors = [
        f"{_ICI}.recueil.Recueil",
        f"{_STOCK}.ClearOutput",
        f"{_STOCK}.DeduplicateIds",
        f"{_STOCK}.OverwriteKernelspec",
        f"{_STOCK}.OverwriteCells",
        f"{_STOCK}.CheckCellMetadata",
    ]
    c.Autograde.autograde_preprocessors = [
        f"{_ICI}.execution.Execution",
        f"{_STOCK}.IgnorePattern",
        "nbconvert.preprocessors.ClearMetadataPreprocessor",
        f"{_STOCK}.LimitOutput",
        f"{_ICI}.noteur.Noteur",
        f"{_STOCK}.AssignLatePenalties",
        f"{_STOCK}.CheckCellMetadata",
    ]
    c.HTMLExporter.template_name = "retour"
    c.HTMLExporter.filters = {"mot": "facturier.evaluation.resultats.mot"}
    c.HTMLExporter.extra_template_basedirs = [str(Path(__file__).parent / "modeles")]
    if (racine / "source").is_dir():  # else the kit's own chapters
        c.Maitres.sources = str(racine / "source")


def url_carnet_de_notes(racine: Path) -> str:
    """SQLAlchemy URL of the gradebook; writers wait for each other instead of failing at once."""
    return f"sqlite:///{(racine / 'grading' / 'gradebook.db').as_posix()}?timeout={VERROU_SECONDES}"


def preparer_chemin() -> None:
    """Put this Python's scripts first on PATH: nbgrader calls ``alembic`` by name, activated environment or not."""
    dossiers = [sysconfig.get_path("scripts"), str(Path(sys.executable).parent)]
    chemin = os.environ.get("PATH", "").split(os.pathsep)
    nouveaux = [d for d in dict.fromkeys(dossiers) if d not in chemin[:2]]
    os.environ["PATH"] = os.pathsep.join([*nouveaux, *chemin])


def configuration(racine: Path) -> Any:
    """The settings of ``racine`` as a traitlets ``Config``."""
    from traitlets.config import Config

    c = Config()
    configurer(c, racine)
    return c
