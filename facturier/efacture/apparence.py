"""What the PDF of a Factur-X shows against what its XML says, term by term.

A difference is told only where the page bears a label of the term; without one, a value that is not found is « absent
du PDF ». Amounts, dates and identifiers are recognised in any usual French writing (see ``graphies``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from lxml import etree

from facturier import referentiel
from facturier.efacture import conteneur, texte_pdf
from facturier.efacture.apparence_lignes import rapprocher_lignes
from facturier.efacture.apparence_parties import rapprocher_parties
from facturier.efacture.apparence_tva import rapprocher_tva
from facturier.efacture.cellules import Feuille
from facturier.efacture.chorus import CHEMINS
from facturier.efacture.graphies import Lu, dates, espace, ibans, nombres, plier, propre
from facturier.efacture.lecture import Illisible, est_pdf, lire_octets, lire_xml, texte_court
from facturier.efacture.rapprochement import (
    Rapprochement,
    Sujet,
    absent,
    different,
    identique,
    jour_cii,
    juger,
    montants_egaux,
    valeur,
    xml_montant,
)
from facturier.efacture.texte_pdf import TextePdf
from facturier.erreurs import ErreurFacturier
from facturier.montants import lire_decimal

__all__ = ["Rapprochement", "rapprocher", "rapprocher_texte"]

_T = TypeVar("_T")
_REGLEMENT = "./rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement"
_SOMMES = f"{_REGLEMENT}/ram:SpecifiedTradeSettlementHeaderMonetarySummation"
_CII = CHEMINS["cii"] | {
    "BT-9": f"{_REGLEMENT}/ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime/udt:DateTimeString",
    "BT-106": f"{_SOMMES}/ram:LineTotalAmount",
    "BT-107": f"{_SOMMES}/ram:AllowanceTotalAmount",
    "BT-108": f"{_SOMMES}/ram:ChargeTotalAmount",
    "BT-113": f"{_SOMMES}/ram:TotalPrepaidAmount",
    "BT-115": f"{_SOMMES}/ram:DuePayableAmount",
}


def rapprocher(chemin: Path, texte: Callable[[Path], TextePdf] | None = None) -> tuple[Rapprochement, ...]:
    """Compare the page and the XML of a Factur-X file; ``texte`` reads what the page shows (a process that is there
    already), :func:`facturier.efacture.texte_pdf.lire` if not given.

    Raises:
        ErreurFacturier: ``pas-un-facturx`` (no PDF, or a PDF without an invoice that can be read inside) or
            ``pdf-sans-texte`` (an image, a protected or damaged page).
    """
    try:
        contenu = lire_octets(chemin)
        if not est_pdf(contenu):
            raise _pas_un_facturx(chemin, "ce n’est pas un PDF")
        xml = conteneur.ouvrir(contenu).xml
        if xml is None:
            raise _pas_un_facturx(chemin, "ce PDF ne contient pas de XML")
        lu = lire_xml(xml)
    except Illisible as cause:
        raise ErreurFacturier(cause.constat.phrase, code="pas-un-facturx") from cause
    if lu.format != "cii":
        raise _pas_un_facturx(chemin, "le XML du PDF n’est pas au format CII")
    return rapprocher_texte(lu.racine, texte(chemin) if texte else texte_pdf.lire(contenu))


def _pas_un_facturx(chemin: Path, pourquoi: str) -> ErreurFacturier:
    return ErreurFacturier(
        f"Il n’y a rien à comparer dans {chemin.name} : {pourquoi}. Choisissez une facture Factur-X.",
        code="pas-un-facturx",
    )


def rapprocher_texte(racine: etree._Element, texte: texte_pdf.TextePdf) -> tuple[Rapprochement, ...]:
    """Compare a CII tree with the text of a page."""
    feuille = Feuille(texte)
    return tuple(
        rapprochement
        for partie in (
            _entete(racine, feuille),
            rapprocher_parties(racine, feuille),
            _references(racine, feuille),
            rapprocher_lignes(racine, feuille),
            rapprocher_tva(racine, feuille),
            _totaux(racine, feuille),
        )
        for rapprochement in partie
    )


def _etiquette(*formes: str) -> re.Pattern[str]:
    """Labels, folded; « d » stands for « d' » or « de »."""
    return re.compile("(?:" + "|".join(formes) + r")(?!\w)")


