"""Coming in and going out: how a learner joins, the trainer's one-time link, co-trainers' passwords."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, RedirectResponse

from facturier.registre import LigneParticipant
from facturier.serveur.entree import COOKIE, PAGE, poser_cookie, poser_session
from facturier.serveur.erreurs import STATUTS
from facturier.serveur.pages_rendu import APPRENANT, Anonyme, Recus, RoutePage, Visite
from facturier.serveur.refus import RefusClasse

routes = APIRouter(route_class=RoutePage, include_in_schema=False)


@routes.get("/")
def accueil(venue: Anonyme) -> HTMLResponse:
    """How to join, for whoever opens the address of the class."""
    return _accueil(venue)


@routes.post("/rejoindre", response_model=None)
def rejoindre(venue: Anonyme, champs: Recus) -> HTMLResponse | RedirectResponse:
    """Join from the page; the token goes into a cookie that no script reads. A refusal shows what was typed."""
    jeton = venue.request.cookies.get(APPRENANT, "")[:100]
    code, prenom = champs.get("code", "")[:20], champs.get("prenom", "")[:200]
    try:
        inscription = venue.animation.classe.rejoindre(code, prenom, adresse=venue.adresse, jeton=jeton)
    except RefusClasse as refus:
        statut = STATUTS.get(refus.code, 422)
        if statut >= HTTPStatus.INTERNAL_SERVER_ERROR:  # not about what was typed
            raise
        return _accueil(venue, statut, code=code, prenom=prenom, refus=refus.phrase)
    reponse = venue.vers("/", "Vous avez rejoint la classe.")
    if inscription.jeton:
        poser_cookie(venue.request, reponse, APPRENANT, inscription.jeton)
    return reponse


def _accueil(venue: Visite, statut: int = 200, *, code: str = "", prenom: str = "", refus: str = "") -> HTMLResponse:
    adresse = str(venue.request.base_url).rstrip("/")
    saisi = {"code": code, "prenom": prenom, "refus": refus}
    qui = _apprenant(venue)
    vue = venue.animation.classe.aide_vue(qui) if qui is not None else ""
    return venue.page("accueil.html", statut, apprenant=qui, aide_vue=vue, adresse=adresse, **saisi)


@routes.post("/aide")
def aide(venue: Anonyme, champs: Recus) -> RedirectResponse:
    """« J’ai besoin d’aide », or no longer."""
    qui = venue.animation.classe.identifier(venue.request.cookies.get(APPRENANT, ""))
    phrase = venue.animation.classe.demander_aide(qui, demande=champs.get("demande") == "oui")
    return venue.vers("/", phrase)


@routes.post("/partir")
def partir(venue: Anonyme, _: Recus) -> RedirectResponse:
    """Leave for now: the token stays in the browser, to come back."""
    classe = venue.animation.classe
    classe.partir(classe.identifier(venue.request.cookies.get(APPRENANT, "")))
    return venue.vers("/au-revoir")


@routes.get("/au-revoir")
def au_revoir(venue: Anonyme) -> HTMLResponse:
    """Gone, the time is kept."""
    return venue.page("au_revoir.html")


@routes.get("/animateur/entrer")
def entrer(venue: Anonyme, jeton: Annotated[str, Query(max_length=100)] = "") -> RedirectResponse:
    """Use the one-time link up: a session, and an address without any secret."""
    if not jeton and venue.connecte():
        return venue.vers(PAGE)
    session = venue.animateurs.entrer(jeton, adresse=venue.adresse)
    reponse = venue.vers(PAGE)
    poser_session(venue.request, reponse, session)
    return reponse


@routes.get("/animateur/connexion")
def connexion(venue: Anonyme) -> HTMLResponse:
    """The login of co-trainers."""
    return venue.page("connexion.html", nom="", refus="")


@routes.post("/animateur/connexion", response_model=None)
def connecter(venue: Anonyme, champs: Recus) -> HTMLResponse | RedirectResponse:
    """Log in by name and password."""
    nom = champs.get("nom", "").strip()[:60]
    try:
        session = venue.animateurs.connecter(nom, champs.get("mot_de_passe", "")[:300], adresse=venue.adresse)
    except RefusClasse as refus:
        statut = 429 if refus.code == "trop-d-essais" else 401
        return venue.page("connexion.html", statut, nom=nom, refus=refus.phrase)
    reponse = venue.vers(PAGE)
    poser_session(venue.request, reponse, session)
    return reponse


@routes.post("/animateur/sortir")
def sortir(venue: Anonyme, _: Recus) -> RedirectResponse:
    """End the session."""
    venue.animateurs.sortir(venue.jeton)
    reponse = venue.vers("/animateur/connexion")
    reponse.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return reponse


def _apprenant(venue: Visite) -> LigneParticipant | None:
    """The learner whose cookie this is, if any."""
    try:
        return venue.animation.classe.identifier(venue.request.cookies.get(APPRENANT, ""))
    except RefusClasse:
        return None
