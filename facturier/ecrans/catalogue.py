"""All the screens, by id: the union of each module’s own, in the order of the menu."""

from __future__ import annotations

from collections.abc import Mapping

from facturier.ecrans import (
    annuaire,
    assistance,
    boite,
    comptes,
    depots,
    fiche,
    horloge,
    marche,
    notifications,
    profil,
    rattachements,
    recit,
    saisie,
    structures,
    tableau,
    travaux,
    validation,
)
from facturier.ecrans.ecran import Ecran

_MODULES = (
    recit,
    boite,
    horloge,
    tableau,
    fiche,
    saisie,
    depots,
    annuaire,
    travaux,
    validation,
    marche,
    notifications,
    comptes,
    profil,
    structures,
    rattachements,
    assistance,
)

ECRANS: Mapping[str, Ecran] = {ecran.id: ecran for module in _MODULES for ecran in module.ECRANS}
