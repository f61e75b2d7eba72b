"""The kit's own rule sets on a file: which apply, the flat view they read (one table of paths a syntax), findings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from lxml import etree

from facturier import __version__, regles
from facturier.efacture import canaux, termes
from facturier.efacture.jeux import JeuDeRegles
from facturier.efacture.resultat import Canal, Constat, Mention
from facturier.regles import Regle, Valeur, Vue, envoi


@dataclass(frozen=True)
class JeuDuKit:
    """A rule set written here, named and versioned like the official ones."""

    nom: str
    regles: tuple[Regle, ...]

    @property
    def jeu(self) -> JeuDeRegles:
        """Name and version: the package's own."""
        return JeuDeRegles(self.nom, f"facturier {__version__}")


CPRO = JeuDuKit("Chorus Pro (règles du kit)", regles.REGLES_CPRO)
HISTORIQUE = JeuDuKit("Chorus Pro historique (règles du kit)", regles.REGLES_HISTORIQUES)

HISTORIQUE_DIT = Constat(
    "CPRO-HISTORIQUE",
    "information",
    "Le fichier est au format historique de Chorus Pro, qui n’a pas de jeu officiel publié : le kit contrôle sa "
    "structure XML et, avec le jeu «\u00a0historique\u00a0» (compris dans «\u00a0auto\u00a0»), quelques règles.",
)
HISTORIQUE_NORME = replace(
    HISTORIQUE_DIT,
    phrase=f"{HISTORIQUE_DIT.phrase} Il annonce aussi la norme européenne (BT-24), dont les listes de codes ne sont "
    "pas celles de ce format : elle n’est contrôlée que si vous demandez le jeu «\u00a0en16931\u00a0».",
)
NON_HISTORIQUE = Constat(
    "CPRO-NON-HISTORIQUE",
    "information",
    "Le jeu «\u00a0historique\u00a0» n’a pas été appliqué : "
    "le fichier n’est pas au format historique de Chorus Pro (cadre A1…, SIRET au schéma 1).",
)

ZUGFERD_1 = Constat(
    "ZUGFERD-1",
    "erreur",
    "Le fichier est au format ZUGFeRD 1.0 (2014), antérieur à la norme européenne : ni Chorus Pro ni une plateforme "
    "agréée ne l’admet. Demandez à l’émetteur une facture Factur-X, UBL ou CII.",
)


def applicables(
    choisis: frozenset[str], canal: Canal | None, racine: etree._Element, syntaxe: termes.Syntaxe
) -> tuple[JeuDuKit, ...]:
    """The sets to play: the one asked for; by itself, only on a road that the file states."""
    joues = []
    if "cpro" in choisis or ("auto" in choisis and canal == "plateforme_agreee" and canaux.se_dit_b2g(racine, syntaxe)):
        joues.append(CPRO)
    if choisis & {"auto", "historique"} and canal == "chorus_historique":
        joues.append(HISTORIQUE)
    return tuple(joues)


def controler(jeu: JeuDuKit, racine: etree._Element, syntaxe: termes.Syntaxe) -> list[Constat]:
    """The findings of one set, with term, line and path."""
    vue, noeuds = lire_vue(racine, syntaxe)
    lieux = Lieux()
    return [
        _constat(manquement, _noeud(manquement.valeur, noeuds, racine, syntaxe), lieux)
        for manquement in regles.controler(jeu.regles, vue)
    ]


def _constat(manquement: regles.Manquement, noeud: etree._Element | None, lieux: Lieux) -> Constat:
    ligne: Any = noeud.sourceline if noeud is not None else None
    return Constat(
        regle=manquement.regle.code,
        gravite=manquement.gravite,
        phrase=manquement.phrase,
        terme=manquement.valeur.terme,
        ligne=ligne if isinstance(ligne, int) else None,
        xpath=lieux.chemin(noeud) if noeud is not None else None,
    )


_MENTIONS_MAX, _TEXTE_MAX = 4, 200


