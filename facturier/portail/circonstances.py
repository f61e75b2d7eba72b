"""What a simulated partner sees of a piece that waits for its role, and what it answers with."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from facturier.annuaire import Annuaire, Marche
from facturier.portail.evenements import Acteur
from facturier.portail.ouverture import Ouverture
from facturier.portail.pieces import Piece
from facturier.referentiel.lignes import Transition


@dataclass(frozen=True)
class Situation:
    """A piece that waits for a simulated role, and the gestures possible for that role now."""

    piece: Piece
    acteur: Acteur
    possibles: tuple[Transition, ...]
    annuaire: Annuaire
    ouverture: Ouverture

    @property
    def marche(self) -> Marche | None:
        """The identity card of the piece's market, when it is known."""
        return self.annuaire.marche(self.piece.marche)

    @property
    def jour(self) -> date:
        """The day the piece came to its present status."""
        return self.piece.depuis.date()

    def possible(self, action: str) -> Transition | None:
        """That gesture, if this role may make it."""
        return next((t for t in self.possibles if t.action == action), None)

    def deja(self, action: str) -> bool:
        """Whether this role has already made that gesture on this piece."""
        return any((p.action, p.role) == (action, self.acteur.role) for p in self.piece.historique)

    def tirage(self, etape: str, bas: int, haut: int) -> int:
        """A whole number from ``bas`` to ``haut``, always the same for this seed, piece and step of its history."""
        rang = len(self.piece.historique)
        return tirer(f"{self.ouverture.graine}|{self.piece.id}|{rang}|{self.acteur.role}|{etape}", bas, haut)

    def sort(self, etape: str, part: int) -> bool:
        """Whether it falls in that share, in per cent."""
        return part > 0 and self.tirage(etape, 1, 100) <= part


def tirer(cle: str, bas: int, haut: int) -> int:
    """A whole number from ``bas`` to ``haut``, always the same for that key."""
    tire = int.from_bytes(hashlib.sha256(cle.encode("utf-8", "surrogatepass")).digest()[:8], "big")
    return bas + tire % (haut - bas + 1)


@dataclass(frozen=True)
class ActeDu:
    """What a partner will do, if nothing happens to that piece before."""

    quand: datetime
    acteur: Acteur
    action: str
    objet: str
    donnees: Mapping[str, str]
