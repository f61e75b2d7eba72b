"""What a supplier sees of a piece: the status its payer reports, and the caution of an uncertain circuit."""

from __future__ import annotations

from datetime import date

from facturier.annuaire import Annuaire
from facturier.portail import circuits
from facturier.portail.pieces import Piece

PAIEMENT = "MISE_EN_PAIEMENT"


def statut_visible(piece: Piece, annuaire: Annuaire) -> str:
    """Code of the status that the piece's author sees: who does not report the payment leaves the one before."""
    payeur = annuaire.structures.get(piece.destinataire)
    if piece.statut != PAIEMENT or payeur is None or payeur.paiement_remonte:
        return piece.statut
    return next(p.statut for p in reversed(piece.historique) if p.statut != PAIEMENT)


def confirmation(piece: Piece, annuaire: Annuaire, precedente: str = "", au: date | None = None) -> str:
    """The caution that goes with the deposit of that piece, "" when its circuit is established.

    ``precedente``: the cadre of the piece that it answers, if any.
    """
    return circuits.reserve(piece.valeurs, annuaire, precedente, au)
