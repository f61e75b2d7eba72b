"""The state of the portal is a fold of its journal: one pure function applies one event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from facturier import cycle
from facturier.portail.evenements import Evenement, lire_moment
from facturier.portail.pieces import Piece, avancee, nouvelle, suivie
from facturier.referentiel import CREATION
from facturier.referentiel.lignes import Transition

SUIVANTE = "deposer_suivante"
DEPOSER = "deposer"
ENREGISTRER = "enregistrer"
ENVOYER = "envoyer"
PRECEDENTE = "piece_precedente"

Pieces = Mapping[str, Piece]


def appliquer(pieces: Pieces, evenement: Evenement) -> dict[str, Piece]:
    """The pieces after that event; the life cycle's table decides where each one goes.

    Raises:
        ActionRefusee: the table has no such gesture there.
    """
    jour = lire_moment(evenement["quand"]).date()
    if evenement["action"] == SUIVANTE:
        return {**pieces, **_suivante(pieces, evenement, jour)}
    ancienne = pieces.get(evenement["piece"])
    if ancienne is None:
        cadre = evenement["donnees"].get("cadre", "").strip()
        transition = cycle.franchir(cadre, CREATION, evenement["action"], evenement["role"], jour)
        return {**pieces, evenement["piece"]: nouvelle(evenement, transition, None)}
    transition = franchir(ancienne, evenement["action"], evenement["role"], jour)
    return {**pieces, ancienne.id: avancee(ancienne, evenement, transition)}


def plier(evenements: Iterable[Evenement]) -> dict[str, Piece]:
    """All the pieces of a journal that the portal wrote."""
    pieces: dict[str, Piece] = {}
    for evenement in evenements:
        pieces = appliquer(pieces, evenement)
    return pieces


def franchir(piece: Piece, action: str, role: str, jour: date) -> Transition:
    """The row of the life cycle that allows this gesture on that piece, or ActionRefusee."""
    return cycle.franchir(piece.cadre, piece.statut, action, role, jour)


def _suivante(pieces: Pieces, evenement: Evenement, jour: date) -> dict[str, Piece]:
    """One act, two pieces: the new one is deposited, the earlier one is associated."""
    precedente = pieces[evenement["donnees"][PRECEDENTE]]
    associe = franchir(precedente, SUIVANTE, evenement["role"], jour)
    cadre = evenement["donnees"].get("cadre", "").strip()
    depose = cycle.franchir(cadre, CREATION, DEPOSER, evenement["role"], jour)
    return {
        precedente.id: suivie(precedente, evenement, associe),
        evenement["piece"]: nouvelle(evenement, depose, precedente),
    }
