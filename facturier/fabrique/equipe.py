"""A few worker processes, one task at a time each; a stuck or dead worker harms only the task it had."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import connection, get_context
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Echec:
    """A task that gave nothing, and why, in one sentence."""

    phrase: str


@dataclass
class _Ouvrier:
    processus: Any
    tuyau: Any
    tache: int | None = None
    limite: float = 0.0


def repartir(
    fonction: Callable[[T], Any], taches: Sequence[T], *, ouvriers: int = 2, delai: float = 120.0
) -> Iterator[tuple[int, Any]]:
    """Run ``fonction`` (importable by name) on each task; yield (rank, result or :class:`Echec`) as they come.

    Args:
        delai: seconds granted to each task; past them its worker is killed and replaced.
    """
    contexte = get_context("spawn")
    reste = list(enumerate(taches))[::-1]
    equipe: list[_Ouvrier] = []
    try:
        for _ in range(min(ouvriers, len(taches))):
            equipe.append(_embaucher(contexte, fonction))
        while reste or any(o.tache is not None for o in equipe):
            for place, ouvrier in enumerate(equipe):
                if ouvrier.tache is None and reste:
                    equipe[place] = _confier(contexte, fonction, ouvrier, reste.pop(), delai)
            occupes = [o for o in equipe if o.tache is not None]
            attente = max(0.0, min(o.limite for o in occupes) - time.monotonic())
            prets = connection.wait([o.tuyau for o in occupes], timeout=attente)
            for place, ouvrier in enumerate(equipe):
                if ouvrier.tache is None:
                    continue
                if ouvrier.tuyau in prets:
                    resultat = _recevoir(ouvrier)
                elif time.monotonic() >= ouvrier.limite:
                    resultat = Echec(f"La correction n’a pas abouti en {delai:g} secondes.")
                else:
                    continue
                rang, ouvrier.tache = ouvrier.tache, None
                if isinstance(resultat, Echec):
                    _congedier(ouvrier)
                    equipe[place] = _embaucher(contexte, fonction)
                yield rang, resultat
    finally:
        for ouvrier in equipe:
            _congedier(ouvrier)


def _embaucher(contexte: Any, fonction: Callable[[Any], Any]) -> _Ouvrier:
    ici, la_bas = contexte.Pipe()
    processus = contexte.Process(target=_travailler, args=(la_bas, fonction), daemon=True)
    processus.start()
    la_bas.close()
    return _Ouvrier(processus, ici)


def _confier(contexte: Any, fonction: Any, ouvrier: _Ouvrier, tache: tuple[int, Any], delai: float) -> _Ouvrier:
    try:
        ouvrier.tuyau.send(tache[1])
    except OSError:  # it died while idle
        _congedier(ouvrier)
        ouvrier = _embaucher(contexte, fonction)
        ouvrier.tuyau.send(tache[1])
    ouvrier.tache, ouvrier.limite = tache[0], time.monotonic() + delai
    return ouvrier


def _recevoir(ouvrier: _Ouvrier) -> Any:
    try:
        return ouvrier.tuyau.recv()
    except (EOFError, OSError):
        return Echec("La correction s’est arrêtée brutalement.")


def _congedier(ouvrier: _Ouvrier) -> None:
    ouvrier.tuyau.close()
    ouvrier.processus.kill()
    ouvrier.processus.join()


def _travailler(tuyau: Any, fonction: Callable[[Any], Any]) -> None:
    os.dup2(2, 1)  # standard output belongs to the command's own document
    while True:
        try:
            tache = tuyau.recv()
        except (EOFError, OSError):
            return
        try:
            resultat = fonction(tache)
        except Exception as erreur:  # noqa: BLE001 - told to the parent, in a sentence, for that task alone
            resultat = Echec(getattr(erreur, "phrase", f"Erreur inattendue : {type(erreur).__name__}: {erreur}"))
        with contextlib.suppress(OSError):
            tuyau.send(resultat)
