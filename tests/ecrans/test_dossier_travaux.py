"""One learner, four roles: a works dossier with MOE from the project to the payment, in few clicks."""

from __future__ import annotations

from decimal import Decimal

from facturier.ecrans.blocs import Cible, Etiquette, Message, Repli, Tableau
from facturier.montants import format_nombre
from facturier.situations import evaluer, tirer
from tests.ecrans.chantier import ANNUAIRE, Chantier, sur_le_marche
from tests.ecrans.joueur import poste_de, tous

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
    # who presented the demand reads on its own sheet that the dossier is paid
    lea.ouvrir(Cible("fiche", "P0001", f"fournisseur:{marche.titulaire}:"))
    (dossier,) = (
        b for b in tous(lea.poste.vue().blocs) if isinstance(b, Tableau) and b.legende.startswith("Ses pièces")
    )
    assert [(rangee[0], rangee[3]) for rangee in dossier.rangees] == [
        ("P0001", Etiquette("Associée", "info")),
        ("P0002", Etiquette("Associée", "info")),
        ("P0003", Etiquette("Mise en paiement", "info")),
    ]


def test_l_histoire_de_l_electricien_se_joue_d_un_bout_a_l_autre_en_vingt_cinq_clics() -> None:
    situation = tirer("electricien_avec_moe", "lea", ANNUAIRE)
    dit = situation.recit.valeurs
    avant, present, admis = (Decimal(dit[f"{nom}_ht"].replace(",", ".")) for nom in ("avant", "montant", "admis"))
    lea = Chantier(poste_de(situation.recit))
    assert not any(evaluer(situation, lea.poste.guichet.etat).values())  # September's dossier is nobody's answer
    lea.ouvrir(Cible("recit"))
    lea.suivre("Lire la fiche d’identité du marché")
    lea.suivre("Déposer : A4")
    relire = next(b for b in tous(lea.poste.vue().blocs) if isinstance(b, Repli) and b.titre == "Relire l’histoire")
    assert dit["numero"] in str(relire.blocs)
    lea.saisir(numero_facture=dit["numero"], cumul_ht=format_nombre(avant - 1))
    alertes = [b.texte for b in tous(lea.poste.vue().blocs) if isinstance(b, Message)]
    assert any("inférieur" in texte and "depuis la notification" in texte for texte in alertes)
    lea.saisir(cumul_ht=format_nombre(avant + present))
    assert not any("inférieur" in b.texte for b in tous(lea.poste.vue().blocs) if isinstance(b, Message))
    lea.appuyer("Déposer la pièce A4")
    lea.saisir(numero_facture=dit["numero_moe"], cumul_ht=format_nombre(avant + admis), commentaire=dit["raison"])
    lea.appuyer("Déposer la pièce A15")
    lea.saisir(numero_facture=dit["numero_moa"])
    lea.appuyer("Déposer la pièce A19")
    for geste in ("Attester le service fait", "Mandater", "Transmettre au comptable", "Prendre en comptabilité"):
        lea.appuyer(geste)
    assert not evaluer(situation, lea.poste.guichet.etat)["demande_payee"]
    lea.appuyer("Mettre en paiement")
    remplis = evaluer(situation, lea.poste.guichet.etat)
    assert remplis == dict.fromkeys(remplis, True), lea.dit
    assert lea.clics <= CLICS_MAX
