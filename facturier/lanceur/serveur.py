"""The JupyterLab of one workspace: a child process on 127.0.0.1, its readiness, its API and its clean end."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote

from facturier.erreurs import ErreurFacturier, ErreurMoteur
from facturier.lanceur.reglages import DISPOSITION, Dossiers, ecrire_reglages, environnement

if TYPE_CHECKING:
    import httpx

_DEMARRAGE_MAX = 90.0
_PAS = 0.05
_LOCALE = re.compile(r"http://(127\.0\.0\.1|localhost):[0-9]{1,5}/")


class Serveur:
    """A JupyterLab server that this process started, or found already running on the same workspace."""

    def __init__(self, dossiers: Dossiers, url: str, jeton: str, processus: subprocess.Popen[bytes] | None) -> None:
        import httpx

        self.dossiers = dossiers
        self.url = url
        self.jeton = jeton
        self._processus = processus
        self._client: httpx.Client = httpx.Client(
            base_url=url, headers={"Authorization": f"token {jeton}"}, timeout=30, trust_env=False
        )

    @classmethod
    def demarrer(cls, espace: Path, port: int | None = None, classe: str = "") -> Self:
        """Start the server of ``espace`` and wait until it answers; its pages lead to the portal at ``classe``.

        Raises:
            ErreurFacturier: the port asked for is taken (``port-occupe``).
            ErreurMoteur: the server died or stayed silent (``serveur-arrete``).
        """
        dossiers = Dossiers(espace)
        if port is not None:
            _verifier_port(port)
        for perime in (dossiers.execution, dossiers.dispositions):  # yesterday's tabs would ask for yesterday's kernels
            shutil.rmtree(perime, ignore_errors=True)
        ecrire_reglages(dossiers, port or 0, classe)
        jeton = secrets.token_urlsafe(32)
        with dossiers.journal.open("wb") as journal:
            processus = subprocess.Popen(
                [sys.executable, "-P", "-m", "jupyterlab"],
                cwd=espace,
                env=environnement(dossiers, jeton),
                stdin=subprocess.DEVNULL,
                stdout=journal,
                stderr=subprocess.STDOUT,
                **_groupe_a_part(),
            )
        try:
            serveur = cls(dossiers, _attendre_adresse(dossiers, processus), jeton, processus)
            return serveur._attendre_reponse().disposer()
        except BaseException:
            _terminer(processus)
            raise

    @classmethod
    def retrouver(cls, espace: Path) -> Self | None:
        """The server already open on ``espace``, if there is one that answers."""
        dossiers = Dossiers(espace)
        for fiche in _fiches(dossiers):
            serveur = cls(dossiers, str(fiche["url"]), str(fiche["token"]), None)
            if serveur._repond():
                return serveur
            serveur._client.close()
        return None

    def adresse(self, carnet: str) -> str:
        """The address that opens ``carnet``, token included: for the learner's eyes only."""
        return f"{self.url}lab/tree/{quote(carnet)}?token={self.jeton}"

    def carnet_seul(self, carnet: str) -> str:
        """The address of ``carnet`` in Notebook 7, token included: for the learner's eyes only."""
        return f"{self.url}notebooks/{quote(carnet)}?token={self.jeton}"

    def page(self, carnet: str) -> str:
        """The address of ``carnet`` as a page without code, token included: for the learner's eyes only."""
        return f"{self.url}voila/render/{quote(carnet)}?token={self.jeton}"

    def appeler(self, methode: str, chemin: str, **options: Any) -> Any:
        """Call the server's API and return its JSON (None when it has nothing to say)."""
        import httpx

        try:
            reponse = self._client.request(methode, f"api/{chemin}", **options)
            reponse.raise_for_status()
        except httpx.HTTPStatusError as cause:
            raise ErreurMoteur(
                f"Le serveur des carnets a refusé une demande (code {cause.response.status_code}) : "
                f"le détail est dans {self.dossiers.journal}.",
                code="serveur-refus",
            ) from cause
        except httpx.HTTPError as cause:
            raise self._panne() from cause
        return reponse.json() if reponse.content else None

    def disposer(self) -> Self:
        """Lay the page out for reading: one notebook, over the whole width."""
        self._client.put("lab/api/workspaces/default", json=DISPOSITION).raise_for_status()
        return self

    def vivant(self) -> bool:
        """True while the server's process runs."""
        return self._processus is not None and self._processus.poll() is None

    def sortie(self) -> int | None:
        """The exit status of the server's process, None while it runs."""
        return self._processus.poll() if self._processus is not None else None

    def verifier(self) -> None:
        """Raise ``serveur-arrete`` if the server died by itself."""
        if self._processus is not None and self._processus.poll() not in (None, 0):
            raise self._panne()

    def arreter(self) -> None:
        """Stop the kernels and the server, politely then not; never raises, may be called twice."""
        if self.vivant():
            import httpx

            with contextlib.suppress(httpx.HTTPError):
                self._client.post("api/shutdown", timeout=2)
        self._client.close()
        if self._processus is not None:
            _terminer(self._processus)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.arreter()

    def _repond(self) -> bool:
        import httpx

        try:
            return self._client.get("api/status", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False

    def _attendre_reponse(self) -> Self:
        limite = time.monotonic() + _DEMARRAGE_MAX
        while not self._repond():
            if not self.vivant() or time.monotonic() > limite:
                raise self._panne()
            time.sleep(_PAS)
        return self

    def _panne(self) -> ErreurMoteur:
        return _panne(self.dossiers, self.sortie())


def _panne(dossiers: Dossiers, sortie: int | None) -> ErreurMoteur:
    etat = "ne répond plus" if sortie is None else f"s’est arrêté de façon inattendue (code {sortie})"
    return ErreurMoteur(
        f"Le serveur des carnets {etat}. Vos réponses déjà enregistrées sont intactes : relancez l’ouverture. "
        f"Si cela se répète, transmettez {dossiers.journal} à votre formateur.",
        code="serveur-arrete",
    )


def _verifier_port(port: int) -> None:
    if not 1024 <= port <= 65535:
        raise ErreurFacturier(
            f"Le port {port} ne convient pas : choisissez un nombre de 1024 à 65535.", code="port-invalide"
        )
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as essai:
        if os.name != "nt":  # on Windows this option would let two programs share a port
            essai.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            essai.bind(("127.0.0.1", port))
        except OSError as cause:
            raise ErreurFacturier(
                f"Le port {port} est déjà pris par un autre programme : choisissez-en un autre, ou n’en demandez aucun "
                "pour qu’un port libre soit trouvé.",
                code="port-occupe",
            ) from cause


def _groupe_a_part() -> dict[str, Any]:
    """Keep Ctrl+C for the launcher alone, which then stops its child in order."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def _fiches(dossiers: Dossiers) -> list[dict[str, Any]]:
    """What running servers wrote of themselves (``jpserver-<pid>.json``); half-written ones are left for later.

    A workspace comes from anywhere: what it says of a server is believed only of this machine.
    """
    lues = []
    for path in sorted(dossiers.execution.glob("jpserver-*.json")):
        with contextlib.suppress(OSError, ValueError):
            fiche = json.loads(path.read_text(encoding="utf-8"))
            if isinstance(fiche, dict) and "token" in fiche and _LOCALE.fullmatch(str(fiche.get("url"))):
                lues.append(fiche)
    return lues


def _attendre_adresse(dossiers: Dossiers, processus: subprocess.Popen[bytes]) -> str:
    limite = time.monotonic() + _DEMARRAGE_MAX
    while not (fiches := _fiches(dossiers)):
        if processus.poll() is not None or time.monotonic() > limite:
            raise _panne(dossiers, processus.poll())
        time.sleep(_PAS)
    return str(fiches[0]["url"])


def _terminer(processus: subprocess.Popen[bytes]) -> None:
    """Wait for the end already asked for, then ask the process, then take its life."""
    for patience, insister in ((4.0, processus.terminate), (2.0, processus.kill), (2.0, None)):
        with contextlib.suppress(subprocess.TimeoutExpired):
            processus.wait(patience)
            break
        if insister is not None:
            insister()
    if sys.platform != "win32":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(processus.pid, signal.SIGKILL)
