"""Every failure of the HTTP face, as one JSON document: a French sentence, a code, the rules broken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from facturier.erreurs import ErreurFacturier
from facturier.portail import RefusPortail

STATUTS: Mapping[str, int] = {
    "jeton-refuse": 401,
    "session-refusee": 401,
    "identifiants-refuses": 401,
    "code-refuse": 403,
    "lien-refuse": 403,
    "interdit": 403,
    "droits": 403,
    "introuvable": 404,
    "participant-inconnu": 404,
    "deja-pris": 409,
    "version-perimee": 409,
    "cle-reutilisee": 409,
    "classe-pleine": 409,
    "trop-d-essais": 429,
    "occupe": 503,
    "registre-refuse": 503,
    "registre-illisible": 503,
}
"""HTTP status of a refusal by its code; any other one is 422: understood, and refused."""
_SANS_REGISTRE = (
    "Le portail n’a pas pu enregistrer ce geste : rien n’a changé. Recommencez ; si cela dure, dites-le au formateur."
)
_PHRASES: Mapping[int, tuple[str, str]] = {
    404: ("introuvable", "Cette adresse n’existe pas sur le portail : relisez-la."),
    405: ("methode", "Cette adresse existe, mais ne s’utilise pas ainsi."),
}


def erreur(statut: int, code: str, phrase: str, regles: tuple[str, ...] = ()) -> JSONResponse:
    """The document of a failure."""
    return JSONResponse({"phrase": phrase, "code": code, "regles": list(regles)}, status_code=statut)


def poser(application: FastAPI, erreur: Callable[..., JSONResponse] = erreur) -> None:
    """Have the application say all its failures so. ``erreur`` writes the document (status, code, sentence, rules)."""

    @application.exception_handler(ErreurFacturier)
    async def _refus(_: Request, refus: ErreurFacturier) -> JSONResponse:
        statut = STATUTS.get(refus.code, 422)
        if statut == 503 and refus.code != "occupe":  # where the store is, and what ails it, is the trainer's business
            avis: list[str] = application.state.classe.avis
            if refus.phrase not in avis:
                avis[-20:] = [*avis[-19:], refus.phrase]
            reponse = erreur(statut, refus.code, _SANS_REGISTRE)
            reponse.headers["Retry-After"] = "2"
            return reponse
        regles = refus.regles if isinstance(refus, RefusPortail) else ()
        if regles == ("piece",):
            statut = 404
        reponse = erreur(statut, refus.code, refus.phrase, regles)
        if statut == 401:
            reponse.headers["WWW-Authenticate"] = "Bearer"
        if statut == 429:
            reponse.headers["Retry-After"] = "60"
        return reponse

    @application.exception_handler(RequestValidationError)
    async def _forme(_: Request, cause: RequestValidationError) -> JSONResponse:
        if any(e["type"] == "json_invalid" for e in cause.errors()):
            return erreur(422, "forme", "Cette demande n’est pas du JSON : corrigez-la.")
        lieux = list(dict.fromkeys(str(e["loc"][-1]) for e in cause.errors()[:5]))
        champs = ", ".join(f"« {lieu[:60]} »" for lieu in lieux)
        return erreur(422, "forme", f"Cette demande n’a pas la forme attendue : vérifiez {champs or 'son contenu'}.")

    @application.exception_handler(HTTPException)
    async def _http(_: Request, cause: HTTPException) -> JSONResponse:
        if cause.status_code == 400:  # a body that is not even read: too deep, cut
            return erreur(422, "forme", "Cette demande n’a pas la forme attendue : corrigez-la.")
        par_defaut = (HTTPStatus(cause.status_code).phrase.lower().replace(" ", "-"), "Cette demande est refusée.")
        code, phrase = _PHRASES.get(cause.status_code, par_defaut)
        reponse = erreur(cause.status_code, code, phrase)
        reponse.headers.update(cause.headers or {})
        return reponse

    @application.exception_handler(Exception)
    async def _panne(_: Request, __: Exception) -> JSONResponse:
        phrase = (
            "Le portail a rencontré une panne : ce geste n’est pas enregistré. Recommencez, ou dites-le au formateur."
        )
        return erreur(500, "panne", phrase)
