"""One learner, four roles: a works dossier with MOE from the project to the payment, in few clicks."""

from __future__ import annotations

from facturier.ecrans.blocs import Cible
from tests.ecrans.chantier import ANNUAIRE, sur_le_marche

CLICS_MAX = 25
MARCHE = "2026-TVX-033"


def test_un_dossier_complet_avec_moe_par_un_seul_apprenant_tient_en_vingt_cinq_clics() -> None:
    marche = ANNUAIRE.marches[MARCHE]
    payeur = marche.partie("payeur")
    roles = [("fournisseur", marche.titulaire), ("moe", marche.moe), ("moa", marche.moa)]
    lea = sur_le_marche(MARCHE, [*roles, ("destinataire", payeur), ("comptable", payeur)])
    lea.ouvrir(Cible("travaux_projet"))
    lea.suivre(f"A4 sur le marché {MARCHE}")
    lea.saisir(numero_facture="SIT-2026-001", date_facture="02/11/2026", cumul_ht="12 500,00")
    assert lea.poste.bloquants() == []
    lea.appuyer("Déposer la pièce A4")
    assert lea.ou == ("travaux_suivante", "moe"), lea.dit
    # the MOE admits less, and says why
    lea.saisir(numero_facture="EA-2026-001", cumul_ht="12 000,00", commentaire="Métré : 48 luminaires posés sur 50.")
    lea.appuyer("Déposer la pièce A15")
    assert lea.ou == ("travaux_suivante", "moa"), lea.dit
    lea.saisir(numero_facture="EAV-2026-001")
    lea.appuyer("Déposer la pièce A19")
    assert lea.ou == ("valider", "destinataire"), lea.dit
    for geste in ("Attester le service fait", "Mandater", "Transmettre au comptable"):
        lea.appuyer(geste)
    assert lea.ou == ("valider", "comptable"), lea.dit
    for geste in ("Prendre en comptabilité", "Mettre en paiement"):
        lea.appuyer(geste)
    pieces = lea.poste.guichet.pieces()
    assert [(p.cadre, p.statut) for p in pieces] == [
        ("A4", "ASSOCIEE"),
        ("A15", "ASSOCIEE"),
        ("A19", "MISE_EN_PAIEMENT"),
    ]
    assert pieces[-1].valeurs["montant_ttc"] == "14400,00"
    assert lea.clics <= CLICS_MAX
