"""Faults put into a written XML, one term at a time: the only thing that is wrong with the file."""

from __future__ import annotations

import copy
from typing import Any

from lxml import etree

from facturier.efacture import chorus, termes
from facturier.efacture.scenario import Faute, Scenario
from facturier.erreurs import ErreurFacturier

_V_UBL, _A_UBL = "./cac:AccountingSupplierParty/cac:Party", "./cac:AccountingCustomerParty/cac:Party"
_V_CII, _A_CII = ".//ram:SellerTradeParty", ".//ram:BuyerTradeParty"
_CHEMINS: dict[termes.Syntaxe, dict[str, str]] = {
    "ubl": chorus.CHEMINS["ubl"]
    | {
        "BT-34": f"{_V_UBL}/cbc:EndpointID",
        "BT-40": f"{_V_UBL}/cac:PostalAddress/cac:Country/cbc:IdentificationCode",
        "BT-49": f"{_A_UBL}/cbc:EndpointID",
        "BT-55": f"{_A_UBL}/cac:PostalAddress/cac:Country/cbc:IdentificationCode",
        "BT-97": "./cac:AllowanceCharge[cbc:ChargeIndicator='false']/cbc:AllowanceChargeReason",
        "BT-130": "./cac:InvoiceLine/cbc:InvoicedQuantity | ./cac:CreditNoteLine/cbc:CreditedQuantity",
    },
    "cii": chorus.CHEMINS["cii"]
    | {
        "BT-34": f"{_V_CII}/ram:URIUniversalCommunication/ram:URIID",
        "BT-40": f"{_V_CII}/ram:PostalTradeAddress/ram:CountryID",
        "BT-49": f"{_A_CII}/ram:URIUniversalCommunication/ram:URIID",
        "BT-55": f"{_A_CII}/ram:PostalTradeAddress/ram:CountryID",
        "BT-97": "./*/ram:ApplicableHeaderTradeSettlement/ram:SpecifiedTradeAllowanceCharge/ram:Reason",
        "BT-130": ".//ram:SpecifiedLineTradeDelivery/ram:BilledQuantity",
    },
}
"""Where a fault may strike beyond what factur-x lists by term: the parties, and the element that bears a unit."""


def fauter(xml: bytes, syntaxe: termes.Syntaxe, scenario: Scenario) -> bytes:
    """Apply a scenario's faults to an XML file; without faults the bytes are untouched.

    Raises:
        ErreurFacturier: ``faute-sans-objet``, the file does not hold the term that a fault aims at.
    """
    if not scenario.fautes:
        return xml
    racine = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))
    for faute in scenario.fautes:
        vises = _vises(racine, syntaxe, faute)
        if not vises:
            raise ErreurFacturier(
                f"Le scénario {scenario.slug} veut fausser le terme {faute.terme}, absent du fichier {syntaxe} : "
                "corrigez la section [[faute]].",
                code="faute-sans-objet",
            )
        for noeud in vises:
            _appliquer(noeud, faute)
    return etree.tostring(racine, encoding="UTF-8", xml_declaration=True)


def _vises(racine: etree._Element, syntaxe: termes.Syntaxe, faute: Faute) -> list[etree._Element]:
    chemin = _CHEMINS[syntaxe].get(faute.terme)
    candidats: Any
    if chemin is not None:
        candidats = racine.xpath(chemin, namespaces=termes.PREFIXES)
    else:
        try:
            candidats = termes.noeuds(racine, syntaxe, faute.terme)
        except KeyError:
            return []
    return [n for n in candidats if faute.contient in _contenu(n)]


def _contenu(noeud: etree._Element) -> str:
    """Text and attribute values of an element and of what it holds: what ``contient`` is looked for in."""
    return " ".join([*(str(t) for t in noeud.itertext()), *(str(v) for n in noeud.iter() for v in n.attrib.values())])


def _appliquer(noeud: etree._Element, faute: Faute) -> None:
    if faute.action in ("remplacer", "vider"):
        noeud.text = faute.valeur
    elif faute.action == "qualifier":
        _porteur(noeud, faute.attribut).set(faute.attribut, faute.valeur)
    elif faute.action == "doubler":
        double = copy.deepcopy(noeud)
        if faute.valeur:
            next(n for n in double.iter() if not len(n)).text = faute.valeur
        noeud.addnext(double)
    else:
        _supprimer(noeud)


def _porteur(noeud: etree._Element, attribut: str) -> etree._Element:
    """The element, or the one inside it that has the attribute (a group such as BG-24 was named)."""
    return next((n for n in noeud.iter() if attribut in n.attrib), noeud)


def _supprimer(noeud: etree._Element) -> None:
    """Remove a node, and its parent if nothing is left in it (an empty wrapper would be a second fault)."""
    parent = noeud.getparent()
    if parent is None:
        return
    parent.remove(noeud)
    if len(parent) == 0 and not (parent.text or "").strip():
        _supprimer(parent)
