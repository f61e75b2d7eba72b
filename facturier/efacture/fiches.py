"""The catalogue of explanations, read from ``catalogue/*.csv``: terms, VAT categories, rules, families of rules."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, get_args

from facturier.referentiel.socle import Fiabilite

if TYPE_CHECKING:
    from lxml import etree


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
    return {ligne["terme"]: FicheTerme(**ligne) for ligne in table("termes")}


def terme(code: str) -> FicheTerme | None:
    """A term; an unlisted sub-term (BT-31-1) reads as the term it belongs to."""
    connus = termes()
    return connus.get(code) or connus.get(re.sub(r"^(BT-\d+)-\d+$", r"\1", code))


@cache
def categories() -> dict[str, FicheCategorie]:
    """VAT categories, by the mark that rule ids bear (IC for code K)."""
    return {ligne["categorie"]: FicheCategorie(**ligne) for ligne in table("categories")}


@cache
def elements() -> dict[str, str]:
    """French words of XML elements, by local name or ``parent/name``; "" for one that is not worth a word."""
    return {ligne["element"]: ligne["nom"] for ligne in table("elements")}


@cache
def chemins() -> dict[str, str]:
    """Terms by path below the root, where factur-x's own table says nothing (parties) or too much; "" for no term."""
    return {ligne["chemin"]: ligne["terme"] for ligne in table("chemins")}


@cache
def regles() -> dict[str, tuple[FicheRegle, ...]]:
    """Rows of single rules, by rule id."""
    rangees: dict[str, tuple[FicheRegle, ...]] = {}
    for ligne in table("regles"):
        regle = ligne.pop("regle")
        rangees[regle] = (*rangees.get(regle, ()), _fiche(regle, ligne))
    return rangees


@cache
def familles() -> tuple[tuple[re.Pattern[str], FicheRegle], ...]:
    """Rows of families, in the order they are tried."""
    return tuple((re.compile(ligne["regles"]), _fiche(ligne.pop("regles"), ligne)) for ligne in table("familles"))


@dataclass(frozen=True)
class Condition:
    """A term that an element carries when a neighbour says so (an amount: discount or charge).

    Attributes:
        groupe: local name of the element, or of the ancestor, below which the neighbour is looked for.
        indice: local name of that neighbour, or ``@attribute``.
        valeurs: texts that fit; ``*`` any text, ``-`` no neighbour.
    """

    groupe: str
    indice: str
    valeurs: frozenset[str]
    terme: str

    def convient(self, element: etree._Element) -> bool:
        """Whether the neighbour of this element has one of the values."""
        dite = self._dite(element)
        return "-" in self.valeurs if dite is None else bool({dite, "*"} & self.valeurs)

    def _dite(self, element: etree._Element) -> str | None:
        groupe: etree._Element | None = element
        while groupe is not None and not str(groupe.tag).endswith(f"}}{self.groupe}"):
            groupe = groupe.getparent()
        if groupe is None:
            return None
        if self.indice.startswith("@"):
            return groupe.get(self.indice[1:])
        voisin = groupe.find(f"{{*}}{self.indice}")
        return "".join(map(str, voisin.itertext())).strip() if voisin is not None else None


@cache
def conditions() -> dict[str, tuple[Condition, ...]]:
    """Conditions by path below the root, in the order they are tried."""
    rangees: dict[str, tuple[Condition, ...]] = {}
    for ligne in table("conditions"):
        neuve = Condition(ligne["groupe"], ligne["indice"], frozenset(ligne["valeurs"].split()), ligne["terme"])
        rangees[ligne["chemin"]] = (*rangees.get(ligne["chemin"], ()), neuve)
    return rangees


@cache
def rubriques() -> dict[str, tuple[str, bool]]:
    """Where things stand on the page, by term (BT-…, BG-…), element or ``parent/element``: the rubrique ("" for the
    parent's own), and whether each such element is a part of its own."""
    return {ligne["cle"]: (ligne["rubrique"], ligne["groupe"] == "oui") for ligne in table("rubriques")}


@cache
def non_montres() -> dict[str, frozenset[str]]:
    """Values that the page does not repeat, by ``parent/element`` or element; each has its reason in the table."""
    return {ligne["chemin"]: frozenset(ligne["valeurs"].split()) for ligne in table("non_montres")}


@cache
def codes() -> dict[tuple[str, str], str]:
    """French words of codes, by list (``unite``, ``schema``) and code."""
    return {(ligne["liste"], ligne["code"]): ligne["libelle"] for ligne in table("codes")}


def _fiche(regles: str, ligne: dict[str, str]) -> FicheRegle:
    fiabilite = next((f for f in get_args(Fiabilite) if f == ligne["fiabilite"]), None)
    if fiabilite is None:
        raise ValueError(f"{regles}: {ligne['fiabilite']!r} is no reliability")
    return FicheRegle(regles=regles, termes=tuple(ligne.pop("termes").split()), **{**ligne, "fiabilite": fiabilite})


def table(nom: str) -> list[dict[str, str]]:
    """Rows of one table of ``catalogue/``."""
    chemin = resources.files("facturier.efacture") / "catalogue" / f"{nom}.csv"
    return list(csv.DictReader(chemin.read_text(encoding="utf-8").splitlines()))
