"""Totals that do not add up: what the invoice says, what the sum gives, the difference."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from lxml import etree

from facturier.efacture import fiches, termes
from facturier.montants import format_euros, lire_decimal

_CENTIME = Decimal("0.01")
_ZERO = Decimal(0)
_VENTILATIONS_MAX = 20
"""Beyond, each one would read all the lines again: the catalogue's sentence will do."""
_ETENDUES = ("BR-FREXT-", "BR-FXEXT-")
_TOTAL = re.compile(r"BR-(?:FREXT-|FXEXT-)?(CO-1[0-6])")
_BASE = re.compile(r"BR-(?:FREXT-|FXEXT-)?(?P<categorie>S|Z|E|AE|IC|G|O|AF|AG)-?08(?:ini|rev|b)?")
_TVA = re.compile(r"BR-(?:FREXT-|FXEXT-)?(?P<categorie>S|Z|E|AE|IC|G|O|AF|AG)-09b?|BR-CO-17")


@dataclass(frozen=True)
class _Chemins:
    """Where amounts stand in one syntax, below the root or below the element named."""

    lignes: str
    net: str
    ligne_categorie: str
    ligne_taux: str
    sous_type: str
    ecarts: str
    indicateur: str
    ecart: str
    ecart_categorie: str
    ecart_taux: str
    ventilations: str
    base: str
    tva: str
    categorie: str
    taux: str
    tiers: str


_REGLEMENT = ".//ram:ApplicableHeaderTradeSettlement"
_LIGNE_TVA = "ram:SpecifiedLineTradeSettlement/ram:ApplicableTradeTax"
_CHEMINS: dict[termes.Syntaxe, _Chemins] = {
    "ubl": _Chemins(
        lignes="./cac:InvoiceLine | ./cac:CreditNoteLine",
        net="cbc:LineExtensionAmount",
        ligne_categorie="cac:Item/cac:ClassifiedTaxCategory/cbc:ID",
        ligne_taux="cac:Item/cac:ClassifiedTaxCategory/cbc:Percent",
        sous_type="cac:BillingReference/cac:InvoiceDocumentReference/cbc:DocumentStatusCode",
        ecarts="./cac:AllowanceCharge",
        indicateur="cbc:ChargeIndicator",
        ecart="cbc:Amount",
        ecart_categorie="cac:TaxCategory/cbc:ID",
        ecart_taux="cac:TaxCategory/cbc:Percent",
        ventilations="./cac:TaxTotal/cac:TaxSubtotal",
        base="cbc:TaxableAmount",
        tva="cbc:TaxAmount",
        categorie="cac:TaxCategory/cbc:ID",
        taux="cac:TaxCategory/cbc:Percent",
        tiers="",
    ),
    "cii": _Chemins(
        lignes=".//ram:IncludedSupplyChainTradeLineItem",
        net="ram:SpecifiedLineTradeSettlement/ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount",
        ligne_categorie=f"{_LIGNE_TVA}/ram:CategoryCode",
        ligne_taux=f"{_LIGNE_TVA}/ram:RateApplicablePercent",
        sous_type="ram:AssociatedDocumentLineDocument/ram:LineStatusReasonCode",
        ecarts=f"{_REGLEMENT}/ram:SpecifiedTradeAllowanceCharge",
        indicateur="ram:ChargeIndicator/udt:Indicator",
        ecart="ram:ActualAmount",
        ecart_categorie="ram:CategoryTradeTax/ram:CategoryCode",
        ecart_taux="ram:CategoryTradeTax/ram:RateApplicablePercent",
        ventilations=f"{_REGLEMENT}/ram:ApplicableTradeTax",
        base="ram:BasisAmount",
        tva="ram:CalculatedAmount",
        categorie="ram:CategoryCode",
        taux="ram:RateApplicablePercent",
        tiers=f"{_REGLEMENT}/ram:SpecifiedLogisticsServiceCharge",
    ),
}


def expliquer(
    regle: str, racine: etree._Element, syntaxe: termes.Syntaxe, noeud: etree._Element | None = None
) -> str | None:
    """The sentence with the figures at fault; None when the rule is not about a sum, or the figures cannot be told."""
    try:
        return _expliquer(regle, _Facture(racine, syntaxe, detail_seul=regle.startswith(_ETENDUES)), noeud)
    except InvalidOperation:  # figures beyond all measure: the catalogue's sentence will do
        return None


