"""What marking again changed, told in sentences: a trainer never wonders which of two reports is right."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from facturier.evaluation.resultats import MOTS

PHRASES_MAX = 20


def precedents(fichier: Path) -> dict[str, Any] | None:
    """The learners of a former ``resultats.json`` by name; None when there is none that can be read."""
    try:
        lu = json.loads(fichier.read_text(encoding="utf-8"))
        return {a["id"]: a for a in lu["apprenants"]}
    except (OSError, ValueError, TypeError, KeyError):
        return None


def changements(avant: Mapping[str, Any], apres: Mapping[str, Any], titres: Mapping[str, str]) -> list[str]:
    """The sentences that say what differs between two markings, learner by learner."""
    phrases = []
    for ident, fiche in apres.items():
        if ident not in avant:
            phrases.append(f"{ident} : nouveau rendu.")
            continue
        for slug, note in fiche["exercices"].items():
            ancienne, nouvelle = _note(avant[ident]["exercices"].get(slug)), _note(note)
            if ancienne != nouvelle:
                phrases.append(f"{ident}, {titres.get(slug, slug)} : {nouvelle} (auparavant {ancienne}).")
    phrases += [f"{ident} : n’a plus de rendu dans ce dossier." for ident in avant if ident not in apres]
    if not phrases:
        return ["Ce dossier avait déjà été noté : aucune note n’a changé."]
    if len(phrases) > PHRASES_MAX:
        phrases = [*phrases[:PHRASES_MAX], f"… et {len(phrases) - PHRASES_MAX} autres changements."]
    return ["Ce dossier avait déjà été noté. Depuis :", *phrases]


def _note(note: Any) -> str:
    if not isinstance(note, dict) or note.get("points") is None:
        return (
            MOTS.get(note.get("statut", "absent") if isinstance(note, dict) else "absent", "sans note")
            .strip("— ")
            .lower()
        )
    return f"{note['points']:g} / {note['sur']:g}".replace(".", ",")
