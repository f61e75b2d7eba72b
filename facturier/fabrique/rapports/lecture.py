"""What the reports read: the detailed results as a flat table, chapters in the order of the day."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facturier import contenu
from facturier.evaluation.resultats import QUIZ_ENTREE, QUIZ_SORTIE

if TYPE_CHECKING:
    import pandas as pd

COLONNES = (
    "apprenant",
    "chapitre",
    "exercice",
    "etat",
    "critere",
    "libelle",
    "objectif",
    "points",
    "sur",
    "statut",
    "message",
)


def document(detail: str) -> dict[str, Any]:
    """The content of ``resultats_detail.json``, whose path is ``detail``."""
    lu: dict[str, Any] = json.loads(Path(detail).read_text(encoding="utf-8"))
    return lu


def ordre_du_jour(slugs: Iterable[str]) -> list[str]:
    """Chapters as the day goes; those of a key that came with chapters of its own keep their order, last."""
    voulus = list(dict.fromkeys(slugs))
    connus = [c.slug for c in contenu.chapitres()]
    return sorted(voulus, key=lambda s: (connus.index(s) if s in connus else len(connus), voulus.index(s)))


def titre(slug: str) -> str:
    """A chapter's title; its slug when the key came with chapters of its own."""
    return next((c.titre for c in contenu.chapitres() if c.slug == slug), slug)


def charger(detail: str) -> pd.DataFrame:
    """One row per criterion, columns :data:`COLONNES`; points are floats here, for averages and drawings only.

    ``etat`` is the status of the whole exercise: a blank one, or one left to the trainer, has rows but no mark.
    """
    import pandas as pd

    lignes = [
        {
            "apprenant": apprenant["id"],
            "chapitre": chapitre,
            "exercice": jugement["exercice"],
            "etat": jugement["statut"],
            "critere": critere["id"],
            "libelle": critere["libelle"],
            "objectif": critere["objectif"],
            "points": float(critere["points"]) if jugement["points"] is not None else float("nan"),
            "sur": float(critere["sur"]),
            "statut": critere["statut"],
            "message": critere["message"],
        }
        for apprenant in document(detail)["apprenants"]
        for chapitre in ordre_du_jour(apprenant["chapitres"])
        for jugement in apprenant["chapitres"][chapitre]["exercices"]
        for critere in jugement["criteres"]
    ]
    return pd.DataFrame(lignes, columns=list(COLONNES))


def jugees(notes: pd.DataFrame) -> pd.DataFrame:
    """The rows that carry a mark."""
    return notes[notes["points"].notna()]


def aux_deux_quiz(notes: pd.DataFrame) -> list[str]:
    """The learners marked at both quizzes: the only ones whose progress means something."""
    faits = jugees(notes)
    entree, sortie = (set(faits.loc[faits["chapitre"] == q, "apprenant"]) for q in (QUIZ_ENTREE, QUIZ_SORTIE))
    return sorted(entree & sortie)
