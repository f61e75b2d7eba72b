"""The session file: one TOML that names a class, its dates and its learners (pseudonyms only)."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from facturier.erreurs import ErreurFacturier

_PSEUDONYME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_CHAMPS = {"session", "apprenants"}
_OBLIGATOIRES = ("id", "intitule", "date", "lieu", "formateur", "organisme")
FACULTATIFS = ("nda", "adresse", "contact", "referent_handicap", "matin", "apres_midi", "visioconference", "signataire")
"""What the papers of a session print when it is given: declaration number, who to write to, hours, the call."""
_CHAMPS_SESSION = {*_OBLIGATOIRES, *FACULTATIFS, "incident"}
MATIN, APRES_MIDI = "09:00-12:30", "13:30-17:00"
_DISTANCE = re.compile(r"distan|virtuel|visio|en ligne")
_HORAIRE = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True)
class Session:
    """A session: ``jour`` is its date, ``apprenants`` are pseudonymous ids, never names (RGPD). ``incident``:
    that of the case study, "" when each learner's seed draws theirs."""

    id: str
    intitule: str
    jour: date
    lieu: str
    formateur: str
    organisme: str
    apprenants: tuple[str, ...]
    nda: str = ""
    adresse: str = ""
    contact: str = ""
    referent_handicap: str = ""
    matin: str = MATIN
    apres_midi: str = APRES_MIDI
    visioconference: str = ""
    signataire: str = ""
    incident: str = ""

    @property
    def a_distance(self) -> bool:
        """Whether somebody follows it from elsewhere: it has a call, or its place says so."""
        return bool(self.visioconference) or _DISTANCE.search(self.lieu.casefold()) is not None

    @property
    def demi_journees(self) -> tuple[tuple[str, str, Decimal], ...]:
        """Morning and afternoon: name, hours as text, length in hours."""
        return tuple(
            (nom, plage, _heures(plage)) for nom, plage in (("matin", self.matin), ("après-midi", self.apres_midi))
        )


def lire(chemin: Path) -> Session:
    """Read a session file.

    Raises:
        ErreurFacturier: the file is unreadable, or a field is missing, unknown or malformed; the sentence names it.
    """
    try:
        brut = tomllib.loads(chemin.read_text(encoding="utf-8"))
    except FileNotFoundError as cause:
        raise _refus(chemin, "ce fichier n’existe pas ; vérifiez le chemin") from cause
    except (OSError, UnicodeDecodeError) as cause:
        raise _refus(chemin, "lecture impossible ; enregistrez ce fichier en UTF-8") from cause
    except (tomllib.TOMLDecodeError, RecursionError) as cause:
        raise _refus(chemin, f"ce n’est pas du TOML ({cause})") from cause
    if inconnus := sorted(set(brut) - _CHAMPS):
        raise _refus(chemin, f"rubrique inconnue « {inconnus[0]} » ; rubriques permises : {', '.join(sorted(_CHAMPS))}")
    champs = brut.get("session")
    if not isinstance(champs, dict):
        raise _refus(chemin, "la rubrique [session] manque")
    if inconnus := sorted(set(champs) - _CHAMPS_SESSION):
        raise _refus(chemin, f"champ inconnu « {inconnus[0]} » dans [session]")
    session = Session(
        id=_texte(chemin, champs, "id", pseudonyme=True),
        intitule=_texte(chemin, champs, "intitule"),
        jour=_jour(chemin, champs),
        lieu=_texte(chemin, champs, "lieu"),
        formateur=_texte(chemin, champs, "formateur"),
        organisme=_texte(chemin, champs, "organisme"),
        apprenants=_apprenants(chemin, brut.get("apprenants", [])),
        incident=_texte(chemin, champs, "incident", pseudonyme=True) if "incident" in champs else "",
        **{nom: _texte(chemin, champs, nom) for nom in FACULTATIFS if nom in champs},
    )
    for nom in ("matin", "apres_midi"):
        plage = getattr(session, nom)
        if not _HORAIRE.fullmatch(plage) or _heures(plage) <= 0:
            raise _refus(chemin, f"« {nom} » s’écrit comme 09:00-12:30")
    return session


def _heures(plage: str) -> Decimal:
    trouve = _HORAIRE.fullmatch(plage)
    if trouve is None:
        return Decimal(0)
    h1, m1, h2, m2 = (int(n) for n in trouve.groups())
    return Decimal(h2 * 60 + m2 - h1 * 60 - m1) / 60


def _apprenants(chemin: Path, valeur: Any) -> tuple[str, ...]:
    if not isinstance(valeur, list) or not all(isinstance(v, str) and _PSEUDONYME.fullmatch(v) for v in valeur):
        raise _refus(chemin, "« apprenants » doit lister des pseudonymes : minuscules, chiffres, tirets")
    if len(set(valeur)) != len(valeur):
        raise _refus(chemin, "un pseudonyme figure deux fois dans « apprenants »")
    return tuple(valeur)


def _jour(chemin: Path, champs: dict[str, Any]) -> date:
    valeur = champs.get("date")
    if not isinstance(valeur, date) or isinstance(valeur, datetime):
        raise _refus(chemin, "« date » doit être une date TOML, par exemple date = 2026-12-03")
    return valeur


def _texte(chemin: Path, champs: dict[str, Any], nom: str, *, pseudonyme: bool = False) -> str:
    valeur = champs.get(nom)
    if not isinstance(valeur, str) or not valeur.strip() or len(valeur) > 200:
        raise _refus(chemin, f"« {nom} » manque ou n’est pas un texte de 1 à 200 caractères")
    if pseudonyme and not _PSEUDONYME.fullmatch(valeur):
        raise _refus(chemin, f"« {nom} » ne contient que des minuscules, des chiffres et des tirets")
    return valeur.strip()


def _refus(chemin: Path, cause: str) -> ErreurFacturier:
    return ErreurFacturier(f"Fichier de session {chemin} : {cause}.", code="session-refusee")
