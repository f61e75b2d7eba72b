"""Secrets of a class: join code, tokens and passwords; only their fingerprints are kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from facturier.serveur.refus import RefusClasse

LETTRES = "ABCDEFGHJKMNPQRTUVWXY346789"
"""Letters and figures that are not taken for one another when read aloud or on a screen."""
LONGUEUR_CODE = 6
MOT_DE_PASSE_MIN = 10
_TROP = "Trop d’essais manqués : attendez une minute, puis recommencez en relisant le code affiché par le formateur."
_SCRYPT = {"n": 2**14, "r": 8, "p": 1, "maxmem": 64 * 1024 * 1024, "dklen": 32}


def tirer_code() -> str:
    """A join code, short enough to be read aloud."""
    return "".join(secrets.choice(LETTRES) for _ in range(LONGUEUR_CODE))


def meme_code(donne: str, attendu: str) -> bool:
    """Whether that is the code, in a time that says nothing of it; case, spaces and hyphens do not count."""
    propre = "".join(donne.upper().replace("-", " ").split())
    return hmac.compare_digest(propre.encode("utf-8", "replace"), attendu.encode())


def tirer_jeton() -> str:
    """256 bits, as text for a header."""
    return secrets.token_urlsafe(32)


def empreinte(jeton: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(jeton.encode("utf-8", "replace")).hexdigest()


def hacher(mot_de_passe: str) -> str:
    """What is kept of a password: salt and scrypt."""
    if not MOT_DE_PASSE_MIN <= len(mot_de_passe) <= 200:
        raise RefusClasse(f"Choisissez un mot de passe de {MOT_DE_PASSE_MIN} à 200 caractères.", code="mot-de-passe")
    sel = secrets.token_bytes(16)
    return f"scrypt${sel.hex()}${hashlib.scrypt(mot_de_passe.encode(), salt=sel, **_SCRYPT).hex()}"


def verifier(mot_de_passe: str, garde: str) -> bool:
    """Whether that is the password; as long for an unknown login (``garde`` « »)."""
    _, sel, attendu = garde.split("$") if garde else ("", "00" * 16, "00" * 32)
    calcule = hashlib.scrypt(mot_de_passe[:200].encode("utf-8", "replace"), salt=bytes.fromhex(sel), **_SCRYPT)
    return hmac.compare_digest(calcule.hex(), attendu) and bool(garde)


class Limiteur:
    """Failed attempts counted over a sliding time, by address and in all: a whole class behind one address joins
    without being counted, who guesses is stopped. With ``nouvelles``, an address that has not failed lately is heard
    even when all together have failed too often: guessing in numbers shuts nobody out."""

    ADRESSES_MAX = 10_000

    def __init__(
        self,
        horloge: Callable[[], datetime],
        *,
        par_adresse: int = 10,
        en_tout: int = 100,
        secondes: int = 60,
        nouvelles: bool = False,
        phrase: str = _TROP,
    ) -> None:
        self._phrase = phrase
        self._horloge = horloge
        self._nouvelles = nouvelles
        self._bornes = (par_adresse, en_tout)
        self._duree = timedelta(seconds=secondes)
        self._echecs: dict[str, deque[datetime]] = {}
        self._tous: deque[datetime] = deque()
        self._verrou = threading.Lock()

    def passer(self, adresse: str) -> None:
        """Raises RefusClasse (« trop-d-essais ») when that address, or everybody, has failed too often."""
        with self._verrou:
            self._oublier()
            siens = self._echecs.get(adresse, ())
            connue = bool(siens) or len(self._echecs) >= self.ADRESSES_MAX or not self._nouvelles
            if len(siens) >= self._bornes[0] or (connue and len(self._tous) >= self._bornes[1]):
                raise RefusClasse(self._phrase, code="trop-d-essais")

    def echouer(self, adresse: str) -> None:
        """Count a failed attempt."""
        with self._verrou:
            self._oublier()
            instant = self._horloge()
            self._tous.append(instant)
            if adresse in self._echecs or len(self._echecs) < self.ADRESSES_MAX:
                self._echecs.setdefault(adresse, deque()).append(instant)

    def _oublier(self) -> None:
        maintenant = self._horloge()
        limite = maintenant - self._duree
        if self._tous and self._tous[-1] > maintenant:  # the clock was set back: what it said before counts no more
            self._tous.clear()
            self._echecs.clear()
        while self._tous and self._tous[0] <= limite:
            self._tous.popleft()
        for adresse in [a for a, siens in self._echecs.items() if siens[-1] <= limite]:
            del self._echecs[adresse]
        for siens in self._echecs.values():
            while siens and siens[0] <= limite:
                siens.popleft()
