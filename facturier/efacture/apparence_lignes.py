"""Lines of the invoice: a row of the page is found by its designation, its figures by their column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from lxml import etree

from facturier.efacture.cellules import Cellule, Feuille
from facturier.efacture.graphies import Lu, nombres, serrer
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
from facturier.montants import lire_decimal

LIGNES_MAX = 300
"""Lines of the XML that are compared; a longer invoice is not read by eye either."""
_TRANSACTION = "{urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100}SupplyChainTradeTransaction"
_RAM = "{urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100}"
_LIGNE = f"./{_TRANSACTION}/{_RAM}IncludedSupplyChainTradeLineItem"
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
    debuts: dict[str, Iterator[int]] = {}
    places: list[int | None] = []
    for nom in noms:
        serre = serrer(nom or "")
        if serre and serre not in debuts:
            debuts[serre] = _debuts(feuille, serre)
        places.append(next((ligne for ligne in debuts.get(serre, ()) if ligne not in places), None))
    return places


def _debuts(feuille: Feuille, serre: str) -> Iterator[int]:
    """Lines of the page where that designation starts."""
    for cellule, lu in feuille.serrees:
        if (serre.startswith(lu) or lu.startswith(serre)) and _commence(feuille, cellule, lu, serre):
            yield cellule.ligne


def _commence(feuille: Feuille, cellule: Cellule, lu: str, serre: str) -> bool:
    """Whether a designation starts in that cell and goes on in the cells under it."""
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
    rangee: list[tuple[Cellule, ...]] = []
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
        ecrit = next((lu.brut for lu in feuille.montants if egal(lu.valeur)), "")
        return identique(sujet, ecrit) if ecrit and sujet.terme == "BT-131" else absent(sujet)
    ailleurs = next((lu.brut for lu in tous if egal(lu.valeur)), "") if not colonne else ""
    return juger(sujet, egal, colonne, (), ailleurs) or absent(sujet)


def _sous_la_tete(ligne: tuple[Cellule, ...], tete: Cellule) -> list[Lu[frozenset[Decimal]]]:
    """The number that a line has under a heading."""
    proches = sorted((c for c in ligne if c.ecart(tete) <= _PRES), key=lambda c: (c.ecart(tete), abs(c.fin - tete.fin)))
    return next((lus[:1] for c in proches if (lus := nombres(c.texte))), [])
