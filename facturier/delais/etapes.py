"""One step of a computation as a learner reads it: what, by which formula, how much, by which text, how sure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from facturier import referentiel
from facturier.referentiel import LigneSourcee
from facturier.referentiel.socle import Fiabilite

_ORDRE: tuple[Fiabilite, ...] = ("établi", "partiel", "à vérifier")


@dataclass(frozen=True)
class Etape:
    """A line of explanation, all in French text; ``fiabilite`` says whether it may be taught as certain.

    ``precision`` says what is left to check, and is empty for what is established.
    """

    libelle: str
    formule: str
    valeur: str
    source: str
    fiabilite: Fiabilite
    precision: str = ""


def etape(code: str, formule: str, valeur: str) -> Etape:
    """The step that applies the rule of that code (table ``regles_calcul``): its words, source and reliability."""
    regle = referentiel.regle_calcul(code)
    return depuis_ligne(regle, regle.objet, formule, valeur)


def depuis_ligne(ligne: LigneSourcee, libelle: str, formule: str, valeur: str) -> Etape:
    """A step founded on a row of any table."""
    return Etape(libelle, formule, valeur, ligne.source, ligne.fiabilite, ligne.precision)


def la_plus_faible(etapes: tuple[Etape, ...]) -> Fiabilite:
    """How sure a result is: as sure as its weakest step."""
    return max((e.fiabilite for e in etapes), key=_ORDRE.index, default="établi")


def en_date(jour: date) -> str:
    """``24/11/2026``."""
    return f"{jour:%d/%m/%Y}"


def en_jours(nombre: int) -> str:
    """``1 jour``, ``30 jours``."""
    return f"{nombre} jour{'s' if abs(nombre) > 1 else ''}"
