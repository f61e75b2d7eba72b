"""The seed of a draw: the session that asks for it, and the day on which the law is told there."""

from __future__ import annotations

import hashlib
import random
import re
from dataclasses import dataclass
from datetime import date

from facturier.erreurs import ErreurFacturier
from facturier.referentiel.redaction import REFERENCE

_TEXTE = re.compile(r"(?P<au>[0-9]{4}-[0-9]{2}-[0-9]{2}) (?P<session>[a-z0-9][a-z0-9-]{0,39})")


@dataclass(frozen=True)
class Graine:
    """Two draws of one seed are the same, whatever the machine; ``session`` is the id of a session file."""

    session: str = "reference"
    au: date = REFERENCE

    def texte(self) -> str:
        """How statements and answers keep it: ``2026-12-03 lyon-decembre``."""
        return f"{self.au.isoformat()} {self.session}"

    @classmethod
    def lire(cls, texte: str) -> Graine:
        """The seed that :meth:`texte` wrote.

        Raises:
            ErreurFacturier: it is not one.
        """
        lu = _TEXTE.fullmatch(texte)
        try:
            if lu is None:
                raise ValueError(texte)
            return cls(lu["session"], date.fromisoformat(lu["au"]))
        except ValueError:
            raise ErreurFacturier("Cette graine n’est pas celle d’une session.", code="graine-illisible") from None

    @staticmethod
    def est_une(texte: str) -> bool:
        """Whether a text is the seed of a session (and not that of a learner's own situation)."""
        return _TEXTE.fullmatch(texte) is not None

    def rang(self, *usage: object) -> str:
        """A fingerprint that sorts the same things in another order for every seed and every use."""
        return hashlib.sha256("\n".join([self.session, *map(str, usage)]).encode()).hexdigest()

    def hasard(self, *usage: object) -> random.Random:
        """A source of draws of its own for each use."""
        return random.Random(int(self.rang(*usage)[:16], 16))  # noqa: S311 — a repeatable draw, not a secret
