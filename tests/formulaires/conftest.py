"""Les postes d’essai des tests de formulaires."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from poste_essai import Poste


@pytest.fixture
def poste(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Poste:
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    return Poste(tmp_path)


@pytest.fixture
def fabrique_poste(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Poste]:
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    return lambda nom: Poste(tmp_path / nom)
