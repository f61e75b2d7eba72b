"""The portal as the seat taken may know it: what its payer keeps to itself is on no screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from facturier.portail.etat import Etat
from facturier.portail.pieces import Piece
from facturier.portail.remontee import etat_vu, piece_vue

if TYPE_CHECKING:
    from facturier.ecrans.poste import Poste


def etat(poste: Poste) -> Etat:
    """The whole state."""
    return etat_vu(poste.guichet.etat, poste.guichet.annuaire, poste.acteur)


def pieces(poste: Poste) -> tuple[Piece, ...]:
    """All the pieces, oldest first."""
    return tuple(etat(poste).pieces.values())


def piece(poste: Poste, numero: str) -> Piece:
    """The piece of that number (RefusPortail when there is none)."""
    return piece_vue(poste.guichet.piece(numero), poste.guichet.annuaire, poste.acteur)
