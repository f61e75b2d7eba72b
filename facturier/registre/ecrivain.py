"""One thread that writes for everybody: what waits is committed together, and each caller is answered after."""

from __future__ import annotations

import asyncio
import json
import queue
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import Connection, Executable, Table, func, insert, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from facturier.registre.registre import Registre, RegistreRefuse, en_panne
from facturier.registre.tables import CLES, LigneEvenement

LOTS_MAX = 256
"""How many waiting lots share one commit at most."""

_ECRIRE = json.JSONEncoder(ensure_ascii=False).encode
_EVENEMENTS = cast(Table, LigneEvenement.__table__)

Ordre = tuple[Executable, Sequence[Mapping[str, Any]]]
"""A statement, and the rows that it is executed with."""


@dataclass(frozen=True)
class Lot:
    """What is written whole or not at all: events of one journal, the answer kept under a key, other statements.

    ``cle``: (key, fingerprint of what was asked, answer in JSON), None when the caller gave no key.
    """

    journal: str = ""
    evenements: Sequence[Mapping[str, Any]] = ()
    cle: tuple[str, str, str] | None = None
    ordres: Sequence[Ordre] = field(default=())


_Attendu = tuple[Lot, Future[None] | asyncio.Future[None]]
"""What is to be written, and whom it is then said to: a thread, or a task of an event loop."""


class Ecrivain:
    """The only writer of a store while a class is served (fsync is shared by the lots that wait together)."""

    def __init__(self, registre: Registre) -> None:
        self._registre = registre
        self._attente: queue.SimpleQueue[list[_Attendu] | None] = queue.SimpleQueue()
        self._tenus: list[_Attendu] = []
        self._derniers: dict[str, int] = {}
        self._verrou = threading.Lock()
        self._ferme = False
        self._fil = threading.Thread(target=self._servir, name="facturier-ecrivain", daemon=True)
        self._fil.start()

    def ecrire(self, lot: Lot) -> None:
        """Write that lot; on return it is on disk.

        Raises:
            RegistreRefuse: nothing of it is written, as far as the store can tell (read it again to be sure).
        """
        self.soumettre(lot).result()

    def soumettre(self, lot: Lot) -> Future[None]:
        """Have that lot written; the future ends after its commit."""
        promesse: Future[None] = Future()
        with self._verrou:
            if self._ferme:
                promesse.set_exception(_arrete())
            else:
                self._tenus.append((lot, promesse))
                self._lacher()
        return promesse

    def confier(self, lot: Lot, boucle: asyncio.AbstractEventLoop) -> asyncio.Future[None]:
        """The same from the event loop that runs here, which awaits it; giving up on it leaves the writing to itself.

        What it gives during one of its turns is held till the turn ends, so that a crowd shares one commit instead of
        racing the writer, and is told of it at once.
        """
        promesse: asyncio.Future[None] = boucle.create_future()
        with self._verrou:
            if self._ferme:
                promesse.set_exception(_arrete())
            else:
                self._tenus.append((lot, promesse))
                if len(self._tenus) == 1:
                    boucle.call_soon(self._fin_de_tour)
        return promesse

    def fermer(self) -> None:
        """Write what waits, then stop."""
        with self._verrou:
            if not self._ferme:
                self._ferme = True
                self._lacher()
                self._attente.put(None)
        self._fil.join()

    def _fin_de_tour(self) -> None:
        with self._verrou:
            self._lacher()

    def _lacher(self) -> None:
        """Give the writer what is held, in the order in which it came, at once: it does not start on a part of it."""
        if self._tenus:
            self._attente.put(self._tenus)
            self._tenus = []

    def _servir(self) -> None:
        while (attendus := self._attente.get()) is not None:
            suite: list[_Attendu] | None = []
            while suite is not None and len(attendus) < LOTS_MAX:
                try:
                    suite = self._attente.get_nowait()
                except queue.Empty:
                    break
                attendus += suite or []
            for debut in range(0, len(attendus), LOTS_MAX):
                self._ecrire(attendus[debut : debut + LOTS_MAX])
            if suite is None:
                return

    def _ecrire(self, attendus: list[_Attendu]) -> None:
        try:
            self._transaction([lot for lot, _ in attendus])
        except BaseException as cause:  # noqa: BLE001 - the callers must not wait for ever, each gets it
            self._derniers.clear()
            if len(attendus) > 1 and isinstance(cause, Exception) and not en_panne(cause.__cause__):
                # one of them is wrong: the others pass
                for seul in attendus:
                    self._ecrire([seul])
                return
            _dire(attendus, cause)
        else:
            _dire(attendus, None)

    def _transaction(self, lots: list[Lot]) -> None:
        try:
            with self._registre.transaction() as connexion:
                derniers = dict(self._derniers)
                inconnus = {lot.journal for lot in lots if lot.evenements} - derniers.keys()
                if inconnus:
                    derniers |= _lire_derniers(connexion, inconnus)
                lignes = [ligne for lot in lots for ligne in _lignes(lot, derniers)]
                if lignes:
                    connexion.execute(insert(_EVENEMENTS), lignes)
                cles = [_cle(lot.journal, *lot.cle) for lot in lots if lot.cle is not None]
                if cles:
                    connexion.execute(insert(CLES), cles)
                for lot in lots:
                    for ordre, rangees in lot.ordres:
                        connexion.execute(ordre, list(rangees))
        except IntegrityError as cause:
            raise RegistreRefuse("Un autre programme vient d’écrire dans cette base : recommencez ce geste.") from cause
        except SQLAlchemyError as cause:
            raise self._registre.illisible(cause) from cause
        self._derniers = derniers