def _expliquer(regle: str, facture: _Facture, noeud: etree._Element | None) -> str | None:
    if total := _TOTAL.fullmatch(regle):
        return _TOTAUX[total[1]](facture)
    if base := _BASE.fullmatch(regle):
        return _premiere(facture.phrase_base(v) for v in facture.ventilations(base["categorie"], noeud))
    if tva := _TVA.fullmatch(regle):
        return _premiere(facture.phrase_tva(v) for v in facture.ventilations(tva["categorie"], noeud))
    return None


def _premiere(phrases: Iterator[str | None]) -> str | None:
    return next((phrase for phrase in phrases if phrase is not None), None)


class _Facture:
    """The sums of one invoice."""

    def __init__(self, racine: etree._Element, syntaxe: termes.Syntaxe, *, detail_seul: bool) -> None:
        self._racine, self._syntaxe, self._detail_seul = racine, syntaxe, detail_seul
        self._ou = _CHEMINS[syntaxe]

    def montant(self, terme: str) -> Decimal | None:
        return termes.montant(self._racine, self._syntaxe, terme)

    def ou_zero(self, terme: str) -> Decimal:
        return self.montant(terme) or _ZERO

    def argent(self, valeur: Decimal) -> str:
        """An amount in the invoice's currency."""
        devise = termes.texte(self._racine, self._syntaxe, "BT-5") or "EUR"
        ecrit = format_euros(valeur.quantize(_CENTIME, ROUND_HALF_UP))
        return ecrit if devise == "EUR" else ecrit.replace("€", devise[:3])

    def lignes(self) -> Iterator[etree._Element]:
        for ligne in _noeuds(self._racine, self._ou.lignes):
            if not self._detail_seul or _texte(ligne, self._ou.sous_type) in ("", "DETAIL"):
                yield ligne

    def somme_lignes(self) -> Decimal:
        return sum((_nombre(ligne, self._ou.net) for ligne in self.lignes()), _ZERO)

    def somme_ecarts(self, *, frais: bool) -> Decimal:
        return sum((_nombre(e, self._ou.ecart) for e in self._ecarts(frais=frais)), _ZERO)

    def somme_tva(self) -> Decimal:
        return sum((_nombre(v, self._ou.tva) for v in _noeuds(self._racine, self._ou.ventilations)), _ZERO)

    def somme_tiers(self) -> Decimal:
        """Logistics fees of the extended Factur-X profile, which count as charges."""
        return sum((_nombre(n, "ram:AppliedAmount") for n in self._frais_logistiques()), _ZERO)

    def _frais_logistiques(self) -> list[etree._Element]:
        return _noeuds(self._racine, self._ou.tiers) if self._ou.tiers else []

    def _ecarts(self, *, frais: bool) -> Iterator[etree._Element]:
        for ecart in _noeuds(self._racine, self._ou.ecarts):
            if (_texte(ecart, self._ou.indicateur) in ("true", "1")) is frais:
                yield ecart

    def ventilations(self, categorie: str | None, noeud: etree._Element | None) -> Iterator[etree._Element]:
        """The VAT breakdown that the finding points at; failing that, all those of the category."""
        toutes = _noeuds(self._racine, self._ou.ventilations)
        if len(toutes) > _VENTILATIONS_MAX:
            return
        vise = next((v for v in toutes if noeud is not None and (noeud is v or v in noeud.iterancestors())), None)
        code = fiches.categories()[categorie].code if categorie else None
        for ventilation in (vise,) if vise is not None else toutes:
            if code is None or _texte(ventilation, self._ou.categorie) == code:
                yield ventilation

    def phrase_base(self, ventilation: etree._Element) -> str | None:
        code, taux = _texte(ventilation, self._ou.categorie), _nombre(ventilation, self._ou.taux)

        def suit(noeud: etree._Element, categorie: str, chemin_taux: str) -> bool:
            return _texte(noeud, categorie) == code and _nombre(noeud, chemin_taux) == taux

        ou = self._ou
        calcule = sum((_nombre(n, ou.net) for n in self.lignes() if suit(n, ou.ligne_categorie, ou.ligne_taux)), _ZERO)
        for frais, signe in ((False, -1), (True, 1)):
            for ecart in self._ecarts(frais=frais):
                if suit(ecart, ou.ecart_categorie, ou.ecart_taux):
                    calcule += signe * _nombre(ecart, ou.ecart)
        if self._frais_logistiques():
            return None
        nom = f"La base hors taxe {_du_taux(code, taux)} (BT-116)"
        formule = "à ses lignes (BT-131), moins les remises, plus les frais"
        return self.ecart(nom, formule, _nombre_ou_rien(ventilation, ou.base), calcule)

    def phrase_tva(self, ventilation: etree._Element) -> str | None:
        code, taux = _texte(ventilation, self._ou.categorie), _nombre(ventilation, self._ou.taux)
        base = _nombre(ventilation, self._ou.base)
        calcule = (base * taux / 100).quantize(_CENTIME, ROUND_HALF_UP)
        formule = f"à sa base (BT-116, {self.argent(base)}) multipliée par {_pourcentage(taux)}"
        nom = f"La TVA {_du_taux(code, taux)} (BT-117)"
        return self.ecart(nom, formule, _nombre_ou_rien(ventilation, self._ou.tva), calcule)

    def ecart(self, nom: str, formule: str, porte: Decimal | None, calcule: Decimal) -> str | None:
        """« … doit être égal … : la facture porte …, le calcul donne …, soit … »; None when the sums agree."""
        egal = "égale" if nom.startswith("La ") else "égal"
        debut = f"{nom} doit être {egal} {formule}\u00a0:"
        if porte is None:
            return f"{debut} le montant est absent ou illisible, le calcul donne {self.argent(calcule)}."
        difference = porte - calcule
        if not difference:
            return None
        sens = "de trop" if difference > 0 else "en moins"
        return (
            f"{debut} la facture porte {self.argent(porte)}, le calcul donne {self.argent(calcule)}, "
            f"soit {self.argent(abs(difference))} {sens}."
        )


