"""A shorter way to the two routes that everybody asks all the time: acting, and reading what is new.

Both are ordinary routes of ``api``: this layer only calls the same functions, with the same schemas and the same
refusals, before FastAPI looks for the route and solves its parameters, which costs more than the act. Without it
everything works the same, slower; a test compares the two ways.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, TypeVar

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, StringConstraints, TypeAdapter, ValidationError

from facturier.liaison import schemas as s
from facturier.portail.evenements import EVENEMENTS_MAX
from facturier.registre import LigneParticipant
from facturier.serveur import api, vif
from facturier.serveur.classe import Classe
from facturier.serveur.espace import CLE_MAX
from facturier.serveur.garde import Application, Envoyer, Message, Recevoir

T = TypeVar("T")
R = TypeVar("R")
_CHEMIN = re.compile(r"/api/v1/espaces/([^/]+)/(actes|journal)")
_JSON = "application/json"
_cle: TypeAdapter[str] = TypeAdapter(Annotated[str, StringConstraints(max_length=CLE_MAX, pattern=api.CLE)])
_depuis: TypeAdapter[int] = TypeAdapter(Annotated[int, Field(ge=0, le=EVENEMENTS_MAX)])
_geste: TypeAdapter[s.Geste] = TypeAdapter(s.Geste)


class Raccourci:
    """ASGI layer put before the application, behind the guard."""

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Message, receive: Recevoir, send: Envoyer) -> None:
        """Serve one request."""
        trouve = _CHEMIN.fullmatch(scope["path"]) if scope["type"] == "http" else None
        servir = _VIVES.get((scope["method"], trouve[2])) if trouve else None
        if trouve is None or servir is None:
            await self._application(scope, receive, send)
            return
        try:
            vue = await servir(_Demande(scope, receive), trouve[1])
            octets = vue.model_dump_json().encode()
        except Exception as cause:  # noqa: BLE001 - each is said as the application says it, or goes up
            reponse = await _refus(Request(scope, receive), cause)
            await reponse(scope, receive, send)
            return
        entetes = [(b"content-length", b"%d" % len(octets)), (b"content-type", _JSON.encode())]
        await send({"type": "http.response.start", "status": 200, "headers": entetes})
        await send({"type": "http.response.body", "body": octets})


class _Demande:
    """What is looked at of a request."""

    def __init__(self, scope: Message, receive: Recevoir) -> None:
        self.scope, self.recevoir = scope, receive
        self.classe: Classe = scope["app"].state.classe
        self._entetes = dict(reversed(scope["headers"]))  # of those that are there twice, the first counts

    def entete(self, nom: bytes) -> str:
        """That header, « » when there is none."""
        octets: bytes = self._entetes.get(nom, b"")
        return octets.decode("latin-1")

    async def lui(self) -> LigneParticipant:
        """Who asks."""
        return await vif.identifier(self.classe, api.jeton(self.entete(b"authorization")))


async def _agir(demande: _Demande, espace: str) -> BaseModel:
    lui = await demande.lui()
    geste = _lire(_geste.validate_json, ("body",), await _corps(demande))
    cle = _lire(_cle.validate_python, ("header", "idempotency-key"), demande.entete(b"idempotency-key"))
    return await api.agir(espace, geste, lui, demande.classe, cle)


async def _journal(demande: _Demande, espace: str) -> BaseModel:
    lui = await demande.lui()
    texte = Request(demande.scope).query_params.get("depuis", "0") if demande.scope["query_string"] else "0"
    return await api.journal(espace, lui, demande.classe, _lire(_depuis.validate_python, ("query", "depuis"), texte))


_VIVES: Mapping[tuple[str, str], Callable[[_Demande, str], Awaitable[BaseModel]]] = {
    ("POST", "actes"): _agir,
    ("GET", "journal"): _journal,
}


async def _corps(demande: _Demande) -> bytes:
    genre = demande.entete(b"content-type").partition(";")[0].strip().lower()
    octets: bytes = (await demande.recevoir()).get("body", b"")  # whole: the guard has read it
    if not octets or (genre != _JSON and not (genre.startswith("application/") and genre.endswith("+json"))):
        raise RequestValidationError([{"type": "model_type", "loc": ("body",), "msg": "JSON", "input": None}])
    return octets


def _lire(lecture: Callable[[T], R], ou: tuple[str, ...], texte: T) -> R:
    try:
        return lecture(texte)
    except ValidationError as cause:
        erreurs = cause.errors(include_url=False, include_input=False)
        raise RequestValidationError([{**e, "loc": (*ou, *e["loc"])} for e in erreurs]) from None


async def _refus(request: Request, cause: Exception) -> Response:
    """What the application's own handler makes of it; what it has no handler for goes up, to its last resort."""
    application: FastAPI = request.app
    for genre in type(cause).__mro__:
        if genre is not Exception and (dire := application.exception_handlers.get(genre)):
            reponse: Response = await dire(request, cause)  # type: ignore[misc]  # ours are coroutines, see ``erreurs``
            return reponse
    raise cause
