"""The manual, chapter 1: the life of a simple invoice, from its deposit to its payment."""

from __future__ import annotations

from datetime import datetime

import pytest
from joueurs import COMMUNE, DEPARTEMENT, ELECTRICIEN, HOPITAL, Horloge, deposer, facture

from facturier.portail import Acteur, Portail, RefusPortail

FOURNISSEUR = Acteur("fournisseur", ELECTRICIEN)
PAYEUR = Acteur("destinataire", COMMUNE)
COMPTABLE = Acteur("comptable", COMMUNE)
A_L_HOPITAL = {"destinataire_siret": HOPITAL, "code_service": "CH-ACHATS", "numero_engagement": "BC-2026-00583"}


def parcours(portail: Portail, piece: str) -> list[str]:
    return [passage.statut for passage in portail.piece(piece).historique]


def test_enregistrer_n_envoie_rien(portail: Portail) -> None:
    brouillon = portail.enregistrer(FOURNISSEUR, facture())
    assert brouillon.statut == "BROUILLON"
    assert [e["action"] for e in portail.journal] == ["enregistrer"]


def test_envoyer_un_brouillon_le_depose(portail: Portail) -> None:
    brouillon = portail.enregistrer(FOURNISSEUR, facture())
    envoyee = portail.envoyer(FOURNISSEUR, brouillon.id)
    assert parcours(portail, envoyee.id) == ["BROUILLON", "DEPOSEE", "MISE_A_DISPOSITION"]


def test_un_brouillon_supprime_ne_revient_pas(portail: Portail) -> None:
    brouillon = portail.enregistrer(FOURNISSEUR, facture())
    portail.agir(FOURNISSEUR, brouillon.id, "supprimer")
    with pytest.raises(RefusPortail, match="ce statut est final"):
        portail.envoyer(FOURNISSEUR, brouillon.id)


def test_un_destinataire_qui_travaille_sur_le_portail_recoit_aussitot(portail: Portail) -> None:
    piece = deposer(portail)
    assert parcours(portail, piece.id) == ["DEPOSEE", "MISE_A_DISPOSITION"]


def test_un_destinataire_equipe_d_un_logiciel_recoit_apres_acheminement(portail: Portail) -> None:
    piece = deposer(portail, **A_L_HOPITAL)
    assert parcours(portail, piece.id) == ["DEPOSEE", "EN_COURS_ACHEMINEMENT", "MISE_A_DISPOSITION"]


@pytest.mark.parametrize(
    "etapes",
    [
        pytest.param(
            [
                (PAYEUR, "attester_service_fait", "SERVICE_FAIT"),
                (PAYEUR, "mandater", "MANDATEE"),
                (PAYEUR, "transmettre_comptable", "MISE_A_DISPOSITION_COMPTABLE"),
                (COMPTABLE, "comptabiliser", "COMPTABILISEE"),
                (COMPTABLE, "mettre_en_paiement", "MISE_EN_PAIEMENT"),
            ],
            id="toutes les étapes",
        ),
        pytest.param(
            [(PAYEUR, "mandater", "MANDATEE"), (COMPTABLE, "mettre_en_paiement", "MISE_EN_PAIEMENT")],
            id="au plus court",
        ),
    ],
)
@pytest.mark.parametrize("cadre", ["A1", "A2"])
def test_une_facture_va_du_depot_a_la_mise_en_paiement(
    portail: Portail, horloge: Horloge, cadre: str, etapes: list[tuple[Acteur, str, str]]
) -> None:
    piece = deposer(portail, cadre)
    for acteur, action, attendu in etapes:
        horloge.passe(days=1)
        assert portail.agir(acteur, piece.id, action).statut == attendu
    with pytest.raises(RefusPortail, match="ce statut est final"):
        portail.agir(COMPTABLE, piece.id, "mettre_en_paiement")


def test_la_date_de_mise_a_disposition_est_gardee(portail: Portail, horloge: Horloge) -> None:
    piece = deposer(portail)
    horloge.passe(days=3)
    portail.agir(PAYEUR, piece.id, "mandater")
    assert portail.piece(piece.id).date_du("MISE_A_DISPOSITION") == datetime(2026, 11, 24, 10, 42)


def test_a_recycler_se_corrige_sous_le_meme_numero(portail: Portail) -> None:
    piece = deposer(portail, numero="FA-2026-0100")
    portail.agir(PAYEUR, piece.id, "demander_recyclage", motif="SE_ERR")
    recyclee = portail.agir(FOURNISSEUR, piece.id, "recycler", destinataire_siret=DEPARTEMENT, code_service="COLLEGES")
    assert recyclee.statut == "MISE_A_DISPOSITION"
    assert recyclee.numero == "FA-2026-0100"
    assert recyclee.destinataire == DEPARTEMENT


def test_suspendue_se_complete_puis_repart(portail: Portail) -> None:
    piece = deposer(portail)
    portail.agir(PAYEUR, piece.id, "suspendre", motif="JUSTIF_ABS", commentaire="Bon de livraison absent.")
    portail.agir(FOURNISSEUR, piece.id, "completer", piece_jointe="bon_de_livraison.pdf", piece_jointe_octets="48213")
    portail.agir(PAYEUR, piece.id, "mandater")
    assert parcours(portail, piece.id)[2:] == ["SUSPENDUE", "COMPLETEE", "MANDATEE"]


def test_rejetee_oblige_a_refaire_sous_un_nouveau_numero(portail: Portail) -> None:
    piece = deposer(portail, numero="FA-2026-0100")
    portail.agir(PAYEUR, piece.id, "rejeter", motif="FACT_NON_CONFORME")
    portail.agir(FOURNISSEUR, piece.id, "traiter_rejet")
    with pytest.raises(RefusPortail, match="donnez un nouveau numéro"):
        deposer(portail, numero="FA-2026-0100")
    assert deposer(portail, numero="FA-2026-0101").statut == "MISE_A_DISPOSITION"
    with pytest.raises(RefusPortail):
        portail.agir(PAYEUR, piece.id, "mandater")


def test_un_rejet_se_traite_une_fois(portail: Portail) -> None:
    piece = deposer(portail)
    portail.agir(PAYEUR, piece.id, "rejeter", motif="FACT_NON_CONFORME")
    assert [t.action for t in portail.gestes(FOURNISSEUR, piece.id)] == ["traiter_rejet"]
    traitee = portail.agir(FOURNISSEUR, piece.id, "traiter_rejet")
    assert portail.gestes(FOURNISSEUR, piece.id) == ()
    with pytest.raises(RefusPortail, match="déjà fait pour la pièce P0001 : cela ne se fait qu’une fois"):
        portail.agir(FOURNISSEUR, piece.id, "traiter_rejet")
    assert portail.piece(piece.id) == traitee


def test_une_facture_de_cotraitant_refusee_se_refait_une_fois(portail: Portail) -> None:
    piece = deposer(portail, "A12")
    portail.agir(Acteur("valideur_1", piece.valideur), piece.id, "refuser", motif="DEST_ERR")
    cotraitant = Acteur("fournisseur", piece.deposant)
    portail.agir(cotraitant, piece.id, "refaire")
    assert portail.gestes(cotraitant, piece.id) == ()
    with pytest.raises(RefusPortail, match="ne se fait qu’une fois"):
        portail.agir(cotraitant, piece.id, "refaire")
