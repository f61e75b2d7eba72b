"""The learners' API, /api/v1: thin routes over the class; one bearer token a participant.

Frequent routes are coroutines that ask for one thread: left to FastAPI, a plain function would cost three. The two
that everybody asks all the time, ``agir`` and ``journal``, hold no thread when they are short (``vif``), and are
reached by a shorter way (``raccourci``).
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.concurrency import run_in_threadpool

from facturier.liaison import schemas as s
from facturier.liaison.annuaire import en_json
from facturier.portail import Acteur, Portail, etat_json
from facturier.portail.etat import json_de
from facturier.portail.evenements import EVENEMENTS_MAX
from facturier.registre import LigneParticipant
from facturier.serveur import recits, vif
from facturier.serveur.classe import Classe
from facturier.serveur.espace import CLE_MAX, Demande
from facturier.serveur.voile import voile

REFUS: dict[int | str, dict[str, Any]] = {
    code: {"model": s.Erreur, "description": quoi}
    for code, quoi in (
        (401, "jeton absent ou refusé"),
        (403, "espace d’autrui, rôle d’autrui"),
        (404, "introuvable"),
        (409, "l’objet a changé, ou la clé a déjà servi"),
        (413, "demande trop grosse"),
        (422, "refus d’une règle, ou demande mal formée"),
        (503, "le registre n’écrit plus : rien n’est enregistré"),
    )
}
CLE = r"^[A-Za-z0-9._:-]*$"
routes = APIRouter(prefix="/api/v1", responses=REFUS)


async def classe_de(request: Request) -> Classe:
    """The class that this application serves (a coroutine: a plain function would wait for a thread)."""
    classe: Classe = request.app.state.classe
    return classe


async def participant(request: Request, authorization: Annotated[str, Header()] = "") -> LigneParticipant:
    """Who asks; the token travels in a header only."""
    return await vif.identifier(await classe_de(request), jeton(authorization))


def jeton(authorization: str) -> str:
    """The token of that header, « » when it is none."""
    genre, _, texte = authorization.partition(" ")
    return texte.strip() if genre.lower() == "bearer" else ""


Lui = Annotated[LigneParticipant, Depends(participant)]
LaClasse = Annotated[Classe, Depends(classe_de)]


def _moi(qui: LigneParticipant) -> s.Moi:
    return s.Moi(pseudonyme=qui.pseudonyme, prenom=qui.prenom, solo=qui.solo, groupe=qui.groupe, aide=bool(qui.aide))


@routes.post("/rejoindre", summary="Rejoindre la classe", responses={429: {"model": s.Erreur}})
def rejoindre(demande: s.Rejoindre, classe: LaClasse, request: Request) -> s.Inscrit:
    """Join with the code shown by the trainer; the token is in the answer, this time only."""
    adresse = request.client.host if request.client else ""
    inscription = classe.rejoindre(demande.code, demande.prenom, adresse=adresse, jeton=demande.jeton)
    return s.Inscrit(jeton=inscription.jeton, moi=_moi(inscription.participant))


@routes.get("/moi", summary="Qui je suis, mes espaces")
async def moi(lui: Lui) -> s.Moi:
    """Who one is."""
    return _moi(lui)


@routes.get("/annuaire", summary="L’annuaire de formation")
async def annuaire(_: Lui, classe: LaClasse) -> dict[str, Any]:
    """Structures and markets, as they are before anything happens on the portal."""
    return await run_in_threadpool(en_json, classe.annuaire)


@routes.get("/espaces/{espace}", summary="Un de mes espaces")
async def espace(espace: str, lui: Lui, classe: LaClasse) -> s.EspaceVu:
    """Settings, time, roles."""
    voiler = voile(classe, lui, espace)

    def regarder(portail: Portail) -> s.EspaceVu:
        return s.EspaceVu(
            nom=espace,
            ouverture=s.Reglages.de(portail.ouverture),
            maintenant=heure(portail),
            n=voiler(portail).longueur,
            roles=tuple(s.RoleTenu(**tenu) for tenu in recits.tenus(classe, espace, portail)),
        )

    return await run_in_threadpool(classe.lire, lui, espace, regarder)


@routes.post("/espaces/{espace}/actes", summary="Faire un geste")
async def agir(
    espace: str,
    geste: s.Geste,
    lui: Lui,
    classe: LaClasse,
    idempotency_key: Annotated[str, Header(max_length=CLE_MAX, pattern=CLE)] = "",
) -> s.Fait:
    """Any act of the portal; the same Idempotency-Key gives the same answer again."""
    acteur = Acteur(geste.role, geste.structure, geste.compte or lui.pseudonyme)
    demande = Demande(acteur, geste.action, geste.objet, geste.donnees, geste.version, idempotency_key)
    fait = await vif.faire(classe, lui, espace, demande)
    voiler = voile(classe, lui, espace, fait["n"])
    if (vu := classe.espace_de(lui, espace).vu) is not None:
        return s.Fait(**{**fait, "n": voiler(vu).rang(fait["n"])})
    return s.Fait(**{**fait, "n": await vif.lire(classe, lui, espace, lambda p: voiler(p).rang(fait["n"]))})


@routes.get("/espaces/{espace}/etat", summary="L’état entier")
async def etat(espace: str, lui: Lui, classe: LaClasse) -> s.EtatVu:
    """The state that the events give."""
    voiler = voile(classe, lui, espace)

    def regarder(portail: Portail) -> s.EtatVu:
        vu = voiler(portail)
        return s.EtatVu(etat=etat_json(vu.etat), n=vu.longueur, maintenant=heure(portail))

    return await run_in_threadpool(classe.lire, lui, espace, regarder)


@routes.get("/espaces/{espace}/journal", summary="Les événements")
async def journal(
    espace: str, lui: Lui, classe: LaClasse, depuis: Annotated[int, Query(ge=0, le=EVENEMENTS_MAX)] = 0
) -> s.Journal:
    """The events after number ``depuis``, those that one may know."""
    voiler = voile(classe, lui, espace)

    def regarder(portail: Portail) -> s.Journal:
        vu = voiler(portail)
        return s.Journal(evenements=vu.evenements(depuis), n=vu.longueur, maintenant=heure(portail))

    return await vif.lire(classe, lui, espace, regarder)


@routes.get("/espaces/{espace}/pieces/{piece}", summary="Une pièce")
async def piece(espace: str, piece: str, lui: Lui, classe: LaClasse) -> s.PieceVue:
    """One piece, with the version to give back when acting on it."""
    voiler = voile(classe, lui, espace)

    def regarder(portail: Portail) -> s.PieceVue:
        vu = voiler(portail)
        return s.PieceVue(piece=json_de(vu.piece(piece)), version=vu.version(piece))

    return await run_in_threadpool(classe.lire, lui, espace, regarder)


@routes.get("/espaces/{espace}/gestes", summary="Ce que ce rôle peut faire d’une pièce")
async def gestes(
    espace: str,
    piece: Annotated[str, Query(max_length=6)],
    role: Annotated[str, Query(max_length=60)],
    structure: Annotated[str, Query(max_length=14)],
    lui: Lui,
    classe: LaClasse,
    compte: s.Compte = "",
) -> s.Gestes:
    """The buttons of a screen."""
    acteur = Acteur(role, structure, compte)
    possibles = await run_in_threadpool(
        classe.consulter, lui, espace, acteur, lambda portail, sien: portail.gestes(sien, piece)
    )
    return s.Gestes(gestes=tuple(s.GestePossible(action=t.action, libelle=t.libelle) for t in possibles))


@routes.post("/aide", summary="J’ai besoin d’aide")
def aide(demande: s.Aide, lui: Lui, classe: LaClasse) -> s.Phrase:
    """Ask for help, or no longer."""
    return s.Phrase(phrase=classe.demander_aide(lui, demande=demande.demande))


@routes.put("/formulaire", summary="Mon formulaire en cours")
async def formulaire(vu: s.Formulaire, lui: Lui, classe: LaClasse) -> s.Phrase:
    """What one is typing, for the trainer to look at."""
    classe.montrer_formulaire(lui, vu.formulaire, vu.valeurs)
    return s.Phrase(phrase="Le formateur voit votre formulaire.")


@routes.post("/partir", summary="Je pars")
def partir(lui: Lui, classe: LaClasse) -> s.Phrase:
    """Leave for now; one comes back with the same token."""
    classe.partir(lui)
    return s.Phrase(phrase="Votre départ est noté. Pour revenir, rouvrez votre carnet.")


def heure(portail: Portail) -> str:
    """The portal's time, as it travels."""
    return portail.maintenant.isoformat(timespec="seconds")
