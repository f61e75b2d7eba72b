"""Depositing files: one, a lot, what the OCR read."""

from __future__ import annotations

from facturier.ecrans.ecran import Ecran

ECRANS: tuple[Ecran, ...] = ()
