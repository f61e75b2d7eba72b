"""The same store on a PostgreSQL server: run where FACTURIER_TEST_POSTGRESQL gives the URL of an empty database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, inspect, make_url, text

from facturier.registre import Registre, RegistreClasse, RegistreRefuse

URL = os.environ.get("FACTURIER_TEST_POSTGRESQL", "")
pytestmark = pytest.mark.skipif(
    not URL, reason="donnez l’adresse d’une base PostgreSQL vide dans FACTURIER_TEST_POSTGRESQL (CONTRIBUTING)"
)


@pytest.fixture
def registre() -> Iterator[Registre]:
    with Registre(URL) as ouvert:
        yield ouvert


def evenement(n: int) -> dict[str, Any]:
    return {"n": n, "quand": "2026-11-24T10:42:00", "donnees": {"commentaire": "« Réserve levée » \x00 €"}}


def test_ce_qui_est_ajoute_est_relu_et_un_doublon_est_refuse(registre: Registre) -> None:
    journal = f"essai/{uuid4()}"
    registre.ajouter_tous(journal, [evenement(1), evenement(2)])
    with pytest.raises(RegistreRefuse, match="le numéro attendu est 3"):
        registre.ajouter(journal, evenement(2))
    assert registre.lire(journal) == (evenement(1), evenement(2))
    assert journal in registre.journaux()


def test_deux_postes_n_inscrivent_pas_le_meme_numero(registre: Registre) -> None:
    journal = f"essai/{uuid4()}"

    def essayer(_: int) -> bool:
        with Registre(URL) as poste:
            try:
                poste.ajouter(journal, evenement(1))
            except RegistreRefuse:
                return False
            return True

    with ThreadPoolExecutor(4) as postes:
        assert sum(postes.map(essayer, range(8))) == 1
    assert registre.lire(journal) == (evenement(1),)


def test_un_serveur_absent_est_dit_en_une_phrase() -> None:
    with pytest.raises(RegistreRefuse, match="ne peut pas être lu ou écrit"):
        Registre("postgresql+psycopg://personne:secret@127.0.0.1:1/rien")


def test_un_schema_postgresql_sans_portail_est_refuse_sans_table_de_plus() -> None:
    schema = f"ailleurs_{uuid4().hex[:12]}"
    ailleurs = make_url(URL).update_query_dict({"options": f"-csearch_path={schema}"})
    moteur = create_engine(ailleurs)
    with moteur.begin() as connexion:
        connexion.execute(text(f"CREATE SCHEMA {schema}"))
        connexion.execute(text("CREATE TABLE ecritures (id INTEGER)"))
    with pytest.raises(RegistreRefuse, match="portail de classe"):
        RegistreClasse(ailleurs, existant=True)
    assert inspect(moteur).get_table_names() == ["ecritures"]
    RegistreClasse(ailleurs).fermer()
    RegistreClasse(ailleurs, existant=True).fermer()
    with moteur.begin() as connexion:
        connexion.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    moteur.dispose()
