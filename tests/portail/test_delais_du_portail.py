"""Each delay that the trade counts in days, where it runs on the portal: its row, who must answer, its last day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from joueurs import (
    ARCHITECTE,
    COMMUNE,
    COMMUNE_MOA,
    COUVREUR,
    DEPARTEMENT,
    ELECTRICIEN,
    Horloge,
    chantier,
    deposer,
    deposer_a4,
)

from facturier.portail import Acteur, Annuaire, Piece, Portail
from facturier.portail.echeances import echeances_de

Scene = Callable[[Portail, Horloge], Piece]


@pytest.fixture
def horloge() -> Horloge:
    """In April, when the subcontractors are accepted and the rates of the whole delay are known."""
    horloge = Horloge()
    horloge.heure = datetime(2026, 4, 1, 10, 0)
    return horloge


def projet_mensuel(portail: Portail, horloge: Horloge) -> Piece:
    return deposer_a4(portail)


def projet_final(portail: Portail, horloge: Horloge) -> Piece:
    demande = chantier(portail.annuaire, "2026-TVX-090", "A7", ARCHITECTE)
    return portail.deposer(Acteur("fournisseur", COUVREUR), demande)


def projet_tacite(portail: Portail, horloge: Horloge) -> Piece:
    projet_final(portail, horloge)
    horloge.passe(days=31)
    demande = chantier(portail.annuaire, "2026-TVX-090", "A22", COMMUNE_MOA)
    return portail.deposer(Acteur("fournisseur", COUVREUR), demande)


def sous_traitant(portail: Portail, horloge: Horloge) -> Piece:
    return deposer(portail, cadre="A9")


def facture_simple(portail: Portail, horloge: Horloge) -> Piece:
    return deposer(portail)


def suspendue_puis_completee(portail: Portail, horloge: Horloge) -> Piece:
    piece = deposer(portail)
    portail.agir(Acteur("destinataire", COMMUNE), piece.id, "suspendre", motif="JUSTIF_ABS")
    return portail.agir(Acteur("fournisseur", ELECTRICIEN), piece.id, "completer", commentaire="Voici le bon.")


def decompte_general(portail: Portail, horloge: Horloge) -> Piece:
    demande = chantier(portail.annuaire, "2026-TVX-075", "A20", ELECTRICIEN)
    return portail.deposer(Acteur("moa", DEPARTEMENT), demande)


def payee_en_retard(portail: Portail, horloge: Horloge) -> Piece:
    piece = deposer(portail)
    horloge.passe(days=31)
    for action in ("attester_service_fait", "mandater"):
        portail.agir(Acteur("destinataire", COMMUNE), piece.id, action)
    return portail.agir(Acteur("comptable", COMMUNE), piece.id, "mettre_en_paiement")


def chez_l_hopital(portail: Portail, horloge: Horloge) -> Piece:
    demande = chantier(portail.annuaire, "2026-TVX-031", "A4", ARCHITECTE)
    return portail.deposer(Acteur("fournisseur", ELECTRICIEN), demande)


DELAIS: tuple[tuple[int, str, str, Scene], ...] = (
    (7, "moe-etat-acompte", "moe", projet_mensuel),
    (10, "moa-procedure-tacite", "moa", projet_tacite),
    (15, "tacite-sous-traitance", "valideur_1", sous_traitant),
    (30, "paiement-etat", "destinataire", facture_simple),
    (30, "paiement-etat", "destinataire", suspendue_puis_completee),
    (30, "moa-decompte-general", "moa", projet_final),
    (30, "titulaire-decompte-general", "fournisseur", decompte_general),
    (45, "interets-versement", "comptable", payee_en_retard),
    (50, "paiement-sante", "destinataire", chez_l_hopital),
    (60, "paiement-entreprises-publiques", "destinataire", facture_simple),
)


@pytest.mark.parametrize(("jours", "code", "role", "scene"), DELAIS)
def test_chaque_delai_court_jusqu_au_soir_de_son_dernier_jour(
    annuaire: Annuaire, horloge: Horloge, jours: int, code: str, role: str, scene: Scene
) -> None:
    if code == "paiement-entreprises-publiques":
        acheteur = replace(annuaire.structures[COMMUNE], categorie="entreprise publique")
        annuaire = Annuaire({**annuaire.structures, COMMUNE: acheteur}, annuaire.marches)
    portail = Portail(annuaire, horloge)
    piece = scene(portail, horloge)
    (courant,) = [e for e in echeances_de(portail.piece(piece.id), portail.etat, annuaire) if e.echeance.code == code]
    limite = horloge.heure.date() + timedelta(days=jours)
    assert (courant.role, courant.echeance.limite) == (role, limite)
    assert courant.issue(limite) == "en cours"
    assert courant.issue(limite + timedelta(days=1)) == "dépassée"
    assert courant.retard(limite + timedelta(days=3)) == 3
