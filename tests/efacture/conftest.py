"""Sample files of the committed scenarios, built once for the whole folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from facturier.efacture import Resultat, valider_fichiers
from facturier.efacture.bibliotheque import Exemple, produire

FACTURES = Path(__file__).parents[2] / "data" / "factures"
SCENARIOS = Path(__file__).parents[2] / "data" / "scenarios"


@pytest.fixture(scope="session")
def exemples() -> dict[str, Exemple]:
    return {exemple.fichier: exemple for exemple in produire(SCENARIOS)}


@pytest.fixture(scope="session")
def octets(exemples: dict[str, Exemple]) -> dict[str, bytes]:
    return {nom: exemple.octets for nom, exemple in exemples.items()}


@pytest.fixture(scope="session")
def verdicts() -> dict[str, Resultat]:
    """The verdict on every sample file, given once for the whole folder."""
    fichiers = sorted(chemin for chemin in FACTURES.iterdir() if chemin.suffix in (".xml", ".pdf"))
    return {Path(resultat.fichier).name: resultat for resultat in valider_fichiers(fichiers)}


@pytest.fixture
def ubl(octets: dict[str, bytes]) -> str:
    return octets["nettoyage_hopital.ubl.xml"].decode()


@pytest.fixture
def cii(octets: dict[str, bytes]) -> str:
    return octets["nettoyage_hopital.cii.xml"].decode()


@pytest.fixture
def pdf(octets: dict[str, bytes]) -> bytes:
    return octets["nettoyage_hopital.facturx.pdf"]
