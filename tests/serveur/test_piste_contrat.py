"""The API face keeps its contract: random calls, right or wrong, are answered as its OpenAPI document says."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from classe_essai import ELECTRICIEN, Horloge, facture
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks as contrat

from facturier import referentiel
from facturier.portail import Acteur, Annuaire
from facturier.registre import RegistreClasse
from facturier.serveur import Animateurs, Classe
from facturier.serveur.application import creer
from facturier.serveur.piste.acces import ouvrir_jeton
from facturier.serveur.piste.table import Arbre, arbre, jouees, operation

CONTROLES = [
    not_a_server_error,
    contrat.status_code_conformance,
    contrat.content_type_conformance,
    contrat.response_schema_conformance,
    contrat.response_headers_conformance,
    contrat.negative_data_rejection,
    contrat.ignored_auth,
]
"""Not among them: that every well-formed demand is accepted; the rules of the trade refuse most random ones."""
BORNES = settings(
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def classe_du_contrat(annuaire: Annuaire, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Classe]:
    registre = RegistreClasse(f"sqlite:///{tmp_path_factory.mktemp('piste') / 'classe.sqlite'}")
    classe = Classe(registre, annuaire, graine="essai", horloge=Horloge())
    yield classe
    classe.fermer()


@pytest.fixture(scope="module")
def face(classe_du_contrat: Classe) -> FastAPI:
    """The whole application, in this process."""
    classe = classe_du_contrat
    return creer(classe, Animateurs(classe.registre, classe.ecrivain, classe.horloge))


@pytest.fixture(scope="module")
def lea(classe_du_contrat: Classe) -> dict[str, str]:
    """Léa's headers; she has sent an invoice, which is number 1."""
    inscrite = classe_du_contrat.rejoindre(classe_du_contrat.code, "Léa")
    acteur = Acteur("fournisseur", ELECTRICIEN)
    classe_du_contrat.faire(inscrite.participant, "solo-lea", acteur, "deposer", "", facture())
    technique = base64.b64encode(f"lea:{inscrite.jeton}".encode()).decode()
    acces = ouvrir_jeton(classe_du_contrat, "lea", inscrite.jeton)
    return {"Authorization": f"Bearer {acces}", "cpro-account": technique}


@pytest.fixture(scope="module")
def schema(face: FastAPI, lea: dict[str, str]) -> Any:
    return schemathesis.openapi.from_asgi("/piste/openapi.json", face)


def eprouver(schema: Any, code: str, mode: GenerationMode, lea: dict[str, str], exemples: int) -> None:
    """Call that operation with generated demands; every answer is checked against the document."""
    ligne = operation(code)
    operation_decrite = schema[ligne.chemin][ligne.methode]

    @settings(BORNES, max_examples=exemples)
    @given(case=operation_decrite.as_strategy(generation_mode=mode))
    def appeler(case: schemathesis.Case) -> None:
        case.call_and_validate(headers=lea, checks=CONTROLES)

    appeler()


CODES = [ligne.code for ligne in jouees()]
MODES = [
    pytest.param(code, mode, id=f"{code}-{mode.value}")
    for code in CODES
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    if code != "HealthCheck" or mode.is_positive  # it asks nothing that could be wrong
]


@pytest.mark.parametrize(("code", "mode"), MODES)
def test_un_appel_quelconque_recoit_une_reponse_prevue(
    schema: Any, lea: dict[str, str], code: str, mode: GenerationMode
) -> None:
    eprouver(schema, code, mode, lea, exemples=10)


@pytest.mark.endurance
@pytest.mark.parametrize(("code", "mode"), MODES)
def test_beaucoup_d_appels_recoivent_une_reponse_prevue(
    schema: Any, lea: dict[str, str], code: str, mode: GenerationMode
) -> None:
    eprouver(schema, code, mode, lea, exemples=500)


# the shape


def noms(document: dict[str, Any], forme: dict[str, Any]) -> Arbre:
    """The fields of a schema, whatever is optional in it; {} for what has none."""
    if "$ref" in forme:
        return noms(document, document["components"]["schemas"][forme["$ref"].rpartition("/")[2]])
    trouves: Arbre = {}
    for partie in (*forme.get("anyOf", ()), *([forme["items"]] if "items" in forme else [])):
        trouves |= noms(document, partie)
    for nom, champ in forme.get("properties", {}).items():
        trouves[nom] = noms(document, champ)
    return trouves


def en_trop(trouves: Arbre, documentes: Arbre) -> list[str]:
    """Fields that the table does not have, where it says what there is."""
    fautifs = [nom for nom in trouves if nom not in documentes]
    for nom, dedans in trouves.items():
        if documentes.get(nom):
            fautifs += [f"{nom}.{faute}" for faute in en_trop(dedans, documentes[nom])]
    return fautifs


def corps(document: dict[str, Any], code: str) -> tuple[Arbre, Arbre]:
    """Fields asked and answered by that operation, in the document."""
    ligne = operation(code)
    decrite = document["paths"][ligne.chemin][ligne.methode.lower()]
    demande = decrite.get("requestBody", {"content": {"": {"schema": {}}}})["content"]
    reponse = decrite["responses"]["200"]["content"]["application/json"]["schema"]
    return noms(document, next(iter(demande.values()))["schema"]), noms(document, reponse)


@pytest.mark.parametrize("code", CODES)
def test_aucun_champ_n_est_invente(face: FastAPI, code: str) -> None:
    ligne = operation(code)
    demande, reponse = corps(document_de(face), code)
    partielle = {} if ligne.fiabilite == "établi" else {nom: {} for nom in ("codeRetour", "libelle", "pagination")}
    assert en_trop(demande, arbre(ligne.champs_requete) | partielle) == []
    assert en_trop(reponse, arbre(ligne.champs_reponse) | partielle) == []


@pytest.mark.parametrize("code", [c for c in CODES if operation(c).fiabilite == "établi"])
def test_tous_les_champs_documentes_sont_annonces(face: FastAPI, code: str) -> None:
    ligne = operation(code)
    demande, reponse = corps(document_de(face), code)
    assert set(arbre(ligne.champs_requete)) == set(demande)
    assert set(arbre(ligne.champs_reponse)) <= set(reponse)


def document_de(face: FastAPI) -> dict[str, Any]:
    montee = next(route.app for route in face.routes if getattr(route, "path", "") == "/piste")
    document: dict[str, Any] = montee.openapi()
    return document


def test_le_document_est_celui_de_la_table_et_dit_ses_sources(face: FastAPI) -> None:
    document = document_de(face)
    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) == {ligne.chemin for ligne in referentiel.api() if ligne.joue}
    assert "simulée" in document["info"]["description"]
    for ligne in jouees():
        decrite = document["paths"][ligne.chemin][ligne.methode.lower()]
        assert decrite["operationId"] == ligne.code
        assert ligne.source in decrite["description"]
        assert ("À vérifier" in decrite["description"]) == (ligne.fiabilite != "établi")
        assert ("security" in decrite) == (ligne.code != "OAuthToken")


def test_l_arbre_des_champs_se_lit() -> None:
    assert arbre("a b{c d{e}} f[] g[]{h}") == {"a": {}, "b": {"c": {}, "d": {"e": {}}}, "f": {}, "g": {"h": {}}}
