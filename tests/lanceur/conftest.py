"""A kit of two notebooks, small enough for a server to start on it in a breath."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from facturier.lanceur.espace import preparer_espace
from facturier.lanceur.serveur import Serveur

MIROIR = "application/vnd.facturier.reponses+json"

ACCUEIL = [
    "import os, sys\nprint(sys.executable)\nprint(os.environ['JPY_SESSION_NAME'])",
    "from IPython.display import display\npoignee = display({'text/plain': 'avant'}, raw=True, display_id='rep-a')",
    "from IPython.display import update_display\n"
    "metadonnees = {'facturier': {'formulaire': 'accueil'}}\n"
    "update_display({'text/plain': 'après'}, raw=True, metadata=metadonnees, display_id='rep-a')",
]


def carnet(*cellules: str) -> str:
    """The text of a notebook with these code cells."""
    nb: Any = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source, id=f"cellule-{rang}") for rang, source in enumerate(cellules)],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )
    return str(nbformat.writes(nb))


@pytest.fixture(scope="session")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    racine = tmp_path_factory.mktemp("kit")
    ecrire(racine / "notebooks" / "00_accueil.ipynb", carnet(*ACCUEIL))
    ecrire(racine / "notebooks" / "01_sans_moe.ipynb", carnet("1 + 1"))
    ecrire(racine / "release" / "sans_moe" / "exercices.ipynb", carnet("1 / 0", "'la suite'"))
    ecrire(racine / "data" / "factures" / "facture.xml", "<facture/>")
    ecrire(racine / "source" / "sans_moe" / "corrige.toml", "secret = true")
    return racine


def ecrire(path: Path, texte: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(texte, encoding="utf-8")


@pytest.fixture(scope="module")
def serveur(kit: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serveur]:
    espace = preparer_espace(tmp_path_factory.mktemp("espace") / "travail", kit=kit).dossier
    with Serveur.demarrer(espace) as demarre:
        yield demarre
