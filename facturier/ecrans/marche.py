"""The identity card of a market."""

from __future__ import annotations

from facturier.ecrans.ecran import Ecran

ECRANS: tuple[Ecran, ...] = ()
