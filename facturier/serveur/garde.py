"""Around every request: bounded and timed bodies, closed origins, security headers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Recevoir = Callable[[], Awaitable[Message]]
Envoyer = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Recevoir, Envoyer], Awaitable[None]]

CORPS_MAX = 256 * 1024
"""Bytes of a body: forty fields of two thousand characters fit."""
CORPS_FICHIER_MAX = 9 * 1024 * 1024
"""Bytes of a body that brings a file: the learner's pages only, from a browser that has joined."""
PAGE_DES_FICHIERS, TEMOIN = "/poste/", b"facturier_apprenant="
CORPS_SECONDES = 15.0
_SURES = ("GET", "HEAD", "OPTIONS")
_ENTETES = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
    (
        b"content-security-policy",
        b"default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
    ),
)


class _TropGros(Exception):
    pass


class _Patience:
    """``asyncio.timeout(CORPS_SECONDES)`` for a crowd, nearly to the second: one timer for all who read, because
    nearly every body is there at once and a timer each is a tenth of the cost of an act."""

    PAS = 20
    """Looks during the time allowed."""

    def __init__(self) -> None:
        self._fins: dict[asyncio.Task[Any], float] = {}
        self._lents: set[asyncio.Task[Any]] = set()
        self._veille: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> None:
        tache, boucle = asyncio.current_task(), asyncio.get_running_loop()
        if tache is not None:
            self._fins[tache] = boucle.time() + CORPS_SECONDES
        if self._veille is None:
            self._veille = boucle.call_later(CORPS_SECONDES / self.PAS, self._veiller, boucle)

    async def __aexit__(self, genre: type[BaseException] | None, *_: object) -> None:
        tache = asyncio.current_task()
        if tache is None:
            return
        self._fins.pop(tache, None)
        if tache in self._lents:
            self._lents.discard(tache)
            if tache.uncancel() == 0 and genre is not None and issubclass(genre, asyncio.CancelledError):
                raise TimeoutError

    def _veiller(self, boucle: asyncio.AbstractEventLoop) -> None:
        self._veille = None
        maintenant = boucle.time()
        for tache in [tache for tache, fin in self._fins.items() if fin <= maintenant]:
            del self._fins[tache]
            self._lents.add(tache)
            tache.cancel()
        if self._fins:
            self._veille = boucle.call_later(CORPS_SECONDES / self.PAS, self._veiller, boucle)


class Garde:
    """ASGI layer put before the application."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._patience = _Patience()

    async def __call__(self, scope: Message, receive: Recevoir, send: Envoyer) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        entetes = dict(scope["headers"])

        async def envoyer(message: Message) -> None:
            if message["type"] == "http.response.start":
                presents = {nom for nom, _ in message["headers"]}
                ajoutes = [paire for paire in _ENTETES if paire[0] not in presents]
                if b"cache-control" not in presents:
                    ajoutes.append((b"cache-control", b"no-store"))
                message["headers"] = [*message["headers"], *ajoutes]
            await send(message)

        if scope["method"] not in _SURES and not _meme_origine(scope, entetes):
            phrase = "Cette demande vient d’une autre page que celle du portail : elle est refusée."
            await _refuser(envoyer, 403, "origine", phrase)
            return
        annonce, borne = entetes.get(b"content-length", b"0"), _borne(scope, entetes)
        if not annonce.isdigit() or int(annonce[:12]) > borne:
            await _refuser(envoyer, 413, "trop-gros", _phrase_trop_gros(borne))
            return
        try:
            async with self._patience:
                corps = await _lire(receive, borne)
        except _TropGros:
            await _refuser(envoyer, 413, "trop-gros", _phrase_trop_gros(borne))
        except TimeoutError:
            await _refuser(envoyer, 408, "trop-lent", "Votre demande arrive trop lentement : recommencez.")
        else:
            await self._application(scope, _rendre(corps, receive), envoyer)


def _borne(scope: Message, entetes: dict[bytes, bytes]) -> int:
    """How big a body may be."""
    avec_fichier = entetes.get(b"content-type", b"").startswith(b"multipart/form-data")
    page = scope["path"].startswith(PAGE_DES_FICHIERS) and TEMOIN in entetes.get(b"cookie", b"")
    return CORPS_FICHIER_MAX if avec_fichier and page else CORPS_MAX


async def _lire(receive: Recevoir, borne: int) -> bytes:
    """The whole body, read before anything looks at it."""
    morceaux: list[bytes] = []
    taille = 0
    while True:
        message = await receive()
        morceau = message.get("body", b"")
        taille += len(morceau)
        if taille > borne:
            raise _TropGros
        morceaux.append(morceau)
        if not message.get("more_body", False):
            return b"".join(morceaux)


def _rendre(corps: bytes, receive: Recevoir) -> Recevoir:
    rendu = False

    async def recevoir() -> Message:
        nonlocal rendu
        if rendu:
            return await receive()
        rendu = True
        return {"type": "http.request", "body": corps, "more_body": False}

    return recevoir


def _meme_origine(scope: Message, entetes: dict[bytes, bytes]) -> bool:
    """A browser says where a request that changes something comes from; a client without a page does not."""
    if entetes.get(b"sec-fetch-site", b"same-origin") not in (b"same-origin", b"none"):
        return False
    origine = entetes.get(b"origin")
    if origine is None:
        return b"cookie" not in entetes  # a session in a cookie acts only from a page of the portal
    return origine.partition(b"://")[2] == entetes.get(b"host", b"")


async def _refuser(envoyer: Envoyer, statut: int, code: str, phrase: str) -> None:
    corps = json.dumps({"phrase": phrase, "code": code, "regles": []}, ensure_ascii=False).encode()
    entetes = [(b"content-type", b"application/json; charset=utf-8"), (b"content-length", str(len(corps)).encode())]
    if statut in (408, 413):
        entetes.append((b"connection", b"close"))
    await envoyer({"type": "http.response.start", "status": statut, "headers": entetes})
    await envoyer({"type": "http.response.body", "body": corps})


def _phrase_trop_gros(borne: int) -> str:
    return f"Votre demande dépasse {borne // 1024} Kio : elle est refusée."