def _lire_derniers(connexion: Connection, journaux: set[str]) -> dict[str, int]:
    """The last number of each of these journals, asked all at once."""
    colonne = _EVENEMENTS.c.journal
    requete = select(colonne, func.max(_EVENEMENTS.c.n)).where(colonne.in_(sorted(journaux))).group_by(colonne)
    lus = {ligne.journal: ligne[1] for ligne in connexion.execute(requete)}
    return dict.fromkeys(journaux, 0) | lus


def _lignes(lot: Lot, derniers: dict[str, int]) -> list[dict[str, Any]]:
    """The rows of that lot, numbered after the last ones, which they become."""
    if not lot.evenements:
        return []
    journal = lot.journal
    for rang, evenement in enumerate(lot.evenements, start=derniers[journal] + 1):
        if evenement["n"] != rang:
            raise RegistreRefuse(
                f"L’événement n° {evenement['n']} ne peut pas entrer dans le journal « {journal} » : "
                f"le numéro attendu est {rang}."
            )
    derniers[journal] += len(lot.evenements)
    return [{"journal": journal, "n": e["n"], "contenu": _ECRIRE(dict(e))} for e in lot.evenements]


def _dire(attendus: list[_Attendu], cause: BaseException | None) -> None:
    """Tell all who wait: a thread each, a loop once for all its tasks."""
    par_boucle: dict[asyncio.AbstractEventLoop, list[asyncio.Future[None]]] = {}
    for _, promesse in attendus:
        if isinstance(promesse, asyncio.Future):
            par_boucle.setdefault(promesse.get_loop(), []).append(promesse)
        elif cause is not None:
            promesse.set_exception(cause)
        else:
            promesse.set_result(None)
    for boucle, siennes in par_boucle.items():
        with suppress(RuntimeError):  # that loop is closed: nobody waits there any more
            boucle.call_soon_threadsafe(_tenir, siennes, cause)


def _tenir(promesses: list[asyncio.Future[None]], cause: BaseException | None) -> None:
    for promesse in promesses:
        if promesse.done():  # given up
            continue
        if cause is not None:
            promesse.set_exception(cause)
        else:
            promesse.set_result(None)


def _arrete() -> RegistreRefuse:
    return RegistreRefuse("Le portail s’arrête : ce geste n’a pas été enregistré.")


def _cle(journal: str, cle: str, demande: str, reponse: str) -> dict[str, str]:
    return {"journal": journal, "cle": cle, "demande": demande, "reponse": reponse}
