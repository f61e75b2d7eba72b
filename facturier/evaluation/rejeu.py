"""What was really done on the training portal: a learner's journal replayed on a fresh one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from facturier.erreurs import ErreurFacturier

if TYPE_CHECKING:
    from facturier.portail import Annuaire


@dataclass(frozen=True)
class PieceRejouee:
    """A piece after the replay: what its deposit stated, and its status at the end."""

    donnees: Mapping[str, Any]
    statut: str


Rejeu = Callable[[Sequence[dict[str, Any]], str], PieceRejouee | None]
"""Replays a journal and gives the last piece that this supplier deposited (else its last draft), or None."""


class JournalInvraisemblable(ErreurFacturier):
    """A journal that the portal's own rules do not accept: nothing can be said of it without a person."""

    code = "journal-invraisemblable"


def rejouer_sur_portail(journal: Sequence[dict[str, Any]], fournisseur: str) -> PieceRejouee | None:
    """The last piece that ``fournisseur`` deposited (else its last draft) once the journal is replayed.

    Raises:
        JournalInvraisemblable: the portal refuses an event, or the events are not what the portal writes.
    """
    from facturier.portail import Portail
    from facturier.portail.pieces import DEPOSEE

    try:
        pieces = [p for p in Portail.rejouer(journal, _annuaire()).pieces() if p.deposant == fournisseur]
        envoyees = [p for p in pieces if p.date_du(DEPOSEE) is not None]
        return next((PieceRejouee(p.valeurs, p.statut) for p in reversed(envoyees or pieces)), None)
    except ErreurFacturier as cause:
        raise JournalInvraisemblable(f"Le journal ne se rejoue pas : {cause.phrase}") from cause
    except (KeyError, TypeError, ValueError, AttributeError) as cause:  # hostile events of an unforeseen shape
        raise JournalInvraisemblable("Le journal ne se rejoue pas : il n’a pas la forme attendue.") from cause


@cache
def _annuaire() -> Annuaire:
    from facturier.portail import Annuaire

    return Annuaire.charger()
