"""A theme of the bank as TOML text, in one form only: what is read back is what was written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from facturier.evaluation.gabarits import TABLES, Theme

ORDRE = (
    *("id", "objectif", "niveau", "genre", "question", "facture", "calcul", "attendu", "tolerance", "unite"),
    *("sources", "fiabilite", "fait", "erreurs", "usage", "valide_du", "valide_au"),
    *("choix", "champ", "ligne", "piege", "leurres", "retour_juste", "retour_faux"),
)
"""The fields of an item, in the order in which they are written."""
ORDRE_REPONSE = ("texte", "terme", "valeur", "cible", "juste", "retour")


def en_toml(theme: Theme, items: Iterable[Mapping[str, Any]]) -> str:
    """The file of a theme."""
    lignes = [
        "# Item bank. Facts are called from the référentiel, figures are drawn: see source/README.md.",
        "",
        "[theme]",
        f"titre = {_valeur(theme.titre)}",
        f"objectif = {_valeur(theme.objectif)}",
        f"savoir = {_valeur(theme.savoir)}",
        f"chapitres = {_valeur(list(theme.chapitres))}",
    ]
    for item in items:
        lignes += ["", "[[item]]"]
        lignes += [f"{nom} = {_champ(nom, item[nom])}" for nom in ORDRE if nom in item]
    return "\n".join(lignes) + "\n"


def _champ(nom: str, valeur: Any) -> str:
    if nom not in TABLES.values():
        return _valeur(valeur)
    if not valeur:
        return "[]"
    reponses = [
        "  { " + ", ".join(f"{cle} = {_valeur(reponse[cle])}" for cle in ORDRE_REPONSE if cle in reponse) + " },"
        for reponse in valeur
    ]
    return "\n".join(["[", *reponses, "]"])


def _valeur(valeur: Any) -> str:
    if isinstance(valeur, bool):
        return "true" if valeur else "false"
    if isinstance(valeur, (int, date)):
        return str(valeur)
    if isinstance(valeur, list):
        return "[" + ", ".join(map(_valeur, valeur)) + "]"
    return _texte(str(valeur))


def _texte(texte: str) -> str:
    """Between plain quotes when it can be read as it is, else escaped as JSON does (which TOML reads too)."""
    if '"' in texte and "'" not in texte and all(c.isprintable() or c in "\u00a0\u202f" for c in texte):
        return f"'{texte}'"
    return json.dumps(texte, ensure_ascii=False).replace("\x7f", "\\u007f")
