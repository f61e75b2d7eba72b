"""In a group, nobody reads what another has not sent, nor their account: one state all the same, once it is sent."""

from __future__ import annotations

import pytest
from client_piste import entrer
from fastapi.testclient import TestClient
from joueurs import ARCHITECTE, COUVREUR, chantier

from facturier.liaison.client import Liaison
from facturier.portail import Acteur, etat_json
from facturier.portail.assistance import arbre
from facturier.serveur import Animateurs, Animation, Classe
from facturier.serveur.application import creer
from facturier.serveur.lancement import en_fond
from facturier.serveur.postes import GuichetDeClasse

LEA = Acteur("fournisseur", COUVREUR)
COMPTE = {"nom": "Martin", "prenom": "Léa", "courriel": "lea@exemple.fr", "telephone": "01 99 00 12 34"}


@pytest.fixture
def groupe(classe: Classe) -> str:
    """Léa supplies, Noé is the maîtrise d'œuvre; she has a draft, an account and a request for help."""
    for prenom in ("Léa", "Noé"):
        classe.rejoindre(classe.code, prenom)
    Animation(classe).repartir()
    lea = classe.participants.participant("lea")
    brouillon = chantier(classe.annuaire, "2026-TVX-014", "A4", ARCHITECTE, commentaire="Métré joint.")
    classe.faire(lea, lea.groupe, LEA, "enregistrer", "", brouillon)
    classe.faire(lea, lea.groupe, Acteur("fournisseur", ""), "creer_compte", "", {**COMPTE, "conditions": "oui"})
    question = next(iter(arbre().feuilles))
    demande = {"question": question, "destinataire": "support", "sujet": "Secret", "texte": "Mon souci"}
    classe.faire(lea, lea.groupe, LEA, "ouvrir_sollicitation", "", demande)
    return lea.groupe


def vu_de(classe: Classe, nom: str, espace: str) -> GuichetDeClasse:
    return GuichetDeClasse(classe, classe.participants.participant(nom), espace)


def test_le_brouillon_le_compte_et_la_demande_d_aide_ne_sont_qu_a_leur_auteur(classe: Classe, groupe: str) -> None:
    noe, lea = (str([*g.journal, etat_json(g.etat)]) for g in (vu_de(classe, n, groupe) for n in ("noe", "lea")))
    for secret in ("12000", "1 000,00", "lea@exemple.fr", "01 99 00 12 34", "Secret", "Mon souci"):
        assert secret not in noe, secret
    for secret in ("1 000,00", "lea@exemple.fr", "Mon souci"):
        assert secret in lea
    assert len(vu_de(classe, "noe", groupe).journal) == len(vu_de(classe, "lea", groupe).journal)


def test_aucune_route_ne_rend_le_brouillon_d_un_autre(classe: Classe, groupe: str) -> None:
    Animation(classe).reinitialiser("noe")
    _, jeton = entrer(classe, "Noé")
    application = creer(classe, Animateurs(classe.registre, classe.ecrivain, classe.horloge))
    api = TestClient(application, headers={"authorization": f"Bearer {jeton}"})
    for chemin in ("etat", "journal", "pieces/P0001", f"tableau?role=moe&au_nom_de={ARCHITECTE}"):
        reponse = api.get(f"/api/v1/espaces/{groupe}/{chemin}")
        assert reponse.status_code == 200
        assert "1 000,00" not in reponse.text
        assert "lea@exemple.fr" not in reponse.text


def test_une_fois_envoyee_la_piece_est_la_meme_pour_tous(classe: Classe, groupe: str) -> None:
    Animation(classe).reinitialiser("noe")
    _, jeton = entrer(classe, "Noé")
    with en_fond(classe) as adresse:
        liaison = Liaison.reprendre(adresse, jeton)
        distant = liaison.guichet(Acteur("moe", ARCHITECTE), groupe)
        assert distant.etat.pieces["P0001"].numero == ""
        lea = vu_de(classe, "lea", groupe)
        lea.faire(LEA, "envoyer", "P0001", version=lea.version("P0001"))
        vraie = classe.espace(groupe).lire(lambda portail: portail.piece("P0001"))
        assert distant.piece("P0001").valeurs == vraie.valeurs == vu_de(classe, "noe", groupe).piece("P0001").valeurs
        assert distant.piece("P0001").historique == vraie.historique
        moe = Acteur("moe", ARCHITECTE)
        assert distant.faire(moe, "prendre_en_compte", "P0001", version=distant.version("P0001")) == "P0001"
        assert distant.piece("P0001").statut == "PRISE_EN_COMPTE_MOE"
        liaison.fermer()


def test_dans_son_propre_espace_rien_n_est_abrege(classe: Classe, groupe: str) -> None:
    lea = classe.participants.participant("lea")
    classe.faire(lea, lea.solo, LEA, "enregistrer", "", chantier(classe.annuaire, "2026-TVX-014", "A4", ARCHITECTE))
    assert vu_de(classe, "lea", lea.solo).piece("P0001").valeurs["montant_ht"]
