"""Two invoices compared in a process of its own: a file made to exhaust or to hang costs that process only.

``comparaison.comparer`` does the work, in-process, for tests and notebooks of sound files; the command uses this one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from facturier.efacture.comparaison import Comparaison, Difference
from facturier.erreurs import SORTIE_MOTEUR, ErreurFacturier

DELAI = 90.0
"""Seconds; two invoices of 10 000 lines take about a tenth of it."""
_COMMANDE = ("-m", "facturier.efacture.comparaison_isolee")


def comparer(a: Path, b: Path, delai: float = DELAI) -> Comparaison:
    """Compare two files, within bounds of time and memory.

    Raises:
        ErreurFacturier: ``facture-illisible``, one of them holds no invoice that can be read;
            ``comparaison-interrompue``, one of them took too much time or memory.
    """
    environnement = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        fini = subprocess.run(  # noqa: S603 - our own interpreter and module, no shell
            [sys.executable, *_COMMANDE],
            input=json.dumps([str(a), str(b)]).encode("ascii"),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environnement,
            timeout=delai,
            check=False,
        )
        lu = json.loads(fini.stdout)
    except subprocess.TimeoutExpired as cause:
        raise _interrompue(f"elle a dépassé {delai:.0f} secondes") from cause
    except (OSError, ValueError) as cause:
        raise _interrompue("un des fichiers a épuisé la mémoire ou arrêté la lecture") from cause
    if "refus" in lu:
        raise ErreurFacturier(**lu["refus"])
    return _depuis_json(lu)


def _interrompue(pourquoi: str) -> ErreurFacturier:
    return ErreurFacturier(
        f"La comparaison n’a pas pu être faite\u00a0: {pourquoi}. Validez chaque fichier à part pour savoir lequel est "
        "en cause, puis demandez-le à nouveau à celui qui l’a émis.",
        code="comparaison-interrompue",
        sortie=SORTIE_MOTEUR,
    )


def _depuis_json(lu: dict[str, Any]) -> Comparaison:
    differences = tuple(Difference(**difference) for difference in lu["differences"])
    return Comparaison(lu["a"], lu["b"], lu["compares"], lu["hors_norme"], differences)


def _servir() -> None:
    from facturier.efacture.comparaison import comparer as comparer_ici
    from facturier.efacture.ouvrier import borner_memoire

    borner_memoire()
    a, b = json.loads(sys.stdin.buffer.read())
    try:
        dit = comparer_ici(Path(a), Path(b)).en_json()
    except ErreurFacturier as refus:
        dit = {"refus": {"phrase": refus.phrase, "code": refus.code, "sortie": refus.sortie}}
    sys.stdout.write(json.dumps(dit))


if __name__ == "__main__":
    _servir()
