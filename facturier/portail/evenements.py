"""The form of an event of the journal, checked before anything looks at its meaning."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict, get_args

from facturier.referentiel.lignes import Role

EVENEMENTS_MAX = 2000
"""A journal longer than this is not a class's work."""
CHAMPS_MAX = 40
TEXTE_MAX = 2000
SYSTEME = "systeme"
ROLES: tuple[str, ...] = get_args(Role)

_ANNEES = range(1970, 2200)
_CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")
_PIECE = re.compile(r"P[0-9]{4}")
_SIRET = re.compile(r"[0-9]{14}")
_QUAND = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}")


class Evenement(TypedDict):
    """One line of the journal, as JSON keeps it."""

    n: int
    quand: str
    role: str
    structure: str
    action: str
    piece: str
    donnees: dict[str, str]


@dataclass(frozen=True)
class Acteur:
    """Who acts: a role, in the name of a structure (its SIRET; empty for the system)."""

    role: str
    structure: str


class FormeRefusee(ValueError):
    """What an event has that no event may have; the message is a French clause."""


def moment(quand: datetime) -> str:
    """A date and time as the journal writes it: local, to the second."""
    return quand.isoformat(timespec="seconds")


def lire_moment(texte: object) -> datetime:
    """The date and time that the journal writes ``AAAA-MM-JJTHH:MM:SS``."""
    if not isinstance(texte, str) or not _QUAND.fullmatch(texte):
        raise FormeRefusee("« quand » doit être une date et une heure, AAAA-MM-JJTHH:MM:SS.")
    try:
        lu = datetime.fromisoformat(texte)
    except ValueError:
        raise FormeRefusee(f"« {texte} » n’est pas une date et une heure possibles.") from None
    if lu.year not in _ANNEES:
        raise FormeRefusee(f"l’année {lu.year} n’est pas plausible.")
    return lu


def lire_evenement(brut: object) -> Evenement:
    """The event itself, when its keys, types and sizes are those of an event; meaning is checked elsewhere.

    Raises:
        FormeRefusee: it is not; the message is a French clause for ``JournalRefuse``.
    """
    if not isinstance(brut, dict):
        raise FormeRefusee("un événement doit être un objet JSON.")
    attendues = Evenement.__annotations__
    if set(brut) != set(attendues):
        manquantes = ", ".join(sorted(set(attendues) - set(brut)))
        raise FormeRefusee(f"il manque « {manquantes} »." if manquantes else "une clé est inconnue.")
    n = brut["n"]
    if isinstance(n, bool) or not isinstance(n, int) or not 1 <= n <= EVENEMENTS_MAX:
        raise FormeRefusee(f"« n » doit être un nombre entier, de 1 à {EVENEMENTS_MAX}.")
    lire_moment(brut["quand"])
    role, structure = brut["role"], brut["structure"]
    if not isinstance(role, str) or role not in ROLES:
        raise FormeRefusee("le rôle est inconnu.")
    if not isinstance(structure, str) or not (_SIRET.fullmatch(structure) or (role == SYSTEME and not structure)):
        raise FormeRefusee("« structure » doit être un SIRET de 14 chiffres (vide pour le système).")
    if not isinstance(brut["action"], str) or not _CODE.fullmatch(brut["action"]):
        raise FormeRefusee("l’action est inconnue.")
    if not isinstance(brut["piece"], str) or not _PIECE.fullmatch(brut["piece"]):
        raise FormeRefusee("« piece » doit être un numéro de pièce comme P0001.")
    return Evenement(
        n=n,
        quand=brut["quand"],
        role=role,
        structure=structure,
        action=brut["action"],
        piece=brut["piece"],
        donnees=lire_donnees(brut["donnees"]),
    )


def lire_donnees(brut: object) -> dict[str, str]:
    """Field codes to texts, bounded in number and size; a copy, so that nobody changes the journal from outside.

    Raises:
        FormeRefusee: something else.
    """
    if not isinstance(brut, Mapping):
        raise FormeRefusee("« donnees » doit être un objet JSON.")
    if len(brut) > CHAMPS_MAX:
        raise FormeRefusee(f"« donnees » a plus de {CHAMPS_MAX} champs.")
    return {_cle(cle): _texte(cle, valeur) for cle, valeur in brut.items()}


def _cle(cle: Any) -> str:
    if not isinstance(cle, str) or not _CODE.fullmatch(cle):
        raise FormeRefusee("un nom de champ est inconnu.")
    return cle


def _texte(cle: str, valeur: Any) -> str:
    if not isinstance(valeur, str):
        raise FormeRefusee(f"le champ « {cle} » doit être un texte.")
    if len(valeur) > TEXTE_MAX:
        raise FormeRefusee(f"le champ « {cle} » dépasse {TEXTE_MAX} caractères.")
    if any((ord(c) < 32 and c not in "\n\r\t") or 0xD800 <= ord(c) <= 0xDFFF for c in valeur):
        raise FormeRefusee(f"le champ « {cle} » contient un caractère interdit.")
    return valeur
