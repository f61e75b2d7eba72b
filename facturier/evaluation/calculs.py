"""Questions whose figures are drawn: what they show, and their answer, computed by the package and never typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from facturier.delais import jour_ouvre
from facturier.delais.etapes import en_date
from facturier.erreurs import ErreurFacturier
from facturier.montants import format_euros, format_nombre
from facturier.referentiel import faits

Calcul = Callable[[Random, date], "Donnees"]
"""From a source of draws and the day of the law to a question's figures."""


@dataclass(frozen=True)
class Donnees:
    """What the texts of the item call as ``p.<name>``, the answer, and the wrong answers that tell a mistake, by name.

    ``attendu`` and ``pieges`` are as a learner would type them; a mistake that gives the right answer is left out of
    ``pieges`` and stays in ``connus``.
    """

    montre: Mapping[str, str]
    attendu: str
    pieges: Mapping[str, str]
    connus: frozenset[str]


def calculer(nom: str, hasard: Random, au: date) -> Donnees:
    """The figures of a drawn question.

    Raises:
        ErreurFacturier: no such computation, or a fact that no row holds on that day.
    """
    calculs = _calculs()
    if nom not in calculs:
        raise ErreurFacturier(
            f"Calcul inconnu « {nom} », calculs disponibles : {', '.join(sorted(calculs))}.", code="calcul-inconnu"
        )
    return calculs[nom](hasard, au)


def noms() -> tuple[str, ...]:
    """The computations that an item may name."""
    return tuple(sorted(_calculs()))


def _calculs() -> Mapping[str, Calcul]:
    from facturier.evaluation.calculs_delais import CALCULS as DELAIS
    from facturier.evaluation.calculs_montants import CALCULS as MONTANTS

    return {**DELAIS, **MONTANTS}


def somme(reponse: Decimal, pieges: Mapping[str, Decimal], **montre: str) -> Donnees:
    """An answer in euros; a wrong amount that happens to be right is no mistake."""
    dits = {nom: f"{valeur:.2f}" for nom, valeur in pieges.items() if valeur != reponse}
    return Donnees({**montre, "reponse": format_euros(reponse)}, f"{reponse:.2f}", dits, frozenset(pieges))


def entier(reponse: int, pieges: Mapping[str, int], **montre: str) -> Donnees:
    """An answer that is a whole number."""
    dits = {nom: str(valeur) for nom, valeur in pieges.items() if valeur != reponse}
    return Donnees({**montre, "reponse": format_nombre(Decimal(reponse))}, str(reponse), dits, frozenset(pieges))


def jour(reponse: date, pieges: Mapping[str, date], **montre: str) -> Donnees:
    """An answer that is a day."""
    dits = {nom: en_date(valeur) for nom, valeur in pieges.items() if valeur != reponse}
    return Donnees({**montre, "reponse": faits.jour(reponse)}, en_date(reponse), dits, frozenset(pieges))


def un_montant(hasard: Random, bas: int, haut: int, pas: int) -> Decimal:
    """An amount in euros, from ``bas`` to ``haut``, by steps."""
    return Decimal(bas + pas * hasard.randrange((haut - bas) // pas + 1))


def un_jour_ouvre(hasard: Random, debut: date, jours: int, suivi_de: Callable[[date], date] | None = None) -> date:
    """A working day within so many days after ``debut``; what it leads to, if asked for, is a working day too."""
    premier = hasard.randrange(jours)
    for rang in range(jours):
        candidat = debut + timedelta(days=(premier + rang) % jours)
        if jour_ouvre(candidat) and (suivi_de is None or jour_ouvre(suivi_de(candidat))):
            return candidat
    raise ErreurFacturier("Aucun jour ouvré ne convient à ce tirage.", code="tirage-impossible")


def choisir(hasard: Random, *possibles: str) -> str:
    """One of several words."""
    return possibles[hasard.randrange(len(possibles))]
