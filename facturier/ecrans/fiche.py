"""A piece: its story, its deadlines, its gestures."""

from __future__ import annotations

from facturier.ecrans.ecran import Ecran

ECRANS: tuple[Ecran, ...] = ()
