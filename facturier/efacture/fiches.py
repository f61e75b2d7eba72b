"""The catalogue of explanations, read from ``catalogue/*.csv``: terms, VAT categories, rules, families of rules."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import get_args

from facturier.referentiel.socle import Fiabilite


@dataclass(frozen=True)
class FicheTerme:
    """A business term (BT-…, BG-…, EXT-FR-FE-…) in the words of the trade."""

    terme: str
    article: str
    nom: str
    explication: str
    champ: str
    ecran: str

    @property
    def avec_article(self) -> str:
        """« le numéro de facture », « l’acheteur »."""
        return f"l’{self.nom}" if self.article == "l’" else f"{self.article} {self.nom}"


@dataclass(frozen=True)
class FicheCategorie:
    """A VAT category: the mark it has in rule ids, its code in a file, what it covers."""

    categorie: str
    code: str
    operation: str
    mention: str
    exemple: str
    source: str


@dataclass(frozen=True)
class FicheRegle:
    """What is said of one rule, or of a family of rules: sentences with placeholders (see ``explications``).

    Attributes:
        regles: the rule id, or for a family a regular expression of ids.
        quand: regular expression of the official message, for a rule that says several things; empty: always.
        termes: business terms at stake, the first one being the term that the sentence names.
    """

    regles: str
    quand: str
    termes: tuple[str, ...]
    dit: str
    pourquoi: str
    geste: str
    source: str
    fiabilite: Fiabilite


RESERVES: dict[Fiabilite, str] = {
    "établi": "",
    "partiel": "source partielle, à confirmer avant de s’y fier",
    "à vérifier": "fait à vérifier, à confirmer avant de s’y fier",
}
"""What people are told of the source of an explanation."""


@cache
def termes() -> dict[str, FicheTerme]:
    """All terms, by code."""
    return {ligne["terme"]: FicheTerme(**ligne) for ligne in _lire("termes")}


def terme(code: str) -> FicheTerme | None:
    """A term; an unlisted sub-term (BT-31-1) reads as the term it belongs to."""
    connus = termes()
    return connus.get(code) or connus.get(re.sub(r"^(BT-\d+)-\d+$", r"\1", code))


@cache
def categories() -> dict[str, FicheCategorie]:
    """VAT categories, by the mark that rule ids bear (IC for code K)."""
    return {ligne["categorie"]: FicheCategorie(**ligne) for ligne in _lire("categories")}


@cache
def elements() -> dict[str, str]:
    """French words of XML elements, by local name or ``parent/name``; "" for one that is not worth a word."""
    return {ligne["element"]: ligne["nom"] for ligne in _lire("elements")}


@cache
def chemins() -> dict[str, str]:
    """Terms by path below the root, where factur-x's own table says nothing (parties) or too much; "" for no term."""
    return {ligne["chemin"]: ligne["terme"] for ligne in _lire("chemins")}


@cache
def regles() -> dict[str, tuple[FicheRegle, ...]]:
    """Rows of single rules, by rule id."""
    rangees: dict[str, tuple[FicheRegle, ...]] = {}
    for ligne in _lire("regles"):
        regle = ligne.pop("regle")
        rangees[regle] = (*rangees.get(regle, ()), _fiche(regle, ligne))
    return rangees


@cache
def familles() -> tuple[tuple[re.Pattern[str], FicheRegle], ...]:
    """Rows of families, in the order they are tried."""
    return tuple((re.compile(ligne["regles"]), _fiche(ligne.pop("regles"), ligne)) for ligne in _lire("familles"))


def _fiche(regles: str, ligne: dict[str, str]) -> FicheRegle:
    fiabilite = next((f for f in get_args(Fiabilite) if f == ligne["fiabilite"]), None)
    if fiabilite is None:
        raise ValueError(f"{regles}: {ligne['fiabilite']!r} is no reliability")
    return FicheRegle(regles=regles, termes=tuple(ligne.pop("termes").split()), **{**ligne, "fiabilite": fiabilite})


def _lire(nom: str) -> list[dict[str, str]]:
    chemin = resources.files("facturier.efacture") / "catalogue" / f"{nom}.csv"
    return list(csv.DictReader(chemin.read_text(encoding="utf-8").splitlines()))