_NUMERO = r"(?:n[o°]?\.?|num(?:ero)?\.?|ref(?:erence)?\.?)"
_DE = r"(?: ?d['e] ?(?:la |votre )?| )"
_LABELS_NUMERO = _etiquette(rf"{_NUMERO}{_DE}(?:facture|avoir)", rf"(?:facture|avoir) {_NUMERO}(?! ?d)")
_LABELS_NUMERO_FAIBLES = _etiquette(_NUMERO, "facture", "avoir")
_LABELS_DATE = _etiquette(
    rf"date{_DE}(?:emission|facture|facturation|avoir|l'avoir)", "date d'etablissement", "facture du", "avoir du"
)
_LABELS_DATE_FAIBLES = _etiquette("date", r"(?:emise?|faite?|etablie?) le", r".*\bdu(?= \d)")
_LABELS_ECHEANCE = _etiquette(
    rf"(?:date{_DE}|date limite{_DE})?(?:echeance|paiement|reglement)(?: le| au)?",
    r".*(?:a payer|payable|reglement|paiement)(?: au plus tard)?(?: avant)? le",
)
_LABELS_MARCHE = _etiquette(rf"(?:{_NUMERO}{_DE})?(?:marche|contrat)(?: public)?(?: {_NUMERO})?")
_LABELS_ENGAGEMENT = _etiquette(
    rf"(?:{_NUMERO}{_DE})?(?:engagement(?: juridique)?|bon de commande|commande|ej|bc)(?: {_NUMERO})?",
    rf"votre commande(?: {_NUMERO})?",
)
_LABELS_SERVICE = _etiquette(r"(?:code )?service(?: executant| destinataire)?", "reference acheteur")
_LABELS_IBAN = _etiquette(r"iban(?: du compte)?")
_LABELS_D_AUTRES = _etiquette(
    r"(?:facture|avoir) (?:d'origine|d'acompte|initiale?|rectifiee?|annulee?|precedente?)",
    *(motif.pattern for motif in (_LABELS_MARCHE, _LABELS_ENGAGEMENT, _LABELS_SERVICE)),
)
"""Labels of references that are not the number of this invoice."""
_HT = r"(?:ht|h\.t\.?|hors taxes?)"
_TTC = r"(?:ttc|t\.t\.c\.?|toutes taxes comprises)"
_LABELS_TOTAUX: dict[str, re.Pattern[str]] = {
    "BT-106": _etiquette(rf"(?:total|somme)(?: {_HT})? des lignes(?: {_HT})?", rf"sous[- ]total(?: {_HT})?"),
    "BT-109": _etiquette(rf"(?:montant )?total (?:net |general )?{_HT}", rf"montant {_HT}", f"base {_HT} totale"),
    "BT-110": _etiquette(r"(?:montant )?(?:total )?(?:de la )?(?:tva|t\.v\.a\.?)(?: totale)?", "dont tva"),
    "BT-112": _etiquette(rf"(?:montant )?total (?:general )?{_TTC}", rf"montant {_TTC}"),
    "BT-113": _etiquette(r"(?:montant )?deja (?:paye|regle|verse)", "acompte(?: verse| deduit)?"),
    "BT-115": _etiquette(
        rf"(?:montant )?(?:total |net |reste |solde )?(?:a payer|du|restant du)(?: {_TTC})?", "net en votre faveur"
    ),
}
_REFERENCE = re.compile(r"[\w][\w./_-]*\d[\w./_-]*|\d+")
_CODE = re.compile(r"[A-Z][A-Z_/-]+(?![\w])")
_TITRES = (
    ("rectificative", re.compile(r"facture rectificative")),
    ("acompte", re.compile(r"facture d'acompte|demande d'acompte")),
    ("avoir", re.compile(r"(?:facture d')?avoir|note de credit")),
    ("facture", re.compile(r"facture")),
)


