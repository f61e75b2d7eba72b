"""The pages served beside the API: how to join, and the trainer's live page."""

from __future__ import annotations

from importlib import resources

from fastapi import APIRouter, FastAPI, Response

from facturier.serveur import pages_acces, pages_classe, pages_groupes, pages_participant, pages_poste
from facturier.serveur.animation import Animation
from facturier.serveur.classe import Classe
from facturier.serveur.pages_rendu import Messages
from facturier.serveur.postes import Postes

_STATIQUES = {
    "portail.css": "text/css; charset=utf-8",
    "poste.css": "text/css; charset=utf-8",
    "portail.js": "text/javascript; charset=utf-8",
    "portail.svg": "image/svg+xml",
}
_statiques = APIRouter(include_in_schema=False)


def poser(application: FastAPI, classe: Classe) -> None:
    """Have the application serve the pages of that class."""
    application.state.animation = Animation(classe)
    application.state.messages = Messages()
    application.state.postes = Postes(classe)
    for routes in (
        _statiques,
        pages_acces.routes,
        pages_classe.routes,
        pages_groupes.routes,
        pages_participant.routes,
        pages_poste.routes,
    ):
        application.include_router(routes)


@_statiques.get("/statique/{nom}")
def statique(nom: str) -> Response:
    """The style, the script and the icon of the pages."""
    genre = _STATIQUES.get(nom)
    if genre is None:
        return Response(status_code=404)
    contenu = resources.files("facturier.serveur").joinpath("statique", nom).read_bytes()
    return Response(contenu, media_type=genre, headers={"Cache-Control": "no-cache"})
