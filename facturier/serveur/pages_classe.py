"""The whole class: who is where, the clock, the projection, the hours, the trainers."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from facturier.portail.temps import ARRETER, AVANCER, JOURS_MAX, RELANCER
from facturier.serveur import pages_vues as vues
from facturier.serveur import recits
from facturier.serveur.erreurs import STATUTS
from facturier.serveur.espace import ANIMATEUR_SEUL, Demande
from facturier.serveur.pages_rendu import Animee, Recus, RoutePage, Visite
from facturier.serveur.presences import Sejour, en_csv, sejours
from facturier.serveur.refus import RefusClasse

routes = APIRouter(prefix="/animateur", route_class=RoutePage, include_in_schema=False)
_ICI = "/animateur"
TOUS = ""
"""Where the clock turns: the whole class."""
Direct = Annotated[bool, Query()]


@routes.get("", response_model=None)
def tableau(venue: Animee, direct: Direct = False) -> Response:
    """« Qui est où »."""
    version = vues.version(venue.animation.classe)
    if direct:
        return venue.fragment("_tableau.html", version, lambda: vues.tableau(venue.animation))
    titres = recits.titres()
    return venue.page("tableau.html", vue=vues.tableau(venue.animation), jours_max=JOURS_MAX, situations=titres)


@routes.get("/projection", response_model=None)
def projection(venue: Animee, request: Request, direct: Direct = False) -> Response:
    """A screen for the room: nothing that gives an answer away, nobody’s name."""
    classe = venue.animation.classe

    def voir() -> dict[str, object]:
        return {
            "groupes": vues.projection(classe),
            "solitaires": vues.solitaires(classe),
            "heure": classe.horloge(),
            "horloge": classe.horloge_classe,
            "presents": sum(classe.participants.present(nom) for nom in classe.participants.tous()),
            "code": classe.code,
            "adresse": str(request.base_url).rstrip("/"),
        }

    if direct:
        version = f"{vues.version(classe)}|{classe.horloge():%H%M}|projection"
        return venue.fragment("_projection.html", version, voir)
    return venue.page("projection.html", vue=voir())


@routes.post("/horloge", response_model=None)
def horloge(venue: Animee, champs: Recus) -> Response:
    """Turn, stop or start the clock, of one space or of the whole class."""
    espace, geste, saisi = champs.get("espace", TOUS), champs.get("geste", ""), champs.get("jours", "").strip()
    retour = f"/animateur/espaces/{espace}" if espace else "/animateur"
    jours = int(saisi) if saisi.isascii() and saisi.isdigit() and len(saisi) <= 3 else 0
    if geste == AVANCER and not 1 <= jours <= JOURS_MAX:
        raise RefusClasse(f"Indiquez de combien de jours avancer : un nombre entier, de 1 à {JOURS_MAX}.", code="jours")
    if geste not in (AVANCER, ARRETER, RELANCER):
        raise RefusClasse("Ce geste de l’horloge n’existe pas : rechargez la page.", code="forme")
    if espace:
        donnees = {"jours": str(jours)} if geste == AVANCER else {}
        venue.animation.classe.espace(espace).faire(Demande(ANIMATEUR_SEUL, geste, "", donnees))
    elif geste == AVANCER:
        venue.animation.avancer(jours)
    elif geste == ARRETER:
        venue.animation.arreter()
    else:
        venue.animation.relancer()
    qui = "L’horloge de cet espace" if espace else "L’horloge de la classe"
    faits = {
        AVANCER: f"a avancé de {jours} jour{'s' if jours > 1 else ''} : ce qui était dû entre-temps s’est produit.",
        ARRETER: "est arrêtée.",
        RELANCER: "est relancée.",
    }
    return venue.vers(retour, f"{qui} {faits[geste]}")


@routes.post("/situation", response_model=None)
def situation(venue: Animee, champs: Recus) -> Response:
    """Start a situation for the whole class, once confirmed."""
    code = champs.get("situation", "")
    recits.verifier(code, venue.animation.classe.annuaire)
    titre = dict(recits.titres()).get(code, "")
    if champs.get("confirme") != "oui":
        suite = "l’histoire est la même pour tous, les noms et les montants sont propres à chacun"
        phrases = (
            f"Chacun commence « {titre} » dans un nouvel espace : {suite}." if titre else "Chacun dépose librement.",
            "Le travail individuel en cours est mis de côté, jamais détruit : vous le retrouvez sur la page de chacun, "
            "et « facturier noter --classe » en tient compte.",
            "Les groupes ne changent pas.",
        )
        return venue.confirmer(f"Lancer « {titre} »" if titre else "Revenir aux dépôts libres", phrases, champs, _ICI)
    venue.animation.jouer(code)
    return venue.vers(_ICI, f"La classe joue « {titre} »." if titre else "La classe dépose librement.")


@routes.get("/presences")
def presences(venue: Animee) -> HTMLResponse:
    """Arrivals and departures."""
    return venue.page("presences.html", lignes=_presences(venue))


@routes.get("/presences.csv")
def presences_csv(venue: Animee) -> Response:
    """The same for a French spreadsheet: byte-order mark, « ; », no cell can become a formula."""
    nom = f"presences-{venue.animation.classe.horloge():%Y-%m-%d}.csv"
    entetes = {"Content-Disposition": f'attachment; filename="{nom}"', "Cache-Control": "no-store"}
    return Response(en_csv(_presences(venue)), media_type="text/csv; charset=utf-8", headers=entetes)


@routes.get("/equipe")
def equipe(venue: Animee) -> HTMLResponse:
    """Who may animate."""
    return _equipe(venue)


@routes.post("/equipe", response_model=None)
def inscrire(venue: Animee, champs: Recus) -> HTMLResponse | RedirectResponse:
    """Give a co-trainer a login, or another password. A refusal shows the name that was typed, never a password."""
    nom, mot_de_passe = champs.get("nom", "").strip(), champs.get("mot_de_passe", "")
    connu = nom in venue.animateurs.noms()
    try:
        if mot_de_passe != champs.get("encore", ""):
            raise RefusClasse("Les deux mots de passe ne sont pas les mêmes : saisissez-les de nouveau.", code="forme")
        venue.animateurs.inscrire(nom, mot_de_passe)
    except RefusClasse as refus:
        statut = STATUTS.get(refus.code, 422)
        if statut >= HTTPStatus.INTERNAL_SERVER_ERROR:  # not about what was typed
            raise
        return _equipe(venue, statut, nom=nom[:40], refus=refus.phrase)
    suite = " ; ses sessions ouvertes sont fermées" if connu else ""
    return venue.vers("/animateur/equipe", f"« {nom} » peut se connecter{suite}.")


def _equipe(venue: Visite, statut: int = 200, *, nom: str = "", refus: str = "") -> HTMLResponse:
    return venue.page("equipe.html", statut, noms=venue.animateurs.noms(), nom=nom, refus=refus)


def _presences(venue: Animee) -> tuple[Sejour, ...]:
    classe = venue.animation.classe
    return sejours(venue.animation.presences(), vues.prenoms(classe), classe.horloge())
