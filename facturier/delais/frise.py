"""A timeline as data, for the views that draw it: dated marks in order, the deadline among them, how late."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from facturier.delais.echeances import Echeance
from facturier.delais.etapes import en_date, en_jours

Genre = Literal["fait", "départ", "suspension", "échéance", "aujourd’hui"]
_RANGS: dict[Genre, int] = {"départ": 0, "fait": 1, "suspension": 2, "échéance": 3, "aujourd’hui": 4}


@dataclass(frozen=True)
class Repere:
    """A mark: its day, what happened or must happen, and its place between the first mark (0) and the last one (1)."""

    jour: date
    libelle: str
    genre: Genre
    position: float


@dataclass(frozen=True)
class Frise:
    """Marks in date order, and one sentence that says where things stand on the day ``au``."""

    titre: str
    au: date
    reperes: tuple[Repere, ...]
    retard: int
    phrase: str


def frise(echeance: Echeance, au: date, faits: Iterable[tuple[date, str]] = (), *, fini: bool = False) -> Frise:
    """The timeline of a deadline seen from the day ``au``, with the facts (day, French label) of the case.

    ``fini``: that day is the one on which what it waited for was done, not today.
    """
    marques: list[tuple[date, str, Genre]] = [(echeance.depart, "Départ du délai", "départ")]
    marques += [(jour, libelle, "fait") for jour, libelle in faits]
    if echeance.suspendue_depuis is not None:
        marques.append((echeance.suspendue_depuis, "Délai interrompu", "suspension"))
    if echeance.limite is not None:
        marques.append((echeance.limite, "Échéance", "échéance"))
    marques.append((au, "C’est fait" if fini else "Aujourd’hui", "aujourd’hui"))
    marques.sort(key=lambda m: (m[0], _RANGS[m[2]]))
    debut = marques[0][0]
    etendue = (marques[-1][0] - debut).days or 1
    reperes = tuple(Repere(jour, mot, genre, (jour - debut).days / etendue) for jour, mot, genre in marques)
    return Frise(echeance.objet, au, reperes, echeance.retard(au), (issue if fini else situation)(echeance, au))


def issue(echeance: Echeance, fait: date) -> str:
    """How a deadline ended, what it waited for being done on that day."""
    reste = echeance.reste(fait)
    if not reste:
        return "C’est fait, le dernier jour du délai." if reste == 0 else "C’est fait."
    return f"C’est fait, {en_jours(abs(reste))} {'avant' if reste > 0 else 'après'} l’échéance."


def situation(echeance: Echeance, au: date) -> str:
    """Where the deadline stands on that day, in one sentence."""
    reste = echeance.reste(au)
    if reste is None:
        depuis = f" depuis le {en_date(echeance.suspendue_depuis)}" if echeance.suspendue_depuis else ""
        return f"Le délai est interrompu{depuis} : il attend la réponse du fournisseur."
    if reste < 0:
        return f"L’échéance est dépassée de {en_jours(-reste)}."
    if reste == 0:
        return "L’échéance est aujourd’hui."
    return f"Il reste {en_jours(reste)} avant l’échéance."
