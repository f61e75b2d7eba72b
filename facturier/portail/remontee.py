"""Payments that their payer does not report: what its suppliers look at stops at the status before."""

from __future__ import annotations

from dataclasses import replace

from facturier.annuaire import Annuaire
from facturier.portail.echeances import PAYEE, dossier_de
from facturier.portail.etat import Etat
from facturier.portail.evenements import Acteur
from facturier.portail.pieces import Piece


def etat_vu(etat: Etat, annuaire: Annuaire, acteur: Acteur) -> Etat:
    """The state as that actor may know it: the very one, but for the suppliers of who does not report payments."""
    tues = {p.id: _sans_paiement(p) for p in etat.pieces.values() if _tu(p, etat, annuaire, acteur)}
    return replace(etat, pieces={**etat.pieces, **tues}) if tues else etat


def _tu(piece: Piece, etat: Etat, annuaire: Annuaire, acteur: Acteur) -> bool:
    """Whether it is paid, and its payment is not told to that actor, who deposited it or opened its dossier."""
    if piece.date_du(PAYEE) is None:
        return False
    payeur = annuaire.structures.get(piece.destinataire)
    if payeur is None or payeur.paiement_remonte or acteur.structure == payeur.siret:
        return False
    return acteur.structure in {piece.deposant, dossier_de(piece, etat)[0].deposant}


def _sans_paiement(piece: Piece) -> Piece:
    return replace(piece, historique=tuple(p for p in piece.historique if p.statut != PAYEE))
