"""Many files: folders walked, files judged by worker processes, verdicts given back in order as they come.

A poison file costs its own verdict: its worker is stopped (time) or dies (memory, native crash), the file is told
``erreur_moteur``, and a fresh worker goes on with the others. Nothing is kept: memory does not grow with the number
of files.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any

from facturier.efacture import texte_pdf
from facturier.efacture.jeux import choisir
from facturier.efacture.resultat import Constat, Resultat
from facturier.efacture.texte_pdf import TextePdf
from facturier.erreurs import ErreurFacturier, ErreurMoteur

DELAI = 120.0
"""Seconds a file may take; the slowest that is legitimate (10 000 lines, each twice at fault) takes about a quarter of
it. Beyond, the file is told ``erreur_moteur``, with the time in the sentence."""
EXTENSIONS = (".xml", ".pdf")
_COMMANDE = ("-m", "facturier.efacture.ouvrier")
_VIE = 3000
"""Files after which a worker is replaced: Saxon's own heap goes up and down, and is not left to go up for ever."""
_AVANCE = 32
"""Files a worker may be ahead of the verdicts read."""
_FICHIERS_PAR_OUVRIER = 20
"""Below this number a second worker would spend longer starting than judging."""


def parcourir(chemins: Iterable[Path]) -> list[Path]:
    """The files to judge: those given, and the invoices (.xml, .pdf) of the folders given, sorted. Hidden names and
    links inside a folder are left aside: what is judged is what the folder holds.

    Raises:
        ErreurFacturier: a folder holds no invoice.
    """
    trouves: list[Path] = []
    for chemin in chemins:
        if not chemin.is_dir():
            trouves.append(chemin)
            continue
        dedans = list(_du_dossier(chemin))
        if not dedans:
            raise ErreurFacturier(
                f"Le dossier {chemin} ne contient aucune facture (.xml ou .pdf) : vérifiez son nom.",
                code="dossier-sans-facture",
            )
        trouves.extend(dedans)
    return trouves


def _du_dossier(dossier: Path) -> Iterator[Path]:
    for racine, sous_dossiers, fichiers in os.walk(dossier, followlinks=False):
        sous_dossiers[:] = sorted(nom for nom in sous_dossiers if not nom.startswith("."))
        for nom in sorted(fichiers):
            chemin = Path(racine) / nom
            if not nom.startswith(".") and chemin.suffix.lower() in EXTENSIONS and not chemin.is_symlink():
                yield chemin


