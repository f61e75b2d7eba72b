"""The older Chorus Pro flavour (formats E1 and E2), written for contrast with the standard's.

CII: same tree, other vocabulary: no profile (BT-24), cadre A1… in BT-23, SIRET as legal identifier under scheme « 1 »,
no electronic address; the service code stays in BT-10, the engagement in BT-13, the market in BT-12. In a PDF (E2,
AIFE's example FSO1117A) BT-24 is EN 16931's.

UBL, as OCA's l10n_fr_chorus_ubl writes it: SIRET in PartyIdentification under scheme « 1 », service code in the buyer's
Contact/ID, market in a reference of type « Marché public », tax scheme « TVA ». Where it puts the cadre is not
established: only A1 is written, which Chorus Pro takes when none is said.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from facturier.efacture.lecture import ESPACES
from facturier.erreurs import ErreurFacturier
from facturier.facture import Facture, Partie

_SIRET_HISTORIQUE, _TVA, _MARCHE = "1", "TVA", "Marché public"
CADRE_PAR_DEFAUT = "A1"
"""Cadre of a file that states none."""
_CAC, _CBC = f"{{{ESPACES['cac']}}}", f"{{{ESPACES['cbc']}}}"
_RSM, _RAM = f"{{{ESPACES['cii']}}}", f"{{{ESPACES['ram']}}}"


def vieillir(xml: bytes, facture: Facture, *, en_pdf: bool = False) -> bytes:
    """A written CII rewritten in the older vocabulary; BT-23 already holds the cadre of Chorus Pro."""
    racine = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))
    if not en_pdf:
        contexte: Any = racine.find(f"{_RSM}ExchangedDocumentContext")
        contexte.remove(contexte.find(f"{_RAM}GuidelineSpecifiedDocumentContextParameter"))
    for nom, partie in (("SellerTradeParty", facture.vendeur), ("BuyerTradeParty", facture.acheteur)):
        _identifier(next(racine.iter(f"{_RAM}{nom}")), partie)
    return etree.tostring(racine, encoding="UTF-8", xml_declaration=True)


def vieillir_ubl(xml: bytes, facture: Facture) -> bytes:
    """A written UBL rewritten in the older vocabulary.

    Raises:
        ErreurFacturier: another cadre than A1, which nobody knows where to write.
    """
    if facture.cadre_norme != CADRE_PAR_DEFAUT:
        raise ErreurFacturier(
            f"L’ancien format UBL ne s’écrit ici qu’au cadre {CADRE_PAR_DEFAUT} : la place des autres cadres n’est pas "
            "établie. Choisissez le format «\u00a0cii\u00a0».",
            code="profil-sans-format",
        )
    racine = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))
    for nom in ("CustomizationID", "ProfileID", "BuyerReference"):
        _retirer(racine, f"{_CBC}{nom}")
    for nom, partie in (("AccountingSupplierParty", facture.vendeur), ("AccountingCustomerParty", facture.acheteur)):
        noeud: Any = racine.find(f"{_CAC}{nom}/{_CAC}Party")
        _retirer(noeud, f"{_CBC}EndpointID")
        identite: Any = noeud.find(f"{_CAC}PartyIdentification/{_CBC}ID")
        if identite is not None and partie.siret:
            identite.text = partie.siret
            identite.set("schemeID", _SIRET_HISTORIQUE)
        legale: Any = noeud.find(f"{_CAC}PartyLegalEntity")
        _retirer(legale, f"{_CBC}CompanyID")
    if facture.code_service:
        _ecrire_service(noeud, facture.code_service)
    marche: Any = racine.find(f"{_CAC}ContractDocumentReference")
    if marche is not None:
        etree.SubElement(marche, f"{_CBC}DocumentType").text = _MARCHE
    for regime in racine.iter(f"{_CAC}TaxScheme"):
        identifiant: Any = regime.find(f"{_CBC}ID")
        identifiant.text = _TVA
    return etree.tostring(racine, encoding="UTF-8", xml_declaration=True)


def _ecrire_service(acheteur: etree._Element, code: str) -> None:
    contact = acheteur.find(f"{_CAC}Contact")
    if contact is None:
        contact = etree.SubElement(acheteur, f"{_CAC}Contact")
    numero = etree.Element(f"{_CBC}ID")
    numero.text = code
    contact.insert(0, numero)


def _retirer(parent: etree._Element, nom: str) -> None:
    for enfant in parent.findall(nom):
        parent.remove(enfant)


def _identifier(noeud: etree._Element, partie: Partie) -> None:
    for nom in ("GlobalID", "URIUniversalCommunication"):
        for enfant in noeud.findall(f"{_RAM}{nom}"):
            noeud.remove(enfant)
    identite = noeud.find(f"{_RAM}SpecifiedLegalOrganization/{_RAM}ID")
    if identite is not None and partie.siret:
        identite.text = partie.siret
        identite.set("schemeID", _SIRET_HISTORIQUE)
