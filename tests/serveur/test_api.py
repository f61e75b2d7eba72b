"""The HTTP face: who gets in, what comes out, and how it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from classe_essai import COMMUNE, ELECTRICIEN, facture

from facturier.serveur import Animateurs, Animation, Classe
from facturier.serveur import garde as bornes
from facturier.serveur.lancement import en_fond


@pytest.fixture
def animateurs(classe: Classe) -> Animateurs:
    return Animateurs(classe.registre, classe.ecrivain, classe.horloge)


@pytest.fixture
def client(classe: Classe, animateurs: Animateurs) -> Iterator[httpx.Client]:
    with en_fond(classe, animateurs) as adresse, httpx.Client(base_url=adresse, trust_env=False) as ouvert:
        yield ouvert


@pytest.fixture
def lea(client: httpx.Client, classe: Classe) -> dict[str, str]:
    return entrer(client, classe, "Léa")


def entrer(client: httpx.Client, classe: Classe, prenom: str) -> dict[str, str]:
    reponse = client.post("/api/v1/rejoindre", json={"code": classe.code, "prenom": prenom})
    assert reponse.status_code == 200
    return {"Authorization": f"Bearer {reponse.json()['jeton']}"}


def geste(**champs: Any) -> dict[str, Any]:
    return {"role": "fournisseur", "structure": ELECTRICIEN, "action": "deposer", "donnees": facture(), **champs}


def refuse(reponse: httpx.Response, statut: int, code: str) -> dict[str, Any]:
    """The failure has its status, its code, one French sentence, and nothing else."""
    document: dict[str, Any] = reponse.json()
    assert (reponse.status_code, document["code"]) == (statut, code), document
    assert set(document) == {"phrase", "code", "regles"}
    assert document["phrase"].endswith((".", "!")), document
    assert "Traceback" not in reponse.text
    return document


def test_un_depot_traverse_le_reseau(client: httpx.Client, lea: dict[str, str]) -> None:
    fait = client.post("/api/v1/espaces/solo-lea/actes", json=geste(), headers=lea)
    assert fait.json()["objet"] == "P0001"
    piece = client.get("/api/v1/espaces/solo-lea/pieces/P0001", headers=lea).json()
    assert piece["piece"]["valeurs"]["numero_facture"] == "FA-2026-0042"
    assert piece["version"] == fait.json()["version"]
    etat = client.get("/api/v1/espaces/solo-lea/etat", headers=lea).json()
    assert list(etat["etat"]["pieces"]) == ["P0001"]
    journal = client.get("/api/v1/espaces/solo-lea/journal?depuis=1", headers=lea).json()
    assert [e["n"] for e in journal["evenements"]] == list(range(2, journal["n"] + 1))
    vus = client.get("/api/v1/moi", headers=lea).json()
    assert (vus["pseudonyme"], vus["solo"], vus["groupe"]) == ("lea", "solo-lea", "")
    assert "jeton" not in vus


def test_une_demande_repetee_avec_sa_cle_n_agit_qu_une_fois(client: httpx.Client, lea: dict[str, str]) -> None:
    cle = {**lea, "Idempotency-Key": "k-1"}
    reponses = [client.post("/api/v1/espaces/solo-lea/actes", json=geste(), headers=cle) for _ in range(3)]
    assert len({reponse.text for reponse in reponses}) == 1
    autre = client.post("/api/v1/espaces/solo-lea/actes", json=geste(action="enregistrer"), headers=cle)
    refuse(autre, 409, "cle-reutilisee")


def test_chaque_route_demande_un_jeton(client: httpx.Client, lea: dict[str, str]) -> None:
    chemins = [
        (methode, chemin.replace("{espace}", "solo-lea").replace("{piece}", "P0001"))
        for chemin, methodes in client.get("/api/v1/openapi.json").json()["paths"].items()
        for methode in methodes
        if not chemin.endswith("/rejoindre")
    ]
    assert len(chemins) >= 10
    corps = {"demande": True, "formulaire": "f", "valeurs": {}, **geste()}
    for methode, chemin in chemins:
        for entetes in ({}, {"Authorization": "Bearer faux"}, {"Authorization": lea["Authorization"].split()[1]}):
            params = {"piece": "P0001", "role": "fournisseur", "structure": ELECTRICIEN}
            reponse = client.request(methode, chemin, json=corps, headers=entetes, params=params)
            refuse(reponse, 401, "jeton-refuse")
            assert reponse.headers["www-authenticate"] == "Bearer"


def test_l_espace_d_un_autre_est_ferme(client: httpx.Client, classe: Classe, lea: dict[str, str]) -> None:
    client.post("/api/v1/espaces/solo-lea/actes", json=geste(), headers=lea)
    paul = entrer(client, classe, "Paul")
    for chemin in ("", "/etat", "/journal", "/pieces/P0001", f"/gestes?piece=P0001&role=moe&structure={ELECTRICIEN}"):
        refuse(client.get(f"/api/v1/espaces/solo-lea{chemin}", headers=paul), 403, "interdit")
        refuse(client.get(f"/api/v1/espaces/inconnu{chemin}", headers=paul), 403, "interdit")
    refuse(client.post("/api/v1/espaces/solo-lea/actes", json=geste(), headers=paul), 403, "interdit")


def test_le_role_d_un_autre_est_refuse_dans_le_groupe(
    client: httpx.Client, classe: Classe, lea: dict[str, str]
) -> None:
    paul = entrer(client, classe, "Paul")
    Animation(classe).repartir([["lea", "paul"]])
    demande = geste(structure="99990014500015", donnees={"cadre": "A4", "numero_facture": "S-1"}, action="enregistrer")
    refuse(client.post("/api/v1/espaces/groupe-1-1/actes", json=demande, headers=paul), 403, "droits")
    assert client.post("/api/v1/espaces/groupe-1-1/actes", json=demande, headers=lea).status_code == 200
    roles = client.get("/api/v1/espaces/groupe-1-1", headers=paul).json()["roles"]
    assert [r["tenant"].partition(":")[0] for r in roles] == ["lea", "paul", "simule", "simule", "simule"]


def test_un_refus_du_portail_nomme_ses_regles(client: httpx.Client, lea: dict[str, str]) -> None:
    demande = geste(donnees=facture(destinataire_siret="", iban=""))
    document = refuse(client.post("/api/v1/espaces/solo-lea/actes", json=demande, headers=lea), 422, "refus-portail")
    assert len(document["regles"]) >= 2


def test_une_version_perimee_est_un_conflit(client: httpx.Client, lea: dict[str, str]) -> None:
    brouillon = geste(action="enregistrer")
    version = client.post("/api/v1/espaces/solo-lea/actes", json=brouillon, headers=lea).json()["version"]
    supprimer = geste(action="supprimer", objet="P0001", donnees={}, version=version)
    assert client.post("/api/v1/espaces/solo-lea/actes", json=supprimer, headers=lea).status_code == 200
    refuse(client.post("/api/v1/espaces/solo-lea/actes", json=supprimer, headers=lea), 409, "version-perimee")


@pytest.mark.parametrize(
    "corps",
    [
        b"",
        b"{",
        b"[]",
        b'"x"',
        b"\xff\xfe",
        b'{"role": "fournisseur"}',
        b'{"role": "fournisseur", "action": "deposer", "version": true, "donnees": {"iban": "\\ud800"}}',
        b'{"role": "fournisseur", "action": "deposer", "inconnu": 1}',
        b'{"role": "fournisseur", "action": "deposer", "objet": "../../etc"}',
        b'{"role": "fournisseur", "action": "deposer", "version": -1}',
        b'{"role": "fournisseur", "action": "deposer", "donnees": {"iban": 3}}',
        b"[" * 50_000,
    ],
)
def test_une_demande_mal_formee_est_refusee_en_une_phrase(
    client: httpx.Client, lea: dict[str, str], corps: bytes
) -> None:
    entetes = {**lea, "Content-Type": "application/json"}
    refuse(client.post("/api/v1/espaces/solo-lea/actes", content=corps, headers=entetes), 422, "forme")


def test_ce_qui_n_existe_pas_est_dit(client: httpx.Client, lea: dict[str, str]) -> None:
    refuse(client.get("/rien"), 404, "introuvable")
    refuse(client.get("/api/v1/rien", headers=lea), 404, "introuvable")
    refuse(client.delete("/api/v1/moi", headers=lea), 405, "methode")
    assert client.get("/api/v1/espaces/solo-lea/pieces/P0099", headers=lea).status_code == 404


def test_une_demande_trop_grosse_est_refusee_annoncee_ou_non(client: httpx.Client, lea: dict[str, str]) -> None:
    gros = b"x" * (bornes.CORPS_MAX + 1)

    def morceaux() -> Iterator[bytes]:
        for _ in range(9):
            yield gros[: bornes.CORPS_MAX // 8]

    for contenu in (gros, morceaux()):
        reponse = client.post("/api/v1/espaces/solo-lea/actes", content=contenu, headers=lea)
        refuse(reponse, 413, "trop-gros")


def test_trop_d_essais_sont_arretes(client: httpx.Client, classe: Classe) -> None:
    for _ in range(10):
        refuse(client.post("/api/v1/rejoindre", json={"code": "AAAAAA", "prenom": "Paul"}), 403, "code-refuse")
    reponse = client.post("/api/v1/rejoindre", json={"code": classe.code, "prenom": "Paul"})
    refuse(reponse, 429, "trop-d-essais")
    assert reponse.headers["retry-after"] == "60"


def test_un_registre_en_panne_est_dit_sans_dire_ou_il_est(
    client: httpx.Client, classe: Classe, lea: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def plein(*_: object) -> None:
        raise classe.registre.illisible()

    with monkeypatch.context() as panne:
        panne.setattr(classe.registre, "transaction", plein)
        reponse = client.post("/api/v1/espaces/solo-lea/actes", json=geste(), headers=lea)
    document = refuse(reponse, 503, "registre-illisible")
    assert "sqlite" not in document["phrase"]
    assert "sqlite" in Animation(classe).vue_d_ensemble()["avis"][-1]
    assert client.post("/api/v1/espaces/solo-lea/actes", json=geste(), headers=lea).json()["objet"] == "P0001"


def test_une_panne_ne_montre_rien_d_elle(
    client: httpx.Client, classe: Classe, lea: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def casser(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(classe, "demander_aide", casser)
    reponse = client.post("/api/v1/aide", json={}, headers=lea)
    refuse(reponse, 500, "panne")
    assert "secret" not in reponse.text


@pytest.mark.parametrize(
    "entetes",
    [{"Origin": "http://mechant.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}, {"Cookie": "a=b"}],
)
def test_une_autre_page_ne_peut_rien_faire(client: httpx.Client, lea: dict[str, str], entetes: dict[str, str]) -> None:
    reponse = client.post("/api/v1/aide", json={}, headers={**lea, **entetes})
    refuse(reponse, 403, "origine")
    assert "access-control-allow-origin" not in reponse.headers


def test_les_entetes_ferment_la_page(client: httpx.Client) -> None:
    entetes = client.get("/api/v1/openapi.json").headers
    assert entetes["x-content-type-options"] == "nosniff"
    assert entetes["cache-control"] == "no-store"
    assert "frame-ancestors 'none'" in entetes["content-security-policy"]
    assert "server" not in entetes


def test_l_animateur_entre_par_son_lien_et_l_adresse_n_en_garde_rien(
    client: httpx.Client, animateurs: Animateurs
) -> None:
    reponse = client.get("/animateur/entrer", params={"jeton": animateurs.lien()})
    assert (reponse.status_code, reponse.headers["location"]) == (303, "/animateur")
    biscuit = reponse.headers["set-cookie"]
    assert "HttpOnly" in biscuit
    assert "SameSite=strict" in biscuit
    assert animateurs.identifier(biscuit.partition("=")[2].partition(";")[0]) == "formateur"
    assert client.get("/animateur/entrer", params={"jeton": "faux"}).status_code == 403


def test_l_aide_le_formulaire_et_le_depart_sont_vus(client: httpx.Client, classe: Classe, lea: dict[str, str]) -> None:
    assert "notée" in client.post("/api/v1/aide", json={}, headers=lea).json()["phrase"]
    vu = {"formulaire": "depot_facture", "valeurs": {"destinataire_siret": COMMUNE}}
    assert client.put("/api/v1/formulaire", json=vu, headers=lea).status_code == 200
    assert client.post("/api/v1/partir", headers=lea).status_code == 200
    (vue,) = Animation(classe).vue_d_ensemble()["participants"]
    assert (bool(vue["aide"]), vue["formulaire"], vue["present"]) == (True, "depot_facture", False)
