"""The same piece seen from a plateforme agréée: its statuses (200, 203…), and the flow that carries it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from facturier import referentiel
from facturier.portail import provenance as origine
from facturier.portail.pieces import Piece
from facturier.referentiel import Interface, StatutPa

_VERS_CHORUS = "plateforme agréée vers Chorus Pro"


@dataclass(frozen=True)
class PassagePa:
    """A status of the standard's life cycle reached by a piece: when, and the status of Chorus Pro that gave it."""

    statut: StatutPa
    quand: datetime
    de: str


def statut_pa(cadre: str, statut: str, au: date | None = None) -> StatutPa | None:
    """What a plateforme agréée is told of that status of a piece of that cadre; None for what it is not told.

    A correspondence made for the cadre comes before one made for all.
    """
    lignes = [s for s in referentiel.statuts_pa(au) if statut in s.statuts]
    propres = [s for s in lignes if cadre in s.cadres]
    return next(iter(propres or [s for s in lignes if not s.cadres]), None)


def cycle_de_vie(piece: Piece) -> tuple[PassagePa, ...]:
    """What the depositor reads on its platform, oldest first; empty for a piece that did not come through one."""
    if piece.provenance.mode not in origine.PLATEFORMES:
        return ()
    vus = []
    for passage in piece.historique:
        dit = statut_pa(piece.cadre, passage.statut, passage.quand.date())
        if dit is not None:
            vus.append(PassagePa(dit, passage.quand, passage.statut))
    return tuple(vus)


def interface(format_lu: str, au: date | None = None) -> Interface:
    """The flow by which a platform sends an invoice of that syntax (« ubl », « cii », « facturx »).

    Raises:
        LookupError: no flow carries it.
    """
    for ligne in referentiel.interfaces(au):
        if ligne.sens == _VERS_CHORUS and ligne.format == format_lu:
            return ligne
    raise LookupError(format_lu)
