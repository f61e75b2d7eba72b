"""What an exercise is worth and expects, with its key. Trainer's side only, but for its statement."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from facturier.evaluation.graines import Graine
from facturier.evaluation.items import Item, Piege
from facturier.evaluation.tirages import Tirage
from facturier.evaluation.verdicts import Jugement

GenreExercice = Literal["quiz", "depot", "valeur", "portail"]
Regle = Literal["egal", "egal_montant", "parmi", "statut", "present", "portail"]
REGLES: tuple[Regle, ...] = ("egal", "egal_montant", "parmi", "statut", "present", "portail")


@dataclass(frozen=True)
class Critere:
    """One thing checked in a deposit: which field (or the status), which rule, what to say in each case.

    With the rule ``portail``, ``champ`` names a criterion of ``facturier.portail.criteres``; in an exercise of genre
    ``portail``, one of its situation's, and an empty sentence stands for the situation's own.
    """

    id: str
    libelle: str
    points: Decimal
    champ: str
    regle: Regle
    attendu: tuple[str, ...]
    reussi: str
    manque: str


@dataclass(frozen=True)
class Exercice:
    """One graded exercise of a chapter, with its key."""

    chapitre: str
    id: str
    genre: GenreExercice
    titre: str
    objectif: str
    points: Decimal
    parametres: dict[str, Any]
    items: tuple[Item, ...] = ()
    criteres: tuple[Critere, ...] = ()
    scenario: str = ""
    situation: str = ""
    fournisseur_siret: str = ""
    libelle: str = ""
    """What the field of a value asks for."""
    attendu: str = ""
    tolerance: Decimal = Decimal(0)
    reussi: str = ""
    manque: str = ""
    pieges: tuple[Piege, ...] = ()
    tirage: Tirage | None = None
    facultatif: bool = False
    graine: str = ""
    """Which session's draw ``items`` are; "" when they are written for this exercise."""

    def tire(self, graine: str) -> Exercice:
        """The same with the items that this seed draws from the bank.

        Raises:
            ErreurFacturier: it is no seed, or the bank is too small on its day.
        """
        if self.tirage is None or graine == self.graine:
            return self
        return replace(self, items=self.tirage.items(Graine.lire(graine)), graine=graine)

    @property
    def points_item(self) -> Decimal:
        """What one question of a quiz is worth."""
        return self.points / len(self.items)

    def public(self) -> dict[str, Any]:
        """The statement as a learner's kernel may read it."""
        situation = {"situation": self.situation} if self.situation else {}
        graine = {"graine": self.graine} if self.graine else {}
        return {
            "id": self.id,
            "genre": self.genre,
            "titre": self.titre,
            "items": [item.public() for item in self.items],
            "parametres": self.parametres,
            **situation,
            **graine,
            **({"libelle": self.libelle} if self.libelle else {}),
        }


@dataclass(frozen=True)
class Bareme:
    """The exercises of one chapter, in the order of ``corrige.toml``."""

    chapitre: str
    titre: str
    exercices: tuple[Exercice, ...]

    @cached_property
    def par_id(self) -> dict[str, Exercice]:
        """The exercises by identifier."""
        return {e.id: e for e in self.exercices}

    @property
    def carnet(self) -> str:
        """Name of the exercise notebook in answers and metadata."""
        return f"{self.chapitre}/exercices"

    @property
    def sur(self) -> Decimal:
        """Points of the whole chapter, without what is optional."""
        return sum((e.points for e in self.exercices if not e.facultatif), Decimal(0))

    def comptes(self, jugements: Iterable[Jugement]) -> list[Jugement]:
        """The verdicts that make the chapter's mark: an optional exercise left blank is as if it were not there."""
        facultatifs = {e.id for e in self.exercices if e.facultatif}
        return [j for j in jugements if j.statut != "non_repondu" or j.exercice not in facultatifs]

    def enonces(self) -> dict[str, Any]:
        """Public projection written as ``release/<slug>/enonces.json``: no key, no feedback."""
        return {"schema": 1, "chapitre": self.chapitre, "exercices": [e.public() for e in self.exercices]}

    def empreinte(self) -> str:
        """Short hash of the whole key, kept with the marks: says which bank judged."""
        return hashlib.sha256(repr(self.exercices).encode()).hexdigest()[:16]
