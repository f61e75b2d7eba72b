"""One learner, four roles: a works dossier with MOE from the project to the payment, in few clicks."""

from __future__ import annotations

from poste_travaux import ANNUAIRE, Personne, sieges_du_marche

CLICS_MAX = 25


def test_un_dossier_complet_avec_moe_par_un_seul_apprenant_tient_en_vingt_cinq_clics() -> None:
    marche = ANNUAIRE.marches["2026-TVX-033"]
    lea = Personne(sieges_du_marche(marche))
    lea.ouvrir("travaux_projet")
    lea.suivre("A4")
    lea.saisir(numero_facture="SIT-2026-001", date_facture="02/11/2026", cumul_ht="12 500,00")
    assert lea.bloquants == []
    lea.cliquer("Déposer la pièce A4")
    # the MOE admits less, and says why
    assert (lea.ou, lea.poste.acteur.role) == ("travaux_suivante", "moe")
    lea.saisir(numero_facture="EA-2026-001", cumul_ht="12 000,00", commentaire="Métré : 48 luminaires posés sur 50.")
    lea.cliquer("Déposer la pièce A15")
    assert (lea.ou, lea.poste.acteur.role) == ("travaux_suivante", "moa")
    lea.saisir(numero_facture="EAV-2026-001")
    lea.cliquer("Déposer la pièce A19")
    assert (lea.ou, lea.poste.acteur.role) == ("valider", "destinataire")
    for geste in ("Attester le service fait", "Mandater", "Transmettre au comptable"):
        lea.cliquer(geste)
    assert (lea.ou, lea.poste.acteur.role) == ("valider", "comptable")
    for geste in ("Prendre en comptabilité", "Mettre en paiement"):
        lea.cliquer(geste)
    pieces = lea.poste.guichet.pieces()
    assert [p.cadre for p in pieces] == ["A4", "A15", "A19"]
    assert pieces[-1].statut == "MISE_EN_PAIEMENT"
    assert pieces[-1].valeurs["montant_ttc"] == "14400,00"
    assert lea.clics <= CLICS_MAX, lea.clics
