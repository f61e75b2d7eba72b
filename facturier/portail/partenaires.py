"""Simulated partners: what a role that nobody plays does by itself, drawn by the seed, the same for everybody.

A character looks at one piece that waits for its role and says what it will do, and when; the portal writes that act
when its date comes, under the same rules as anybody's, and a replay finds it again. What it says may depend on the
piece, the attributions, the directory and the opening of the portal, and on nothing else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from facturier import cycle
from facturier.portail.annuaire import Annuaire
from facturier.portail.etat import Etat
from facturier.portail.evenements import SIMULE, Acteur
from facturier.portail.ouverture import Ouverture
from facturier.portail.pieces import Piece
from facturier.referentiel.lignes import Transition

PREFIXE = f"{SIMULE}:"


@dataclass(frozen=True)
class Situation:
    """A piece that waits for a simulated role, and the gestures possible for that role now."""

    piece: Piece
    acteur: Acteur
    possibles: tuple[Transition, ...]
    annuaire: Annuaire
    ouverture: Ouverture

    def tirage(self, etape: str, bas: int, haut: int) -> int:
        """A whole number from ``bas`` to ``haut``, always the same for this seed, piece and step of its history."""
        rang = len(self.piece.historique)
        cle = f"{self.ouverture.graine}|{self.piece.id}|{rang}|{self.acteur.role}|{etape}"
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


Caractere = Callable[[Situation], ActeDu | None]
"""What a character will do of a piece that waits for it, and when; None when it will not answer."""


def _silencieux(situation: Situation) -> ActeDu | None:
    return None


CARACTERES: Mapping[str, Caractere] = {"silencieux": _silencieux}
"""The characters, by their names in « simule:<caractère> »."""


def caractere(tenant: str) -> str:
    """The character that holds a role, "" when a person or nobody does."""
    return tenant.removeprefix(PREFIXE) if tenant.startswith(PREFIXE) else ""


def acte_de_piece(piece: Piece, etat: Etat, annuaire: Annuaire, ouverture: Ouverture) -> ActeDu | None:
    """The first act that simulated partners will do on that piece as it stands."""
    possibles = cycle.transitions_possibles(piece.cadre, piece.statut, au=piece.depuis.date())
    dus = []
    for role in dict.fromkeys(t.role for t in possibles):
        structure = piece.structure_du(role)
        nom = caractere(etat.attributions.get((role, structure), ""))
        if not nom:
            continue
        siennes = tuple(t for t in possibles if t.role == role)
        du = CARACTERES[nom](Situation(piece, Acteur(role, structure, SIMULE), siennes, annuaire, ouverture))
        if du is not None:
            dus.append(du)
    return min(dus, key=lambda du: (du.quand, du.acteur.role), default=None)
