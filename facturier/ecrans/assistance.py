"""Asking for help: the tree, the requests."""

from __future__ import annotations

from facturier.ecrans.ecran import Ecran

ECRANS: tuple[Ecran, ...] = ()
