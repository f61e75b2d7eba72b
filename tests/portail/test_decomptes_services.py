"""The services of a group: each member's invoices, the mandataire's visa, direct payments, what is left of each share.

Market of 30 000,00 HT: the mandataire 20 000, the painter 10 000, of which wallpapers subcontracted.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from joueurs import COMMUNE, MANDATAIRE, MARCHE_PEINTURE, PAPIERS, PEINTRE, Horloge, facture

from facturier.portail import Acteur, Annuaire, Piece, Portail
from facturier.portail.decomptes import decompte_de
from facturier.portail.decomptes_services import DecompteServices
from facturier.portail.echeances import NonCalculable
from facturier.travaux import DecompteMembre

VISA, PAYEUR = Acteur("valideur_1", MANDATAIRE), Acteur("destinataire", COMMUNE)


def sommes(ht: str, taux: str = "20") -> dict[str, str]:
    tva = Decimal(ht) * Decimal(taux) / 100
    return {"montant_ht": ht, "taux_tva": taux, "montant_tva": f"{tva:.2f}", "montant_ttc": f"{Decimal(ht) + tva:.2f}"}


def envoyer(portail: Portail, qui: str, cadre: str, ht: str, numero: str, **champs: str) -> Piece:
    valideur = {"A1": "", "A12": MANDATAIRE, "A9": PEINTRE}[cadre]
    demande = facture(cadre, numero, numero_marche=MARCHE_PEINTURE, valideur_siret=valideur, **sommes(ht), **champs)
    return portail.deposer(Acteur("fournisseur", qui), demande)


def peintre(portail: Portail, ht: str, numero: str, geste: str = "valider") -> Piece:
    piece = envoyer(portail, PEINTRE, "A12", ht, numero)
    motif = {"motif": "AUTRE"} if geste == "refuser" else {}
    return portail.agir(VISA, piece.id, geste, **motif) if geste else piece


def calcule(portail: Portail, piece: Piece) -> DecompteServices:
    trouve = decompte_de(portail.piece(piece.id), portail.etat, portail.annuaire)
    assert isinstance(trouve, DecompteServices), trouve
    assert sum(m.a_payer for m in trouve.membres) == trouve.a_payer
    for rang, ligne in enumerate(trouve.lignes):
        assert sum(m.lignes[rang].cumul for m in trouve.membres) == ligne.cumul
    return trouve


def cumuls(membre: DecompteMembre, *codes: str) -> list[Decimal]:
    return [membre.ligne(code).cumul for code in codes]


def test_chaque_membre_a_son_compte_et_la_somme_est_celle_du_marche(portail: Portail) -> None:
    envoyer(portail, MANDATAIRE, "A1", "3000.00", "M-1")
    peintre(portail, "2000.00", "P-1")
    piece = peintre(portail, "500.00", "P-2")
    mandataire, painter = calcule(portail, piece).membres
    assert cumuls(mandataire, "facture", "ttc", "net", "reste") == [3000, 3600, 3600, 17000]
    assert cumuls(painter, "facture", "ttc", "net", "reste") == [2500, 3000, 3000, 7500]
    assert (painter.ligne("facture").anterieur, painter.ligne("facture").mois) == (2000, 500)
    assert mandataire.ligne("facture").mois == 0


def test_ce_qui_est_paye_se_retire_de_ce_qui_est_a_payer(portail: Portail) -> None:
    piece = peintre(portail, "2000.00", "P-1")
    portail.agir(PAYEUR, piece.id, "mandater")
    portail.agir(Acteur("comptable", COMMUNE), piece.id, "mettre_en_paiement")
    (_, painter) = calcule(portail, piece).membres
    assert cumuls(painter, "ttc", "paye", "net") == [2400, 2400, 0]


@pytest.mark.parametrize(("geste", "code"), [("", "attend encore"), ("refuser", "refusée, rejetée ou abandonnée")])
def test_une_facture_sans_visa_ou_refusee_ne_compte_pas_et_c_est_dit(portail: Portail, geste: str, code: str) -> None:
    piece = peintre(portail, "2000.00", "P-1", geste)
    trouve = calcule(portail, piece)
    assert cumuls(trouve.membres[1], "facture", "net", "reste") == [0, 0, 10000]
    assert any(code in e.libelle and "P0001" in e.formule for e in trouve.membres[1].etapes)


def test_le_mandataire_vise_ou_refuse_et_ne_corrige_jamais(portail: Portail) -> None:
    piece = peintre(portail, "2000.00", "P-1", "")
    possibles = {t.action for t in portail.gestes(VISA, piece.id)}
    assert possibles == {"valider", "refuser", "signaler_erreur_valideur"}
    apres = portail.agir(VISA, piece.id, "valider")
    assert apres.valeurs == piece.valeurs


def test_un_rejet_de_l_acheteur_et_un_avoir_se_retirent(portail: Portail) -> None:
    rejetee = peintre(portail, "2000.00", "P-1")
    peintre(portail, "1000.00", "P-2")
    portail.agir(PAYEUR, rejetee.id, "rejeter", motif="AUTRE")
    avoir = envoyer(portail, MANDATAIRE, "A1", "100.00", "AV-1", type_facture="381", mode_paiement="", iban="")
    mandataire, painter = calcule(portail, avoir).membres
    assert cumuls(painter, "facture", "reste") == [1000, 9000]
    assert cumuls(mandataire, "facture", "ttc", "reste") == [-100, -120, 20100]


def test_un_sous_traitant_paye_directement_compte_sur_la_part_de_son_membre(portail: Portail, horloge: Horloge) -> None:
    demande = envoyer(portail, PAPIERS, "A9", "1500.00", "S-1", valideur_2_siret=MANDATAIRE)
    assert cumuls(calcule(portail, demande).membres[1], "direct") == [0]
    horloge.passe(days=16)
    portail.avancer()
    painter = calcule(portail, demande).membres[1]
    assert cumuls(painter, "facture", "direct", "reste", "net") == [0, 1500, 8500, 0]


def test_un_membre_qui_depasse_sa_part_est_prevenu(portail: Portail) -> None:
    piece = peintre(portail, "10500.00", "P-1")
    painter = calcule(portail, piece).membres[1]
    assert painter.etapes[-1].libelle.endswith("Ce membre dépasse sa part du marché")
    assert cumuls(painter, "reste") == [-500]


def test_chaque_etape_dit_sa_source_et_ce_qui_reste_a_verifier(portail: Portail) -> None:
    for e in calcule(portail, peintre(portail, "2000.00", "P-1")).etapes:
        assert e.source
        assert e.precision or e.fiabilite == "établi"


def test_sans_parts_sur_la_fiche_le_decompte_dit_pourquoi(portail: Portail) -> None:
    piece = peintre(portail, "2000.00", "P-1")
    annuaire = portail.annuaire
    sans = replace(annuaire.marches[MARCHE_PEINTURE], parts=())
    lu = Annuaire(annuaire.structures, {**annuaire.marches, MARCHE_PEINTURE: sans})
    trouve = decompte_de(portail.piece(piece.id), portail.etat, lu)
    assert isinstance(trouve, NonCalculable)
    assert "ne répartit pas" in trouve.raison
