"""``facturier ouvrir``: from a folder to a learner who types, in one call that lasts as long as the class."""

from __future__ import annotations

import contextlib
import signal
import sys
import time
import webbrowser
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facturier.erreurs import ErreurFacturier, ErreurMoteur
from facturier.lanceur.espace import Espace, preparer_espace
from facturier.lanceur.pages import ACCUEIL, adresse_de_classe
from facturier.lanceur.preparation import preparer
from facturier.lanceur.serveur import Serveur

if TYPE_CHECKING:
    from rich.console import Console

_PAS = 0.5


def ouvrir(
    dossier: Path,
    *,
    navigateur: bool = True,
    port: int | None = None,
    arreter_apres: float | None = None,
    pages: bool = False,
    classe: str = "",
) -> None:
    """Prepare the workspace, start its JupyterLab, run the welcome notebook, show it, then run the others.

    Returns when the learner quits JupyterLab, presses Ctrl+C, or after ``arreter_apres`` seconds.

    Args:
        dossier: the learner's workspace, created if need be.
        navigateur: open the default browser; otherwise only print the address.
        port: a port of 127.0.0.1; by default a free one.
        arreter_apres: seconds after which everything is stopped, for tests and demonstrations.
        pages: show the notebooks as pages without code, each run when it is opened.
        classe: the address of the class's portal, to which each page then leads.

    Raises:
        ErreurFacturier: the folder, the port or the server does not allow it; the sentence says what to do.
    """
    console = _console()
    portail = adresse_de_classe(classe)
    limite = time.monotonic() + arreter_apres if arreter_apres is not None else None
    with _arret_demande():
        try:
            _dire_espace(console, espace := preparer_espace(dossier))
            deja = Serveur.retrouver(espace.dossier)
            if deja is not None:
                with deja:
                    console.print("Votre espace est déjà ouvert : je le montre de nouveau.")
                    _montrer(console, _adresse(deja, premier(espace.dossier), pages), navigateur)
                return
            with contextlib.ExitStack() as pile:
                with console.status("Démarrage de JupyterLab…"):
                    serveur = pile.enter_context(Serveur.demarrer(espace.dossier, port, portail))
                    accueil = premier(espace.dossier)
                    if not pages:
                        _preparer(console, serveur, accueil)
                _montrer(console, _adresse(serveur, accueil, pages), navigateur)
                if portail:
                    console.print(f"Le portail de la classe : {portail}", markup=False)
                if not pages:
                    _preparer_les_autres(console, serveur, accueil, limite)
                _attendre(serveur, limite)
                console.print("JupyterLab est fermé. Vos réponses sont enregistrées.")
        except KeyboardInterrupt:
            console.print("JupyterLab est arrêté. Vos réponses sont enregistrées.")


def _adresse(serveur: Serveur, carnet: str, pages: bool) -> str:
    return serveur.page(carnet) if pages else serveur.adresse(carnet)


def carnets(espace: Path) -> list[str]:
    """The notebooks of a workspace in teaching order, each lesson followed by its exercises."""
    suite = []
    for lecon in sorted((espace / "notebooks").glob("*.ipynb")):
        suite.append(f"notebooks/{lecon.name}")
        exercices = f"release/{lecon.stem.partition('_')[2]}/exercices.ipynb"
        if (espace / exercices).is_file():
            suite.append(exercices)
    autres = (path.relative_to(espace).as_posix() for path in sorted((espace / "release").glob("*/*.ipynb")))
    return suite + [nom for nom in autres if nom not in suite]


def premier(espace: Path) -> str:
    """The notebook to open: the welcome, or the first one of a workspace that has no welcome."""
    if (espace / ACCUEIL).is_file():
        return ACCUEIL
    trouves = carnets(espace)
    if not trouves:
        raise ErreurFacturier(
            f"Aucun carnet dans {espace} : réinstallez le paquet « facturier », ou choisissez un autre dossier.",
            code="aucun-carnet",
        )
    return trouves[0]


def _console() -> Console:
    from rich.console import Console

    return Console(stderr=True, highlight=False, soft_wrap=True)


def _dire_espace(console: Console, espace: Espace) -> None:
    if espace.copies:
        console.print(f"Dossier de travail : {espace.dossier}", markup=False)
    if espace.gardes:
        console.print(
            "Fichiers que vous avez modifiés, gardés tels quels : " + ", ".join(espace.gardes) + ".", markup=False
        )


def _montrer(console: Console, adresse: str, navigateur: bool) -> None:
    if navigateur and webbrowser.open(adresse):
        console.print("Votre navigateur s’ouvre sur le carnet d’accueil. S’il ne s’ouvre pas, copiez-y cette adresse :")
    else:
        console.print("Ouvrez cette adresse dans votre navigateur :")
    console.print(adresse, markup=False)
    console.print("Laissez cette fenêtre ouverte pendant la formation ; Ctrl+C pour tout arrêter.")


def _preparer_les_autres(console: Console, serveur: Serveur, accueil: str, limite: float | None) -> None:
    """One at a time, while the learner reads the welcome."""
    for carnet in carnets(serveur.dossiers.espace):
        if carnet == accueil:
            continue
        if not serveur.vivant() or _passe(limite):
            return
        with console.status(f"Préparation de {carnet}…"):
            _preparer(console, serveur, carnet)


def _preparer(console: Console, serveur: Serveur, carnet: str) -> None:
    """Run a notebook; one that cannot be is said, and left to the page that will open it."""
    try:
        preparer(serveur, carnet)
    except ErreurMoteur as erreur:
        serveur.verifier()
        if serveur.vivant():
            console.print(erreur.phrase, markup=False)


def _attendre(serveur: Serveur, limite: float | None) -> None:
    while serveur.vivant() and not _passe(limite):
        time.sleep(_PAS)
    serveur.verifier()


def _passe(limite: float | None) -> bool:
    return limite is not None and time.monotonic() >= limite


@contextlib.contextmanager
def _arret_demande() -> Iterator[None]:
    """Closing the terminal or a polite kill stops the children as Ctrl+C does. Ctrl+C is ours too: left to asyncio, it
    cancels the notebook being prepared, nbclient tells a dead kernel of it, and the launcher goes on."""

    def interrompre(*_: Any) -> None:
        raise KeyboardInterrupt

    noms = ["SIGINT", "SIGTERM", "SIGBREAK" if sys.platform == "win32" else "SIGHUP"]
    try:
        anciens = {nom: signal.signal(getattr(signal, nom), interrompre) for nom in noms}
    except ValueError:  # not in the main thread: signals are someone else's
        anciens = {}
    try:
        yield
    finally:
        for nom, ancien in anciens.items():
            signal.signal(getattr(signal, nom), ancien)
