"""The worker: a process of its own that judges one file at a time for ``facturier.efacture.lot``, or reads the text
that a PDF shows.

Asked on stdin, answers on stdout, one JSON line each. What may crash an interpreter (Saxon's native code, a memory
bomb) crashes this one only. Memory is bounded by RLIMIT_DATA, never RLIMIT_AS (Saxon reserves far more addresses than
it uses, and dies of that limit at its start).
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

MEMOIRE_MAX = 2 * 1024**3
"""Bytes of private memory a worker may use: the largest file that is read (30 Mo) asks for about 1.5 GB."""


def servir() -> None:
    """Answer until stdin is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the parent's: it closes our stdin
    borner_memoire()
    demandes = sys.stdin.buffer
    with os.fdopen(os.dup(1), "wb") as reponses:
        os.dup2(2, 1)  # whatever an engine prints goes to stderr, never among the answers
        for ligne in demandes:
            reponses.write(json.dumps(_repondre(json.loads(ligne))).encode("ascii") + b"\n")
            reponses.flush()


def borner_memoire(octets: int = MEMOIRE_MAX) -> None:
    """Bound this process's memory, where the system can (Linux; elsewhere the parent's clock is the only bound)."""
    if not sys.platform.startswith("linux"):
        return
    import resource

    _, dure = resource.getrlimit(resource.RLIMIT_DATA)
    plafond = octets if dure == resource.RLIM_INFINITY else min(octets, dure)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_DATA, (plafond, plafond))


def _repondre(demande: dict[str, Any]) -> dict[str, Any]:
    if "texte" in demande:
        from facturier.efacture import texte_pdf
        from facturier.efacture.lecture import lire_octets

        return texte_pdf.message(lire_octets(Path(demande["texte"])))
    from facturier.efacture.validation import valider

    return valider(demande["fichier"], demande["jeux"]).en_message()


if __name__ == "__main__":
    servir()
