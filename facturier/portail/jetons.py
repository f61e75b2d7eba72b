"""What a message carries and nobody else knows: drawn from the portal's seed, so that a replay finds it again."""

from __future__ import annotations

import hashlib
import hmac
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal

from facturier import referentiel
from facturier.portail.personnes import Envoi

Usage = Literal["lien", "code", "confirmation"]
CHIFFRES_DU_CODE = 6
_LONGUEUR_DU_LIEN = 32
_DELAIS: dict[Usage, str] = {
    "lien": "activation-compte",
    "code": "code-double-authentification",
    "confirmation": "confirmation-courriel",
}


def tirage(*parties: object) -> int:
    """A large whole number, always the same for these parts."""
    cle = "|".join(str(partie) for partie in parties)
    return int.from_bytes(hashlib.sha256(cle.encode("utf-8", "surrogatepass")).digest(), "big")


def jeton(graine: str, usage: Usage, compte: str, rang: int) -> str:
    """What the message sent by event ``rang`` to that account carries: a link's end, or a code of digits."""
    tire = tirage(graine, usage, compte, rang)
    if usage == "code":
        return f"{tire % 10**CHIFFRES_DU_CODE:0{CHIFFRES_DU_CODE}d}"
    return f"{tire:064x}"[:_LONGUEUR_DU_LIEN]


def minutes(usage: Usage, quand: datetime) -> int:
    """How many minutes it lives (table ``delais``)."""
    return _minutes(usage, quand.date())


@lru_cache(maxsize=512)
def _minutes(usage: Usage, jour: date) -> int:
    duree = referentiel.delai(_DELAIS[usage], jour).duree
    if duree is None:
        raise ValueError(_DELAIS[usage])
    return duree


def expire(usage: Usage, envoi: Envoi) -> datetime:
    """When it stops being of use."""
    return envoi.quand + timedelta(minutes=minutes(usage, envoi.quand))


def juste(graine: str, usage: Usage, compte: str, envoi: Envoi, donne: str) -> bool:
    """Whether that is what the message carried; spaces typed inside a code do not count."""
    attendu = jeton(graine, usage, compte, envoi.rang)
    return hmac.compare_digest(attendu.encode(), "".join(donne.split()).encode("utf-8", "surrogatepass"))
