"""The run sheet of the day: chapters and times without notebook, at their hours; written in the trainer's guide."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from facturier import contenu
from facturier.erreurs import ErreurFacturier
from facturier.evaluation.bareme import lire_bareme
from facturier.session import APRES_MIDI, MATIN

FICHIER = "deroule.toml"
DEMI_JOURNEES = {"matin": MATIN, "après-midi": APRES_MIDI}
DEBUT = "<!-- déroulé, refait par la construction -->"
FIN = "<!-- fin du déroulé -->"


@dataclass(frozen=True)
class Temps:
    """A time of the day, ``duree`` in minutes. ``chapitre`` is None when it has no notebook."""

    ordre: int
    moment: str
    duree: int
    titre: str
    chapitre: contenu.Chapitre | None = None


def deroule(sources: Path | None = None) -> tuple[Temps, ...]:
    """Every time of the day, in order.

    Raises:
        ErreurFacturier: ``deroule.toml`` cannot be read.
    """
    fichier = (sources or contenu.racine() / "source") / FICHIER
    temps = [Temps(c.ordre, c.moment, c.duree, c.titre, c) for c in contenu.chapitres(sources)]
    try:
        lu: dict[str, list[dict[str, Any]]] = tomllib.loads(fichier.read_text(encoding="utf-8"))
        temps += [Temps(c["ordre"], c["moment"], c["duree"], c["titre"]) for c in lu["carte"]]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as cause:
        raise ErreurFacturier(
            f"Le déroulé {fichier} n’est pas lisible ({cause}) : corrigez ce fichier TOML.", code="deroule-illisible"
        ) from cause
    return tuple(sorted(temps, key=lambda un: (un.ordre, un.titre)))


def table(temps: Sequence[Temps]) -> str:
    """The run sheet in Markdown: hours of a session that gives none, minutes, what is done."""
    lignes = ["| Heure | Min. | Temps | Exercices | Lignes |", "|---|---|---|---|---|"]
    for un in temps:
        if un.moment not in DEMI_JOURNEES:
            lignes.append(_ligne("avant", un))
    for moment, plage in DEMI_JOURNEES.items():
        minute = _minutes(plage.partition("-")[0])
        for un in (un for un in temps if un.moment == moment):
            lignes.append(_ligne(f"{minute // 60} h {minute % 60:02d}", un))
            minute += un.duree
    return "\n".join(lignes) + "\n"


def guide(texte: str, temps: Sequence[Temps]) -> str:
    """The guide with its run sheet made anew, between its two marks.

    Raises:
        ErreurFacturier: the marks are not there, once each and in order.
    """
    avant, debut, reste = texte.partition(DEBUT)
    _, fin, apres = reste.partition(FIN)
    if not debut or not fin or DEBUT in reste:
        raise ErreurFacturier(
            f"Le guide du formateur a perdu les repères du déroulé : remettez « {DEBUT} » puis « {FIN} ».",
            code="guide-sans-deroule",
        )
    return f"{avant}{DEBUT}\n\n{table(temps)}\n{FIN}{apres}"


def _ligne(heure: str, un: Temps) -> str:
    titre = f"*{un.titre}*" if un.chapitre is None else un.titre
    programme = ", ".join(un.chapitre.programme) if un.chapitre else "–"
    return f"| {heure} | {un.duree} | {titre} | {_exercices(un.chapitre)} | {programme} |"


def _exercices(chapitre: contenu.Chapitre | None) -> str:
    if chapitre is None or chapitre.exercices is None:
        return "–"
    return ", ".join(exercice.titre for exercice in lire_bareme(chapitre).exercices)


def _minutes(heure: str) -> int:
    heures, _, minutes = heure.partition(":")
    return int(heures) * 60 + int(minutes)
