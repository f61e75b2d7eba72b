"""A question of a quiz: what it asks, its key, what to tell whoever answers; only its statement leaves the trainer."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

Genre = Literal["unique", "multiple", "nombre", "date", "ordre", "appariement", "champ"]
GENRES: tuple[Genre, ...] = ("unique", "multiple", "nombre", "date", "ordre", "appariement", "champ")
A_CHOIX: tuple[Genre, ...] = ("unique", "multiple", "champ")
A_SAISIR: tuple[Genre, ...] = ("nombre", "date")
PAR_LIGNES: tuple[Genre, ...] = ("ordre", "appariement")
FIABLE = "établi"
LIEN = "="
"""Between a line and its target, in the answer to an item by lines: ``1a2b3c4d=2``."""
_VRAI_FAUX = ("Vrai", "Faux")


@dataclass(frozen=True)
class Choix:
    """A possible answer, whether it is right, and what to tell who ticked it."""

    id: str
    texte: str
    juste: bool
    retour: str


@dataclass(frozen=True)
class Piege:
    """A wrong value that tells which mistake was made, and the sentence that explains it."""

    valeur: str
    retour: str


@dataclass(frozen=True)
class Cible:
    """What a line may be given: a rank, or the text that goes with it."""

    id: str
    texte: str


@dataclass(frozen=True)
class Ligne:
    """A line to be ranked or matched: ``cible`` is the id of its target, ``retour`` is told when it is missed."""

    id: str
    texte: str
    cible: str
    retour: str


@dataclass(frozen=True)
class Item:
    """One question.

    ``choix`` for « unique », « multiple » and « champ » (a field of ``facture``); ``attendu``… for « nombre » and
    « date »; ``lignes`` and ``cibles`` for « ordre » (targets are ranks) and « appariement ».
    """

    id: str
    objectif: str
    niveau: int
    genre: Genre
    question: str
    source: str
    fiabilite: str
    choix: tuple[Choix, ...] = ()
    attendu: str = ""
    tolerance: Decimal = Decimal(0)
    unite: str = ""
    retour_juste: str = ""
    retour_faux: str = ""
    pieges: tuple[Piege, ...] = ()
    lignes: tuple[Ligne, ...] = ()
    cibles: tuple[Cible, ...] = ()
    facture: str = ""

    def public(self) -> dict[str, Any]:
        """What a learner may read: neither key nor feedback; the order of the choices says nothing."""
        enonce: dict[str, Any] = {
            "id": self.id,
            "objectif": self.objectif,
            "genre": self.genre,
            "question": self.question,
            "unite": self.unite,
        }
        if self.genre in PAR_LIGNES:
            enonce["lignes"] = [{"id": ligne.id, "texte": ligne.texte} for ligne in self._lignes_montrees()]
            enonce["cibles"] = [{"id": cible.id, "texte": cible.texte} for cible in self._cibles_montrees()]
        else:
            enonce["choix"] = [{"id": c.id, "texte": c.texte} for c in _ordre_neutre(self.choix)]
        if self.facture:
            enonce["facture"] = self.facture
        return enonce

    @property
    def juste(self) -> list[str]:
        """The right answer in words, for whoever holds the key."""
        if self.genre in A_SAISIR:
            return [f"{self.attendu.replace('.', ',')} {self.unite}".strip()]
        if self.genre in PAR_LIGNES:
            cibles = {cible.id: cible.texte for cible in self.cibles}
            return [f"{ligne.texte} → {cibles[ligne.cible]}" for ligne in self.lignes]
        return [c.texte for c in self.choix if c.juste]

    def _lignes_montrees(self) -> list[Ligne]:
        """By fingerprint; when chance gives the right order, by its end, so that the screen never shows the key."""
        rangees = sorted(self.lignes, key=lambda ligne: ligne.id)
        if self.genre == "ordre" and tuple(rangees) == self.lignes:
            rangees = sorted(self.lignes, key=lambda ligne: ligne.id, reverse=True)
        return rangees

    def _cibles_montrees(self) -> list[Cible]:
        return list(self.cibles) if self.genre == "ordre" else sorted(self.cibles, key=lambda cible: cible.id)


def id_choix(item: str, texte: str) -> str:
    """Identifier of a choice: says which text was ticked, not whether it is right."""
    return hashlib.sha256(f"{item}\n{texte}".encode()).hexdigest()[:8]


def _ordre_neutre(choix: tuple[Choix, ...]) -> tuple[Choix, ...]:
    if {c.texte for c in choix} == set(_VRAI_FAUX):
        return tuple(sorted(choix, key=lambda c: _VRAI_FAUX.index(c.texte)))
    return tuple(sorted(choix, key=lambda c: c.id))
