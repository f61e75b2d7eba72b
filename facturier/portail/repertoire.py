"""All the acts of the portal that are not a step of a piece's life: the union of each module's own."""

from __future__ import annotations

from collections.abc import Mapping

from facturier.portail import comptes, droits, flux, jalons, rattachements, sollicitations, structures, temps
from facturier.portail.actes import Acte

ACTES: Mapping[str, Acte] = {
    **temps.ACTES,
    **droits.ACTES,
    **flux.ACTES,
    **comptes.ACTES,
    **rattachements.ACTES,
    **structures.ACTES,
    **sollicitations.ACTES,
    **jalons.ACTES,
}
"""By code. A new module of acts adds its own here."""
