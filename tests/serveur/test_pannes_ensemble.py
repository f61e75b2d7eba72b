"""Any number of learners doing anything at once: the state is the fold of what is stored, and what was answered is in
it once."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from classe_essai import COMMUNE
from service_reel import Demandeur, client, depot, releve

from facturier.portail import Annuaire, Ouverture, etat_json
from facturier.portail.pliage import plier
from facturier.registre import RegistreClasse
from facturier.serveur import Animation, Classe
from facturier.serveur.lancement import en_fond

COUVREUR = "99990014500015"
GESTES = {
    "fournisseur": ("deposer", "enregistrer", "envoyer", "supprimer", "recycler", "completer", "abandonner"),
    "destinataire": ("suspendre", "demander_recyclage", "attester_service_fait", "rejeter", "mandater"),
    "comptable": ("comptabiliser", "mettre_en_paiement", "suspendre"),
}
DONNEES = (
    {},
    {"motif": "PORTAIL_JUSTIFICATIF"},
    {"motif": "PORTAIL_IMPUTATION"},
    {"motif": "DEST_ERR"},
    {"commentaire": "Bon de livraison joint"},
    {"code_service": "MAIRIE"},
)


def corps(hasard: random.Random) -> dict[str, Any]:
    """Any act, legal or not, with or without the version that its author thinks it has."""
    role = hasard.choice(list(GESTES))
    action = hasard.choice(GESTES[role])
    structure = COUVREUR if role == "fournisseur" else COMMUNE
    if action in ("deposer", "enregistrer"):
        un = depot(numero_marche="", numero_facture=f"F-{hasard.randrange(60)}")
        return {**un, "structure": structure, "action": action}
    return {
        "role": role,
        "structure": structure,
        "action": action,
        "objet": f"P{hasard.randint(1, 12):04d}",
        "donnees": hasard.choice(DONNEES),
        "version": hasard.choice((None, None, None, hasard.randint(1, 6))),
    }


def vivre(eleve: Demandeur, espaces: tuple[str, ...], graine: int, pas: int) -> dict[str, tuple[str, dict[str, Any]]]:
    """Act at random; half of the demands are sent again under the same key. Answered acts by key: space, answer."""
    hasard = random.Random(graine)
    faits = {}
    for rang in range(pas):
        espace, cle, un = hasard.choice(espaces), f"{eleve.nom}-{graine}-{rang}", corps(hasard)
        reponse = eleve.agir(un, cle, espace)
        assert reponse.status_code in (200, 403, 404, 409, 422), reponse.text
        if reponse.status_code == 200:
            faits[cle] = (espace, reponse.json())
            if hasard.random() < 0.5:
                assert eleve.agir(un, cle, espace).json() == reponse.json()
        eleve.demander("GET", f"espaces/{espace}/journal?depuis={hasard.randint(0, 30)}")
    return faits


@pytest.mark.parametrize("magasin", ["sqlite", "postgresql"])
@pytest.mark.parametrize(
    ("eleves", "pas", "graines"), [(6, 40, (1,)), pytest.param(40, 40, (1, 2), marks=pytest.mark.endurance)]
)
def test_l_etat_servi_est_celui_du_journal_garde_et_chaque_geste_acquitte_y_est_une_fois(
    request: pytest.FixtureRequest,
    ouvrir: Callable[[str], Classe],
    annuaire: Annuaire,
    magasin: str,
    eleves: int,
    pas: int,
    graines: tuple[int, ...],
) -> None:
    base = request.getfixturevalue("base" if magasin == "sqlite" else "base_postgresql")
    classe = ouvrir(base)
    with en_fond(classe) as adresse:
        tous = [Demandeur.rejoindre(adresse, classe.code, f"Élève {rang}") for rang in range(eleves)]
        for graine in graines:
            groupes = Animation(classe).repartir()
            espaces = {e.nom: classe.espaces_de(classe.participants.participant(e.nom)) for e in tous}
            with ThreadPoolExecutor(eleves) as fils:
                promesses = [
                    fils.submit(vivre, e, espaces[e.nom], 1000 * graine + rang, pas) for rang, e in enumerate(tous)
                ]
                faits = {cle: fait for promesse in promesses for cle, fait in promesse.result().items()}
            verifier(base, annuaire, tous, faits, groupes)
            assert len(faits) > eleves, "hardly anything was accepted: nothing was tried"


def connu(etat: dict[str, Any], servi: dict[str, Any]) -> dict[str, Any]:
    """That state without what a draft of somebody else holds: in ``servi``, nothing but its cadre and its comment."""
    pieces = dict(etat["pieces"])
    for numero, piece in servi["pieces"].items():
        parti = any(passage["statut"] == "DEPOSEE" for passage in piece["historique"])
        if not parti and set(piece["valeurs"]) <= {"cadre", "commentaire"}:
            pieces[numero] = {**pieces[numero], "valeurs": {}, "unicite": None}
    return {**etat, "pieces": pieces}


def verifier(
    base: str,
    annuaire: Annuaire,
    tous: list[Demandeur],
    faits: dict[str, tuple[str, dict[str, Any]]],
    groupes: tuple[str, ...],
) -> None:
    stockes = releve(base, annuaire)
    with RegistreClasse(base) as registre:
        ouvertures = {nom: Ouverture.depuis_json(brut) for nom, brut in registre.espaces()}
        plies = {nom: etat_json(plier(registre.lire(nom), annuaire, ouvertures[nom])) for nom in ouvertures}
    for eleve in tous:
        moi = eleve.demander("GET", "moi").json()
        for espace in (moi["solo"], moi["groupe"]):
            servi = eleve.demander("GET", f"espaces/{espace}/etat").json()
            assert connu(servi["etat"], servi["etat"]) == connu(plies[espace], servi["etat"])
            assert espace == moi["groupe"] or servi["etat"] == plies[espace]
    for cle, (espace, reponse) in faits.items():
        assert stockes[espace][1][cle] == reponse
    for espace in groupes:  # as many acts of people as answers kept, no two of them under one event
        siens, cles = stockes[espace]
        assert len(siens) == len(cles) == sum(ou == espace for ou, _ in faits.values())
        assert len({reponse["n"] for reponse in cles.values()}) == len(cles)
    assert client().get(f"{tous[0].adresse}/api/v1/openapi.json").status_code == 200
