"""Running a notebook in the very kernel that the browser will find, before the browser opens it."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facturier import ecriture
from facturier.erreurs import ErreurMoteur

if TYPE_CHECKING:
    from facturier.lanceur.serveur import Serveur

DELAI_CELLULE = 60
_PRET_MAX = 60


@dataclass(frozen=True)
class Preparation:
    """What preparing one notebook gave: cells run, how many of them stopped on an error, written or not."""

    carnet: str
    cellules: int
    erreurs: int
    ecrit: bool


def preparer(serveur: Serveur, carnet: str, *, delai: int = DELAI_CELLULE) -> Preparation:
    """Open the session of ``carnet``, run it and store its outputs, trusted.

    A notebook that a page already shows is run no further and never rewritten: the page's copy is the learner's.

    Args:
        carnet: path inside the workspace, with ``/``.
        delai: seconds allowed to one cell before its kernel is interrupted.

    Raises:
        ErreurMoteur: the file is not a notebook, or its kernel never answered.
    """
    import nbformat

    path = serveur.dossiers.espace / carnet
    nb = _lire(path)
    session = serveur.appeler(
        "POST",
        "sessions",
        json={"path": carnet, "name": path.name, "type": "notebook", "kernel": {"name": "python3"}},
    )
    noyau = str(session["kernel"]["id"])
    if _regarde(serveur, noyau):
        return Preparation(carnet, 0, 0, False)
    cellules, erreurs = asyncio.run(_executer(serveur, nb, noyau, delai))
    if _regarde(serveur, noyau):
        return Preparation(carnet, cellules, erreurs, False)
    ecriture.write_text(path, nbformat.writes(nb) + "\n")
    serveur.appeler("POST", f"contents/{carnet}/trust")
    return Preparation(carnet, cellules, erreurs, True)


def _lire(path: Path) -> Any:
    import nbformat

    try:
        return nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
    except (OSError, ValueError, AttributeError, KeyError, TypeError) as cause:  # nbformat lets any of them out
        raise ErreurMoteur(
            f"Le carnet {path} n’est pas lisible : remettez-y une copie saine, "
            "ou supprimez-le pour qu’il soit recopié.",
            code="carnet-illisible",
        ) from cause


def _regarde(serveur: Serveur, noyau: str) -> bool:
    """True when a page is connected to that kernel."""
    return int(serveur.appeler("GET", f"kernels/{noyau}")["connections"]) > 0


async def _executer(serveur: Serveur, nb: Any, noyau: str, delai: int) -> tuple[int, int]:
    from nbclient import NotebookClient
    from nbclient.exceptions import CellTimeoutError

    liaison = _lier(serveur.dossiers.execution / f"kernel-{noyau}.json")
    cellules = erreurs = 0
    try:
        await liaison.wait_for_ready(timeout=_PRET_MAX)
        _dire_noyau(nb, await liaison.kernel_info(reply=True, timeout=_PRET_MAX))
        executant = NotebookClient(nb, timeout=delai, allow_errors=True, record_timing=False, coalesce_streams=True)
        executant.reset_execution_trackers()
        executant.kc = liaison
        for rang, cellule in enumerate(nb.cells):
            if cellule.cell_type != "code" or not cellule.source.strip():
                continue
            cellules += 1
            try:
                await executant.async_execute_cell(cellule, rang)
                erreurs += any(sortie.output_type == "error" for sortie in cellule.outputs)
            except CellTimeoutError:
                erreurs += 1
                with contextlib.suppress(ErreurMoteur):  # a kernel that died is being started again by the server
                    serveur.appeler("POST", f"kernels/{noyau}/interrupt")
                break
    except (RuntimeError, TimeoutError) as cause:
        raise ErreurMoteur(
            "Le moteur de calcul du carnet ne répond pas : fermez d’autres programmes, puis relancez l’ouverture.",
            code="noyau-muet",
        ) from cause
    finally:
        liaison.stop_channels()
    return cellules, erreurs


def _lier(fiche: Path) -> Any:
    """A client of a kernel that the server started and watches.

    No heartbeat of ours: on a busy machine it is late by more than its one second, and a slow kernel passes for dead.
    """
    from jupyter_client.asynchronous.client import AsyncKernelClient

    class Liaison(AsyncKernelClient):  # type: ignore[misc]
        async def _async_is_alive(self) -> bool:
            return True

        is_alive = _async_is_alive

    liaison = Liaison(connection_file=str(fiche))
    liaison.load_connection_file()
    liaison.start_channels(hb=False)
    return liaison


def _dire_noyau(nb: Any, infos: dict[str, Any]) -> None:
    """Write of the kernel what a page would write of it: without it, every notebook opens as « modified »."""
    nb.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    nb.metadata["language_info"] = infos["content"]["language_info"]
