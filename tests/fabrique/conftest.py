"""A course of three small chapters, and an empty class over it."""

from __future__ import annotations

from pathlib import Path

import pytest
from rendus_de_classe import CHAPITRES, Classe

from facturier.fabrique.correction import preparer_cours
from facturier.fabrique.ensemble import construire_tout


@pytest.fixture(scope="session")
def cours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built course (masters, releases, gradebook). Read only: tests that write take a copy."""
    dossier = tmp_path_factory.mktemp("cours")
    preparer_cours(dossier, CHAPITRES)
    return dossier


@pytest.fixture(scope="session")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything that is derived from the kit's own texts and scenarios, built once. Read only."""
    dossier = tmp_path_factory.mktemp("kit")
    construire_tout(dossier)
    return dossier


@pytest.fixture
def classe(cours: Path, tmp_path: Path) -> Classe:
    """An empty class over that course."""
    rendus = tmp_path / "rendus"
    rendus.mkdir()
    return Classe(cours, rendus)
