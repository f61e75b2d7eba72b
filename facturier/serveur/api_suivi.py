"""The learners' API, what is looked up: every answer is for the role that one names, if it is one's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Path, Query, Response
from fastapi.concurrency import run_in_threadpool

from facturier.documents.certificat import certificat_de
from facturier.liaison import schemas as s
from facturier.liaison import vues as v
from facturier.portail import Acteur, Portail, RefusPortail, consultation, histoire, recherche, suivi
from facturier.portail.evenements import lire_evenement
from facturier.portail.remontee import piece_vue
from facturier.serveur.api import REFUS, LaClasse, Lui
from facturier.serveur.voile import voile

R = TypeVar("R")
routes = APIRouter(prefix="/api/v1/espaces/{espace}", responses=REFUS)
Numero = Annotated[str, Path(max_length=6)]


async def _acteur(role: s.Code, au_nom_de: s.Siret = "", compte: s.Compte = "") -> Acteur:
    """In the name of which role one looks, and through which account, if any."""
    return Acteur(role, au_nom_de, compte)


class Regard:
    """A look at a space in the name of a role: one thread a request."""

    def __init__(self, espace: str, lui: Lui, classe: LaClasse, acteur: Annotated[Acteur, Depends(_acteur)]) -> None:
        self._consulter = lambda lecture: classe.consulter(lui, espace, acteur, lecture)

    async def sur(self, lecture: Callable[[Portail, Acteur], R]) -> R:
        """What that question answers."""
        resultat: R = await run_in_threadpool(self._consulter, lecture)
        return resultat


Vu = Annotated[Regard, Depends()]


@routes.get("/messages", summary="Ma boîte aux lettres")
async def messages(vu: Vu) -> v.Boite:
    """The last messages that one may read."""
    return await vu.sur(lambda p, a: v.Boite(messages=consultation.messages_de(p, a)))


@routes.get("/tableau", summary="Le tableau de bord d’un rôle")
async def tableau(vu: Vu) -> v.TableauVu:
    """Counts, sums, what waits for that role."""
    return await vu.sur(lambda p, a: v.TableauVu.de(p, a, consultation.tableau_de(p, a)))


@routes.get("/recherche", summary="Chercher parmi les pièces d’un rôle")
async def rechercher(vu: Vu, criteres: Annotated[v.CriteresRecherche, Depends()]) -> v.ResultatsVus:
    """The pieces that this role sees and that meet every criterion."""
    return await vu.sur(lambda p, a: v.ResultatsVus.de(p, a, suivi.rechercher(p, a, criteres.recherche())))


@routes.get("/pieces/{piece}/histoire", summary="L’histoire d’une pièce")
async def raconter(piece: Numero, vu: Vu) -> v.Histoire:
    """Who did what and when."""
    return await vu.sur(lambda p, a: v.Histoire(lignes=consultation.histoire_de(p, a, piece)))


@routes.get("/pieces/{piece}/frises", summary="Les frises des délais d’une pièce")
async def frises(piece: Numero, vu: Vu) -> v.Frises:
    """A timeline for each deadline."""
    return await vu.sur(lambda p, a: v.Frises(frises=histoire.frises(p, a, piece)))


@routes.get("/pieces/{piece}/calculs", summary="Échéances, intérêts et décompte d’une pièce, expliqués")
async def calculs(piece: Numero, vu: Vu) -> v.CalculsVus:
    """Each result with its steps, or why it is not computed."""
    return await vu.sur(lambda p, a: v.CalculsVus(calculs=consultation.calculs_de(p, a, piece)))


@routes.get("/pieces/{piece}/telechargements", summary="Ce qui se télécharge d’une pièce")
async def telechargements(piece: Numero, vu: Vu) -> v.Telechargements:
    """Names and kinds of the files."""
    return await vu.sur(lambda p, a: v.Telechargements(fichiers=histoire.telechargements(p, a, piece)))


@routes.get(
    "/pieces/{piece}/certificat.pdf",
    summary="Le certificat de dépôt d’une pièce",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}}},
)
async def certificat(espace: str, piece: Numero, vu: Vu, lui: Lui, classe: LaClasse) -> Response:
    """The certificate, in PDF."""
    voiler = voile(classe, lui, espace)

    def imprimer(portail: Portail, acteur: Acteur) -> bytes:
        if not suivi.voit(portail, acteur, portail.piece(piece)):
            raise RefusPortail((consultation.pas_a_vous(piece),), ("droits",), code="droits")
        connu = voiler(portail)
        vue = piece_vue(connu.piece(piece), portail.annuaire, acteur)
        return certificat_de(vue, [lire_evenement(e) for e in connu.evenements()], portail.annuaire)

    pdf = await vu.sur(imprimer)
    entetes = {"Content-Disposition": f'attachment; filename="certificat-{piece}.pdf"'}
    return Response(pdf, media_type="application/pdf", headers=entetes)


@routes.get("/structures", summary="Chercher dans l’annuaire")
async def structures(
    espace: str, lui: Lui, classe: LaClasse, criteres: Annotated[v.CriteresAnnuaire, Depends()]
) -> v.Structures:
    """Structures by a name or a part of a SIRET, as the directory stands in that space."""

    def chercher(portail: Portail) -> v.Structures:
        return v.Structures(structures=recherche.recherche(portail.annuaire, criteres.texte, criteres.filtres()))

    return await run_in_threadpool(classe.lire, lui, espace, chercher)


@routes.get("/version", summary="La version d’un objet")
async def version(espace: str, objet: Annotated[s.Objet, Query()], lui: Lui, classe: LaClasse) -> v.Version:
    """What to give back when acting on it."""
    voiler = voile(classe, lui, espace)
    return await run_in_threadpool(
        classe.lire, lui, espace, lambda portail: v.Version(objet=objet, version=voiler(portail).version(objet))
    )
