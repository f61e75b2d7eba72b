"""nbgrader's converters, run in this process: releases, marks and feedback. One learner a call."""

from __future__ import annotations

import contextlib
import json
import logging
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from facturier.erreurs import ErreurFacturier, ErreurMoteur
from facturier.evaluation.notation.configuration import (
    CARNET,
    CORRIGES,
    RETOURS,
    configuration,
    preparer_chemin,
    url_carnet_de_notes,
)
from facturier.evaluation.notation.recueil import JUGEMENTS

_ESSAIS = 3


def distribuer(racine: Path, devoir: str, *, carnet_de_notes: Path | None) -> Path:
    """Make ``release/<devoir>`` from the master in ``racine`` with nbgrader's GenerateAssignment.

    Args:
        carnet_de_notes: the course whose gradebook must know this assignment; None when no gradebook is wanted.

    Raises:
        ErreurFacturier: the gradebook already holds submissions of another version of this assignment.
        ErreurMoteur: nbgrader failed.
    """
    from nbgrader.converters import GenerateAssignment

    preparer_chemin()
    config = configuration(racine)
    del config.GenerateAssignment["post_convert_hook"]  # the statement is the builder's, from its own sources
    if carnet_de_notes is None:
        config.GenerateAssignment.no_database = True
        config.SaveCells.enabled = False
    else:
        config.CourseDirectory.db_url = url_carnet_de_notes(carnet_de_notes)
    journal = _convertir(GenerateAssignment, config, devoir)
    if journal is None:
        return racine / "release" / devoir
    if "there are submissions associated with it" in journal:
        raise ErreurFacturier(
            f"Le devoir « {devoir} » a changé alors que des rendus sont déjà notés dans ce dossier : "
            "les notes d’ici restent telles quelles. Notez la nouvelle version dans un autre dossier (--sortie AUTRE).",
            code="devoir-fige",
        )
    raise ErreurMoteur(f"nbgrader n’a pas pu préparer le devoir « {devoir} » : {_derniere_ligne(journal)}")


def corriger(racine: Path, apprenant: str, devoirs: list[str]) -> dict[str, Any]:
    """Mark and comment one learner's submissions; the verdicts by assignment, or a sentence where nbgrader failed."""
    preparer_chemin()
    return {devoir: _corriger_un(racine, apprenant, devoir) for devoir in devoirs}


def chemin_retour(racine: Path, apprenant: str, devoir: str) -> Path:
    """The feedback file of a learner for an assignment."""
    return racine / RETOURS / apprenant / devoir / f"{CARNET}.html"


def _corriger_un(racine: Path, apprenant: str, devoir: str) -> dict[str, Any]:
    from nbgrader.converters import Autograde, GenerateFeedback

    echec = _convertir_patiemment(Autograde, racine, apprenant, devoir)
    if echec is not None:
        return {"erreur": f"nbgrader n’a pas pu noter ce rendu : {echec}"}
    echec = _convertir_patiemment(GenerateFeedback, racine, apprenant, devoir)
    problemes = [] if echec is None else [f"Le retour à l’apprenant n’a pas pu être écrit : {echec}"]
    fichier = racine / CORRIGES / apprenant / devoir / f"{CARNET}.ipynb"
    metadonnees = json.loads(fichier.read_text(encoding="utf-8"))["metadata"]
    return {
        "jugements": metadonnees[JUGEMENTS],
        "manuelles": _notes_manuelles(racine, apprenant, devoir),
        "problemes": problemes,
    }


def _convertir_patiemment(convertisseur: Any, racine: Path, apprenant: str, devoir: str) -> str | None:
    """Run one converter, again when another process held the gradebook; the cause of its failure, or None."""
    journal: str | None = ""
    for _ in range(_ESSAIS):
        journal = _convertir(convertisseur, configuration(racine), devoir, apprenant)
        if journal is None or "database is locked" not in journal:
            break
    return None if journal is None else _derniere_ligne(journal)


def _notes_manuelles(racine: Path, apprenant: str, devoir: str) -> dict[str, str]:
    """The marks that the trainer typed in the formgrader, as text."""
    from nbgrader.api import Gradebook

    with Gradebook(url_carnet_de_notes(racine)) as gb:
        rendu = gb.find_submission_notebook(CARNET, devoir, apprenant)
        return {g.name: str(g.manual_score) for g in rendu.grades if g.manual_score is not None}


def _convertir(convertisseur: Any, config: Any, devoir: str, apprenant: str = "*") -> str | None:
    """Run one converter; its log when it failed, None when all went well."""
    from nbgrader.converters import NbGraderException
    from nbgrader.coursedir import CourseDirectory

    config.CourseDirectory.assignment_id = devoir
    config.CourseDirectory.student_id = apprenant
    config.BaseConverter.force = True
    with _journal() as lignes:
        try:
            convertisseur(coursedir=CourseDirectory(config=config), config=config).start()
        except NbGraderException as erreur:
            return "\n".join([*lignes, str(erreur)])
        except Exception as erreur:  # noqa: BLE001 - whatever an engine raises is this learner's failure, not the class's
            return "\n".join([*lignes, f"{type(erreur).__name__}: {erreur}"])
    return None


@contextlib.contextmanager
def _journal() -> Iterator[list[str]]:
    """nbgrader's log kept for the sentence of a failure instead of flooding the terminal."""
    import traitlets.log

    lignes: list[str] = []

    class Capture(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.levelno >= logging.ERROR:
                lignes.append(record.getMessage())

    logger = traitlets.log.get_logger()
    capture, propage, niveau = Capture(), logger.propagate, logger.level
    autres, logger.handlers = logger.handlers, [capture]
    logger.propagate = False
    logger.setLevel(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # SQLAlchemy's, about nbgrader's own sessions
            yield lignes
    finally:
        logger.handlers, logger.propagate = autres, propage
        logger.setLevel(niveau)


def _derniere_ligne(journal: str) -> str:
    """The line of an engine's log that names the cause: the last one of the last traceback, else the last one."""
    lignes = [ligne.strip() for ligne in journal.splitlines() if ligne.strip()]
    causes = [ligne for ligne in lignes if "Error: " in ligne or "Exception: " in ligne or "ErreurFacturier: " in ligne]
    return (causes or lignes or ["cause inconnue"])[-1][:300]
