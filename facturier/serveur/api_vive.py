"""The two routes that everybody asks all the time: acting, and reading what is new.

They are declared to FastAPI like the others (one OpenAPI document, the same schemas, the same refusals); their
parameters are read by hand, because solving dependencies costs more than the act.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field, StringConstraints, TypeAdapter, ValidationError

from facturier.liaison import schemas as s
from facturier.portail import Acteur, Portail
from facturier.portail.evenements import EVENEMENTS_MAX
from facturier.serveur import vif
from facturier.serveur.api import REFUS, LaClasse, Lui, classe_de, heure, participant
from facturier.serveur.espace import CLE_MAX, Demande

M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")
_CLE = rf"^[A-Za-z0-9._:-]{{0,{CLE_MAX}}}$"
_cle: TypeAdapter[str] = TypeAdapter(Annotated[str, StringConstraints(pattern=_CLE)])
_depuis: TypeAdapter[int] = TypeAdapter(Annotated[int, Field(ge=0, le=EVENEMENTS_MAX)])
_JSON = "application/json"

routes = APIRouter(prefix="/api/v1", responses=REFUS)


async def agir(
    espace: str,
    geste: s.Geste,
    lui: Lui,
    classe: LaClasse,
    idempotency_key: Annotated[str, Header(max_length=CLE_MAX, pattern=r"^[A-Za-z0-9._:-]*$")] = "",
) -> s.Fait:
    """Any act of the portal; the same Idempotency-Key gives the same answer again."""
    acteur = Acteur(geste.role, geste.structure, geste.compte)
    demande = Demande(acteur, geste.action, geste.objet, geste.donnees, geste.version, idempotency_key)
    return s.Fait(**await vif.faire(classe, lui, espace, demande))


async def journal(
    espace: str, lui: Lui, classe: LaClasse, depuis: Annotated[int, Query(ge=0, le=EVENEMENTS_MAX)] = 0
) -> s.Journal:
    """The events after number ``depuis``."""

    def regarder(portail: Portail) -> s.Journal:
        evenements = tuple(dict(evenement) for evenement in portail.depuis(depuis))
        return s.Journal(evenements=evenements, n=portail.longueur, maintenant=heure(portail))

    return await vif.lire(classe, lui, espace, regarder)


async def _agir(request: Request) -> BaseModel:
    lui = await participant(request, request.headers.get("authorization", ""))
    geste = await _corps(request, s.Geste)
    cle = _lire(_cle, "header", "idempotency-key", request.headers.get("idempotency-key", ""))
    return await agir(request.path_params["espace"], geste, lui, await classe_de(request), cle)


async def _journal(request: Request) -> BaseModel:
    lui = await participant(request, request.headers.get("authorization", ""))
    depuis = _lire(_depuis, "query", "depuis", request.query_params.get("depuis", "0"))
    return await journal(request.path_params["espace"], lui, await classe_de(request), depuis)


def _vive(servir: Callable[[Request], Awaitable[BaseModel]]) -> type[APIRoute]:
    """A route served by that, whatever FastAPI would have made of its endpoint."""

    async def repondre(request: Request) -> Response:
        return Response((await servir(request)).model_dump_json(), media_type=_JSON)

    class Vive(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            return repondre

    return Vive


async def _corps(request: Request, modele: type[M]) -> M:
    """The body, when it is JSON, says so and has that form."""
    genre = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    octets = await request.body()
    if genre != _JSON and not (genre.startswith("application/") and genre.endswith("+json")):
        raise RequestValidationError([{"type": "model_type", "loc": ("body",), "msg": "JSON", "input": None}])
    try:
        return modele.model_validate_json(octets)
    except ValidationError as cause:
        erreurs = cause.errors(include_url=False, include_context=False, include_input=False)
        raise RequestValidationError([{**e, "loc": ("body", *e["loc"])} for e in erreurs]) from None


def _lire(forme: TypeAdapter[T], ou: str, nom: str, texte: str) -> T:
    try:
        return forme.validate_python(texte)
    except ValidationError as cause:
        raise RequestValidationError([{**e, "loc": (ou, nom)} for e in cause.errors(include_url=False)]) from None


routes.add_api_route(
    "/espaces/{espace}/actes", agir, methods=["POST"], summary="Faire un geste", route_class_override=_vive(_agir)
)
routes.add_api_route(
    "/espaces/{espace}/journal",
    journal,
    methods=["GET"],
    summary="Les événements",
    route_class_override=_vive(_journal),
)
