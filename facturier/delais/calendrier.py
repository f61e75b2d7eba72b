"""Public holidays and working days.

No payment or CCAG deadline read so far counts them: those run in calendar days (``regles_calcul``, row
``jours-calendaires``). They say on which day people act or an office is open, and warn when a deadline falls on a
day off.
"""

from __future__ import annotations

import calendar
from datetime import MAXYEAR, date, timedelta
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from facturier import referentiel
from facturier.erreurs import ErreurFacturier

if TYPE_CHECKING:
    from collections.abc import Mapping

PREMIERE_ANNEE = 1583
"""First whole year of the Gregorian calendar, before which Easter has another rule."""
DERNIERE_ANNEE = 4099
_SAMEDI = 5


@cache
def jours_feries(annee: int, territoire: str = "") -> Mapping[date, str]:
    """The public holidays of a year, in order: day → name; those of a territory come on top of the national ones.

    Raises:
        ErreurFacturier: ``annee-hors-calendrier``, or ``territoire-inconnu`` when no holiday is proper to it.
    """
    if not PREMIERE_ANNEE <= annee <= DERNIERE_ANNEE:
        raise ErreurFacturier(
            f"L’année {annee} est hors du calendrier : choisissez entre {PREMIERE_ANNEE} et {DERNIERE_ANNEE}.",
            code="annee-hors-calendrier",
        )
    connus = {f.territoire for f in referentiel.jours_feries()}
    if territoire not in connus:
        raise ErreurFacturier(
            f"Aucun jour férié propre au territoire « {territoire} » n’est connu. "
            f"Choisissez parmi : {', '.join(sorted(connus - {''}))}.",
            code="territoire-inconnu",
        )
    from dateutil.easter import easter

    paques: date = easter(annee)
    jours: dict[date, str] = {}
    for ferie in referentiel.jours_feries():
        if ferie.territoire in ("", territoire):
            if ferie.ecart is not None:
                jour = paques + timedelta(days=ferie.ecart)
            else:
                jour = date(annee, ferie.mois or 1, ferie.jour or 1)
            jours[jour] = f"{jours[jour]} et {ferie.libelle}" if jour in jours else ferie.libelle
    return MappingProxyType(dict(sorted(jours.items())))


def jour_ouvre(jour: date, territoire: str = "") -> bool:
    """Whether offices work on that day: Monday to Friday, no public holiday."""
    return jour.weekday() < _SAMEDI and jour not in jours_feries(jour.year, territoire)


def prochain_jour_ouvre(jour: date, territoire: str = "") -> date:
    """That day if offices work, else the first one after it when they do."""
    while not jour_ouvre(jour, territoire):
        jour += timedelta(days=1)
    return jour


def repos(jour: date, territoire: str = "") -> str:
    """Why offices are closed on that day (« samedi », « dimanche », the holiday's name), or nothing."""
    ferie = jours_feries(jour.year, territoire).get(jour)
    return ferie or {_SAMEDI: "samedi", _SAMEDI + 1: "dimanche"}.get(jour.weekday(), "")


def ajouter_jours(jour: date, nombre: int) -> date:
    """That many calendar days later. Raises ErreurFacturier ``date-hors-calendrier`` beyond the calendar."""
    try:
        return jour + timedelta(days=nombre)
    except OverflowError:
        raise _hors_calendrier(jour) from None


def ajouter_mois(jour: date, nombre: int) -> date:
    """The same day that many months later, or the last of the month when it has none (31 January + 1 → 28 February).

    Raises:
        ErreurFacturier: ``date-hors-calendrier`` beyond the calendar.
    """
    annee, rang = divmod(jour.year * 12 + jour.month - 1 + nombre, 12)
    if not 1 <= annee <= MAXYEAR:
        raise _hors_calendrier(jour)
    return date(annee, rang + 1, min(jour.day, calendar.monthrange(annee, rang + 1)[1]))


def _hors_calendrier(jour: date) -> ErreurFacturier:
    return ErreurFacturier(
        f"Le délai qui part du {jour:%d/%m/%Y} sort du calendrier : vérifiez l’année.", code="date-hors-calendrier"
    )
