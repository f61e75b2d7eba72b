"""A class served for real, on each kind of store, with a clock that the test moves."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from facturier.portail import Annuaire
from facturier.registre import RegistreClasse
from facturier.serveur import Classe

POSTGRESQL = os.environ.get("FACTURIER_TEST_POSTGRESQL", "")
SANS_POSTGRESQL = "donnez l’adresse d’une base PostgreSQL vide dans FACTURIER_TEST_POSTGRESQL (CONTRIBUTING)"


ELECTRICIEN = "99990011100017"
COMMUNE = "21990002400015"


def facture(numero: str = "FA-2026-0042", **champs: str) -> dict[str, str]:
    return {
        "destinataire_siret": COMMUNE,
        "code_service": "ECOLE",
        "numero_engagement": "",
        "numero_marche": "2026-ENT-007",
        "cadre": "A1",
        "type_facture": "380",
        "numero_facture": numero,
        "date_facture": "24/11/2026",
        "valideur_siret": "",
        "mode_paiement": "VIREMENT",
        "iban": "FR76 3000 1007 9412 3456 7890 185",
        "montant_ht": "1 000,00",
        "taux_tva": "20",
        "montant_tva": "200,00",
        "montant_ttc": "1 200,00",
        "commentaire": "",
        **champs,
    }


class Horloge:
    def __init__(self) -> None:
        self.heure = datetime(2026, 11, 24, 10, 42)

    def __call__(self) -> datetime:
        return self.heure

    def passe(self, **duree: float) -> None:
        self.heure += timedelta(**duree)


@pytest.fixture(scope="session")
def annuaire() -> Annuaire:
    return Annuaire.charger()


@pytest.fixture
def horloge() -> Horloge:
    return Horloge()


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