def valider_lot(
    chemins: Sequence[Path], jeux: str = "auto", *, ouvriers: int | None = None, delai: float = DELAI
) -> Iterator[Resultat]:
    """Judge files in worker processes, one a core, and give the verdicts in the order of the files.

    Raises:
        ErreurFacturier: the rule set asked for does not exist.
    """
    choisir(jeux)
    nombre = ouvriers or min(_coeurs(), 1 + len(chemins) // _FICHIERS_PAR_OUVRIER)
    return _juger_tous(chemins, jeux, nombre, delai)


def _juger_tous(chemins: Sequence[Path], jeux: str, nombre: int, delai: float) -> Iterator[Resultat]:
    libres: queue.SimpleQueue[Ouvrier] = queue.SimpleQueue()
    equipe = [Ouvrier(jeux, delai) for _ in range(nombre)]
    for ouvrier in equipe:
        libres.put(ouvrier)

    def juger(chemin: Path) -> Resultat:
        ouvrier = libres.get()
        try:
            return ouvrier.juger(chemin)
        finally:
            libres.put(ouvrier)

    fils = ThreadPoolExecutor(nombre)
    attendus: deque[Future[Resultat]] = deque()
    try:
        for chemin in chemins:
            attendus.append(fils.submit(juger, chemin))
            if len(attendus) > nombre * _AVANCE:
                yield attendus.popleft().result()
        while attendus:
            yield attendus.popleft().result()
    finally:
        for attendu in attendus:
            attendu.cancel()
        for ouvrier in equipe:
            ouvrier.fermer()
        fils.shutdown()


class Ouvrier:
    """One worker process, started at the first file and again after a crash."""

    def __init__(self, jeux: str = "auto", delai: float = DELAI) -> None:
        self._jeux = jeux
        self._delai = delai
        self._processus: subprocess.Popen[bytes] | None = None
        self._ferme = False
        self._juges = 0

    def __enter__(self) -> Ouvrier:
        return self

    def __exit__(self, genre: type[BaseException] | None, cause: BaseException | None, t: TracebackType | None) -> None:
        self.fermer()

    def juger(self, chemin: Path) -> Resultat:
        """The verdict on one file; ``erreur_moteur`` if the worker did not live to give it."""
        try:
            processus = self._vivant()
            reponse, depasse = self._demander(processus, {"fichier": str(chemin), "jeux": self._jeux}, self._delai)
        except OSError as panne:
            self._arreter()
            return _perdu(chemin, f"le processus de contrôle n’a pas pu être joint ({type(panne).__name__})")
        try:
            return Resultat.depuis_json(json.loads(reponse))
        except (ValueError, KeyError, TypeError):
            code = self._arreter()
            if depasse:
                return _perdu(chemin, f"le contrôle a dépassé {self._delai:.0f} secondes et a été arrêté")
            return _perdu(chemin, "le moteur s’est arrêté sur ce fichier (mémoire épuisée ou panne)", f"sortie {code}")

    def texte(self, chemin: Path) -> TextePdf:
        """The text that a PDF shows, as :func:`facturier.efacture.texte_pdf.lire`, read by the same process.

        Raises:
            ErreurFacturier: ``pdf-sans-texte``.
        """
        try:
            reponse, depasse = self._demander(self._vivant(), {"texte": str(chemin)}, texte_pdf.DELAI)
        except OSError:
            reponse, depasse = b"", False
        if not reponse:
            self._arreter()
        return texte_pdf.recu(reponse, texte_pdf.DELAI if depasse else None)

    def fermer(self) -> None:
        """Stop the process, at once."""
        self._ferme = True
        self._arreter()

    def _vivant(self) -> subprocess.Popen[bytes]:
        if self._ferme:
            raise ErreurMoteur("Le contrôle a été interrompu.")
        if self._juges >= _VIE:
            self._arreter()
        self._juges += 1
        if self._processus is None:
            self._juges = 1
            # the package is found where this process found it, whatever the folder or the way it was started
            environnement = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
            self._processus = subprocess.Popen(  # noqa: S603 - our own interpreter and module, no shell
                [sys.executable, *_COMMANDE],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environnement,
            )
        return self._processus

    def _demander(
        self, processus: subprocess.Popen[bytes], demande: dict[str, str], delai: float
    ) -> tuple[bytes, bool]:
        vers, depuis = processus.stdin, processus.stdout
        if vers is None or depuis is None:
            raise BrokenPipeError
        minuteur = threading.Timer(delai, processus.kill)
        minuteur.daemon = True
        minuteur.start()
        try:
            vers.write(json.dumps(demande).encode("ascii") + b"\n")
            vers.flush()
            reponse = depuis.readline()
        finally:
            depasse = not minuteur.is_alive()
            minuteur.cancel()
        return reponse, depasse

    def _arreter(self) -> int | None:
        processus, self._processus = self._processus, None
        if processus is None:
            return None
        processus.kill()
        code = processus.wait()
        for flux in (processus.stdin, processus.stdout):
            if flux is not None:
                try:
                    flux.close()
                except OSError:  # what was being written to a dead process is lost, as it should be
                    continue
        return code


def _perdu(chemin: Path, quoi: str, detail: str | None = None) -> Resultat:
    phrase = f"Le fichier n’a pas été jugé : {quoi}. Aucun verdict n’est rendu pour lui ; les autres sont jugés."
    constat = Constat("MOTEUR", "erreur", phrase, message_officiel=detail)
    return Resultat(str(chemin), "inconnu", None, None, (), "erreur_moteur", (constat,))


def _coeurs() -> int:
    affinite: Any = getattr(os, "sched_getaffinity", None)
    return len(affinite(0)) if affinite is not None else os.cpu_count() or 1
