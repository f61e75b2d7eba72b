"""Strict reading of JSON that was in a learner's hands: types, sizes and depth are checked first."""

from __future__ import annotations

import json
import math
import os
import stat
from pathlib import Path
from typing import Any

from facturier.erreurs import ErreurFacturier

IDENTIFIANT_MAX = 200
CLES_MAX = 400
_TEXTE_MAX = 20_000
_CHOIX_MAX = 100
_PROFONDEUR_MAX = 6

Valeur = str | list[str]


class ReponseIllisible(ErreurFacturier):
    """An answer that cannot be believed: wrong shape, too big, damaged. Never to be read as a wrong answer."""

    code = "reponse-illisible"


class ReponseAlteree(ReponseIllisible):
    """An answer whose content no longer matches its own fingerprint."""

    code = "reponse-alteree"


def canonique(obj: Any) -> bytes:
    """The one byte form of a JSON value that fingerprints are made of.

    Raises:
        ReponseIllisible: not JSON (a number that is not one, a lone surrogate, a cycle).
    """
    try:
        return json.dumps(obj, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode(
            "utf-8"
        )
    except (ValueError, TypeError, RecursionError) as cause:
        raise illisible("elle contient une valeur qui ne s’écrit pas en JSON") from cause


VALEURS_MAX = 4_000_000
"""Commas and brackets of a file; the longest journal that the portal writes has a fifth of it."""


def charger_json(path: Path, limite: int) -> Any:
    """Parse a JSON file that may be hostile: a plain file (no link followed), bounded in bytes and in values (sixty
    megabytes of « [], » are twenty million lists), no duplicate key, finite numbers only.

    Raises:
        ReponseIllisible: the sentence names the file.
    """
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            raise illisible("ce n’est pas un fichier ordinaire", path)
        with path.open("rb") as flux:
            octets = flux.read(limite + 1)
    except OSError as cause:
        raise illisible("il ne se lit pas", path) from cause
    if len(octets) > limite:
        raise illisible(f"il dépasse {limite // 1024} Kio", path)
    if sum(octets.count(signe) for signe in (b",", b"[", b"{")) > VALEURS_MAX:
        raise illisible("il contient trop de valeurs", path)
    try:
        return json.loads(
            octets.decode("utf-8"),
            object_pairs_hook=_sans_doublon,
            parse_constant=_refuser_constante,
            parse_float=_nombre_fini,
        )
    except (ValueError, RecursionError) as cause:
        raise illisible("ce n’est pas du JSON correct", path) from cause


def illisible(raison: str, path: Path | None = None) -> ReponseIllisible:
    """The refusal, with its reason and the file when there is one."""
    if path is None:
        return ReponseIllisible(f"Réponse illisible : {raison}. Elle est laissée de côté.")
    return ReponseIllisible(f"Fichier de réponses illisible, {path.name} : {raison}. Il est laissé de côté.")


def _sans_doublon(paires: list[tuple[str, Any]]) -> dict[str, Any]:
    obj = dict(paires)
    if len(obj) != len(paires):
        raise ValueError("duplicate key")
    return obj


def _refuser_constante(nom: str) -> Any:
    raise ValueError(nom)


def _nombre_fini(ecrit: str) -> float:
    """« 1e999 » is an infinity that no JSON can write back."""
    lu = float(ecrit)
    if not math.isfinite(lu):
        raise ValueError(ecrit)
    return lu


def texte(obj: object, nom: str, limite: int) -> str:
    """``obj`` if it is a text of at most that many characters."""
    if not isinstance(obj, str) or len(obj) > limite:
        raise illisible(f"« {nom} » n’est pas un texte de {limite} caractères au plus")
    return obj


def valeurs(obj: object) -> dict[str, Valeur]:
    """The values of a form: texts, or lists of texts."""
    if not isinstance(obj, dict) or len(obj) > CLES_MAX:
        raise illisible("ses valeurs ne sont pas une liste de champs")
    lues: dict[str, Valeur] = {}
    for cle, valeur in obj.items():
        nom = texte(cle, "nom de champ", IDENTIFIANT_MAX)
        if isinstance(valeur, list):
            if len(valeur) > _CHOIX_MAX:
                raise illisible(f"« {nom[:60]} » a trop de choix")
            lues[nom] = [texte(choix, nom[:60], IDENTIFIANT_MAX) for choix in valeur]
        else:
            lues[nom] = texte(valeur, nom[:60], _TEXTE_MAX)
    return lues


def journal(obj: object) -> tuple[dict[str, Any], ...]:
    """The events of a form's journal: JSON objects of bounded number, depth and size (their sense is the portal's)."""
    from facturier.portail import EVENEMENTS_MAX

    if not isinstance(obj, list) or len(obj) > EVENEMENTS_MAX:
        raise illisible("son journal n’est pas une liste d’événements")
    for evenement in obj:
        if not isinstance(evenement, dict):
            raise illisible("son journal contient autre chose que des événements")
        _borner(evenement, _PROFONDEUR_MAX)
    return tuple(obj)


def _borner(obj: object, reste: int) -> None:
    if reste == 0:
        raise illisible("son journal est trop profond")
    if isinstance(obj, dict):
        for cle, valeur in obj.items():
            texte(cle, "clé de journal", IDENTIFIANT_MAX)
            _borner(valeur, reste - 1)
    elif isinstance(obj, list):
        for valeur in obj:
            _borner(valeur, reste - 1)
    elif isinstance(obj, str):
        texte(obj, "texte de journal", _TEXTE_MAX)
    elif obj is not None and not isinstance(obj, (bool, int, float)):
        raise illisible("son journal contient une valeur inattendue")
