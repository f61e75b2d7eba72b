"""Payments that their payer does not report: for everybody else, the piece stops at the status before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from facturier.annuaire import Annuaire
from facturier.portail.affichage import PAIEMENT as PAIEMENT
from facturier.portail.etat import Etat
from facturier.portail.evenements import ANIMATEUR, Acteur
from facturier.portail.pieces import Piece


def etat_vu(etat: Etat, annuaire: Annuaire, acteur: Acteur) -> Etat:
    """The state as that actor may know it: the very one when it hides nothing from them."""
    return sans_paiements(etat, (p for p in payees_sans_le_dire(etat, annuaire) if not _sait(p, acteur)))


def piece_vue(piece: Piece, annuaire: Annuaire, acteur: Acteur) -> Piece:
    """The same for one piece."""
    return _sans_paiement(piece) if tait_son_paiement(piece, annuaire) and not _sait(piece, acteur) else piece


def payees_sans_le_dire(etat: Etat, annuaire: Annuaire) -> Iterator[Piece]:
    """The pieces whose payment their payer keeps to itself."""
    return (piece for piece in etat.pieces.values() if tait_son_paiement(piece, annuaire))


def sans_paiements(etat: Etat, pieces: Iterator[Piece]) -> Etat:
    """The state in which these are not paid."""
    tues = {piece.id: _sans_paiement(piece) for piece in pieces}
    return replace(etat, pieces={**etat.pieces, **tues}) if tues else etat


def tait_son_paiement(piece: Piece, annuaire: Annuaire) -> bool:
    """Whether it is paid, by a payer that does not report it."""
    if piece.statut != PAIEMENT:
        return False
    payeur = annuaire.structures.get(piece.destinataire)
    return payeur is not None and not payeur.paiement_remonte


def _sait(piece: Piece, acteur: Acteur) -> bool:
    return acteur.par == ANIMATEUR or acteur.structure == piece.destinataire


def _sans_paiement(piece: Piece) -> Piece:
    return replace(piece, historique=tuple(p for p in piece.historique if p.statut != PAIEMENT))
