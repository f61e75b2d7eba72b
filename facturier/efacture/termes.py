"""Business terms read back from a tree (BT-…), through the paths that factur-x publishes for each term."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any, Literal

from lxml import etree

from facturier.efacture.lecture import ESPACES
from facturier.montants import lire_decimal

Syntaxe = Literal["ubl", "cii"]
PREFIXES = {
    "rsm": ESPACES["cii"],
    "ram": ESPACES["ram"],
    "udt": ESPACES["udt"],
    "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
    "cac": ESPACES["cac"],
    "cbc": ESPACES["cbc"],
}


def noeuds(racine: etree._Element, syntaxe: Syntaxe, terme: str) -> list[etree._Element]:
    """Elements that carry a document-level term, in document order; an empty list if there are none."""
    chemin = _chemin(syntaxe, terme)
    trouves: Any = racine.xpath(_relatif(chemin), namespaces=PREFIXES)
    return [noeud for noeud in trouves if isinstance(noeud, etree._Element)]


def texte(racine: etree._Element, syntaxe: Syntaxe, terme: str) -> str | None:
    """Text of the first occurrence of a term, or None."""
    for noeud in noeuds(racine, syntaxe, terme):
        return (noeud.text or "").strip()
    return None


def montant(racine: etree._Element, syntaxe: Syntaxe, terme: str) -> Decimal | None:
    """Amount of a term; None when absent or not a number."""
    return lire_decimal(texte(racine, syntaxe, terme) or "")


def _relatif(chemin: str) -> str:
    """The path below the root: the same for an Invoice and a CreditNote."""
    return "." + chemin[chemin.index("/", 1) :]


_UBL_TOTAUX = "/Invoice/cac:LegalMonetaryTotal/cbc:"
_CII = "/rsm:CrossIndustryInvoice"
_CII_ACCORD = f"{_CII}/rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement"
_CII_TOTAUX = (
    f"{_CII}/rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement"
    "/ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:"
)
_CII_CONTEXTE = f"{_CII}/rsm:ExchangedDocumentContext/ram:"
_COURANTS: dict[str, tuple[str, str]] = {
    "BT-23": ("/Invoice/cbc:ProfileID", f"{_CII_CONTEXTE}BusinessProcessSpecifiedDocumentContextParameter/ram:ID"),
    "BT-24": ("/Invoice/cbc:CustomizationID", f"{_CII_CONTEXTE}GuidelineSpecifiedDocumentContextParameter/ram:ID"),
    "BG-4": ("/Invoice/cac:AccountingSupplierParty/cac:Party", f"{_CII_ACCORD}/ram:SellerTradeParty"),
    "BG-7": ("/Invoice/cac:AccountingCustomerParty/cac:Party", f"{_CII_ACCORD}/ram:BuyerTradeParty"),
    "BT-106": (f"{_UBL_TOTAUX}LineExtensionAmount", f"{_CII_TOTAUX}LineTotalAmount"),
    "BT-107": (f"{_UBL_TOTAUX}AllowanceTotalAmount", f"{_CII_TOTAUX}AllowanceTotalAmount"),
    "BT-108": (f"{_UBL_TOTAUX}ChargeTotalAmount", f"{_CII_TOTAUX}ChargeTotalAmount"),
    "BT-109": (f"{_UBL_TOTAUX}TaxExclusiveAmount", f"{_CII_TOTAUX}TaxBasisTotalAmount"),
    "BT-110": ("/Invoice/cac:TaxTotal/cbc:TaxAmount", f"{_CII_TOTAUX}TaxTotalAmount"),
    "BT-112": (f"{_UBL_TOTAUX}TaxInclusiveAmount", f"{_CII_TOTAUX}GrandTotalAmount"),
    "BT-113": (f"{_UBL_TOTAUX}PrepaidAmount", f"{_CII_TOTAUX}TotalPrepaidAmount"),
    "BT-114": (f"{_UBL_TOTAUX}PayableRoundingAmount", f"{_CII_TOTAUX}RoundingAmount"),
    "BT-115": (f"{_UBL_TOTAUX}PayableAmount", f"{_CII_TOTAUX}DuePayableAmount"),
}
"""Terms that every verdict asks for: written here, because importing factur-x for its table costs a first verdict half
a second (a test compares both)."""


@cache
def _chemin(syntaxe: Syntaxe, terme: str) -> str:
    """Absolute path of a term: the usual ones from here, the others from factur-x."""
    if terme in _COURANTS:
        return _COURANTS[terme][syntaxe == "cii"]
    return _chemin_de_facturx(syntaxe, terme)


def _chemin_de_facturx(syntaxe: Syntaxe, terme: str) -> str:
    """Looked up at document level, then inside the groups (BG-…) that hold it."""
    from facturx.generate_xml import EN16931_FIELDS

    if terme in EN16931_FIELDS:
        return _premier(EN16931_FIELDS[terme], syntaxe)
    for groupe in EN16931_FIELDS.values():
        champs = groupe.get("fields")
        if isinstance(champs, dict) and terme in champs:
            return f"{_premier(groupe, syntaxe)}/{_premier(champs[terme], syntaxe)}"
    raise KeyError(terme)


def _premier(champ: dict[str, Any], syntaxe: Syntaxe) -> str:
    chemin = champ[f"{syntaxe}_xpath"]
    premier = chemin[0] if isinstance(chemin, list) else chemin
    return str(premier).replace("[@currencyID='%(BT-5)s']", "")
