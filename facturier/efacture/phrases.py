"""French sentences for findings. The official message always stays beside them, in full."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from lxml import etree

from facturier.efacture import termes
from facturier.efacture.lecture import texte_court
from facturier.montants import format_euros, lire_decimal

_TETE = re.compile(r"^\[?\s*(?P<id>[A-Z][A-Z0-9-]+\d[A-Z0-9-]*)(?P<suite>/[^\]:]*)?\s*\]?\s*[-:,]*\s*")
_TERME = re.compile(r"\bB[TG]-\d+(?:-\d+)?\b|\bEXT-FR-FE-(?:BG-)?\d+\b")
_MOTIF_EXIGE = re.compile(r"BR-(AE|E|G|IC|O)-10")
_FRANCAISES = ("BR-FR-", "BR-FREXT-")
_NON_PREVU = "«\u00a0{}\u00a0» n’est pas prévu ici par ce profil"


def identifiant(message: str) -> str | None:
    """Rule id at the head of an official message: ``[BR-FR-05/BT-22] : …`` → ``BR-FR-05``."""
    tete = _TETE.match(message)
    return tete["id"] if tete else None


def terme(message: str) -> str | None:
    """The first business term that the message names; a group (BG-…) only if it names no term."""
    noms: list[str] = _TERME.findall(message)
    return next((nom for nom in noms if nom.startswith("BT-")), noms[0] if noms else None)


def phrase(regle: str, message: str, racine: etree._Element, syntaxe: termes.Syntaxe) -> str:
    """The sentence for a broken rule: totals are explained with the file's own figures, others quote the rule."""
    expliquer = _TOTAUX.get(regle)
    if expliquer is not None:
        return expliquer(racine, syntaxe)
    if regle.startswith("FX-"):
        return _phrase_facturx(regle, message)
    if _MOTIF_EXIGE.fullmatch(regle):
        return (
            f"Règle {regle} non respectée : la ventilation de TVA (BG-23) de cette catégorie (BT-118) doit dire "
            "pourquoi la taxe n’est pas due, par un code (BT-121) ou par un texte (BT-120)."
        )
    corps = _TETE.sub("", message, count=1) or message
    if regle.startswith(_FRANCAISES):
        return f"Règle {regle} non respectée : {corps}"
    return f"Règle {regle} non respectée. Texte officiel : «\u00a0{corps}\u00a0»"


_FACTURX = (
    (r"Value of '(.+)' is not allowed\.", "la valeur de «\u00a0{}\u00a0» n’est pas dans la liste de codes admise"),
    (r"Element(?: variant)? '(.+)' must occur exactly 1 times\.", "«\u00a0{}\u00a0» doit figurer exactement une fois"),
    (r"Element(?: variant)? '(.+)' may occur at maximum 1 times\.", "«\u00a0{}\u00a0» ne peut figurer qu’une fois"),
    (r"Element(?: variant)? '(.+)' must occur at least 1 times\.", "«\u00a0{}\u00a0» doit figurer au moins une fois"),
    (r"Attribute '(.+)' is required in this context\.", "l’attribut «\u00a0{}\u00a0» est obligatoire ici"),
    (r"(?:Element variant|Element|Attribute) '?(.+?)'? is marked as not used in the given context\.", _NON_PREVU),
    (r"(?:Element variant|Element|Attribute) '?(.+?)'? marked as not used in the given context\.", _NON_PREVU),
)


def _phrase_facturx(regle: str, message: str) -> str:
    """Factur-X's generated rules come in few shapes: each has its French one."""
    for motif, modele in _FACTURX:
        trouve = re.fullmatch(motif, message)
        if trouve:
            return f"Règle {regle} non respectée : {modele.format(texte_court(trouve[1], 120))}."
    return f"Règle {regle} non respectée. Texte officiel : «\u00a0{message}\u00a0»"


def _egalite(
    vise: str, nom: str, formule: str, calcul: Callable[[Callable[[str], Decimal]], Decimal]
) -> Callable[..., str]:
    def expliquer(racine: etree._Element, syntaxe: termes.Syntaxe) -> str:
        porte = termes.montant(racine, syntaxe, vise)
        attendu = calcul(lambda bt: termes.montant(racine, syntaxe, bt) or Decimal(0))
        debut = f"{nom} ({vise}) doit être égal {formule}"
        if porte is None:
            return f"{debut} : il est absent ou illisible."
        return f"{debut} : la facture porte {format_euros(porte)}, le calcul donne {format_euros(attendu)}."

    return expliquer


def _somme_lignes(racine: etree._Element, syntaxe: termes.Syntaxe) -> str:
    chemin = (
        "./cac:InvoiceLine/cbc:LineExtensionAmount | ./cac:CreditNoteLine/cbc:LineExtensionAmount"
        if syntaxe == "ubl"
        else ".//ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"
    )
    return _somme(
        racine, syntaxe, chemin, "BT-106", "Le total des lignes", "à la somme des montants nets des lignes (BT-131)"
    )