def lire_envoi(racine: etree._Element, syntaxe: termes.Syntaxe) -> tuple[Mention, ...]:
    """Who sends what to whom, with places; few and short, whatever the file holds."""
    lieux, mentions = Lieux(), []
    for terme in envoi.TERMES:
        trouves: Any = racine.xpath(CHEMINS[syntaxe][terme], namespaces=termes.PREFIXES)
        for noeud in trouves[:_MENTIONS_MAX]:
            texte, schema = _texte(noeud)[:_TEXTE_MAX], noeud.get("schemeID", "")[:_TEXTE_MAX]
            mentions.append(Mention(terme, texte, schema, noeud.sourceline, lieux.chemin(noeud)))
    return tuple(mentions)


Noeuds = dict[str, list[etree._Element]]


def lire_vue(racine: etree._Element, syntaxe: termes.Syntaxe) -> tuple[Vue, Noeuds]:
    """The flat view of an invoice's tree, and the elements behind it, by term and rank."""
    noeuds: Noeuds = {}
    valeurs: dict[str, tuple[Valeur, ...]] = {}
    for terme, chemin in CHEMINS[syntaxe].items():
        trouves: Any = racine.xpath(chemin, namespaces=termes.PREFIXES)
        noeuds[terme] = list(trouves)
        lire = _LECTURES.get(terme, _texte)
        valeurs[terme] = tuple(
            Valeur(terme, lire(noeud), noeud.get("schemeID", ""), rang) for rang, noeud in enumerate(noeuds[terme])
        )
    lignes = noeuds["BG-25"]
    valeurs["BG-25"] = (Valeur("BG-25", str(len(lignes)), rang=0),) if lignes else ()
    return Vue(valeurs), noeuds


def _noeud(valeur: Valeur, noeuds: Noeuds, racine: etree._Element, syntaxe: termes.Syntaxe) -> etree._Element | None:
    """The value's element; for an absent identifier, the block of the party that should have it."""
    if valeur.rang is not None:
        return noeuds[valeur.terme][valeur.rang]
    return next(iter(termes.noeuds(racine, syntaxe, "BG-4" if valeur.terme == "BT-29" else "BG-7")), None)


_CONTENU = etree.XPath("string()")
"""Whole text of an element: a comment in its midst hides nothing, as ``.text`` would."""


def _texte(noeud: etree._Element) -> str:
    return str(_CONTENU(noeud)).strip()


def _nom_de_piece(noeud: etree._Element) -> str:
    return noeud.get("filename", "")


