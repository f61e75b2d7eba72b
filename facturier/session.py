"""The session file: one TOML that names a class, its dates and its learners (pseudonyms only)."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from facturier.erreurs import ErreurFacturier

_PSEUDONYME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_CHAMPS = {"session", "apprenants"}
_CHAMPS_SESSION = {"id", "intitule", "date", "lieu", "formateur", "organisme"}


@dataclass(frozen=True)
class Session:
    """A session: ``jour`` is its date, ``apprenants`` are pseudonymous ids, never names (RGPD)."""

    id: str
    intitule: str
    jour: date
    lieu: str
    formateur: str
    organisme: str
    apprenants: tuple[str, ...]


def lire(chemin: Path) -> Session:
    """Read a session file.

    Raises:
        ErreurFacturier: the file is unreadable, or a field is missing, unknown or malformed; the sentence names it.
    """
    try:
        brut = tomllib.loads(chemin.read_text(encoding="utf-8"))
    except FileNotFoundError as cause:
        raise _refus(chemin, "ce fichier n’existe pas ; vérifiez le chemin") from cause
    except (OSError, UnicodeDecodeError) as cause:
        raise _refus(chemin, "lecture impossible ; enregistrez ce fichier en UTF-8") from cause
    except (tomllib.TOMLDecodeError, RecursionError) as cause:
        raise _refus(chemin, f"ce n’est pas du TOML ({cause})") from cause
    if inconnus := sorted(set(brut) - _CHAMPS):
        raise _refus(chemin, f"rubrique inconnue « {inconnus[0]} » ; rubriques permises : {', '.join(sorted(_CHAMPS))}")
    champs = brut.get("session")
    if not isinstance(champs, dict):
        raise _refus(chemin, "la rubrique [session] manque")
    if inconnus := sorted(set(champs) - _CHAMPS_SESSION):
        raise _refus(chemin, f"champ inconnu « {inconnus[0]} » dans [session]")
    session = Session(
        id=_texte(chemin, champs, "id", pseudonyme=True),
        intitule=_texte(chemin, champs, "intitule"),
        jour=_jour(chemin, champs),
        lieu=_texte(chemin, champs, "lieu"),
        formateur=_texte(chemin, champs, "formateur"),
        organisme=_texte(chemin, champs, "organisme"),
        apprenants=_apprenants(chemin, brut.get("apprenants", [])),
    )
    return session


def _apprenants(chemin: Path, valeur: Any) -> tuple[str, ...]:
    if not isinstance(valeur, list) or not all(isinstance(v, str) and _PSEUDONYME.fullmatch(v) for v in valeur):
        raise _refus(chemin, "« apprenants » doit lister des pseudonymes : minuscules, chiffres, tirets")
    if len(set(valeur)) != len(valeur):
        raise _refus(chemin, "un pseudonyme figure deux fois dans « apprenants »")
    return tuple(valeur)


def _jour(chemin: Path, champs: dict[str, Any]) -> date:
    valeur = champs.get("date")
    if not isinstance(valeur, date) or isinstance(valeur, datetime):
        raise _refus(chemin, "« date » doit être une date TOML, par exemple date = 2026-12-03")
    return valeur


def _texte(chemin: Path, champs: dict[str, Any], nom: str, *, pseudonyme: bool = False) -> str:
    valeur = champs.get(nom)
    if not isinstance(valeur, str) or not valeur.strip() or len(valeur) > 200:
        raise _refus(chemin, f"« {nom} » manque ou n’est pas un texte de 1 à 200 caractères")
    if pseudonyme and not _PSEUDONYME.fullmatch(valeur):
        raise _refus(chemin, f"« {nom} » ne contient que des minuscules, des chiffres et des tirets")
    return valeur.strip()


def _refus(chemin: Path, cause: str) -> ErreurFacturier:
    return ErreurFacturier(f"Fichier de session {chemin} : {cause}.", code="session-refusee")
