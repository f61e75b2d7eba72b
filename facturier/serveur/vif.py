"""The acts and readings of everybody, all the time: done in the event loop when they are short, in a thread otherwise.

A thread costs more than the act itself. What may take long (a journal to fold, days to turn, silences to note) or
wait (a space in which somebody else's act is being committed) never holds the loop.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from fastapi.concurrency import run_in_threadpool

from facturier.portail import Portail
from facturier.registre import LigneParticipant
from facturier.serveur import absences, acces
from facturier.serveur.classe import Classe
from facturier.serveur.espace import Demande

R = TypeVar("R")


async def identifier(classe: Classe, jeton: str) -> LigneParticipant:
    """As ``Classe.identifier``: giving their roles back to somebody who was away waits for the store.

    Raises:
        RefusClasse: nobody holds that token (« jeton-refuse »).
    """
    lui = classe.participants.identifier(jeton)
    if lui.pseudonyme in classe.absents:
        await run_in_threadpool(absences.accueillir, classe, lui.pseudonyme)
    return lui


async def faire(classe: Classe, lui: LigneParticipant, espace: str, demande: Demande) -> dict[str, Any]:
    """As ``Classe.faire``."""
    with acces.passage(classe, lui, espace, demande) as passage:
        en_cours = passage.partage.commencer(passage.demande, passage.permis)
        if en_cours is None:
            passage.reponse = await run_in_threadpool(passage.partage.faire, passage.demande, passage.permis)
        else:
            passage.reponse = await en_cours.attendre()
    return passage.reponse


async def lire(classe: Classe, lui: LigneParticipant, espace: str, lecture: Callable[[Portail], R]) -> R:
    """As ``Classe.lire``, for a reading that is short."""
    partage = classe.espace_de(lui, espace)
    if (vue := partage.regarder(lecture)) is not None:
        return vue[0]
    return await run_in_threadpool(partage.lire, lecture)