def _somme_ecarts(charge: bool) -> Callable[..., str]:
    def expliquer(racine: etree._Element, syntaxe: termes.Syntaxe) -> str:
        booleen = "true" if charge else "false"
        chemin = (
            f"./cac:AllowanceCharge[cbc:ChargeIndicator='{booleen}']/cbc:Amount"
            if syntaxe == "ubl"
            else ".//ram:ApplicableHeaderTradeSettlement/ram:SpecifiedTradeAllowanceCharge"
            f"[ram:ChargeIndicator/udt:Indicator='{booleen}']/ram:ActualAmount"
        )
        if charge:
            return _somme(
                racine, syntaxe, chemin, "BT-108", "Le total des charges", "à la somme des charges du document (BT-99)"
            )
        return _somme(
            racine, syntaxe, chemin, "BT-107", "Le total des remises", "à la somme des remises du document (BT-92)"
        )

    return expliquer


def _somme(racine: etree._Element, syntaxe: termes.Syntaxe, chemin: str, vise: str, nom: str, formule: str) -> str:
    trouves = racine.xpath(chemin, namespaces=termes.PREFIXES)
    textes = [n.text or "" for n in trouves if isinstance(n, etree._Element)] if isinstance(trouves, list) else []
    calcule = sum((lire_decimal(t) or Decimal(0) for t in textes), Decimal(0))
    return _egalite(vise, nom, formule, lambda _: calcule)(racine, syntaxe)


def _tva(racine: etree._Element, syntaxe: termes.Syntaxe) -> str:
    chemin = (
        "./cac:TaxTotal/cac:TaxSubtotal/cbc:TaxAmount"
        if syntaxe == "ubl"
        else ".//ram:ApplicableHeaderTradeSettlement/ram:ApplicableTradeTax/ram:CalculatedAmount"
    )
    return _somme(racine, syntaxe, chemin, "BT-110", "Le total de TVA", "à la somme des TVA de chaque taux (BT-117)")


_TOTAUX: dict[str, Callable[..., str]] = {
    "BR-CO-10": _somme_lignes,
    "BR-CO-11": _somme_ecarts(charge=False),
    "BR-CO-12": _somme_ecarts(charge=True),
    "BR-CO-13": _egalite(
        "BT-109",
        "Le total hors taxe",
        "au total des lignes (BT-106) moins les remises (BT-107) plus les charges (BT-108)",
        lambda v: v("BT-106") - v("BT-107") + v("BT-108"),
    ),
    "BR-CO-14": _tva,
    "BR-CO-15": _egalite(
        "BT-112",
        "Le total toutes taxes comprises",
        "au total hors taxe (BT-109) plus la TVA (BT-110)",
        lambda v: v("BT-109") + v("BT-110"),
    ),
    "BR-CO-16": _egalite(
        "BT-115",
        "Le net à payer",
        "au total toutes taxes comprises (BT-112) moins le montant déjà payé (BT-113) plus l’arrondi (BT-114)",
        lambda v: v("BT-112") - v("BT-113") + v("BT-114"),
    ),
}


def phrase_xsd(message: str) -> str:
    """A French sentence for a libxml2 schema error; element names stay as the file writes them."""
    sans_espace_de_noms = re.sub(r"\{[^}]*\}", "", message)
    inattendu = re.match(
        r"Element '([^']+)': This element is not expected\.(?: Expected is (?:one of )?\( (.+?) \)\.)?",
        sans_espace_de_noms,
    )
    if inattendu:
        attendu = f" : à cette place, le schéma attend {inattendu[2]}" if inattendu[2] else ""
        return f"L’élément «\u00a0{inattendu[1]}\u00a0» n’est pas attendu ici{attendu}."
    manquant = re.match(
        r"Element '([^']+)': Missing child element\(s\)\.(?: Expected is (?:one of )?\( (.+?) \)\.)?",
        sans_espace_de_noms,
    )
    if manquant:
        return f"L’élément «\u00a0{manquant[1]}\u00a0» est incomplet : il lui manque {manquant[2] or 'un élément'}."
    valeur = re.match(
        r"Element '([^']+)'(?:, attribute '([^']+)')?: (?:\[facet '[^']+'\] The value )?'(.*?)' (?:is not|has)",
        sans_espace_de_noms,
    )
    if valeur:
        ou = (
            f"de l’attribut «\u00a0{valeur[2]}\u00a0» de «\u00a0{valeur[1]}\u00a0»"
            if valeur[2]
            else f"de «\u00a0{valeur[1]}\u00a0»"
        )
        return f"La valeur «\u00a0{texte_court(valeur[3])}\u00a0» {ou} n’a pas la forme demandée par le schéma."
    return f"Le fichier ne suit pas le schéma officiel : {texte_court(sans_espace_de_noms, 200)}"
