"""VAT breakdown: each rate of the XML, the row of the page that it opens, the figures of that row."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from lxml import etree

from facturier.efacture.cellules import Cellule, Feuille
from facturier.efacture.graphies import Lu, bruts, nombres, taux
from facturier.efacture.rapprochement import (
    Rapprochement,
    Sujet,
    absent,
    different,
    identique,
    juger,
    montants_egaux,
    valeur,
    xml_montant,
)
from facturier.montants import format_taux, lire_decimal

_VENTILATION = (
    "./{urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100}SupplyChainTradeTransaction"
    "/{*}ApplicableHeaderTradeSettlement/{*}ApplicableTradeTax"
)
_TETE_MAX = 60
"""Longest cell that is read as a rate: the pattern goes back over runs of punctuation."""
_TETE_TAUX = re.compile(r"(?:(?:tva|taux|taxe)\W*)*(?:[a-z]{1,2})?\W*\d{1,2}(?:[.,]\d{1,3})?\s?%\W*")


def rapprocher_tva(racine: etree._Element, feuille: Feuille) -> Iterator[Rapprochement]:
    """Each rate of the XML: is it on the page, with that base and that amount?"""
    parts = [
        (part, pourcent, (valeur(part, "ram:CategoryCode") or "").casefold())
        for part in racine.iterfind(_VENTILATION)
        if valeur(part, "ram:BasisAmount") is not None
        and (pourcent := lire_decimal(valeur(part, "ram:RateApplicablePercent") or "0")) is not None
    ]
    montrees = _rangees_tva(feuille)
    autres = [m for m in montrees if not any(m.est(pourcent, code) for _, pourcent, code in parts)]
    montants = [lu for lu in feuille.montants if lu.valeur != {Decimal(0)}]
    for part, pourcent, code in parts:
        nom = f"TVA à {format_taux(pourcent)}" if pourcent else f"TVA {code.upper()} (0\u00a0%)"
        rangees = [m.suite for m in montrees if m.est(pourcent, code)]
        yield _taux(Sujet("BT-119", format_taux(pourcent), f"{nom} : taux"), pourcent, feuille, bool(rangees), autres)
        for rang, (terme, chemin, quoi) in enumerate(_CHIFFRES_TVA):
            texte = valeur(part, chemin)
            if texte is None:
                continue
            egal = montants_egaux(lire_decimal(texte), absolu=True)
            sujet = Sujet(terme, xml_montant(texte), f"{nom} : {quoi}")
            ailleurs = next((lu.brut for lu in montants if egal(lu.valeur)), "")
            yield _de_la_rangee(sujet, rang, rangees, egal, ailleurs, _a_la_paire(part, rangees))


_CHIFFRES_TVA = (("BT-116", "ram:BasisAmount", "base HT"), ("BT-117", "ram:CalculatedAmount", "montant"))


def _a_la_paire(part: etree._Element, rangees: list[list[Lu[frozenset[Decimal]]]]) -> bool:
    """Whether one row holds both the base and the tax that the XML says."""
    lus = [lire_decimal(valeur(part, chemin) or "") for _, chemin, _ in _CHIFFRES_TVA]
    return any(
        any(
            montants_egaux(lus[0], absolu=True)(base.valeur) and montants_egaux(lus[1], absolu=True)(taxe.valeur)
            for base in suite
            for taxe in suite
            if taxe is not base
        )
        for suite in rangees
    )


@dataclass(frozen=True)
class _RangeeTva:
    """A row of the page that a rate opens: the rate, the category's code if it is written, the figures after it."""

    taux: Lu[Decimal]
    code: str
    suite: list[Lu[frozenset[Decimal]]]

    def est(self, pourcent: Decimal, code: str) -> bool:
        """Whether it is the row of that rate and category."""
        return self.taux.valeur == pourcent and self.code in ("", code)


def _de_la_rangee(
    sujet: Sujet,
    rang: int,
    rangees: list[list[Lu[frozenset[Decimal]]]],
    egal: Callable[[frozenset[Decimal]], bool],
    ailleurs: str,
    paire: bool,
) -> Rapprochement:
    """Base and tax come in that order in a row, unless the row holds both of the XML's in another one."""
    lus = [lu for suite in rangees for lu in suite]
    seuls = [suite[rang] for suite in rangees if len(suite) == 2] if not paire else []
    if seuls or paire:
        return juger(sujet, egal, seuls or lus) or absent(sujet)
    return juger(sujet, egal, (), lus, ailleurs) or absent(sujet)


def _taux(
    sujet: Sujet, pourcent: Decimal, feuille: Feuille, sur_une_rangee: bool, autres: list[_RangeeTva]
) -> Rapprochement:
    ecrit = next((lu.brut for lu in taux(feuille.flux) if lu.valeur == pourcent), "")
    if sur_une_rangee or (ecrit and not autres):
        return identique(sujet, ecrit)
    return different(sujet, bruts(autre.taux for autre in autres)) if autres else absent(sujet)


def _rangees_tva(feuille: Feuille) -> list[_RangeeTva]:
    """« 20 % | 2 951,20 € | 590,24 € », « TVA 20 % | 590,24 € »."""
    trouvees = []
    for cellule in feuille.toutes:
        if len(cellule.plie) > _TETE_MAX or not _TETE_TAUX.fullmatch(cellule.plie) or not _ouvre(feuille, cellule):
            continue
        suite: list[Lu[frozenset[Decimal]]] = []
        for autre in feuille.lignes[cellule.ligne]:
            if autre.debut > cellule.debut:
                lus = nombres(autre.texte)
                if not lus:
                    break
                suite += lus
        code = re.match(r"(?:(?:tva|taux|taxe)\W*)*([a-z]{1,2})\b", cellule.plie)
        if suite:
            trouvees.append(_RangeeTva(taux(cellule.texte)[0], code[1] if code else "", suite))
    return trouvees


def _ouvre(feuille: Feuille, cellule: Cellule) -> bool:
    """Whether the rate starts its row: first of its line, or labelled as VAT in its own cell."""
    return feuille.lignes[cellule.ligne][0] is cellule or cellule.plie.startswith(("tva", "taux", "taxe"))
