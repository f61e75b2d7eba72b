"""kill -9 in the middle of everybody's writes: what was acknowledged is there, once, and nothing by half."""

from __future__ import annotations

import random
import threading
import time

import pytest
from service_reel import Demandeur, Service, releve

from facturier.portail import Annuaire
from facturier.registre import RegistreClasse


@pytest.mark.parametrize("magasin", ["sqlite", "postgresql"])
@pytest.mark.parametrize("arrets", [3, pytest.param(50, marks=pytest.mark.endurance)])
def test_un_arret_brutal_ne_perd_ni_ne_double_aucun_geste_acquitte(
    request: pytest.FixtureRequest, magasin: str, arrets: int, annuaire: Annuaire
) -> None:
    base = request.getfixturevalue("base" if magasin == "sqlite" else "base_postgresql")
    hasard = random.Random(20261124)
    eleves: list[Demandeur] = []
    for _ in range(arrets):
        portail = Service(base)
        if not eleves:
            prenoms = [f"Élève {lettre}" for lettre in "abcdefgh"]
            eleves = [Demandeur.rejoindre(portail.adresse, portail.code, prenom) for prenom in prenoms]
        reprises = [e for e in eleves if set(e.demandes) - set(e.acquittes)]
        for eleve in eleves:
            eleve.adresse = portail.adresse
        for eleve in reprises:  # what had no answer is asked again, under the same key
            for cle in set(eleve.demandes) - set(eleve.acquittes):
                assert eleve.agir(eleve.demandes[cle], cle).status_code == 200
        fin = threading.Event()
        fils = [threading.Thread(target=eleve.ecrire_sans_fin, args=(fin,)) for eleve in eleves]
        avant = sum(len(eleve.acquittes) for eleve in eleves)
        for fil in fils:
            fil.start()
        while sum(len(eleve.acquittes) for eleve in eleves) < avant + hasard.randint(5, 40):
            time.sleep(hasard.uniform(0, 0.01))
        portail.tuer()
        fin.set()
        for fil in fils:
            fil.join(60)
            assert not fil.is_alive()
        verifier(base, annuaire, eleves)
    assert any(set(e.demandes) - set(e.acquittes) for e in eleves), "no act was ever cut: nothing was tried"


@pytest.mark.parametrize("arret", ["tuer", "arreter"])
def test_un_apprenant_qui_revient_apres_une_relance_reprend_le_meme_sejour(base: str, arret: str) -> None:
    portail = Service(base)
    lea = Demandeur.rejoindre(portail.adresse, portail.code, "Léa")
    for _ in range(2):
        getattr(portail, arret)()
        portail = Service(base)
        lea.adresse = portail.adresse
        assert lea.demander("GET", "moi").status_code == 200
    portail.arreter()
    with RegistreClasse(base) as registre:
        (sejour,) = registre.presences()
    assert sejour.participant == "lea"
    assert sejour.arrivee <= sejour.depart


def verifier(base: str, annuaire: Annuaire, eleves: list[Demandeur]) -> None:
    lus = releve(base, annuaire)
    for eleve in eleves:
        siens, cles = lus[eleve.solo]
        for cle, reponse in eleve.acquittes.items():
            assert cles[cle] == reponse
        assert set(cles) <= set(eleve.demandes)
        attendus = sorted(eleve.demandes[cle]["donnees"]["numero_facture"] for cle in cles)
        assert (
            sorted(e["donnees"]["numero_facture"] for e in siens) == attendus
        )  # each once, with its key or not at all
