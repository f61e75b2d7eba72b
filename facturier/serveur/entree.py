"""A trainer's session: in a cookie that no script reads and that no other site sends."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from facturier.serveur.animateurs import DUREE_SESSION, Animateurs

COOKIE = "facturier_animateur"
PAGE = "/animateur"


def animateurs_de(request: Request) -> Animateurs:
    """The trainers of the class that this application serves."""
    animateurs: Animateurs = request.app.state.animateurs
    return animateurs


def poser_cookie(request: Request, reponse: Response, nom: str, valeur: str, duree: int | None = None) -> None:
    """Put that in the answer's cookie; with https, it travels by https only."""
    reponse.set_cookie(
        nom,
        valeur,
        max_age=duree,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
        path="/",
    )


def poser_session(request: Request, reponse: Response, jeton: str) -> None:
    """Put a session's token in the answer's cookie."""
    poser_cookie(request, reponse, COOKIE, jeton, int(DUREE_SESSION.total_seconds()))
