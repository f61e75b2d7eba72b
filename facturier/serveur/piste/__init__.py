"""A REST face of the class's portal, shaped like the public API of Chorus Pro (PISTE), for an integrator's client to
practise on. Simulated: training credentials, training directory, the portal's own rules and journal."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Form
from fastapi.responses import JSONResponse

from facturier import __version__
from facturier.liaison.schemas import Erreur
from facturier.serveur import erreurs
from facturier.serveur.classe import Classe
from facturier.serveur.piste import factures, flux, recherche, structures
from facturier.serveur.piste.acces import DUREE, LaClasse, ouvrir_jeton
from facturier.serveur.piste.memoire import Memoire
from facturier.serveur.piste.reponses import ErreurJeton, Jeton, Retour
from facturier.serveur.piste.table import operation, route
from facturier.serveur.refus import RefusClasse

PREFIXE = "/piste"
_JETON, _COMPTE = "jetonPiste", "compteTechnique"
_DESCRIPTION = """\
**API simulée, pour la formation.** Elle a la forme de l’API publique de Chorus Pro sur PISTE, d’après les
bibliothèques publiques citées par la table « api » du référentiel ; ce n’est ni cette API ni son bac à sable. Les
structures sont fictives, rien ne sort du portail de la classe.

- **Accès** : un jeton (`client_credentials`) contre votre pseudonyme (`client_id`) et le jeton reçu de la classe
  (`client_secret`) ; puis, à chaque appel, `Authorization: Bearer …` et `cpro-account`, base64 de `compte:jeton de
  la classe`. Le compte est votre pseudonyme (votre espace) ou le nom de l’espace de votre groupe. Jamais
  d’identifiants réels.
- **Règles** : celles du portail ; chaque appel qui change quelque chose est un geste de son journal.
- **Retour** : `codeRetour` vaut 0 quand c’est fait. En cas de refus, `libelle` dit pourquoi, `codeRetour` reprend
  le statut HTTP : la table ne documente ni les numéros d’erreur de l’API ni ses statuts HTTP, vérifiez-les sur
  PISTE.
- **Champs** : un champ inconnu de la table est refusé ; un champ documenté qui n’a pas d’effet ici le dit. Les
  types (nombre, texte) et les formats de date sont ceux de ce portail : la table ne donne que les noms.
- **Idempotence** : l’API n’a pas de clé ; chaque opération dit ce que devient un second envoi.
"""
_REFUS: dict[int | str, dict[str, Any]] = {
    **{
        statut: {"model": Retour, "description": quoi}
        for statut, quoi in (
            (401, "jeton ou compte technique refusé"),
            (404, "introuvable, ou à un autre"),
            (409, "l’objet a changé"),
            (422, "refus d’une règle, ou demande mal formée"),
            (503, "rien n’est enregistré : recommencez"),
        )
    },
    403: {"model": Retour | Erreur, "description": "rôle d’autrui, ou demande venue d’une autre page"},
    408: {"model": Erreur, "description": "demande trop lente"},
    413: {"model": Erreur, "description": "demande trop grosse"},
}
_acces = APIRouter()


class _Face(FastAPI):
    """The application, whose document says that both credentials are asked at once."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document, made once."""
        if self.openapi_schema is None:
            document = super().openapi()
            document["components"]["securitySchemes"] = {
                _JETON: {
                    "type": "oauth2",
                    "flows": {
                        "clientCredentials": {
                            "tokenUrl": PREFIXE + operation("OAuthToken").chemin,
                            "scopes": {},
                        }
                    },
                },
                _COMPTE: {
                    "type": "apiKey",
                    "in": "header",
                    "name": "cpro-account",
                    "description": "base64 de « compte:jeton de la classe »",
                },
            }
            for chemin, methodes in document["paths"].items():
                for decrite in methodes.values():
                    if chemin != operation("OAuthToken").chemin:
                        decrite["security"] = [{_JETON: [], _COMPTE: []}]
        return self.openapi_schema or {}


@_acces.post(
    **route(
        "OAuthToken",
        "Un jeton d’accès. « client_id » : votre pseudonyme ; « client_secret » : le jeton reçu de la classe. La "
        "durée du jeton est celle de ce portail. Un refus suit la RFC 6749 (5.2) : la table n’en documente aucun.",
    ),
    response_model=Jeton,
    responses={400: {"model": ErreurJeton, "description": "demande refusée"}, 401: {"model": ErreurJeton}},
)
def jeton(
    classe: LaClasse,
    grant_type: Annotated[str, Form(max_length=40)] = "",
    client_id: Annotated[str, Form(max_length=60)] = "",
    client_secret: Annotated[str, Form(max_length=100)] = "",
    scope: Annotated[str, Form(max_length=200)] = "",
) -> Jeton | JSONResponse:
    """A token against training credentials."""
    if grant_type != "client_credentials":
        return _jeton_refuse(400, "unsupported_grant_type", "« grant_type » vaut « client_credentials ».")
    try:
        acces = ouvrir_jeton(classe, client_id, client_secret)
    except RefusClasse as refus:
        return _jeton_refuse(401, "invalid_client", refus.phrase)
    return Jeton(access_token=acces, expires_in=int(DUREE.total_seconds()))


def _jeton_refuse(statut: int, erreur: str, phrase: str) -> JSONResponse:
    entetes = {"WWW-Authenticate": "Basic"} if statut == 401 else None
    return JSONResponse({"error": erreur, "error_description": phrase}, status_code=statut, headers=entetes)


def _retour(statut: int, _: str, phrase: str, __: tuple[str, ...] = ()) -> JSONResponse:
    return JSONResponse({"codeRetour": statut, "libelle": phrase}, status_code=statut)


def creer(classe: Classe) -> FastAPI:
    """The face of that class, to be mounted under ``PREFIXE``; its document is ``/piste/openapi.json``."""
    application = _Face(
        title="API Chorus Pro simulée (portail de classe)",
        version=__version__,
        description=_DESCRIPTION,
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        responses=_REFUS,
    )
    application.state.classe = classe
    application.state.memoire = Memoire()
    for routes in (_acces, factures.routes, recherche.routes, flux.routes, structures.routes):
        application.include_router(routes)
    erreurs.poser(application, _retour)
    return application
