"""The shorter way to acting and reading says what the application would have said, and never stops the others."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from classe_essai import COMMUNE, facture
from fastapi import FastAPI
from fastapi.testclient import TestClient
from service_reel import Demandeur

from facturier.registre import Lot
from facturier.serveur import Animateurs, Animation, Classe, application
from facturier.serveur.garde import Application
from facturier.serveur.lancement import en_fond

ELECTRICIEN = "99990011100017"
COUVREUR = "99990014500015"
GESTE: dict[str, Any] = {"role": "fournisseur", "structure": ELECTRICIEN, "action": "deposer"}
JSON = {"content-type": "application/json"}
DEMANDES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "sans jeton": ("POST", "solo-lea/actes", {"json": GESTE, "headers": {"authorization": ""}}),
    "jeton faux": ("GET", "solo-lea/journal", {"headers": {"authorization": "Bearer faux"}}),
    "espace d’autrui": ("POST", "solo-paul/actes", {"json": {**GESTE, "donnees": facture()}}),
    "espace inconnu": ("GET", "nulle%20part/journal", {}),
    "sans corps": ("POST", "solo-lea/actes", {"headers": JSON}),
    "pas du json": ("POST", "solo-lea/actes", {"content": b"{", "headers": JSON}),
    "pas annoncé comme du json": (
        "POST",
        "solo-lea/actes",
        {"content": b"{}", "headers": {"content-type": "text/plain"}},
    ),
    "champ inconnu": ("POST", "solo-lea/actes", {"json": {**GESTE, "par": "animateur"}}),
    "champs manquants": ("POST", "solo-lea/actes", {"json": {}}),
    "donnée d’un autre genre": ("POST", "solo-lea/actes", {"json": {**GESTE, "donnees": {"cadre": 1}}}),
    "liste": ("POST", "solo-lea/actes", {"json": []}),
    "règle": ("POST", "solo-lea/actes", {"json": {**GESTE, "donnees": facture(cadre="A4")}}),
    "pièce inconnue": ("POST", "solo-lea/actes", {"json": {**GESTE, "action": "envoyer", "objet": "P0009"}}),
    "clé impossible": ("POST", "solo-lea/actes", {"json": GESTE, "headers": {"idempotency-key": "a b"}}),
    "clé trop longue": ("POST", "solo-lea/actes", {"json": GESTE, "headers": {"idempotency-key": "a" * 81}}),
    "depuis impossible": ("GET", "solo-lea/journal?depuis=-1", {}),
    "depuis illisible": ("GET", "solo-lea/journal?depuis=hier", {}),
    "autre méthode": ("GET", "solo-lea/actes", {}),
    "fait": ("POST", "solo-lea/actes", {"json": {**GESTE, "donnees": facture()}, "headers": {"idempotency-key": "k"}}),
    "lu": ("GET", "solo-lea/journal?depuis=1", {}),
}


def reponses(app: FastAPI, classe: Classe) -> dict[str, tuple[int, Any, dict[str, str]]]:
    """What each demand gets; the same class is asked each time, so that « fait » is asked again under its key."""
    jetons = {nom: classe.rejoindre(classe.code, nom).jeton for nom in ("Léa", "Paul")}
    client = TestClient(app, raise_server_exceptions=False, headers={"authorization": f"Bearer {jetons['Léa']}"})
    dites = {}
    for quoi, (methode, chemin, reste) in DEMANDES.items():
        reponse = client.request(methode, f"/api/v1/espaces/{chemin}", **reste)
        dites[quoi] = (reponse.status_code, reponse.json(), dict(reponse.headers))
    return dites


def test_le_raccourci_dit_tout_comme_l_application(
    base: str, ouvrir: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    courtes, longues = ouvrir(base), ouvrir(f"sqlite:///{tmp_path / 'autre.sqlite'}")
    avec = application.creer(courtes, Animateurs(courtes.registre, courtes.ecrivain, courtes.horloge))

    class Rien:
        def __init__(self, suite: Application) -> None:
            self._suite = suite

        async def __call__(self, *mots: Any) -> None:
            await self._suite(*mots)

    monkeypatch.setattr(application, "Raccourci", Rien)
    sans = application.creer(longues, Animateurs(longues.registre, longues.ecrivain, longues.horloge))
    dites, attendues = reponses(avec, courtes), reponses(sans, longues)
    assert {statut for statut, _, _ in attendues.values()} >= {200, 401, 403, 404, 405, 422}
    for quoi in DEMANDES:
        assert dites[quoi] == attendues[quoi], quoi


# --- nobody waits for another -------------------------------------------------------------------------------


@pytest.fixture
def groupe(classe: Classe) -> Iterator[tuple[str, dict[str, Demandeur]]]:
    """Five learners in one circuit: the space, and who asks by name."""
    with en_fond(classe) as adresse:
        tous = [Demandeur.rejoindre(adresse, classe.code, prenom) for prenom in ("Ana", "Bea", "Cid", "Dan", "Eve")]
        (nom,) = Animation(classe).repartir([[qui.nom for qui in tous]])
        yield nom, {qui.nom: qui for qui in tous}


def test_un_disque_lent_ne_fige_que_l_espace_qui_ecrit(
    classe: Classe, groupe: tuple[str, dict[str, Demandeur]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An act of the group is being written, an absent comes back to that group, another learner reads and acts."""
    nom, tous = groupe
    attributions = classe.espace(nom).lire(lambda portail: portail.etat.attributions)
    titulaire = tous[attributions[("fournisseur", COUVREUR)]]
    mairie = tous[attributions[("destinataire", COMMUNE)]]
    Animation(classe).absenter(mairie.nom)
    dispos, arrive = threading.Event(), threading.Event()
    transaction = classe.ecrivain._transaction

    def lente(lots: list[Lot]) -> None:
        if any(lot.journal == nom for lot in lots):
            arrive.set()
            assert dispos.wait(20)
        transaction(lots)

    monkeypatch.setattr(classe.ecrivain, "_transaction", lente)
    corps = {"role": "fournisseur", "structure": COUVREUR, "action": "deposer", "donnees": facture(numero_marche="")}
    with ThreadPoolExecutor(4) as fils:
        depot = fils.submit(titulaire.agir, corps, "k", nom)
        assert arrive.wait(20)
        lecture = fils.submit(titulaire.demander, "GET", f"espaces/{nom}/journal")
        retour = fils.submit(mairie.demander, "GET", "moi")
        ailleurs: httpx.Response = titulaire.demander("GET", f"espaces/{titulaire.solo}/journal")
        assert ailleurs.status_code == 200
        assert not depot.done()
        assert not lecture.done(), "ce qui n’est pas encore gardé n’est montré à personne"
        dispos.set()
        assert depot.result(20).status_code == 200
        assert retour.result(20).status_code == 200
        assert [e["objet"] for e in lecture.result(20).json()["evenements"]].count("P0001") >= 1
    tenants = classe.espace(nom).lire(lambda portail: portail.etat.attributions)
    assert tenants[("destinataire", COMMUNE)] == mairie.nom