def _egalite(vise: str, nom: str, formule: str, calcul: Callable[[_Facture], Decimal]) -> Callable[..., str | None]:
    return lambda facture: facture.ecart(f"{nom} ({vise})", formule, facture.montant(vise), calcul(facture))


_TOTAUX: dict[str, Callable[[_Facture], str | None]] = {
    "CO-10": _egalite(
        "BT-106", "Le total des lignes", "à la somme des montants nets des lignes (BT-131)", _Facture.somme_lignes
    ),
    "CO-11": _egalite(
        "BT-107",
        "Le total des remises",
        "à la somme des remises de la facture (BT-92)",
        lambda f: f.somme_ecarts(frais=False),
    ),
    "CO-12": _egalite(
        "BT-108",
        "Le total des frais",
        "à la somme des frais de la facture (BT-99)",
        lambda f: f.somme_ecarts(frais=True) + f.somme_tiers(),
    ),
    "CO-13": _egalite(
        "BT-109",
        "Le total hors taxe",
        "au total des lignes (BT-106) moins les remises (BT-107) plus les frais (BT-108)",
        lambda f: f.ou_zero("BT-106") - f.ou_zero("BT-107") + f.ou_zero("BT-108"),
    ),
    "CO-14": _egalite("BT-110", "Le total de TVA", "à la somme des TVA de chaque taux (BT-117)", _Facture.somme_tva),
    "CO-15": _egalite(
        "BT-112",
        "Le total toutes taxes comprises",
        "au total hors taxe (BT-109) plus la TVA (BT-110)",
        lambda f: f.ou_zero("BT-109") + f.ou_zero("BT-110"),
    ),
    "CO-16": _egalite(
        "BT-115",
        "Le net à payer",
        "au total TTC (BT-112) moins le montant déjà payé (BT-113) plus l’arrondi (BT-114)",
        lambda f: f.ou_zero("BT-112") - f.ou_zero("BT-113") + f.ou_zero("BT-114"),
    ),
}


def _du_taux(code: str, taux: Decimal) -> str:
    return f"à {_pourcentage(taux)}" if taux else f"de catégorie {code}"


def _pourcentage(taux: Decimal) -> str:
    return f"{taux.normalize():f}".replace(".", ",") + "\u00a0%"


def _noeuds(noeud: etree._Element, chemin: str) -> list[etree._Element]:
    trouves = noeud.xpath(chemin, namespaces=termes.PREFIXES)
    return [n for n in trouves if isinstance(n, etree._Element)] if isinstance(trouves, list) else []


def _texte(noeud: etree._Element, chemin: str) -> str:
    premier = next(iter(_noeuds(noeud, chemin)), None)
    return (premier.text or "").strip() if premier is not None else ""


def _nombre_ou_rien(noeud: etree._Element, chemin: str) -> Decimal | None:
    return lire_decimal(_texte(noeud, chemin))


def _nombre(noeud: etree._Element, chemin: str) -> Decimal:
    return _nombre_ou_rien(noeud, chemin) or _ZERO