def _octets(noeud: etree._Element) -> str:
    """Size of a base64 content once decoded, without decoding it."""
    code = "".join(str(_CONTENU(noeud)).split())
    return str(len(code) * 3 // 4 - code[-2:].count("="))


_SUJET = re.compile(r"^#[A-Z]{3}#")


def _note(noeud: etree._Element) -> str:
    """A note's text, without the subject code that UBL writes at its head."""
    return _SUJET.sub("", _texte(noeud))


_LECTURES: dict[str, Callable[[etree._Element], str]] = {
    "BG-6": lambda groupe: " ".join(_texte(groupe).split()),
    "BG-9": lambda groupe: " ".join(_texte(groupe).split()),
    "BT-22": _note,
    "BT-125": _octets,
    "BT-125-2": _nom_de_piece,
}


class Lieux:
    """Paths without namespaces, in the form of the official rules' places; ranks are kept, a file may have many."""

    def __init__(self) -> None:
        self._rangs: dict[etree._Element, int] = {}

    def chemin(self, noeud: etree._Element) -> str:
        pas = []
        courant: etree._Element | None = noeud
        while courant is not None:
            parent = courant.getparent()
            if courant not in self._rangs:
                self._numeroter(courant if parent is None else parent, racine=parent is None)
            pas.append(f"/{etree.QName(courant).localname}[{self._rangs[courant]}]")
            courant = parent
        return "".join(reversed(pas))

    def _numeroter(self, noeud: etree._Element, *, racine: bool) -> None:
        vus: Counter[str] = Counter()
        for element in (noeud,) if racine else noeud.iterchildren(tag=etree.Element):
            vus[str(element.tag)] += 1
            self._rangs[element] = vus[str(element.tag)]


_V, _A = "./cac:AccountingSupplierParty/cac:Party", "./cac:AccountingCustomerParty/cac:Party"
_TVA_UBL = "cac:PartyTaxScheme[cac:TaxScheme/cbc:ID='VAT']/cbc:CompanyID"
_JOINTE_UBL = "./cac:AdditionalDocumentReference"
_ACCORD = "./rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement"
_REGLEMENT = "./rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement"
_SOMMES = f"{_REGLEMENT}/ram:SpecifiedTradeSettlementHeaderMonetarySummation"
_VENDEUR, _ACHETEUR = f"{_ACCORD}/ram:SellerTradeParty", f"{_ACCORD}/ram:BuyerTradeParty"
_BENEFICIAIRE = f"{_REGLEMENT}/ram:PayeeTradeParty"
_LIEU = "./rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeDelivery/ram:ShipToTradeParty"
_LIGNE = "./rsm:SupplyChainTradeTransaction/ram:IncludedSupplyChainTradeLineItem"
_JOINTE_CII = f"{_ACCORD}/ram:AdditionalReferencedDocument"
_COMPTE = f"{_REGLEMENT}/ram:SpecifiedTradeSettlementPaymentMeans/ram:PayeePartyCreditorFinancialAccount"

CHEMINS: dict[termes.Syntaxe, dict[str, str]] = {
    "ubl": {
        "BT-1": "./cbc:ID",
        "BT-2": "./cbc:IssueDate",
        "BT-3": "./cbc:InvoiceTypeCode | ./cbc:CreditNoteTypeCode",
        "BT-10": f"./cbc:BuyerReference | {_A}/cac:Contact/cbc:ID",
        "BT-12": "./cac:ContractDocumentReference/cbc:ID",
        "BT-13": "./cac:OrderReference/cbc:ID",
        "BT-20": "./cac:PaymentTerms/cbc:Note",
        "BT-22": "./cbc:Note",
        "BT-23": "./cbc:ProfileID",
        "BT-25": "./cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID",
        "BT-27": f"{_V}/cac:PartyLegalEntity/cbc:RegistrationName",
        "BT-28": f"{_V}/cac:PartyName/cbc:Name",
        "BT-29": f"{_V}/cac:PartyIdentification/cbc:ID",
        "BT-30": f"{_V}/cac:PartyLegalEntity/cbc:CompanyID",
        "BT-31": f"{_V}/{_TVA_UBL}",
        "BT-35": f"{_V}/cac:PostalAddress/cbc:StreetName",
        "BT-37": f"{_V}/cac:PostalAddress/cbc:CityName",
        "BT-44": f"{_A}/cac:PartyLegalEntity/cbc:RegistrationName",
        "BT-45": f"{_A}/cac:PartyName/cbc:Name",
        "BT-46": f"{_A}/cac:PartyIdentification/cbc:ID",
        "BT-47": f"{_A}/cac:PartyLegalEntity/cbc:CompanyID",
        "BT-48": f"{_A}/{_TVA_UBL}",
        "BT-59": "./cac:PayeeParty/cac:PartyName/cbc:Name",
        "BT-60": "./cac:PayeeParty/cac:PartyIdentification/cbc:ID",
        "BT-61": "./cac:PayeeParty/cac:PartyLegalEntity/cbc:CompanyID",
        "BT-71": "./cac:Delivery/cac:DeliveryLocation/cbc:ID",
        "BT-81": "./cac:PaymentMeans/cbc:PaymentMeansCode",
        "BT-84": "./cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID",
        "BT-109": "./cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount",
        "BT-110": "./cac:TaxTotal/cbc:TaxAmount[not(@currencyID) or @currencyID=/*/cbc:DocumentCurrencyCode]",
        "BT-112": "./cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount",
        "BT-120": "./cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory/cbc:TaxExemptionReason",
        "BT-122": f"{_JOINTE_UBL}[not(cbc:DocumentTypeCode='130')]/cbc:ID",
        "BT-125": f"{_JOINTE_UBL}/cac:Attachment/cbc:EmbeddedDocumentBinaryObject",
        "BT-125-2": f"{_JOINTE_UBL}/cac:Attachment/cbc:EmbeddedDocumentBinaryObject",
        "BT-154": "./*[self::cac:InvoiceLine or self::cac:CreditNoteLine]/cac:Item/cbc:Description",
        "BG-6": f"{_V}/cac:Contact",
        "BG-9": f"{_A}/cac:Contact",
        "BG-25": "./cac:InvoiceLine | ./cac:CreditNoteLine",
    },
    "cii": {
        "BT-1": "./rsm:ExchangedDocument/ram:ID",
        "BT-2": "./rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString",
        "BT-3": "./rsm:ExchangedDocument/ram:TypeCode",
        "BT-10": f"{_ACCORD}/ram:BuyerReference",
        "BT-12": f"{_ACCORD}/ram:ContractReferencedDocument/ram:IssuerAssignedID",
        "BT-13": f"{_ACCORD}/ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID",
        "BT-20": f"{_REGLEMENT}/ram:SpecifiedTradePaymentTerms/ram:Description",
        "BT-22": "./rsm:ExchangedDocument/ram:IncludedNote/ram:Content",
        "BT-23": "./rsm:ExchangedDocumentContext/ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID",
        "BT-25": f"{_REGLEMENT}/ram:InvoiceReferencedDocument/ram:IssuerAssignedID",
        "BT-27": f"{_VENDEUR}/ram:Name",
        "BT-28": f"{_VENDEUR}/ram:SpecifiedLegalOrganization/ram:TradingBusinessName",
        "BT-29": f"{_VENDEUR}/ram:ID | {_VENDEUR}/ram:GlobalID",
        "BT-30": f"{_VENDEUR}/ram:SpecifiedLegalOrganization/ram:ID",
        "BT-31": f"{_VENDEUR}/ram:SpecifiedTaxRegistration/ram:ID[@schemeID='VA']",
        "BT-35": f"{_VENDEUR}/ram:PostalTradeAddress/ram:LineOne",
        "BT-37": f"{_VENDEUR}/ram:PostalTradeAddress/ram:CityName",
        "BT-44": f"{_ACHETEUR}/ram:Name",
        "BT-45": f"{_ACHETEUR}/ram:SpecifiedLegalOrganization/ram:TradingBusinessName",
        "BT-46": f"{_ACHETEUR}/ram:ID | {_ACHETEUR}/ram:GlobalID",
        "BT-47": f"{_ACHETEUR}/ram:SpecifiedLegalOrganization/ram:ID",
        "BT-48": f"{_ACHETEUR}/ram:SpecifiedTaxRegistration/ram:ID[@schemeID='VA']",
        "BT-59": f"{_BENEFICIAIRE}/ram:Name",
        "BT-60": f"{_BENEFICIAIRE}/ram:ID | {_BENEFICIAIRE}/ram:GlobalID",
        "BT-61": f"{_BENEFICIAIRE}/ram:SpecifiedLegalOrganization/ram:ID",
        "BT-71": f"{_LIEU}/ram:ID | {_LIEU}/ram:GlobalID",
        "BT-81": f"{_REGLEMENT}/ram:SpecifiedTradeSettlementPaymentMeans/ram:TypeCode",
        "BT-84": f"{_COMPTE}/ram:IBANID | {_COMPTE}/ram:ProprietaryID",
        "BT-109": f"{_SOMMES}/ram:TaxBasisTotalAmount",
        "BT-110": f"{_SOMMES}/ram:TaxTotalAmount[not(@currencyID) or @currencyID=../../ram:InvoiceCurrencyCode]",
        "BT-112": f"{_SOMMES}/ram:GrandTotalAmount",
        "BT-120": f"{_REGLEMENT}/ram:ApplicableTradeTax/ram:ExemptionReason",
        "BT-122": f"{_JOINTE_CII}[ram:TypeCode='916']/ram:IssuerAssignedID",
        "BT-125": f"{_JOINTE_CII}/ram:AttachmentBinaryObject",
        "BT-125-2": f"{_JOINTE_CII}/ram:AttachmentBinaryObject",
        "BT-154": f"{_LIGNE}/ram:SpecifiedTradeProduct/ram:Description",
        "BG-6": f"{_VENDEUR}/ram:DefinedTradeContact",
        "BG-9": f"{_ACHETEUR}/ram:DefinedTradeContact",
        "BG-25": _LIGNE,
    },
}
"""Where each term of the view stands. ``BG-25`` is counted; BT-125 is measured, BT-125-2 is its ``filename``."""
