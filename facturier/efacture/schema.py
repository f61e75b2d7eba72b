"""Structure: the official XSD on a tree, all its errors, each with the business term, the line and the place."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from facturier.efacture import chemins, phrases
from facturier.efacture.chorus import Lieux
from facturier.efacture.resultat import Constat
from facturier.erreurs import ErreurMoteur

_PAS = re.compile(r"/(?P<nom>@?(?:[\w.-]+:)?[\w.-]+|\*)(?:\[(?P<rang>\d+)\])?")
_ATTENDUS_AU_PLUS = 10
"""libxml2 lists no more expected elements than this: beyond, the last one may not be the one that is required."""


def controler(racine: etree._Element, chemin: Path) -> list[Constat]:
    """Every error of the schema, in document order; one finding for what libxml2 says twice of one place.

    Raises:
        ErreurMoteur: the schema is missing or unreadable.
    """
    schema = _schema(chemin)
    if schema.validate(racine):
        return []
    reperes, lieux = _Reperes(racine), Lieux()
    constats: dict[tuple[int, str, str], Constat] = {}
    journal: Any = schema.error_log
    for erreur in journal:
        regle = _regle(erreur.type_name)
        cle = (erreur.line, str(erreur.path), regle)
        if cle not in constats:
            constats[cle] = _constat(regle, erreur, reperes, lieux)
    return list(constats.values())


def _constat(regle: str, erreur: Any, reperes: _Reperes, lieux: Lieux) -> Constat:
    noeud, attribut = reperes.viser(str(erreur.path or ""))
    xpath = lieux.chemin(noeud) + attribut if noeud is not None else None
    manquant = _manquant(erreur.message, noeud, xpath)
    terme = _terme(manquant or xpath or "")
    return Constat(
        regle,
        "erreur",
        phrases.phrase_xsd(erreur.message, xpath, terme, manque=manquant is not None),
        erreur.message,
        terme=terme,
        ligne=erreur.line,
        xpath=xpath,
    )


def _terme(chemin: str) -> str | None:
    """The term of an element, or of the date that a CII element wraps."""
    return chemins.terme_du_chemin(chemin) or chemins.terme_du_chemin(f"{chemin}/DateTimeString[1]")


def _manquant(message: str, noeud: etree._Element | None, xpath: str | None) -> str | None:
    """Path of the element that is missing, when the message leaves no doubt: the last one expected is the first that
    the schema requires, unless the file has it elsewhere or what stands in its place is nothing of an invoice."""
    erreur = phrases.lire_xsd(message)
    if erreur is None or not 0 < len(erreur.attendus) < _ATTENDUS_AU_PLUS or noeud is None or xpath is None:
        return None
    attendu = etree.QName(erreur.attendus[-1])
    parent = noeud.getparent() if erreur.en_trop else noeud
    if parent is None or parent.find(attendu.text) is not None:
        return None
    if erreur.en_trop:
        xpath = xpath.rpartition("/")[0]
        if len(erreur.attendus) > 1 and etree.QName(noeud).namespace not in (
            attendu.namespace,
            etree.QName(parent).namespace,
        ):
            return None
    return f"{xpath}/{attendu.localname}[1]"


class _Reperes:
    """Elements found again from libxml2's own paths (``/*/cac:InvoiceLine[3]/cbc:ID``); brothers are listed once, a
    file may have thousands of errors."""

    def __init__(self, racine: etree._Element) -> None:
        self._racine = racine
        self._freres: dict[tuple[etree._Element, str], list[etree._Element]] = {}

    def viser(self, chemin: str) -> tuple[etree._Element | None, str]:
        """The element, and ``/@name`` if the path ends at one of its attributes; None if the path is not understood."""
        pas = list(_PAS.finditer(chemin))
        if not pas or "".join(p[0] for p in pas) != chemin:
            return None, ""
        courant = self._racine
        for etape in pas[1:]:
            if etape["nom"].startswith("@"):
                return courant, f"/@{etape['nom'].lstrip('@').rpartition(':')[2]}"
            freres = self._enfants(courant, etape["nom"])
            rang = int(etape["rang"] or 1)
            if rang > len(freres):
                return None, ""
            courant = freres[rang - 1]
        return courant, ""

    def _enfants(self, parent: etree._Element, nom: str) -> list[etree._Element]:
        cle = (parent, nom)
        if cle not in self._freres:
            prefixe, _, local = nom.rpartition(":")
            self._freres[cle] = [
                enfant
                for enfant in parent.iterchildren(tag=etree.Element)
                if nom == "*" or (enfant.prefix == (prefixe or None) and etree.QName(enfant).localname == local)
            ]
        return self._freres[cle]


def _regle(type_name: str) -> str:
    if type_name == "SCHEMAV_ELEMENT_CONTENT":
        return "XSD-ELEMENT"
    if any(mot in type_name for mot in ("DATATYPE", "FACET", "VALID", "ENUMERATION", "PATTERN")):
        return "XSD-VALEUR"
    return "XSD-STRUCTURE"


@cache
def _schema(chemin: Path) -> etree.XMLSchema:
    try:
        return etree.XMLSchema(etree.parse(str(chemin)))
    except (OSError, etree.XMLSchemaParseError, etree.XMLSyntaxError) as cause:
        raise ErreurMoteur(
            f"La validation n’a pas pu être faite : le schéma {chemin.name} est absent ou illisible. "
            "Aucun verdict n’est rendu."
        ) from cause
