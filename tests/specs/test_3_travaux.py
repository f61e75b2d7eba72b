"""The manual, chapter 3: each month of a works market with MOE, A4 → A15 → A19 → payment."""

from __future__ import annotations

import pytest
from joueurs import (
    ARCHITECTE,
    COMMUNE,
    COMMUNE_MOA,
    COUVREUR,
    Horloge,
    deposer_a4,
    deposer_a15,
    deposer_a19,
)

from facturier.portail import Acteur, Portail, RefusPortail

MOE = Acteur("moe", ARCHITECTE)
MOA = Acteur("moa", COMMUNE_MOA)
PAYEUR = Acteur("destinataire", COMMUNE)
ADMIS = {"montant_ht": "900,00", "montant_tva": "180,00", "montant_ttc": "1 080,00"}


def test_un_mois_de_travaux_va_du_projet_de_decompte_a_la_mise_en_paiement(portail: Portail, horloge: Horloge) -> None:
    a4 = deposer_a4(portail)
    assert a4.statut == "MISE_A_DISPOSITION_MOE"
    horloge.passe(days=2)
    assert portail.agir(MOE, a4.id, "prendre_en_compte").statut == "PRISE_EN_COMPTE_MOE"

    a15 = deposer_a15(portail, a4.id, **ADMIS, commentaire="Gouttière posée à moitié : 900,00 € admis.")
    assert (a15.statut, portail.piece(a4.id).statut) == ("MISE_A_DISPOSITION_MOA", "ASSOCIEE")

    horloge.passe(days=3)
    a19 = deposer_a19(portail, a15.id, **ADMIS)
    assert (a19.statut, portail.piece(a15.id).statut) == ("MISE_A_DISPOSITION", "ASSOCIEE")

    portail.agir(PAYEUR, a19.id, "mandater")
    assert portail.agir(Acteur("comptable", COMMUNE), a19.id, "mettre_en_paiement").statut == "MISE_EN_PAIEMENT"


def test_les_pieces_du_mois_forment_un_dossier(portail: Portail) -> None:
    a4 = deposer_a4(portail)
    a15 = deposer_a15(portail, a4.id)
    a19 = deposer_a19(portail, a15.id)
    assert {p.dossier for p in portail.pieces()} == {a4.id}
    assert portail.piece(a4.id).suivante == a15.id
    assert (a19.precedente, portail.piece(a15.id).suivante) == (a15.id, a19.id)


def test_la_moe_corrige_les_montants_au_lieu_de_refuser(portail: Portail) -> None:
    a4 = deposer_a4(portail)
    with pytest.raises(RefusPortail, match="sommes admises"):
        portail.agir(MOE, a4.id, "refuser", motif="MONTANT_ERR")
    with pytest.raises(RefusPortail, match="dites pourquoi"):
        deposer_a15(portail, a4.id, **ADMIS)
    assert deposer_a15(portail, a4.id, **ADMIS, commentaire="Métré corrigé.").valeurs["montant_ht"] == "900,00"


def test_un_refus_de_la_moe_arrete_le_circuit(portail: Portail) -> None:
    a4 = deposer_a4(portail)
    portail.agir(MOE, a4.id, "refuser", motif="MARCHE_TERM")
    with pytest.raises(RefusPortail):
        deposer_a15(portail, a4.id)


def test_une_piece_n_a_qu_une_suite(portail: Portail) -> None:
    a4 = deposer_a4(portail)
    deposer_a15(portail, a4.id)
    with pytest.raises(RefusPortail, match="Associée"):
        deposer_a15(portail, a4.id, numero="EA-02")
    assert len(portail.pieces()) == 2


def test_la_moe_en_retard_est_signalee_et_peut_encore_repondre(portail: Portail, horloge: Horloge) -> None:
    a4 = deposer_a4(portail)
    horloge.passe(days=7)
    assert [e["action"] for e in portail.avancer()] == ["constater_silence"]
    assert portail.piece(a4.id).statut == "ABSENCE_VALIDATION_MOE_DELAI_REGLEMENTAIRE"
    assert deposer_a15(portail, a4.id).statut == "MISE_A_DISPOSITION_MOA"


def test_le_titulaire_ne_depose_pas_a_la_place_de_la_moe(portail: Portail) -> None:
    a4 = deposer_a4(portail)
    with pytest.raises(RefusPortail, match="Maîtrise d’œuvre"):
        portail.deposer_suivante(Acteur("fournisseur", COUVREUR), a4.id, a4.valeurs)


def test_le_service_financier_suspend_et_la_moa_complete(portail: Portail) -> None:
    a19 = deposer_a19(portail, deposer_a15(portail, deposer_a4(portail).id).id)
    portail.agir(PAYEUR, a19.id, "suspendre", motif="JUSTIF_ABS")
    assert portail.agir(MOA, a19.id, "completer", commentaire="Procès-verbal joint.").statut == "COMPLETEE"
