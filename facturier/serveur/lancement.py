"""Serving a class until it is stopped: uvicorn, one process, one address."""

from __future__ import annotations

import contextlib
import gc
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from facturier.erreurs import ErreurFacturier
from facturier.serveur.animateurs import Animateurs
from facturier.serveur.application import creer
from facturier.serveur.classe import Classe
from facturier.serveur.protocole import Protocole

FERMETURE_SECONDES = 10
RAMASSAGE = (100_000, 20, 1_000_000)
"""How often Python looks by itself for cycles: hardly ever. Two hundred acts on their way are 20,000 young objects."""
JEUNES = 5_000
"""How many of them are looked at as soon as no request is on its way."""
TICS = 600
"""Between two such looks, in tenths of a second."""
CALME = 20
"""Tenths of a second without any request, to call it nobody."""


@dataclass(frozen=True)
class Ecoute:
    """Where to serve. ``certificat`` and ``cle`` are PEM files, for https."""

    hote: str = "127.0.0.1"
    port: int = 8765
    certificat: Path | None = None
    cle: Path | None = None


def servir(classe: Classe, animateurs: Animateurs, ecoute: Ecoute, pret: Callable[[str], None]) -> None:
    """Serve until Ctrl+C; ``pret`` receives the address once it answers.

    Raises:
        ErreurFacturier: the port is taken, the address is not this machine's, the certificate is not usable.
    """
    prise = _prendre(ecoute)
    serveur = _serveur(creer(classe, animateurs), ecoute, prise, pret, seul=True)
    # the class lives as long as this process: looking for cycles in it again and again cost half of each act
    _ramasser()
    gc.set_threshold(*RAMASSAGE)
    with prise:
        try:
            serveur.run(sockets=[prise])
        except KeyboardInterrupt:  # uvicorn has stopped cleanly, then says it again
            return


@contextlib.contextmanager
def en_fond(classe: Classe, animateurs: Animateurs | None = None, ecoute: Ecoute | None = None) -> Iterator[str]:
    """Serve in a thread while the block runs; its address."""
    ou = ecoute or Ecoute(port=0)
    entrees = animateurs or Animateurs(classe.registre, classe.ecrivain, classe.horloge)
    prise = _prendre(ou)
    adresses: list[str] = []
    vu = threading.Event()

    def pret(adresse: str) -> None:
        adresses.append(adresse)
        vu.set()

    serveur = _serveur(creer(classe, entrees), ou, prise, pret)
    fil = threading.Thread(target=serveur.run, kwargs={"sockets": [prise]}, daemon=True)
    fil.start()
    try:
        if not vu.wait(20):
            raise ErreurFacturier("Le portail n’a pas démarré : recommencez.", code="serveur-arrete")
        yield adresses[0]
    finally:
        serveur.should_exit = True
        fil.join()
        prise.close()


def _ramasser() -> None:
    """Give back the cycles of objects, and hold all the others for kept: they are not looked at again."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


class _Serveur(uvicorn.Server):
    """uvicorn, which says when it answers. ``seul``: the process is its own, memory included."""

    def __init__(self, config: uvicorn.Config, dire: Callable[[], None], *, seul: bool) -> None:
        super().__init__(config)
        self._ramasse = seul
        self._dire = dire
        self._servies, self._depuis, self._a_ramasser = 0, 0, 0

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second: the memory is looked over at a quiet moment."""
        servies = self.server_state.total_requests
        self._depuis = self._depuis + 1 if servies == self._servies else 0
        self._a_ramasser += servies != self._servies
        self._servies = servies
        if self._ramasse and not self.server_state.tasks and gc.get_count()[0] > JEUNES:
            gc.collect(1)
            gc.freeze()
        if self._ramasse and self._a_ramasser and self._depuis >= CALME and counter % TICS >= TICS - CALME:
            self._a_ramasser = 0
            _ramasser()
        return await super().on_tick(counter)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._dire()


def _serveur(
    application: FastAPI, ecoute: Ecoute, prise: socket.socket, pret: Callable[[str], None], *, seul: bool = False
) -> _Serveur:
    hote = f"[{ecoute.hote}]" if ":" in ecoute.hote else ecoute.hote
    adresse = f"{'https' if ecoute.certificat else 'http'}://{hote}:{prise.getsockname()[1]}"
    try:
        config = uvicorn.Config(
            application,
            log_level="warning",
            access_log=False,  # nothing of who asks what is written anywhere
            server_header=False,
            date_header=False,
            timeout_keep_alive=30,
            timeout_graceful_shutdown=FERMETURE_SECONDES,
            backlog=1024,
            http=Protocole,
            loop="auto",  # uvloop where it is installed
            ssl_certfile=ecoute.certificat,
            ssl_keyfile=ecoute.cle,
            ws="none",
        )
        config.load()
    except OSError as cause:  # ssl.SSLError is one
        prise.close()
        raise ErreurFacturier(
            f"Le certificat ou sa clé n’est pas utilisable ({cause}) : donnez deux fichiers PEM qui vont ensemble.",
            code="certificat-refuse",
        ) from cause
    return _Serveur(config, lambda: pret(adresse), seul=seul)


def _prendre(ecoute: Ecoute) -> socket.socket:
    famille = socket.AF_INET6 if ":" in ecoute.hote else socket.AF_INET
    prise = socket.socket(famille, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # by that name only, asyncio sets NODELAY
    prise.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        prise.bind((ecoute.hote, ecoute.port))
        prise.listen(1024)
    except (OSError, OverflowError) as cause:
        prise.close()
        raise ErreurFacturier(
            f"Le portail ne peut pas s’ouvrir sur {ecoute.hote}, port {ecoute.port} : ce port est déjà pris par un "
            "autre programme, ou cette adresse n’est pas celle de cet ordinateur. Choisissez-en un autre avec --port.",
            code="port-occupe",
        ) from cause
    return prise
