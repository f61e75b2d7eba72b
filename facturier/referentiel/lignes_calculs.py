"""Rows behind what is computed: public holidays, who pays within which delay, the rule that each step applies."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from facturier.referentiel.socle import LigneSourcee
from facturier.referentiel.socle import cle as _cle
from facturier.referentiel.socle import facultatif as _facultatif


@dataclass(frozen=True, kw_only=True)
class JourFerie(LigneSourcee):
    """A public holiday: a day of the year (``mois``, ``jour``) or a number of days after Easter Sunday (``ecart``).

    ``territoire`` is empty when the holiday is kept in the whole country.
    """

    code: str = _cle()
    libelle: str
    regle: Literal["date", "Pâques"]
    mois: int | None
    jour: int | None
    ecart: int | None
    territoire: str = _facultatif()


@dataclass(frozen=True, kw_only=True)
class Payeur(LigneSourcee):
    """A category of public entity, as the directory writes it, and the code of its payment delay (table ``delais``)."""

    categorie: str = _cle()
    delai: str


@dataclass(frozen=True, kw_only=True)
class RegleCalcul(LigneSourcee):
    """What one step of a computation applies, in words, with its value when it has one."""

    code: str = _cle()
    objet: str
    valeur: Decimal | None
    unite: Literal["pour cent", "euros", "diviseur", "sans objet"]


@dataclass(frozen=True, kw_only=True)
class Source(LigneSourcee):
    """A text or a page that facts come from; ``adresse`` is empty when it has none that lasts."""

    code: str = _cle()
    titre: str
    adresse: str = _facultatif()
    date: str = _facultatif()
    nature: str
