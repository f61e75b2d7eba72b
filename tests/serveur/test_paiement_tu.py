"""A payment that its payer does not report: whatever a learner asks, nothing tells it from one that was not made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from client_piste import FACTURES, entetes, servie
from fastapi.testclient import TestClient
from joueurs import CAISSE, JARDINS, Horloge, chantier, facture
from page_essai import texte
from test_page_apprenant import Navigateur

from facturier.portail import Acteur, Annuaire, RefusPortail
from facturier.registre import RegistreClasse
from facturier.serveur import Animateurs, Animation, Classe
from facturier.serveur.application import creer
from facturier.serveur.postes import GuichetDeClasse

MARCHE = "2026-TVX-070"
SEUL = Acteur("fournisseur", JARDINS)
PIECE = "P0001"
ECRANS = ("tableau_de_bord", "horloge", "boite", "recherche", "valider", "fiche", "geste", "marche")


@pytest.fixture
def classe(base: str, annuaire: Annuaire, horloge: Horloge) -> Iterator[Classe]:
    """Léa supplies, Noé receives and Zoé pays, for a payer that does not report; the clock stands still."""
    ouverte = Classe(RegistreClasse(base), annuaire, graine="essai", marche=MARCHE, horloge=horloge)
    yield ouverte
    ouverte.fermer()


@pytest.fixture
def groupe(classe: Classe, annuaire: Annuaire) -> str:
    """The group's space, the invoice ready to be paid."""
    for prenom in ("Léa", "Noé", "Zoé"):
        classe.rejoindre(classe.code, prenom)
    Animation(classe).repartir()
    lea = classe.participants.participant("lea")
    assert lea.groupe
    classe.faire(lea, lea.groupe, SEUL, "deposer", "", chantier(annuaire, MARCHE, "A6", CAISSE))
    classe.faire(classe.participants.participant("noe"), lea.groupe, Acteur("destinataire", CAISSE), "mandater", PIECE)
    return lea.groupe


def payer(classe: Classe, groupe: str, par: str = "zoe") -> None:
    """Paid by the learner who holds the accounts, or by the trainer in their name."""
    if par == "zoe":
        zoe = classe.participants.participant(par)
        classe.faire(zoe, groupe, Acteur("comptable", CAISSE), "mettre_en_paiement", PIECE)
    else:
        Animation(classe).injecter(groupe, "comptable", CAISSE, "mettre_en_paiement", PIECE)


def client(classe: Classe, prenom: str) -> TestClient:
    """The API for somebody who comes back, under a new token."""
    Animation(classe).reinitialiser(prenom)
    jeton = classe.rejoindre(classe.code, prenom).jeton
    application = creer(classe, Animateurs(classe.registre, classe.ecrivain, classe.horloge))
    return TestClient(application, headers={"authorization": f"Bearer {jeton}"})


def tout_ce_que_dit_l_api(api: TestClient, espace: str, role: Acteur) -> dict[str, Any]:
    """Every GET route of the learners' API about that space, whatever it is."""
    dits = {}
    for chemin, gestes in sorted(api.get("/api/v1/openapi.json").json()["paths"].items()):
        if "get" not in gestes or "{espace}" not in chemin:
            continue
        qui = {"role": role.role, "au_nom_de": role.structure, "structure": role.structure}
        reponse = api.get(chemin.format(espace=espace, piece=PIECE), params={**qui, "piece": PIECE, "objet": PIECE})
        dits[chemin] = (reponse.status_code, reponse.content)
    return dits


def test_aucune_route_de_l_api_ne_distingue_pour_le_fournisseur(classe: Classe, groupe: str) -> None:
    lea, zoe = client(classe, "lea"), client(classe, "zoe")
    comptable = Acteur("comptable", CAISSE)
    avant, pour_zoe = tout_ce_que_dit_l_api(lea, groupe, SEUL), tout_ce_que_dit_l_api(zoe, groupe, comptable)
    payer(classe, groupe)
    apres = tout_ce_que_dit_l_api(lea, groupe, SEUL)
    assert [code for code, _ in avant.values()].count(200) >= 12
    assert {chemin.rpartition("/")[2] for chemin, (code, _) in avant.items() if code != 200} <= {"recit"}
    assert {chemin for chemin in avant if avant[chemin] != apres[chemin]} == set()
    vus = tout_ce_que_dit_l_api(zoe, groupe, comptable)
    changes = {chemin.rpartition("/")[2] for chemin in vus if vus[chemin] != pour_zoe[chemin]}
    assert changes >= {"journal", "etat", "tableau", "histoire", "version"}, "qui paie le voit"


