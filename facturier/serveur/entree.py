"""How a trainer enters the pages: the one-time link, then a session in a cookie that no script reads."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response

from facturier.serveur.animateurs import DUREE_SESSION, Animateurs

COOKIE = "facturier_animateur"
PAGE = "/animateur"
routes = APIRouter(include_in_schema=False)


def animateurs_de(request: Request) -> Animateurs:
    """The trainers of the class that this application serves."""
    animateurs: Animateurs = request.app.state.animateurs
    return animateurs


async def animateur_de(request: Request) -> str:
    """The trainer whose session the cookie holds.

    Raises:
        RefusClasse: none, or it has ended (« session-refusee »).
    """
    return animateurs_de(request).identifier(request.cookies.get(COOKIE, ""))


LAnimateur = Annotated[str, Depends(animateur_de)]


def poser_session(request: Request, reponse: Response, jeton: str) -> None:
    """Put a session's token in the answer's cookie."""
    reponse.set_cookie(
        COOKIE,
        jeton,
        max_age=int(DUREE_SESSION.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
        path="/",
    )


@routes.get("/animateur/entrer")
def entrer(request: Request, jeton: Annotated[str, Query(max_length=80)]) -> Response:
    """Use the one-time link; the page has no secret in its address."""
    adresse = request.client.host if request.client else ""
    session = animateurs_de(request).entrer(jeton, adresse=adresse)
    reponse = RedirectResponse(PAGE, status_code=303)
    poser_session(request, reponse, session)
    return reponse
