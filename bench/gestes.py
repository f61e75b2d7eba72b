"""The processor that the class server takes for an act, which other work on the machine hardly changes.

Two hundred learners deposit at the same instant, in one process: their bytes are given to the server's own protocol,
its answers are read from a transport in memory (the kernel's sockets are left out). The thread of the event loop, then
the writer's, are timed apart (``time.thread_time``); the median of the bursts is said.

Run: ``.venv/bin/python bench/gestes.py``; ``--base postgresql+psycopg://…`` (an empty database), or behind
``.ci/postgresql`` with ``--postgresql``.
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import gc
import json
import os
import pstats
import sys
import tempfile
import time
from datetime import datetime
from statistics import median
from typing import Any

import uvicorn
import uvloop
from portail import FACTURE, TITULAIRE
from uvicorn.server import ServerState

from facturier.portail import Annuaire
from facturier.registre import Ecrivain, RegistreClasse
from facturier.serveur import Animateurs, Animation, Classe, lancement
from facturier.serveur.application import creer
from facturier.serveur.protocole import Protocole


class Memoire(asyncio.Transport):
    """A connection without a socket: what is written is kept."""

    def __init__(self, repondu: Any) -> None:
        super().__init__()
        self.recu = b""
        self._repondu = repondu

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return default

    def is_closing(self) -> bool:
        return False

    def write(self, data: Any) -> None:
        self.recu += data
        if data.startswith(b"{"):
            self._repondu()

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...

    def close(self) -> None: ...


class Fils:
    """The writer's thread time, added up around each of its transactions."""

    def __init__(self) -> None:
        self.secondes = 0.0
        ecrire = Ecrivain._ecrire

        def mesure(ecrivain: Ecrivain, attendus: Any) -> None:
            debut = time.thread_time()
            ecrire(ecrivain, attendus)
            self.secondes += time.thread_time() - debut

        Ecrivain._ecrire = mesure  # type: ignore[method-assign]


def demande(jeton: str, espace: str, cle: str) -> bytes:
    """A deposit, as it travels."""
    donnees = {**FACTURE, "numero_facture": cle, "date_facture": datetime.now().strftime("%d/%m/%Y")}
    corps = json.dumps(
        {"role": "fournisseur", "structure": TITULAIRE, "action": "deposer", "objet": "", "donnees": donnees}
    ).encode()
    tete = (
        f"POST /api/v1/espaces/{espace}/actes HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {jeton}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(corps)}\r\nIdempotency-Key: {cle}\r\n\r\n"
    )
    return tete.encode() + corps


async def rafales(classe: Classe, places: list[tuple[str, str]], nombre: int, profil: Any) -> list[tuple[float, float]]:
    """For each burst, seconds of the loop's thread and of the writer's."""
    fils = Fils()
    application = creer(classe, Animateurs(classe.registre, classe.ecrivain, classe.horloge))
    config = uvicorn.Config(application, access_log=False, server_header=False, date_header=False, ws="none")
    config.load()
    etat = ServerState()
    boucle = asyncio.get_running_loop()
    reste, fini = 0, asyncio.Event()

    def repondu() -> None:
        nonlocal reste
        reste -= 1
        if not reste:
            fini.set()

    async with application.router.lifespan_context(application):
        transports = [Memoire(repondu) for _ in places]
        protocoles = [Protocole(config, etat, {}, boucle) for _ in places]
        for protocole, transport in zip(protocoles, transports, strict=True):
            protocole.connection_made(transport)
        lancement._ramasser()
        gc.set_threshold(*lancement.RAMASSAGE)
        mesures = []
        for rang in range(nombre):
            octets = [demande(jeton, espace, f"F{rang}") for jeton, espace in places]
            for transport in transports:
                transport.recu = b""
            reste = len(places)
            fini.clear()
            avant = fils.secondes
            debut = time.thread_time()
            if profil:
                profil.enable()
            for protocole, morceau in zip(protocoles, octets, strict=True):
                protocole.data_received(morceau)
            await fini.wait()
            if profil:
                profil.disable()
            boucle_secondes = time.thread_time() - debut
            await asyncio.sleep(0.02)
            mauvais = [t.recu for t in transports if not t.recu.startswith(b"HTTP/1.1 200")]
            if mauvais:
                sys.exit(f"{len(mauvais)} refus : {mauvais[0].decode()}")
            mesures.append((boucle_secondes, fils.secondes - avant))
            gc.collect(1)
            gc.freeze()
        return mesures


def main() -> None:
    """Print the figures of one store."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--base", default="", help="une base PostgreSQL vide, au lieu de SQLite")
    options.add_argument("--postgresql", action="store_true", help="celle de FACTURIER_TEST_POSTGRESQL")
    options.add_argument("--apprenants", type=int, default=200)
    options.add_argument("--rafales", type=int, default=25)
    options.add_argument("--profil", action="store_true", help="où passe le temps de la boucle (mesures faussées)")
    choix = options.parse_args()
    base = os.environ["FACTURIER_TEST_POSTGRESQL"] if choix.postgresql else choix.base
    with tempfile.TemporaryDirectory(prefix="facturier-gestes-") as dossier:
        classe = Classe(
            RegistreClasse(base or f"sqlite:///{dossier}/classe.sqlite"), Annuaire.charger(), graine="bench"
        )
        inscrits = [classe.rejoindre(classe.code, f"apprenant{rang:03d}") for rang in range(choix.apprenants)]
        noms, taille = [i.participant.pseudonyme for i in inscrits], len(classe.montage.postes)
        Animation(classe).repartir([noms[d : d + taille] for d in range(0, len(noms), taille)])
        profil = cProfile.Profile() if choix.profil else None
        places = [(i.jeton, i.participant.solo) for i in inscrits]
        mesures = uvloop.run(rafales(classe, places, choix.rafales, profil))
        if profil:
            pstats.Stats(profil).sort_stats("tottime").print_stats(45)
        classe.fermer()
    par_geste = [tuple(1000 * secondes / choix.apprenants for secondes in mesure) for mesure in mesures]
    boucle, ecrivain = (median(colonne) for colonne in zip(*par_geste, strict=True))
    print(
        f"{'PostgreSQL' if base else 'SQLite'}, {choix.rafales} rafales de {choix.apprenants} : boucle {boucle:.3f} ms "
        f"par geste (de {min(b for b, _ in par_geste):.3f} à {max(b for b, _ in par_geste):.3f}), écrivain "
        f"{ecrivain:.3f} ; charge {os.getloadavg()[0]:.1f}"
    )


if __name__ == "__main__":
    main()
