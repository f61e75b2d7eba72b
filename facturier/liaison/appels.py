"""Calling the portal of a class over HTTP: again when the network fails, and nothing done twice."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from facturier.erreurs import ErreurFacturier
from facturier.liaison import schemas as s
from facturier.portail import RefusPortail

if TYPE_CHECKING:
    import httpx
    from pydantic import BaseModel

    M = TypeVar("M", bound=BaseModel)

ATTENTES = (0.2, 0.6, 1.5, 3.0)
"""Seconds before each new try; the key of the act stays the same, so that none is done twice."""
DELAI = 20.0
FICHIER_MAX = 8 * 1024 * 1024
_PASSAGERS = (502, 503, 504)
_DU_LIEN = frozenset({"jeton-refuse", "code-refuse", "deja-pris", "trop-d-essais", "panne", "forme", "methode"})


class ErreurLiaison(ErreurFacturier):
    """The portal of the class cannot be reached, or does not let one in."""

    code = "liaison"


class Appels:
    """What is asked of the portal at the address of ``client``, in the name of who holds ``jeton``, which is never
    written in an address."""

    def __init__(
        self, client: httpx.Client, jeton: str = "", *, patienter: Callable[[float], None] = time.sleep
    ) -> None:
        self._client = client
        self.jeton = jeton
        self._patienter = patienter

    def fermer(self) -> None:
        """Close the connections."""
        self._client.close()

    def appeler(
        self, genre: type[M], methode: str, chemin: str, corps: Mapping[str, Any] | None = None, cle: str = ""
    ) -> M:
        """Call the API; what it answers, checked.

        Raises:
            RefusPortail: the portal refuses, with its sentence, its code and its rules.
            ErreurLiaison: nobody answers, or not the portal of a class.
        """
        entetes = {"Idempotency-Key": cle} if cle else {}
        try:
            return genre.model_validate(self.envoyer(methode, chemin, corps, entetes))
        except ValueError as cause:
            raise pas_un_portail() from cause

    def telecharger(self, chemin: str) -> bytes:
        """A file that the server makes.

        Raises:
            RefusPortail, ErreurLiaison: as :meth:`appeler`; ErreurLiaison also when it is too big.
        """
        reponse = self._repondre("GET", chemin, None, {})
        if not reponse.is_success or len(reponse.content) > FICHIER_MAX:
            _lire(reponse)
            raise pas_un_portail()
        return reponse.content

    def envoyer(self, methode: str, chemin: str, corps: Mapping[str, Any] | None, entetes: dict[str, str]) -> Any:
        """What that call answers, in JSON."""
        return _lire(self._repondre(methode, chemin, corps, entetes))

    def _repondre(
        self, methode: str, chemin: str, corps: Mapping[str, Any] | None, entetes: dict[str, str]
    ) -> httpx.Response:
        import httpx

        if self.jeton:
            entetes = {**entetes, "Authorization": f"Bearer {self.jeton}"}
        rejouable = methode != "POST" or "Idempotency-Key" in entetes or chemin in ("aide", "partir")
        for attente in (*ATTENTES, None):
            try:
                reponse = self._client.request(methode, f"api/v1/{chemin}", json=corps, headers=entetes)
            except httpx.ConnectError as cause:  # nothing was sent
                if attente is None:
                    raise _injoignable() from cause
            except httpx.HTTPError as cause:
                if attente is None or not rejouable:
                    raise _injoignable() from cause
            else:
                if attente is None or reponse.status_code not in _PASSAGERS or not rejouable:
                    return reponse
            self._patienter(attente)
        raise AssertionError("unreachable")


def client_http(adresse: str) -> httpx.Client:
    """A client on the portal at that address (ErreurLiaison when it is not one)."""
    import httpx

    propre = adresse.strip().rstrip("/") + "/"
    morceaux = urlsplit(propre)
    if morceaux.scheme not in ("http", "https") or not morceaux.hostname or "@" in morceaux.netloc:
        raise ErreurLiaison("Donnez l’adresse du portail, par exemple http://192.168.1.20:8765.", code="adresse")
    return httpx.Client(base_url=propre, timeout=DELAI, follow_redirects=False, trust_env=False)


def _lire(reponse: httpx.Response) -> Any:
    try:
        document = reponse.json()
        if reponse.is_success:
            return document
        refus = s.Erreur.model_validate(document)
    except ValueError as cause:
        raise pas_un_portail() from cause
    if reponse.status_code >= 500 or refus.code in _DU_LIEN:
        raise ErreurLiaison(refus.phrase, code=refus.code)
    raise RefusPortail((refus.phrase,), refus.regles, code=refus.code)


def _injoignable() -> ErreurLiaison:
    return ErreurLiaison(
        "Le portail de la classe ne répond pas : vérifiez votre connexion, puis recommencez. Ce qui était enregistré "
        "l’est resté.",
        code="injoignable",
    )


def pas_un_portail() -> ErreurLiaison:
    """What answers is not the portal of a class."""
    return ErreurLiaison(
        "Cette adresse ne répond pas comme le portail d’une classe : relisez-la, ou mettez facturier à jour.",
        code="reponse-illisible",
    )
