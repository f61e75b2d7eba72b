"""What is to come on a portal, in the order of dates: looked at at every act, hardly ever made again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from heapq import heapify, heappop, heappush
from typing import Any

RESTES_MAX = 256
"""How much of what no longer counts an agenda keeps, besides four times what does."""
Du = tuple[datetime, str, int]
"""When, on which object, and whether a simulated partner does it (1) or the portal itself (0)."""


class Agenda:
    """A heap of dates where what has changed since it was noted counts no more, and is dropped when it comes first."""

    def __init__(self) -> None:
        self._tas: list[Du] | None = None  # None: to be made again

    def __len__(self) -> int:
        return len(self._tas or ())

    def oublier(self) -> None:
        """Everything may have changed."""
        self._tas = None

    def noter(self, quand: datetime, objet: str, simule: int) -> None:
        """That has just been forecast."""
        if self._tas is not None:
            heappush(self._tas, (quand, objet, simule))

    def oter(self) -> None:
        """Take off what :meth:`premier` has just given."""
        if self._tas:
            heappop(self._tas)

    def premier(self, echeances: Mapping[str, tuple[datetime, Any]], prevus: Mapping[str, Any]) -> Du | None:
        """What comes first, of what the portal will do (``echeances``) and of what partners will (``prevus``)."""
        tas = self._tas
        if tas is None or len(tas) > RESTES_MAX + 4 * (len(echeances) + len(prevus)):
            tas = self._tas = [
                *((quand, objet, 0) for objet, (quand, _) in echeances.items()),
                *((du.quand, objet, 1) for objet, du in prevus.items()),
            ]
            heapify(tas)
        while tas:
            quand, objet, simule = tas[0]
            vaut = (
                objet in prevus and prevus[objet].quand == quand
                if simule
                else objet in echeances and echeances[objet][0] == quand
            )
            if vaut:
                return tas[0]
            heappop(tas)
        return None
