"""The sheets of the bank's spreadsheet: their columns, and how a cell becomes a field and a field a cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

TEXTE_MAX = 5_000
THEMES, ITEMS, REPONSES = "Thèmes", "Items", "Réponses"


@dataclass(frozen=True)
class Colonne:
    """A column: its title, the field it holds, how the field becomes a cell and a cell the field."""

    titre: str
    champ: str
    lire: Callable[[Any], Any]
    ecrire: Callable[[Any], Any] = lambda valeur: valeur
    exigee: bool = False
    large: int = 16


def _texte(valeur: Any) -> str:
    if isinstance(valeur, float) and valeur.is_integer():
        valeur = int(valeur)
    if isinstance(valeur, (bool, datetime, date)):
        raise ValueError("un texte est attendu")
    texte = str(valeur).replace("\r\n", "\n").replace("_x000D_", "")
    if len(texte) > TEXTE_MAX:
        raise ValueError(f"plus de {TEXTE_MAX} caractères")
    return texte


def _entier(valeur: Any) -> int:
    if isinstance(valeur, bool) or float(_texte(valeur)) != int(float(_texte(valeur))):
        raise ValueError("un nombre entier est attendu")
    return int(float(_texte(valeur)))


def _liste(valeur: Any) -> list[str]:
    return [morceau.strip() for morceau in _texte(valeur).split("\n") if morceau.strip()]


def _jour(valeur: Any) -> date:
    if isinstance(valeur, datetime):
        return valeur.date()
    if isinstance(valeur, date):
        return valeur
    try:
        return date.fromisoformat(_texte(valeur).strip())
    except ValueError:
        raise ValueError("une date est attendue, comme 2026-09-01") from None


def _oui(valeur: Any) -> bool:
    mot = valeur if isinstance(valeur, bool) else _texte(valeur).strip().casefold()
    if mot in (True, "oui", "vrai", "true"):
        return True
    if mot in (False, "non", "faux", "false"):
        return False
    raise ValueError("« oui » ou « non » est attendu")


def _lignes(valeur: Sequence[str]) -> str:
    return "\n".join(valeur)


COLONNES: Mapping[str, tuple[Colonne, ...]] = {
    THEMES: (
        Colonne("Thème", "code", _texte, exigee=True),
        Colonne("Titre", "titre", _texte, exigee=True, large=40),
        Colonne("Objectif", "objectif", _texte, exigee=True),
        Colonne("Savoir", "savoir", _texte, exigee=True, large=60),
        Colonne("Chapitres", "chapitres", _liste, _lignes),
    ),
    ITEMS: (
        Colonne("Thème", "theme", _texte, exigee=True),
        Colonne("Identifiant", "id", _texte, exigee=True, large=26),
        Colonne("Niveau", "niveau", _entier, exigee=True, large=8),
        Colonne("Genre", "genre", _texte, exigee=True),
        Colonne("Question", "question", _texte, exigee=True, large=70),
        Colonne("Sources", "sources", _liste, _lignes, exigee=True, large=26),
        Colonne("Fiabilité", "fiabilite", _texte, exigee=True),
        Colonne("Erreurs", "erreurs", _liste, _lignes),
        Colonne("Fait", "fait", _texte, large=22),
        Colonne("Usage", "usage", _texte),
        Colonne("Objectif", "objectif", _texte),
        Colonne("Valide du", "valide_du", _jour, date.isoformat),
        Colonne("Valide au", "valide_au", _jour, date.isoformat),
        Colonne("Calcul", "calcul", _texte, large=22),
        Colonne("Attendu", "attendu", _texte),
        Colonne("Tolérance", "tolerance", _texte),
        Colonne("Unité", "unite", _texte),
        Colonne("Facture", "facture", _texte, large=26),
        Colonne("Leurres", "leurres", _liste, _lignes, large=30),
        Colonne("Retour juste", "retour_juste", _texte, large=50),
        Colonne("Retour faux", "retour_faux", _texte, large=50),
    ),
    REPONSES: (
        Colonne("Identifiant", "id", _texte, exigee=True, large=26),
        Colonne("Réponse", "texte", _texte, exigee=True, large=50),
        Colonne("Juste", "juste", _oui, lambda juste: "oui" if juste else "non", large=8),
        Colonne("Va avec", "cible", _texte, large=30),
        Colonne("Retour", "retour", _texte, exigee=True, large=80),
    ),
}
NOM_DE_LA_REPONSE = {"piege": "valeur", "champ": "terme"}
"""What the column « Réponse » holds: the text of a choice or of a line, the value of a trap, the term of a field."""
