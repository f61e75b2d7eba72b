"""The older Chorus Pro flavour of CII (formats E1 and E2), written for contrast with the standard's.

Same tree, other vocabulary: no profile (BT-24), cadre A1… in BT-23, SIRET as legal identifier under scheme « 1 », no
electronic address; the service code stays in BT-10, the engagement in BT-13, the market in BT-12.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from facturier.efacture.lecture import ESPACES
from facturier.facture import Facture, Partie

_SIRET_HISTORIQUE = "1"
_RSM, _RAM = f"{{{ESPACES['cii']}}}", f"{{{ESPACES['ram']}}}"


def vieillir(xml: bytes, facture: Facture) -> bytes:
    """A written CII rewritten in the older vocabulary; BT-23 already holds the cadre of Chorus Pro."""
    racine = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))
    contexte: Any = racine.find(f"{_RSM}ExchangedDocumentContext")
    contexte.remove(contexte.find(f"{_RAM}GuidelineSpecifiedDocumentContextParameter"))
    for nom, partie in (("SellerTradeParty", facture.vendeur), ("BuyerTradeParty", facture.acheteur)):
        _identifier(next(racine.iter(f"{_RAM}{nom}")), partie)
    return etree.tostring(racine, encoding="UTF-8", xml_declaration=True)


def _identifier(noeud: etree._Element, partie: Partie) -> None:
    for nom in ("GlobalID", "URIUniversalCommunication"):
        for enfant in noeud.findall(f"{_RAM}{nom}"):
            noeud.remove(enfant)
    identite = noeud.find(f"{_RAM}SpecifiedLegalOrganization/{_RAM}ID")
    if identite is not None and partie.siret:
        identite.text = partie.siret
        identite.set("schemeID", _SIRET_HISTORIQUE)
