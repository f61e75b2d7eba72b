"""Figures of a décompte that no field of a piece carries: the month’s index, the days late. They are in its comment.

One sentence each, written and read here alone, so that whoever opens the piece reads them too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from facturier import montants
from facturier.portail import demande as lecture
from facturier.portail.pieces import Piece

_INDEX = re.compile(r"Index ([A-Za-z0-9]{1,12}) du mois\u00a0: ([0-9]{1,6}(?:[,.][0-9]{1,6})?)\.")
_RETARD = re.compile(r"Jours de retard retenus\u00a0: ([0-9]{1,5})\.")


def phrase_index(nom: str, valeur: str) -> str:
    """The sentence that gives the value of an index."""
    return f"Index {nom} du mois\u00a0: {valeur}."


def phrase_retard(jours: str) -> str:
    """The sentence that gives the days late held against the titulaire, since the market began."""
    return f"Jours de retard retenus\u00a0: {jours}."


def index_dit(dossier: Sequence[Piece], nom: str) -> Decimal | None:
    """The value of that index that the dossier gives, the last piece first; None when none does."""
    for piece in reversed(dossier):
        for trouve in _INDEX.finditer(lecture.texte(piece.valeurs, "commentaire")):
            if trouve[1] == nom:
                return montants.lire_decimal(trouve[2].replace(",", "."))
    return None


def retard_dit(dossier: Sequence[Piece]) -> int:
    """The days late that the dossier gives, the last piece first; 0 when none does."""
    for piece in reversed(dossier):
        if trouve := _RETARD.search(lecture.texte(piece.valeurs, "commentaire")):
            return int(trouve[1])
    return 0
