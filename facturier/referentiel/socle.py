"""What every row of every table carries, and how a field says that it is a key or may be empty."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

Fiabilite = Literal["établi", "partiel", "à vérifier"]


def cle() -> Any:
    """A column of the table's key: two rows may share a key only when their validity periods are apart."""
    return field(metadata={"cle": True})


def facultatif() -> Any:
    """A text column whose cell may be empty."""
    return field(metadata={"facultatif": True})


@dataclass(frozen=True, kw_only=True)
class LigneSourcee:
    """What every row carries: where the fact comes from, how sure it is, since when and until when it holds.

    ``valide_du`` is None when the start is unknown (``inconnu`` in the file), ``valide_au`` when no end is known.
    ``fiabilite`` keeps the weakest grade the source gives; ``precision`` keeps its nuance in words.
    """

    source: str
    fiabilite: Fiabilite
    precision: str = field(metadata={"facultatif": True})
    valide_du: date | None = field(metadata={"inconnu": True})
    valide_au: date | None

    def valide(self, au: date | None) -> bool:
        """Whether the fact holds on that day; an unknown start counts as begun, no day at all accepts every row."""
        if au is None:
            return True
        commence = self.valide_du is None or self.valide_du <= au
        return commence and (self.valide_au is None or au <= self.valide_au)
