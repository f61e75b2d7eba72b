"""The seven learners of the played class: what each knows, types and breaks. Shapes only; the key stays in the bank."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from facturier.demo import degats

Degat = Callable[[Path], None]


@dataclass(frozen=True)
class Personnage:
    """A learner to play.

    ``entree`` and ``sortie`` count the questions answered right, from the first on; the others are answered wrong, but
    for the last ``laissees``, left blank. ``depot`` replaces right fields of the deposit by what this person types;
    ``envoie`` is False for who stops at the draft. ``total`` is the value handed in (None: not done). ``degat`` breaks
    the copy on disk.
    """

    id: str
    entree: int
    sortie: int
    laissees: int = 0
    depot: Mapping[str, str] = field(default_factory=dict)
    depose: bool = True
    envoie: bool = True
    total: str | None = "4811.88"
    degat: Degat | None = None


CLASSE = (
    Personnage("ama", entree=12, sortie=12),
    Personnage("bruno", entree=8, sortie=11, depot={"numero_engagement": "2026-NET-009"}),
    Personnage("chloe", entree=6, sortie=9, laissees=1, envoie=False, total="4009.90"),
    Personnage(
        "driss",
        entree=3,
        sortie=5,
        laissees=2,
        depot={
            "cadre": "A2",
            "numero_engagement": "2026-NET-009",
            "type_facture": "386",
        },
        total=None,
    ),
    Personnage("elsa", entree=0, sortie=0, laissees=12, depose=False, total=None),
    Personnage("farid", entree=7, sortie=10, degat=degats.abimer),
    Personnage("gwen", entree=2, sortie=2, degat=degats.attaquer),
)
