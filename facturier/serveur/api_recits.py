"""The learners' API, the story that a space plays: what its learner is told, and nothing of what is expected."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool

from facturier.liaison import schemas as s
from facturier.serveur import recits
from facturier.serveur.api import REFUS, LaClasse, Lui
from facturier.situations import Recit

routes = APIRouter(prefix="/api/v1/espaces/{espace}", responses=REFUS)


@routes.get("/recit", summary="La situation que joue un de mes espaces")
async def recit(espace: str, lui: Lui, classe: LaClasse) -> s.RecitVu:
    """Title, text, roles held; in a group, its circuit; 404 where there is nothing to tell."""

    def voir() -> s.RecitVu:
        return _vu(recits.raconte(classe, classe.espace_de(lui, espace)))

    return await run_in_threadpool(voir)


def _vu(recit: Recit) -> s.RecitVu:
    joues = tuple(s.RoleJoue(role=joue.role, structure=joue.structure) for joue in recit.joues)
    documents = tuple(s.DocumentVu(nom=d.nom, titre=d.titre) for d in recit.documents)
    return s.RecitVu(
        code=recit.code,
        titre=recit.titre,
        texte=recit.texte,
        joues=joues,
        depot=recit.depot,
        documents=documents,
        marche=recit.valeurs.get("marche", ""),
    )
