"""What was really done on the training portal: a learner's journal replayed on a fresh one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from facturier.erreurs import ErreurFacturier

if TYPE_CHECKING:
    from facturier.portail import Annuaire

_DEPOTS = ("deposer", "deposer_suivante")


@dataclass(frozen=True)
class PieceRejouee:
    """A piece after the replay: what its deposit stated, and its status at the end."""

    donnees: Mapping[str, Any]
    statut: str


Rejeu = Callable[[Sequence[dict[str, Any]], str], PieceRejouee | None]
"""Replays a journal and gives the last piece that this supplier deposited, or None."""


class JournalInvraisemblable(ErreurFacturier):
    """A journal that the portal's own rules do not accept: nothing can be said of it without a person."""

    code = "journal-invraisemblable"


def rejouer_sur_portail(journal: Sequence[dict[str, Any]], fournisseur: str) -> PieceRejouee | None:
    """The last piece deposited by ``fournisseur`` once the journal is replayed through the portal's rules.

    Raises:
        JournalInvraisemblable: the portal refuses an event, or the events are not what the portal writes.
    """
    from facturier.portail import Portail

    try:
        portail = Portail.rejouer(journal, _annuaire())
        deposees = [e for e in portail.journal if e["action"] in _DEPOTS and e["structure"] == fournisseur]
        if not deposees:
            return None
        return PieceRejouee(deposees[-1]["donnees"], portail.piece(deposees[-1]["piece"]).statut)
    except ErreurFacturier as cause:
        raise JournalInvraisemblable(f"Le journal ne se rejoue pas : {cause.phrase}") from cause
    except (KeyError, TypeError, ValueError, AttributeError) as cause:  # hostile events of an unforeseen shape
        raise JournalInvraisemblable("Le journal ne se rejoue pas : il n’a pas la forme attendue.") from cause


@cache
def _annuaire() -> Annuaire:
    from facturier.portail import Annuaire

    return Annuaire.charger()
