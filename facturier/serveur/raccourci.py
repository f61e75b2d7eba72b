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
from facturier.serveur import api
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
        request = Request(scope, receive)
        try:
            vue = await servir(request, trouve[1])
            reponse = Response(vue.model_dump_json(), media_type=_JSON)
        except Exception as cause:  # noqa: BLE001 - each is said as the application says it, or goes up
            reponse = await _refus(request, cause)
        await reponse(scope, receive, send)


async def _agir(request: Request, espace: str) -> BaseModel:
    classe = await api.classe_de(request)
    lui = await api.participant(request, request.headers.get("authorization", ""))
    geste = _lire(_geste.validate_json, ("body",), await _corps(request))
    cle = _lire(_cle.validate_python, ("header", "idempotency-key"), request.headers.get("idempotency-key", ""))
    return await api.agir(espace, geste, lui, classe, cle)


async def _journal(request: Request, espace: str) -> BaseModel:
    classe = await api.classe_de(request)
    lui = await api.participant(request, request.headers.get("authorization", ""))
    texte = request.query_params.get("depuis", "0") if request.scope["query_string"] else "0"
    return await api.journal(espace, lui, classe, _lire(_depuis.validate_python, ("query", "depuis"), texte))


_VIVES: Mapping[tuple[str, str], Callable[[Request, str], Awaitable[BaseModel]]] = {
    ("POST", "actes"): _agir,
    ("GET", "journal"): _journal,
}


async def _corps(request: Request) -> bytes:
    genre = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    octets = await request.body()
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
