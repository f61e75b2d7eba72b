"""Arrivals and departures, for the certified hours: the trainer's page and the command show the same lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from facturier import classeurs
from facturier.erreurs import montrable
from facturier.registre import LignePresence
from facturier.serveur.pages_mots import court
from facturier.serveur.participants import ABSENCE


@dataclass(frozen=True)
class Sejour:
    """One stay of a participant; ``depart`` is None while they are there, and ``minutes`` counts so far."""

    pseudonyme: str
    prenom: str
    arrivee: datetime
    depart: datetime | None
    minutes: int

    def en_json(self) -> dict[str, Any]:
        """The same, times as ISO texts, « » for no departure."""
        return {
            "pseudonyme": self.pseudonyme,
            "prenom": self.prenom,
            "arrivee": self.arrivee.isoformat(timespec="seconds"),
            "depart": self.depart.isoformat(timespec="seconds") if self.depart else "",
            "minutes": self.minutes,
        }


def closes(presences: Iterable[LignePresence], maintenant: datetime) -> tuple[LignePresence, ...]:
    """Every stay, in order: who has been silent for too long is taken to have left when last seen."""
    limite = (maintenant - ABSENCE).isoformat(timespec="seconds")
    return tuple(
        p if p.depart or p.vu > limite else LignePresence(p.participant, p.arrivee, p.vu, p.vu) for p in presences
    )


def sejours(presences: Iterable[LignePresence], prenoms: Mapping[str, str], maintenant: datetime) -> tuple[Sejour, ...]:
    """The stays in words and minutes."""
    lus = []
    for presence in closes(presences, maintenant):
        arrivee = datetime.fromisoformat(presence.arrivee)
        depart = datetime.fromisoformat(presence.depart) if presence.depart else None
        duree = int(((depart or maintenant) - arrivee).total_seconds() // 60)
        nom = presence.participant
        lus.append(Sejour(nom, court(prenoms.get(nom, nom), 60), arrivee, depart, max(0, duree)))
    return tuple(lus)


def en_csv(lignes: Iterable[Sejour]) -> str:
    """For a French spreadsheet: byte-order mark, « ; », no cell can become a formula."""
    rangees = [["Prénom", "Date", "Arrivée", "Départ", "Minutes"]]
    for ligne in lignes:
        cellules = [
            ligne.prenom,
            f"{ligne.arrivee:%d/%m/%Y}",
            f"{ligne.arrivee:%H:%M}",
            f"{ligne.depart:%H:%M}" if ligne.depart else "",
            str(ligne.minutes),
        ]
        rangees.append([montrable(cellule).replace("\n", " ").replace("\t", " ") for cellule in cellules])
    return classeurs.en_csv(rangees)
