"""The learner's pages: every screen of the portal by plain HTTPS, without a kernel, with or without JavaScript."""

from __future__ import annotations

import hmac
import json
from importlib import resources
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from facturier.ecrans.blocs import Cible
from facturier.ecrans.conversation import FICHIER_MAX, Conversation, depuis_formulaire
from facturier.ecrans.poste import Poste
from facturier.ecrans.rendu import Cadre, envelopper
from facturier.registre import LigneParticipant
from facturier.serveur.pages_rendu import APPRENANT, Anonyme, RoutePage, Visite
from facturier.serveur.postes import Postes
from facturier.serveur.refus import RefusClasse

PAGE = "/poste"
CHAMPS_MAX = 1_200
FICHIERS_MAX = 20
routes = APIRouter(route_class=RoutePage, include_in_schema=False)
_STATIQUES = {"ecran.css": "text/css; charset=utf-8", "ecran.js": "text/javascript; charset=utf-8"}


@routes.get("/statique/ecrans/{nom}")
def statique(nom: str) -> Response:
    """The style and the script of the screens."""
    genre = _STATIQUES.get(nom)
    if genre is None:
        return Response(status_code=404)
    contenu = resources.files("facturier.ecrans").joinpath(nom).read_bytes()
    return Response(contenu, media_type=genre, headers={"Cache-Control": "no-cache"})


@routes.get(PAGE, response_model=None)
def voir(
    venue: Anonyme,
    ecran: Annotated[str, Query(max_length=60)] = "",
    objet: Annotated[str, Query(max_length=200)] = "",
    siege: Annotated[str, Query(max_length=200)] = "",
    espace: Annotated[str, Query(max_length=80)] = "",
) -> HTMLResponse | RedirectResponse:
    """The screen of that address, or the one that was left; who has not joined is sent to the door."""
    try:
        qui = _qui(venue)
    except RefusClasse:
        return venue.vers("/", "Rejoignez d’abord la classe.")
    nom = _postes(venue).espace_de(qui, espace)
    place = _place(venue, qui, nom)
    if ecran:
        place.repondre({"type": "ouvrir", "ecran": ecran, "objet": objet, "siege": siege})
    return _page(venue, qui, nom, place)


@routes.post(f"{PAGE}/{{espace}}", response_model=None)
async def recevoir(venue: Anonyme, espace: str) -> Response:
    """An event of the script, answered in JSON; or a form, answered by a page."""
    request = venue.request
    genre = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if "x-preuve" in request.headers:
        _verifier(venue, request.headers["x-preuve"])
        evenement = await _evenement(request, genre)
        return await run_in_threadpool(_repondre, venue, espace, evenement)
    async with request.form(max_files=FICHIERS_MAX, max_fields=CHAMPS_MAX, max_part_size=FICHIER_MAX) as recu:
        paires = [(nom, texte) for nom, texte in recu.multi_items() if isinstance(texte, str)]
        fichiers = [(n, f.filename or "", await f.read()) for n, f in recu.multi_items() if not isinstance(f, str)]
    champs = dict(paires)
    _verifier(venue, champs.get("preuve", ""))
    evenements = depuis_formulaire([(n, t) for n, t in paires if n != "preuve"], [f for f in fichiers if f[1]])
    return await run_in_threadpool(_soumettre, venue, espace, evenements)


def _repondre(venue: Visite, espace: str, evenement: object) -> Response:
    qui = _qui(venue)
    return JSONResponse(_place(venue, qui, _postes(venue).espace_de(qui, espace)).repondre(evenement))


def _soumettre(venue: Visite, espace: str, evenements: list[dict[str, Any]]) -> Response:
    qui = _qui(venue)
    nom = _postes(venue).espace_de(qui, espace)
    place = _place(venue, qui, nom)
    for evenement in evenements:
        place.repondre(evenement)
    fichier = place.fichier
    if fichier is not None:
        entetes = {"Content-Disposition": f'attachment; filename="{fichier.nom}"', "Cache-Control": "no-store"}
        return Response(fichier.octets, media_type=fichier.mime, headers=entetes)
    return _page(venue, qui, nom, place)


def _page(venue: Visite, qui: LigneParticipant, espace: str, place: Conversation[Poste]) -> HTMLResponse:
    contenu = place.page()
    corps = envelopper(contenu, adresse=f"{PAGE}/{espace}", preuve=venue.preuve, vue=place.vue)
    autres = [nom for nom in venue.animation.classe.espaces_de(qui) if nom != espace]
    titre = place.poste.vue().titre
    vue = venue.animation.classe.aide_vue(qui)
    return venue.page(
        "poste.html",
        titre=titre,
        corps=corps,
        prenom=qui.prenom,
        groupe=espace == qui.groupe,
        autres=autres,
        aide_vue=vue,
    )


def _place(venue: Visite, qui: LigneParticipant, espace: str) -> Conversation[Poste]:
    def adresse(cible: Cible) -> str:
        detail = {"ecran": cible.ecran, "objet": cible.objet, "siege": cible.siege, "espace": espace}
        vise = f"#{Cadre.prefixe}-c-{cible.champ}" if cible.champ else ""
        return f"{PAGE}?{urlencode({cle: texte for cle, texte in detail.items() if texte})}{vise}"

    cadre = Cadre(adresse=adresse, action=f"{PAGE}/{espace}", caches=(("preuve", venue.preuve),))
    return _postes(venue).place(qui, espace, cadre)


def _qui(venue: Visite) -> LigneParticipant:
    return venue.animation.classe.identifier(venue.request.cookies.get(APPRENANT, "")[:100])


def _postes(venue: Visite) -> Postes:
    postes: Postes = venue.request.app.state.postes
    return postes


def _verifier(venue: Visite, preuve: str) -> None:
    """Only a page of this portal, in this browser, may act."""
    if not hmac.compare_digest(preuve.encode(), venue.preuve.encode()):
        raise RefusClasse("Cette page a vieilli : rechargez-la, puis recommencez.", code="interdit")


async def _evenement(request: Request, genre: str) -> object:
    """The event, with the bytes that came beside it."""
    if genre == "application/json":
        try:
            lu: object = await request.json()
        except ValueError:
            return {}
        return lu
    async with request.form(max_files=1, max_fields=2, max_part_size=FICHIER_MAX) as recu:
        fichier, dit = recu.get("fichier"), recu.get("evenement")
        try:
            lu = json.loads(dit) if isinstance(dit, str) else {}
        except ValueError:
            return {}
        if isinstance(lu, dict) and fichier is not None and not isinstance(fichier, str):
            return {**lu, "octets": await fichier.read(FICHIER_MAX + 1)}
        return lu
