"""The mailbox."""

from __future__ import annotations

from facturier.ecrans.ecran import Ecran

ECRANS: tuple[Ecran, ...] = ()
