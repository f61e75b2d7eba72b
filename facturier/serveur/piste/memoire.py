"""What the API face remembers while the server runs, under bounds: files waiting to be joined, sentences of reports.

The journal keeps the rest; after a restart, a file is sent again and a report says rules without their sentences.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from itertools import count

from facturier.portail import PieceJointe, RefusPortail
from facturier.portail.lots import LigneDeLot

FICHIERS_MAX = 50
"""Files of one participant; the oldest is forgotten."""
RAPPORTS_MAX = 500


class Memoire:
    """One for each class."""

    def __init__(self) -> None:
        self._verrou = threading.Lock()
        self._numeros = count(1)
        self._fichiers: dict[str, OrderedDict[int, PieceJointe]] = {}
        self._rapports: OrderedDict[tuple[str, str], tuple[LigneDeLot, ...]] = OrderedDict()

    def garder_fichier(self, par: str, jointe: PieceJointe) -> int:
        """Keep the name and the size of a file; its number."""
        with self._verrou:
            siens = self._fichiers.setdefault(par, OrderedDict())
            numero = next(self._numeros)
            siens[numero] = jointe
            while len(siens) > FICHIERS_MAX:
                siens.popitem(last=False)
            return numero

    def fichiers(self, par: str, numeros: Sequence[int]) -> list[PieceJointe]:
        """The files of these numbers.

        Raises:
            RefusPortail: that participant has not sent one of them.
        """
        with self._verrou:
            siens = self._fichiers.get(par, OrderedDict())
            inconnus = [numero for numero in numeros if numero not in siens]
            if inconnus:
                raise RefusPortail(
                    (f"La pièce jointe n° {inconnus[0]} n’existe pas : envoyez d’abord le fichier (ajouter/fichier).",),
                    ("jointes",),
                )
            return [siens[numero] for numero in dict.fromkeys(numeros)]

    def garder_rapport(self, espace: str, flux: str, lignes: Sequence[LigneDeLot]) -> None:
        """Keep what was said of each file of a flow."""
        with self._verrou:
            self._rapports[(espace, flux)] = tuple(lignes)
            while len(self._rapports) > RAPPORTS_MAX:
                self._rapports.popitem(last=False)

    def rapport(self, espace: str, flux: str) -> tuple[LigneDeLot, ...]:
        """What was said of each file of that flow, () when it is forgotten."""
        with self._verrou:
            return self._rapports.get((espace, flux), ())
