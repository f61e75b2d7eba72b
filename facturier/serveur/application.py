"""The HTTP application of one class."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio.to_thread
from fastapi import FastAPI

from facturier import __version__
from facturier.serveur import api, api_recits, api_suivi, erreurs, pages, piste
from facturier.serveur.animateurs import Animateurs
from facturier.serveur.classe import Classe
from facturier.serveur.garde import Garde
from facturier.serveur.raccourci import Raccourci

FILS = 64
"""Requests worked on at once: one more waits for its turn, none is refused."""


def creer(classe: Classe, animateurs: Animateurs) -> FastAPI:
    """The application that serves ``classe``, its pages to ``animateurs``; closing the class is its owner\'s work."""

    @asynccontextmanager
    async def vie(_: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = FILS
        yield
        classe.participants.arreter()  # a server that is asked to stop keeps the times of presence

    application = FastAPI(
        title="Le Facturier : portail de classe",
        version=__version__,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=vie,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # nothing of who asks what goes anywhere
    )
    application.state.classe = classe
    application.state.animateurs = animateurs
    application.include_router(api.routes)
    application.include_router(api_suivi.routes)
    application.include_router(api_recits.routes)
    pages.poser(application, classe)
    application.mount(piste.PREFIXE, piste.creer(classe))
    erreurs.poser(application)
    application.add_middleware(Raccourci)
    application.add_middleware(Garde)
    return application
