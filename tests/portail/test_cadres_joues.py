"""Every active cadre is deposited by somebody: a simulated partner where a market's card expects it, else a person."""

from __future__ import annotations

from datetime import datetime

import pytest
from joueurs import ARCHITECTE, COMMUNE, COMMUNE_MOA, chantier, deposer

from facturier import referentiel
from facturier.portail import Acteur, Annuaire, Ouverture, Portail
from facturier.portail.partenaires import du_marche
from facturier.serveur.repartition import simules

TACITE, PAYEE = "2026-TVX-090", "MISE_EN_PAIEMENT"
SANS_MARCHE = ("A2", "A3", "A21")
"""No market's card expects them: only a person deposits them."""
DECOMPTES_TACITES = {"A24": Acteur("moe", ARCHITECTE), "A25": Acteur("moa", COMMUNE_MOA)}
"""Other answers to the silence of the MOA than the titulaire's A23: only a person chooses them."""
MOA_JOUEE = (("moa", COMMUNE_MOA),)


def chantier_simule(
    annuaire: Annuaire, numero: str, joues: tuple[tuple[str, str], ...] = (), caractere: str = "prompt"
) -> Portail:
    """That market, where everybody but ``joues`` is simulated, from 2 November 2026."""
    partenaires = du_marche(annuaire.marches[numero], caractere, joues)
    ouverture = Ouverture(graine="cadres", depart="2026-11-02T09:00:00", partenaires=partenaires, chantiers=(numero,))
    return Portail(annuaire, lambda: datetime(2026, 11, 24, 10, 0), ouverture)


def test_les_partenaires_deposent_tous_les_cadres_que_les_fiches_attendent(annuaire: Annuaire) -> None:
    actifs = {c.code for c in referentiel.cadres() if c.joue}
    portails = [chantier_simule(annuaire, numero) for numero in annuaire.marches]
    portails.append(chantier_simule(annuaire, TACITE, MOA_JOUEE))
    for portail in portails:
        for _ in range(30):
            portail.avancer(10)
    deposes = {p.cadre for portail in portails for p in portail.pieces()}
    assert deposes == actifs - {*SANS_MARCHE, *DECOMPTES_TACITES}


@pytest.mark.parametrize("cadre", SANS_MARCHE)
def test_une_personne_depose_les_autres_et_les_partenaires_les_menent_au_paiement(
    annuaire: Annuaire, cadre: str
) -> None:
    ouverture = Ouverture(depart="2026-11-02T09:00:00", partenaires=simules(annuaire))
    portail = Portail(annuaire, lambda: datetime(2026, 11, 24, 10, 0), ouverture)
    piece = deposer(portail, cadre, date_facture="02/11/2026")
    portail.avancer(60)
    assert portail.piece(piece.id).statut == PAYEE


@pytest.mark.parametrize("cadre", DECOMPTES_TACITES)
def test_une_personne_depose_le_decompte_tacite_apres_un_projet_que_le_titulaire_simule_a_depose(
    annuaire: Annuaire, cadre: str
) -> None:
    acteur = DECOMPTES_TACITES[cadre]
    portail = chantier_simule(annuaire, TACITE, (*MOA_JOUEE, (acteur.role, acteur.structure)), "lent")
    for _ in range(300):
        portail.avancer(1)
        if portail.pieces() and portail.pieces()[-1].cadre == "A22":
            break
    projet = portail.pieces()[-1]
    champs = {c: projet.valeurs[c] for c in ("montant_ht", "taux_tva", "montant_tva", "montant_ttc")}
    demande = chantier(annuaire, TACITE, cadre, COMMUNE, numero=f"DGD-{cadre}", **champs)
    if acteur.role == "moa":
        piece = portail.deposer_suivante(acteur, projet.id, demande)
    else:  # the MOA's ten days run out before
        portail.avancer(11)
        piece = portail.deposer(acteur, demande)
    portail.avancer(200)
    assert portail.piece(piece.id).statut == PAYEE