def _cherche(
    feuille: Feuille,
    lire: Callable[[str], list[Lu[_T]]],
    forts: re.Pattern[str],
    faibles: re.Pattern[str] | None = None,
) -> tuple[list[Lu[_T]], list[Lu[_T]]]:
    """Values under sure labels, and those under labels that may mean something else or head a column."""
    autres = feuille.etiquetes(faibles, lire) + feuille.sous(faibles, lire) if faibles else []
    return feuille.etiquetes(forts, lire), [*feuille.sous(forts, lire), *autres]


def _reference(texte: str, terme: str) -> list[Lu[str]]:
    """The reference that a cell is, or starts with: one word with a digit in it, or in capitals for a service."""
    trouve = _REFERENCE.match(texte) or (_CODE.match(texte) if terme in ("BT-10", "BT-46") else None)
    return [Lu(trouve[0].rstrip(".,"), trouve[0].rstrip(".,"))] if trouve else []


def _entete(racine: etree._Element, feuille: Feuille) -> Iterator[Rapprochement]:
    yield from _references_de(racine, feuille, "BT-1", _LABELS_NUMERO, _LABELS_NUMERO_FAIBLES)
    for terme, forts, faibles in (
        ("BT-2", _LABELS_DATE, _LABELS_DATE_FAIBLES),
        ("BT-9", _LABELS_ECHEANCE, None),
    ):
        texte = valeur(racine, _CII[terme])
        voulu = jour_cii(texte)
        affiche = f"{voulu:%d/%m/%Y}" if voulu else texte and texte_court(texte)
        ailleurs = next((lu.brut for lu in dates(feuille.flux) if lu.valeur == voulu), "")
        yield from _un(
            juger(Sujet(terme, affiche), _egal_a(voulu), *_cherche(feuille, dates, forts, faibles), ailleurs)
        )
    yield from _un(_type(racine, feuille))


def _egal_a(voulu: date | None) -> Callable[[date], bool]:
    return lambda lu: lu == voulu


def _type(racine: etree._Element, feuille: Feuille) -> Rapprochement | None:
    code = valeur(racine, _CII["BT-3"])
    connu = next((t for t in referentiel.types_facture() if t.code == code), None)
    sujet = Sujet("BT-3", f"{connu.libelle} ({code})" if connu else code)
    titre = _titre(feuille)
    if code is None or titre is None:
        return absent(sujet) if code else None
    famille, montre = titre
    if connu is None:
        return absent(sujet, f"Le PDF montre «\u00a0{montre}\u00a0», le XML le code {sujet.xml}, inconnu de la table.")
    return identique(sujet, montre) if famille == connu.famille else different(sujet, montre)


def _titre(feuille: Feuille) -> tuple[str, str] | None:
    """The title of the page: the first cell that only names a kind of document (and perhaps its number)."""
    for cellule in feuille.toutes:
        for famille, motif in _TITRES:
            trouve = motif.match(cellule.plie)
            if trouve is None:
                continue
            suite = cellule.plie[trouve.end() :].strip(" :")
            suivante = feuille.a_droite(cellule)
            seul = not suite and not (suivante and famille != "facture" and _REFERENCE.fullmatch(suivante.texte))
            if seul or re.fullmatch(rf"{_NUMERO} ?\S+.*", suite):
                return famille, cellule.texte[: trouve.end()]
            break
    return None


