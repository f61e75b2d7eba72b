"""An act done in memory and not yet on disk: it is answered, in a thread or in an event loop, once it is."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from facturier.erreurs import ErreurFacturier

if TYPE_CHECKING:
    from facturier.serveur.espace import EspacePartage


@dataclass
class Applique:
    """An act in memory, or its refusal, being written: it is said to nobody before it is on disk.

    ``promesse`` in a thread, ``ecrit`` in an event loop: what ends with its commit, None when nothing is written.
    """

    partage: EspacePartage
    reponse: dict[str, Any]
    refus: ErreurFacturier | None = None
    gardee: tuple[str, str, str] | None = None
    promesse: Future[None] | None = None
    ecrit: asyncio.Future[None] | None = None

    def conclure(self) -> dict[str, Any]:
        """The answer, once written; the space is held by whoever calls."""
        try:
            if self.promesse is not None:
                self.promesse.result()
        except BaseException:
            self.partage.oublier()
            raise
        return self.rendre()

    def rendre(self) -> dict[str, Any]:
        """The answer or the refusal, now that what goes with it is written."""
        if self.gardee is not None:
            self.partage.retenir(self.gardee)
        if self.refus is not None:
            raise self.refus
        return self.reponse


@dataclass
class EnCours:
    """The same in an event loop: the space is held until its commit, and let go by whoever waits for it."""

    applique: Applique
    verrou: threading.Lock

    async def attendre(self) -> dict[str, Any]:
        """The answer, once written. To be awaited once, whatever happens."""
        try:
            if self.applique.ecrit is not None:
                await self.applique.ecrit
            return self.applique.rendre()
        except BaseException as cause:
            if cause is not self.applique.refus:
                self.applique.partage.oublier()
            raise
        finally:
            self.verrou.release()