@pytest.mark.parametrize("par", ["zoe", "animateur"])
def test_la_suite_se_compte_comme_si_rien_ne_manquait(
    classe: Classe, groupe: str, annuaire: Annuaire, par: str
) -> None:
    api = client(classe, "lea")
    deja = api.get(f"/api/v1/espaces/{groupe}/journal").json()
    payer(classe, groupe, par)
    geste = {"role": "fournisseur", "structure": JARDINS, "action": "enregistrer"}
    donnees = chantier(annuaire, MARCHE, "A6", CAISSE, numero="A6-2")
    fait = api.post(f"/api/v1/espaces/{groupe}/actes", json={**geste, "donnees": donnees}).json()
    suite = api.get(f"/api/v1/espaces/{groupe}/journal?depuis={deja['n']}").json()
    assert [e["n"] for e in suite["evenements"]] == [deja["n"] + 1]
    assert fait["n"] == suite["n"] == deja["n"] + 1
    assert all(
        e["action"] != "mettre_en_paiement" for e in api.get(f"/api/v1/espaces/{groupe}/journal").json()["evenements"]
    )
    complet = classe.espace(groupe).lire(lambda portail: portail.journal)
    assert len(complet) == suite["n"] + 1
    assert complet[-2]["action"] == "mettre_en_paiement", "le journal de la classe garde tout"


def test_un_refus_n_apprend_rien_de_plus(classe: Classe, groupe: str) -> None:
    lea = classe.participants.participant("lea")

    def refus(version: int | None = None) -> str:
        with pytest.raises(RefusPortail) as dit:
            classe.faire(lea, groupe, SEUL, "completer", PIECE, {"commentaire": "?"}, version=version)
        return dit.value.phrase

    version = classe.lire(lea, groupe, lambda portail: portail.version(PIECE))
    avant = refus(), refus(version), refus(version + 1)
    payer(classe, groupe)
    assert (refus(), refus(version), refus(version + 1)) == avant


def test_aucun_ecran_ne_le_montre_et_le_certificat_non_plus(classe: Classe) -> None:
    lea = Navigateur(classe).rejoindre("Léa")
    for prenom in ("Noé", "Zoé"):
        classe.rejoindre(classe.code, prenom)
    Animation(classe).repartir()
    qui = classe.participants.participant("lea")
    espace = qui.groupe
    classe.faire(qui, espace, SEUL, "deposer", "", chantier(classe.annuaire, MARCHE, "A6", CAISSE))
    Animation(classe).injecter(espace, "destinataire", CAISSE, "mandater", PIECE)

    def vus() -> list[str]:
        objets = {"geste": f"{PIECE}:completer", "marche": MARCHE}
        pages = [lea.ouvrir(e, objets.get(e, PIECE if e != "tableau_de_bord" else ""), espace).racine for e in ECRANS]
        return [texte(page) for page in pages]

    def certificat() -> bytes:
        from facturier.documents.certificat import certificat_du_guichet

        return certificat_du_guichet(GuichetDeClasse(classe, qui, espace), SEUL, PIECE)

    avant = vus(), certificat()
    payer(classe, espace, "animateur")
    assert vus() == avant[0]
    assert certificat() == avant[1]


def test_l_api_des_integrateurs_ne_le_dit_pas(classe: Classe, groupe: str) -> None:
    Animation(classe).reinitialiser("lea")
    jeton = classe.rejoindre(classe.code, "lea").jeton
    demandes = {
        f"{FACTURES}/consulter/fournisseur": {"identifiantFactureCPP": 1},
        f"{FACTURES}/consulter/historique": {"idFacture": 1},
        f"{FACTURES}/rechercher/fournisseur": {"rechercheFactureParFournisseur": {}, "cadreFacturation": {}},
    }
    with servie(classe) as distant:
        tetes = entetes(distant, "lea", jeton, groupe)

        def lus() -> list[tuple[int, Any]]:
            reponses = [distant.post(chemin, json=corps, headers=tetes) for chemin, corps in demandes.items()]
            return [(r.status_code, r.json()) for r in reponses]

        avant = lus()
        payer(classe, groupe)
        assert lus() == avant
    assert {code for code, _ in avant} == {200}


def test_qui_a_paye_le_sait_encore_quand_les_roles_tournent(classe: Classe, groupe: str) -> None:
    payer(classe, groupe)
    Animation(classe).tourner()
    vus = {}
    for nom in ("lea", "noe", "zoe"):
        guichet = GuichetDeClasse(classe, classe.participants.participant(nom), groupe)
        vus[nom] = [e["action"] for e in guichet.journal].count("mettre_en_paiement")
        assert guichet.etat.pieces[PIECE].statut == ("MISE_EN_PAIEMENT" if vus[nom] else "MANDATEE")
    assert vus == {"lea": 0, "noe": 1, "zoe": 1}


def test_un_paiement_remonte_se_voit_de_tous(classe: Classe, groupe: str) -> None:
    lea = classe.participants.participant("lea")
    piece = classe.faire(lea, groupe, SEUL, "deposer", "", facture(numero_marche=""))["objet"]
    for role, action in (("destinataire", "mandater"), ("comptable", "mettre_en_paiement")):
        Animation(classe).injecter(groupe, role, "21990002400015", action, piece)
    guichet = GuichetDeClasse(classe, lea, groupe)
    assert guichet.etat.pieces[piece].statut == "MISE_EN_PAIEMENT"
    assert guichet.journal[-1]["action"] == "mettre_en_paiement"
