"""A class served for real, on each kind of store, with a clock that the test moves."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import joueurs
import pytest
from joueurs import COMMUNE as COMMUNE
from joueurs import ELECTRICIEN as ELECTRICIEN
from joueurs import Horloge as Horloge
from joueurs import annuaire as annuaire
from joueurs import horloge as horloge
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from facturier.portail import Annuaire
from facturier.registre import RegistreClasse
from facturier.serveur import Classe

POSTGRESQL = os.environ.get("FACTURIER_TEST_POSTGRESQL", "")
SANS_POSTGRESQL = "donnez l’adresse d’une base PostgreSQL vide dans FACTURIER_TEST_POSTGRESQL (CONTRIBUTING)"


def facture(numero: str = "FA-2026-0042", **champs: str) -> dict[str, str]:
    return joueurs.facture(numero=numero, **champs)


@pytest.fixture
def ouvrir(annuaire: Annuaire, horloge: Horloge) -> Iterator[Callable[[str], Classe]]:
    """Opens a class on the store of that URL; all are closed at the end."""
    with ExitStack() as pile:

        def ouvrir(url: str) -> Classe:
            classe = Classe(RegistreClasse(url), annuaire, graine="essai", horloge=horloge)
            pile.callback(classe.fermer)
            return classe

        yield ouvrir


@pytest.fixture
def base(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'classe.sqlite'}"


@pytest.fixture
def classe(base: str, ouvrir: Callable[[str], Classe]) -> Classe:
    return ouvrir(base)


@pytest.fixture
def base_postgresql() -> Iterator[str]:
    """A schema of its own in the database of the tests, removed at the end."""
    if not POSTGRESQL:
        pytest.skip(SANS_POSTGRESQL)
    schema = f"classe_{uuid4().hex[:12]}"
    moteur = create_engine(POSTGRESQL)
    with moteur.begin() as connexion:
        connexion.execute(text(f"CREATE SCHEMA {schema}"))
    url = make_url(POSTGRESQL).update_query_dict({"options": f"-csearch_path={schema}"})
    yield url.render_as_string(hide_password=False)
    with moteur.begin() as connexion:
        connexion.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    moteur.dispose()
