"""Verdicts: one question or criterion judged, one exercise judged; as JSON too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, cast

Statut = Literal["fait", "non_repondu", "erreur_technique", "a_verifier"]
StatutCritere = Literal["juste", "partiel", "faux", "non_repondu"]
NON_REPONDU = "Vous n’avez pas répondu."


@dataclass(frozen=True)
class CritereJuge:
    """One question or one criterion, judged. ``message`` is for the learner."""

    id: str
    libelle: str
    objectif: str
    points: Decimal
    sur: Decimal
    statut: StatutCritere
    message: str


@dataclass(frozen=True)
class Jugement:
    """The verdict on one exercise. ``points`` is None when nothing can be said: None is never zero."""

    exercice: str
    points: Decimal | None
    sur: Decimal
    statut: Statut
    criteres: tuple[CritereJuge, ...] = ()
    remarques: tuple[str, ...] = ()

    def en_json(self) -> dict[str, Any]:
        """JSON form, amounts as text so that no cent is lost."""
        return {
            "exercice": self.exercice,
            "points": None if self.points is None else str(self.points),
            "sur": str(self.sur),
            "statut": self.statut,
            "criteres": [{**vars(c), "points": str(c.points), "sur": str(c.sur)} for c in self.criteres],
            "remarques": list(self.remarques),
        }

    @classmethod
    def depuis_json(cls, obj: Mapping[str, Any]) -> Jugement:
        """The verdict written by :meth:`en_json`."""
        return cls(
            exercice=obj["exercice"],
            points=None if obj["points"] is None else Decimal(obj["points"]),
            sur=Decimal(obj["sur"]),
            statut=cast(Statut, obj["statut"]),
            criteres=tuple(
                CritereJuge(**{**c, "points": Decimal(c["points"]), "sur": Decimal(c["sur"])}) for c in obj["criteres"]
            ),
            remarques=tuple(obj["remarques"]),
        )