def _references(racine: etree._Element, feuille: Feuille) -> Iterator[Rapprochement]:
    yield from _references_de(racine, feuille, "BT-13", _LABELS_ENGAGEMENT)
    yield from _references_de(racine, feuille, "BT-12", _LABELS_MARCHE)
    service = "BT-46" if valeur(racine, _SERVICE) else "BT-10"
    yield from _references_de(
        racine, feuille, service, _LABELS_SERVICE, chemin=_SERVICE if service == "BT-46" else "", nom="code service"
    )
    compte = valeur(racine, _CII["BT-84"])
    voulu = propre(compte or "").replace(" ", "").upper()
    forts, faibles = _cherche(feuille, ibans, _LABELS_IBAN)
    autres = [lu for lu in ibans(feuille.flux) if lu.valeur == voulu]
    affiche = compte and " ".join(voulu[i : i + 4] for i in range(0, len(voulu[:40]), 4))
    ailleurs = autres[0].brut if autres else _ecrit(feuille, voulu)
    yield from _un(juger(Sujet("BT-84", affiche), lambda lu: lu == voulu, forts, faibles, ailleurs))


_SERVICE = "./rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement/ram:BuyerTradeParty/ram:GlobalID"
_SERVICE += "[@schemeID='0224']"


def _references_de(
    racine: etree._Element,
    feuille: Feuille,
    terme: str,
    forts: re.Pattern[str],
    faibles: re.Pattern[str] | None = None,
    *,
    chemin: str = "",
    nom: str = "",
) -> Iterator[Rapprochement]:
    """A reference (number, engagement, marché, service): one word, or several when the XML says so."""
    texte = valeur(racine, chemin or _CII[terme])
    voulu = plier(propre(texte or ""))

    def lire(cellule: str) -> list[Lu[str]]:
        entier = plier(cellule).strip()
        if voulu and (entier == voulu or re.match(re.escape(voulu) + r"(?![\w/-])", entier)):
            return [Lu(voulu, cellule[: len(voulu)])]
        return [Lu(plier(lu.valeur), lu.brut) for lu in _reference(cellule, terme)]

    affiche = texte_court(texte) if texte else None
    trouves = _cherche(feuille, lire, forts, faibles)
    ailleurs = [lu for lu in feuille.etiquetes(_LABELS_D_AUTRES, lire) if lu.valeur == voulu] if terme == "BT-1" else []
    ecrit = "" if ailleurs else _ecrit(feuille, texte)
    yield from _un(juger(Sujet(terme, affiche, nom), lambda lu: lu == voulu, *trouves, ecrit))


def _ecrit(feuille: Feuille, texte: str | None) -> str:
    """How a reference is written on the page, "" if it is not there as a whole word."""
    return feuille.contient(espace(propre(texte[:100]))) if texte else ""


def _totaux(racine: etree._Element, feuille: Feuille) -> Iterator[Rapprochement]:
    avoir = valeur(racine, _CII["BT-3"]) in {t.code for t in referentiel.types_facture() if t.famille == "avoir"}
    corrige = valeur(racine, _CII["BT-107"]) or valeur(racine, _CII["BT-108"])
    for terme, etiquettes in _LABELS_TOTAUX.items():
        texte = valeur(racine, _CII[terme])
        voulu = lire_decimal(texte or "")
        egal = montants_egaux(voulu, absolu=avoir or terme == "BT-113")
        forts, faibles = _cherche(feuille, nombres, etiquettes)
        if terme == "BT-106" and not forts and not corrige:  # without allowances the lines' total is the total HT
            forts, faibles = _cherche(feuille, nombres, _LABELS_TOTAUX["BT-109"])
        if texte is None and all(lu.valeur == {Decimal(0)} for lu in forts):
            continue
        montres = feuille.montants if terme != "BT-113" else []
        ailleurs = next((lu.brut for lu in montres if egal(lu.valeur)), "")
        yield from _un(juger(Sujet(terme, xml_montant(texte)), egal, forts, faibles, ailleurs))


def _un(rapprochement: Rapprochement | None) -> Iterator[Rapprochement]:
    if rapprochement is not None:
        yield rapprochement
