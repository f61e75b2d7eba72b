"""Lines and VAT breakdown: a row of the page is found by its name (or its rate), its figures by their column."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from lxml import etree

from facturier.efacture.cellules import Cellule, Feuille
from facturier.efacture.graphies import Lu, bruts, en_euros, nombres, serrer, taux
from facturier.efacture.lecture import texte_court
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
    xml_nombre,
)
from facturier.montants import format_taux, lire_decimal

LIGNES_MAX = 300
"""Lines of the XML that are compared; a longer invoice is not read by eye either."""
_TRANSACTION = "{urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100}SupplyChainTradeTransaction"
_RAM = "{urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100}"
_LIGNE = f"./{_TRANSACTION}/{_RAM}IncludedSupplyChainTradeLineItem"
_VENTILATION = f"./{_TRANSACTION}/{_RAM}ApplicableHeaderTradeSettlement/{_RAM}ApplicableTradeTax"
_SOMME = "ram:SpecifiedLineTradeSettlement/ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"

_TETE_NOM = re.compile(r"(?:designation|description|libelle|article|produit|prestation|objet|intitule)s?\b.*")
_TETE_QUANTITE = re.compile(r"(?:quantites?|qtes?|nombre|nb)\b\.?.*")
_TETES_MONTANT = (
    re.compile(r"(?:montant|total|prix total)(?: net)? (?:ht|h\.t\.?|hors taxes?)\b.*"),
    re.compile(r"(?:montant|total)(?: net)?"),
)
_FIN = re.compile(r"(?:sous[- ])?total\b.*|net a payer\b.*|detail de la tva|recapitulatif.*|montant total\b.*")
_PRES = 6
"""Columns that may lie between a heading and the figures under it."""
_SUITE = 5
"""Lines of the page over which one designation, or one row, may run."""


@dataclass(frozen=True)
class _Tableau:
    """The table of lines: rows of the page it covers, and its columns (None for one that has no heading)."""

    debut: int
    quantite: Cellule | None
    montant: Cellule | None


def rapprocher_lignes(racine: etree._Element, feuille: Feuille) -> Iterator[Rapprochement]:
    """Name, quantity and net amount of the first ``LIGNES_MAX`` lines."""
    items = list(racine.iterfind(_LIGNE))[:LIGNES_MAX]
    tableaux = _tableaux(feuille)
    noms = [valeur(item, "ram:SpecifiedTradeProduct/ram:Name") for item in items]
    places = _placer(noms, feuille)
    _placer_le_reste(places, feuille, tableaux)
    bornes = sorted({place for place in places if place is not None})
    for rang, (item, nom, place) in enumerate(zip(items, noms, places, strict=True), start=1):
        rangee = _rangee(feuille, place, bornes)
        tableau = next((t for t in reversed(tableaux) if place is not None and t.debut <= place), None)
        yield from _nom(rang, nom, feuille, rangee)
        quantite = valeur(item, "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity")
        montant = valeur(item, _SOMME)
        if quantite is not None:
            sujet = Sujet("BT-129", xml_nombre(quantite), f"ligne {rang} : quantité")
            yield _chiffre(sujet, quantite, feuille, rangee, tableau.quantite if tableau else None)
        if montant is not None:
            sujet = Sujet("BT-131", xml_montant(montant), f"ligne {rang} : montant net HT")
            yield _chiffre(sujet, montant, feuille, rangee, tableau.montant if tableau else None)


def _tableaux(feuille: Feuille) -> list[_Tableau]:
    """Headings of the table of lines, repeated on each page."""
    trouves = []
    for rang, ligne in enumerate(feuille.lignes):
        if not any(_TETE_NOM.fullmatch(c.plie) for c in ligne):
            continue
        quantite = next((c for c in ligne if _TETE_QUANTITE.fullmatch(c.plie)), None)
        montant = next((c for motif in _TETES_MONTANT for c in ligne if motif.fullmatch(c.plie)), None)
        if quantite or montant:
            trouves.append(_Tableau(rang, quantite, montant))
    return trouves


def _placer(noms: Sequence[str | None], feuille: Feuille) -> list[int | None]:
    """The line of the page where each designation starts; the same one written twice is found twice."""
    prises: set[int] = set()
    places: list[int | None] = []
    for nom in noms:
        serre = serrer(nom or "")
        place = next(
            (
                cellule.ligne
                for cellule in feuille.toutes
                if serre and cellule.ligne not in prises and _commence(feuille, cellule, serre)
            ),
            None,
        )
        places.append(place)
        if place is not None:
            prises.add(place)
    return places


def _commence(feuille: Feuille, cellule: Cellule, serre: str) -> bool:
    """Whether a designation starts in that cell and goes on in the cells under it."""
    lu = serrer(cellule.texte)
    if not lu or not (serre.startswith(lu) or lu.startswith(serre)):
        return False
    for ligne in feuille.lignes[cellule.ligne + 1 : cellule.ligne + 1 + _SUITE]:
        if lu.startswith(serre):
            return True
        suite = next((c for c in ligne if abs(c.debut - cellule.debut) <= 2), None)
        if suite is None:
            continue
        lu += serrer(suite.texte)
        if not (serre.startswith(lu) or lu.startswith(serre)):
            return False
    return lu.startswith(serre)


def _placer_le_reste(places: list[int | None], feuille: Feuille, tableaux: list[_Tableau]) -> None:
    """Lines whose name is not on the page take the rows that no other line took, when there are as many of both."""
    orphelines = [rang for rang, place in enumerate(places) if place is None]
    libres = [rang for rang in _rangees(feuille, tableaux) if rang not in places]
    if orphelines and len(libres) == len(orphelines):
        for orpheline, libre in zip(orphelines, libres, strict=True):
            places[orpheline] = libre


def _rangees(feuille: Feuille, tableaux: list[_Tableau]) -> list[int]:
    """Lines of the page that have a figure in the column of quantities and in that of amounts."""
    trouvees: list[int] = []
    for tableau in tableaux:
        if tableau.quantite is None or tableau.montant is None:
            continue
        for ligne in feuille.lignes[tableau.debut + 1 :]:
            if ligne and (_FIN.fullmatch(ligne[0].plie) or _TETE_NOM.fullmatch(ligne[0].plie)):
                break
            if all(_sous_la_tete(ligne, tete) for tete in (tableau.quantite, tableau.montant)):
                trouvees.append(ligne[0].ligne)
    return trouvees


def _rangee(feuille: Feuille, place: int | None, bornes: list[int]) -> list[tuple[Cellule, ...]]:
    """The lines of the page that one line of the invoice covers: up to the next one, or to the totals."""
    if place is None:
        return []
    suivante = next((borne for borne in bornes if borne > place), len(feuille.lignes))
    rangee = []
    for ligne in feuille.lignes[place : min(suivante, place + _SUITE)]:
        if ligne and rangee and _FIN.fullmatch(ligne[0].plie):
            break
        rangee.append(ligne)
    return rangee


def _nom(rang: int, nom: str | None, feuille: Feuille, rangee: list[tuple[Cellule, ...]]) -> Iterator[Rapprochement]:
    if nom is None:
        return
    sujet = Sujet("BT-153", texte_court(nom), f"ligne {rang} : désignation")
    if serrer(nom) and serrer(nom) in feuille.serre:
        yield identique(sujet, texte_court(nom))
    elif rangee and rangee[0] and re.search(r"[^\W\d]{3}", rangee[0][0].texte):
        yield different(sujet, rangee[0][0].texte)
    else:
        yield absent(sujet)


def _chiffre(
    sujet: Sujet, texte: str, feuille: Feuille, rangee: list[tuple[Cellule, ...]], tete: Cellule | None
) -> Rapprochement:
    """A figure of a line: in its column, else anywhere in the row."""
    egal = montants_egaux(lire_decimal(texte))
    tous = [lu for ligne in rangee for cellule in ligne for lu in nombres(cellule.texte)]
    colonne = [lu for ligne in rangee for lu in _sous_la_tete(ligne, tete)][:1] if tete else []
    if not rangee:
        ecrit = next((lu.brut for lu in en_euros(feuille.flux) if egal(lu.valeur)), "")
        return identique(sujet, ecrit) if ecrit and sujet.terme == "BT-131" else absent(sujet)
    ailleurs = next((lu.brut for lu in tous if egal(lu.valeur)), "") if not colonne else ""
    return juger(sujet, egal, colonne, (), ailleurs) or absent(sujet)


def _sous_la_tete(ligne: tuple[Cellule, ...], tete: Cellule) -> list[Lu[frozenset[Decimal]]]:
    """The number that a line has under a heading."""
    proches = sorted((c for c in ligne if c.ecart(tete) <= _PRES), key=lambda c: (c.ecart(tete), abs(c.fin - tete.fin)))
    return next((lus[:1] for c in proches if (lus := nombres(c.texte))), [])


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
    montants = [lu for lu in en_euros(feuille.flux) if lu.valeur != {Decimal(0)}]
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
        if not _TETE_TAUX.fullmatch(cellule.plie) or not _ouvre(feuille, cellule):
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
