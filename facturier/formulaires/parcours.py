"""The way through the day, read from the learner's folder: which chapter comes next, under what title."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from facturier.evaluation.reponses import TAILLE_CARNET_MAX, ReponseIllisible, charger_json
from facturier.formulaires.espace import Espace


@dataclass(frozen=True)
class Etape:
    """A notebook to go to: its file, and its title as written at its top."""

    carnet: Path
    titre: str


def lecons(dossier: Path) -> dict[str, Path]:
    """The lesson of each chapter, in teaching order: ``notebooks/02_sans_moe.ipynb`` is that of ``sans_moe``."""
    trouvees = sorted((dossier / "notebooks").glob("[0-9]*_*.ipynb"))
    return {lecon.stem.partition("_")[2]: lecon for lecon in trouvees}


def retour(espace: Espace) -> Etape | None:
    """The lesson to come back to from an exercise notebook."""
    lecon = lecons(espace.dossier).get(espace.chapitre)
    return _etape(lecon) if lecon is not None and espace.carnet.endswith("/exercices") else None


def suivante(espace: Espace) -> Etape | None:
    """The lesson of the next chapter; None after the last one."""
    toutes = lecons(espace.dossier)
    if espace.chapitre not in toutes:
        return None
    apres = [*toutes.values()][[*toutes].index(espace.chapitre) + 1 :]
    return _etape(apres[0]) if apres else None


def _etape(carnet: Path) -> Etape:
    """With the notebook's first heading; its name when there is none to read."""
    try:
        source = charger_json(carnet, TAILLE_CARNET_MAX)["cells"][0]["source"]
        premiere = ("".join(source).splitlines() or [""])[0]
    except (ReponseIllisible, KeyError, IndexError, TypeError):
        premiere = ""
    titre = premiere.removeprefix("# ").strip() if premiere.startswith("# ") else ""
    return Etape(carnet, titre[:120] or carnet.stem)


def annonce(intitule: str, jour: str, formateur: str) -> str:
    """Which session the notebooks were made for, in a sentence; blank values mean free practice."""
    from babel.dates import format_date

    if not intitule or not jour:
        return "Entraînement libre : ces carnets ne sont rattachés à aucune séance."
    quand = format_date(date.fromisoformat(jour), "full", locale="fr")
    return f"{intitule}. Séance du {quand}" + (f", avec {formateur}." if formateur else ".")
