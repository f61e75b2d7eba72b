"""Deadlines of the pieces: which one runs, for whom, kept or late; alerts; what lateness costs, step by step."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from joueurs import (
    ARCHITECTE,
    COMMUNE,
    COMMUNE_MOA,
    COUVREUR,
    ELECTRICIEN,
    HOPITAL,
    NETTOYAGE,
    ZINGUEUR,
    Horloge,
    chantier,
    deposer,
    deposer_a4,
    deposer_a15,
    deposer_a19,
    facture,
)

from facturier.delais import Echeance, Interets
from facturier.portail import Acteur, Annuaire, Portail
from facturier.portail.alertes import alertes
from facturier.portail.criteres import evaluer
from facturier.portail.echeances import (
    EcheancePiece,
    NonCalculable,
    echeances_de,
    interets_de,
    paiement_de,
)

PAYEUR = Acteur("destinataire", COMMUNE)
COMPTABLE = Acteur("comptable", COMMUNE)


@pytest.fixture
def horloge() -> Horloge:
    """In spring, so that the rates of the whole delay are known."""
    horloge = Horloge()
    horloge.heure = datetime(2026, 3, 2, 10, 42)
    return horloge


def echeances(portail: Portail, piece: str) -> dict[str, EcheancePiece]:
    trouvees = echeances_de(portail.piece(piece), portail.etat, portail.annuaire)
    return {e.echeance.code: e for e in trouvees}


def paiement(portail: Portail, piece: str) -> EcheancePiece:
    trouve = paiement_de(portail.piece(piece), portail.etat, portail.annuaire)
    assert isinstance(trouve, EcheancePiece), trouve
    return trouve


def raison(trouve: object) -> str:
    assert isinstance(trouve, NonCalculable), trouve
    return trouve.raison.replace("\u00a0", " ")


def payer(portail: Portail, piece: str, payeur: str = COMMUNE) -> None:
    for action in ("attester_service_fait", "mandater"):
        portail.agir(Acteur("destinataire", payeur), piece, action)
    portail.agir(Acteur("comptable", payeur), piece, "mettre_en_paiement")


# the payment


def test_une_commune_paie_en_trente_jours_depuis_la_mise_a_disposition(portail: Portail) -> None:
    piece = deposer(portail, date_facture="02/03/2026")
    trouve = paiement(portail, piece.id)
    assert (trouve.echeance.depart, trouve.echeance.limite) == (date(2026, 3, 2), date(2026, 4, 1))
    assert (trouve.role, trouve.structure) == ("destinataire", COMMUNE)
    assert trouve.issue(date(2026, 4, 1)) == "en cours"
    assert trouve.issue(date(2026, 4, 2)) == "dépassée"
    assert all(e.source for e in trouve.echeance.etapes)


def test_un_hopital_paie_en_cinquante_jours_depuis_la_reception_par_la_maitrise_d_oeuvre(portail: Portail) -> None:
    demande = chantier(portail.annuaire, "2026-TVX-031", "A4", ARCHITECTE)
    piece = portail.deposer(Acteur("fournisseur", ELECTRICIEN), demande)
    trouve = paiement(portail, piece.id)
    assert (trouve.echeance.code, trouve.echeance.limite) == ("paiement-sante", date(2026, 4, 21))
    assert trouve.structure == HOPITAL
    assert "maîtrise d’œuvre" in trouve.echeance.etapes[0].libelle


def test_une_entreprise_publique_paie_en_soixante_jours(portail: Portail, annuaire: Annuaire) -> None:
    piece = deposer(portail)
    autre = replace(annuaire.structures[COMMUNE], categorie="entreprise publique")
    modifie = Annuaire({**annuaire.structures, COMMUNE: autre}, annuaire.marches)
    trouve = paiement_de(portail.piece(piece.id), portail.etat, modifie)
    assert isinstance(trouve, EcheancePiece)
    assert trouve.echeance.limite == date(2026, 5, 1)


def test_la_suspension_interrompt_le_delai_une_seule_fois(portail: Portail, horloge: Horloge) -> None:
    piece = deposer(portail)
    horloge.passe(days=10)
    portail.agir(PAYEUR, piece.id, "suspendre", motif="JUSTIF_ABS")
    assert paiement(portail, piece.id).issue(date(2026, 6, 1)) == "interrompue"
    horloge.passe(days=5)
    portail.agir(Acteur("fournisseur", ELECTRICIEN), piece.id, "completer", commentaire="Voici le bon.")
    assert paiement(portail, piece.id).echeance.limite == date(2026, 4, 16)  # 30 days from the answer
    portail.agir(PAYEUR, piece.id, "mandater")
    portail.agir(PAYEUR, piece.id, "transmettre_comptable")
    portail.agir(COMPTABLE, piece.id, "suspendre", motif="JUSTIF_ABS")
    assert paiement(portail, piece.id).echeance.limite == date(2026, 4, 16)


def test_une_piece_rejetee_un_avoir_et_une_facture_deja_payee_n_ont_pas_de_delai(portail: Portail) -> None:
    rejetee = deposer(portail, numero="F1")
    portail.agir(PAYEUR, rejetee.id, "rejeter", motif="FACT_NON_CONFORME")
    avoir = deposer(portail, numero="F2", type_facture="381")
    payee = deposer(portail, cadre="A2", numero="F3")
    raisons = [
        raison(paiement_de(portail.piece(p.id), portail.etat, portail.annuaire)) for p in (rejetee, avoir, payee)
    ]
    assert "« Rejetée »" in raisons[0]
    assert "avoir" in raisons[1]
    assert "déjà payée" in raisons[2]


def test_le_delai_du_dossier_de_travaux_se_lit_sur_chacune_de_ses_pieces(portail: Portail, horloge: Horloge) -> None:
    a4 = deposer_a4(portail)
    horloge.passe(days=3)
    a15 = deposer_a15(portail, a4.id)
    horloge.passe(days=3)
    a19 = deposer_a19(portail, a15.id)
    limites = {paiement(portail, p.id).echeance.limite for p in (a4, a15, a19)}
    assert limites == {date(2026, 4, 1)}
    assert {paiement(portail, p.id).objet for p in (a4, a15, a19)} == {"P0001"}


def test_le_solde_attend_le_decompte_general_signe(portail: Portail, horloge: Horloge) -> None:
    marche = "2026-TVX-014"

    def demande(cadre: str, vers: str) -> dict[str, str]:
        return chantier(portail.annuaire, marche, cadre, vers)

    a7 = portail.deposer(Acteur("fournisseur", COUVREUR), demande("A7", ARCHITECTE))
    assert "aucun délai" in raison(paiement_de(portail.piece(a7.id), portail.etat, portail.annuaire))
    assert echeances(portail, a7.id)["moa-decompte-general"].echeance.limite == date(2026, 4, 1)
    a17 = portail.deposer_suivante(Acteur("moe", ARCHITECTE), a7.id, demande("A17", COMMUNE_MOA))
    horloge.passe(days=20)
    a20 = portail.deposer_suivante(Acteur("moa", COMMUNE_MOA), a17.id, demande("A20", COUVREUR))
    assert echeances(portail, a7.id)["moa-decompte-general"].issue(horloge.heure.date()) == "tenue"
    reponse = echeances(portail, a20.id)["titulaire-decompte-general"]
    assert (reponse.role, reponse.structure, reponse.echeance.limite) == ("fournisseur", COUVREUR, date(2026, 4, 21))
    horloge.passe(days=10)
    a8 = portail.deposer_suivante(Acteur("fournisseur", COUVREUR), a20.id, demande("A8", COMMUNE))
    assert paiement(portail, a8.id).echeance.depart == date(2026, 4, 1)
    assert evaluer(portail.etat)["delais_tenus"]


# the answers


def test_la_maitrise_d_oeuvre_a_sept_jours_meme_si_elle_a_pris_en_compte(portail: Portail, horloge: Horloge) -> None:
    a4 = deposer_a4(portail)
    portail.agir(Acteur("moe", ARCHITECTE), a4.id, "prendre_en_compte")
    trouve = echeances(portail, a4.id)["moe-etat-acompte"]
    assert (trouve.role, trouve.structure, trouve.echeance.limite) == ("moe", ARCHITECTE, date(2026, 3, 9))
    horloge.passe(days=8)
    assert trouve.issue(horloge.heure.date()) == "dépassée"
    deposer_a15(portail, a4.id)
    trouve = echeances(portail, a4.id)["moe-etat-acompte"]
    assert (trouve.issue(horloge.heure.date()), trouve.retard(date(2026, 6, 1))) == ("tenue trop tard", 1)
    assert not evaluer(portail.etat)["delais_tenus"]


def test_le_valideur_a_quinze_jours_et_son_silence_clot_le_delai(portail: Portail, horloge: Horloge) -> None:
    horloge.heure = datetime(2026, 4, 1, 10, 0)  # the buyer has by then accepted the subcontractor
    piece = deposer(portail, cadre="A9")
    trouve = echeances(portail, piece.id)["tacite-sous-traitance"]
    assert (trouve.role, trouve.structure, trouve.echeance.limite) == ("valideur_1", NETTOYAGE, date(2026, 4, 16))
    horloge.passe(days=16)
    portail.avancer()
    trouve = echeances(portail, piece.id)["tacite-sous-traitance"]
    assert (trouve.silence, trouve.issue(date(2026, 4, 17))) == (True, "dépassée")
    assert [a for a in alertes(portail.etat, portail.annuaire, date(2026, 4, 25)) if a.role == "valideur_1"] == []


# alerts


def test_les_alertes_previennent_qui_doit_repondre_puis_le_creancier(portail: Portail, horloge: Horloge) -> None:
    piece = deposer(portail)
    etat, annuaire = portail.etat, portail.annuaire
    assert alertes(etat, annuaire, date(2026, 3, 28)) == ()
    (avant,) = alertes(etat, annuaire, date(2026, 3, 30))
    assert (avant.role, avant.structure, avant.depuis) == ("destinataire", COMMUNE, date(2026, 3, 29))
    assert "dans 2 jours" in avant.phrase
    apres = alertes(etat, annuaire, date(2026, 4, 11))
    assert [(a.role, a.structure) for a in apres] == [("destinataire", COMMUNE), ("fournisseur", ELECTRICIEN)]
    assert "dépassé de 10 jours" in apres[1].phrase
    assert "40,00" in apres[1].phrase
    payer(portail, piece.id)
    assert alertes(portail.etat, annuaire, date(2026, 4, 11)) == ()


def test_le_paiement_d_un_dossier_n_est_dit_qu_une_fois(portail: Portail) -> None:
    a4 = deposer_a4(portail)
    a19 = deposer_a19(portail, deposer_a15(portail, a4.id).id)
    dites = alertes(portail.etat, portail.annuaire, date(2026, 4, 11))
    assert {a.objet for a in dites} == {a19.id}
    assert {(a.role, a.structure) for a in dites} == {("destinataire", COMMUNE), ("fournisseur", COUVREUR)}


# default interest


def test_les_interets_courent_sur_le_ttc_moins_la_retenue_de_garantie(portail: Portail, horloge: Horloge) -> None:
    a4 = deposer_a4(portail)
    a19 = deposer_a19(portail, deposer_a15(portail, a4.id).id)
    horloge.passe(days=50)
    payer(portail, a19.id)
    interets = interets_de(portail.piece(a4.id), portail.etat, portail.annuaire, date(2027, 5, 1))
    assert isinstance(interets, Interets)
    assert interets.base == Decimal("1140.00")  # 1 200,00 less 5 %
    assert (interets.jours, interets.taux) == (20, Decimal("10.15"))
    assert interets.montant == Decimal("6.34")  # 1 140,00 × 10,15 % × 20 / 365
    assert interets.indemnite == Decimal("40.00")
    assert "5" in interets.etapes[0].formule
    versement = echeances(portail, a19.id)["interets-versement"]
    assert (versement.role, versement.echeance.limite) == ("comptable", date(2026, 6, 5))


def test_payee_a_temps_rien_n_est_du_et_sans_taux_connu_on_le_dit(portail: Portail, horloge: Horloge) -> None:
    piece = deposer(portail)
    en_2027 = interets_de(piece, portail.etat, portail.annuaire, date(2026, 4, 1))
    assert isinstance(en_2027, Interets)
    assert en_2027.total == 0
    horloge.heure = datetime(2026, 12, 20, 9, 0)
    tardive = portail.deposer(Acteur("fournisseur", ELECTRICIEN), facture("A1", "FA-TARD"))
    assert "taux" in raison(interets_de(tardive, portail.etat, portail.annuaire, date(2027, 3, 1)))


def test_l_alerte_dit_pourquoi_les_interets_ne_se_calculent_pas(portail: Portail, horloge: Horloge) -> None:
    horloge.heure = datetime(2026, 12, 20, 9, 0)
    deposer(portail)
    dites = alertes(portail.etat, portail.annuaire, date(2027, 3, 1))
    assert any("ne sont pas calculables" in a.phrase for a in dites if a.role == "fournisseur")


def test_une_demande_de_sous_traitant_attend_son_valideur_avant_tout_delai(portail: Portail) -> None:
    champs = {"taux_tva": "0", "montant_tva": "0,00", "montant_ttc": "1 000,00", "valideur_siret": COUVREUR}
    demande = chantier(portail.annuaire, "2026-TVX-014", "A10", ARCHITECTE, **champs)
    horloge_apres_agrement = datetime(2026, 3, 20, 9, 0)
    portail.horloge = lambda: horloge_apres_agrement
    piece = portail.deposer(Acteur("fournisseur", ZINGUEUR), demande)
    assert "pas encore été reçue" in raison(paiement_de(piece, portail.etat, portail.annuaire))
    courant = echeances(portail, piece.id)["tacite-sous-traitance"].echeance
    assert isinstance(courant, Echeance)
    assert courant.limite == date(2026, 4, 4)
