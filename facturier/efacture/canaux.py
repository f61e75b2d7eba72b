"""Which road a file is made for, read from the file itself: plateforme agréée, historic Chorus Pro, abroad."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from lxml import etree

from facturier import referentiel
from facturier.efacture import termes
from facturier.efacture.resultat import Canal

_CADRE_HISTORIQUE = re.compile(r"A\d{1,2}")
_NOTE_B2G = {
    "ubl": "./cbc:Note[normalize-space()='#ADN#B2G']",
    "cii": "./rsm:ExchangedDocument/ram:IncludedNote[normalize-space(ram:SubjectCode)='ADN']"
    "[normalize-space(ram:Content)='B2G']",
}


def canal(racine: etree._Element, syntaxe: termes.Syntaxe) -> Canal | None:
    """The road: from the cadre (BT-23), the identifier schemes and the countries of both parties.

    A cadre of Chorus Pro is a fault, not another road, in a file that bears the standard's mark of the public sector.
    """
    if _CADRE_HISTORIQUE.fullmatch(termes.texte(racine, syntaxe, "BT-23") or "") and not _note_b2g(racine, syntaxe):
        return "chorus_historique"
    vendeur, acheteur = (_partie(racine, syntaxe, bloc) for bloc in ("BG-4", "BG-7"))
    if "1" in vendeur.schemas:
        return "chorus_historique"
    if vendeur.pays is None and acheteur.pays is None:
        return None
    return "plateforme_agreee" if vendeur.francaise and acheteur.francaise else "etranger"


def se_dit_b2g(racine: etree._Element, syntaxe: termes.Syntaxe) -> bool:
    """Whether the file itself says that its recipient is public: note ADN « B2G », or a cadre kept for that sector."""
    reserves = {ligne.code for ligne in referentiel.cadres_bt23() if ligne.b2g == "b2g seulement"}
    if termes.texte(racine, syntaxe, "BT-23") in reserves:
        return True
    return _note_b2g(racine, syntaxe)


def _note_b2g(racine: etree._Element, syntaxe: termes.Syntaxe) -> bool:
    return bool(racine.xpath(_NOTE_B2G[syntaxe], namespaces=termes.PREFIXES))


@dataclass(frozen=True)
class _Partie:
    pays: str | None
    schemas: frozenset[str]
    tva: str | None

    @property
    def francaise(self) -> bool:
        """In France, or in a territory that has its own country code but French identifiers (SIREN, TVA)."""
        return self.pays == "FR" or ("0002" in self.schemas and (self.tva or "FR").startswith("FR"))


def _partie(racine: etree._Element, syntaxe: termes.Syntaxe, bloc: str) -> _Partie:
    for noeud in termes.noeuds(racine, syntaxe, bloc):
        chemin = (
            "cac:PostalAddress/cac:Country/cbc:IdentificationCode"
            if syntaxe == "ubl"
            else "ram:PostalTradeAddress/ram:CountryID"
        )
        pays = noeud.find(chemin, termes.PREFIXES)
        identites: Any = noeud.xpath(
            "cac:PartyIdentification/cbc:ID/@schemeID | cac:PartyLegalEntity/cbc:CompanyID/@schemeID"
            if syntaxe == "ubl"
            else "ram:SpecifiedLegalOrganization/ram:ID/@schemeID",
            namespaces=termes.PREFIXES,
        )
        tva: Any = noeud.xpath(
            "string(cac:PartyTaxScheme[cac:TaxScheme/cbc:ID='VAT'][1]/cbc:CompanyID)"
            if syntaxe == "ubl"
            else "string(ram:SpecifiedTaxRegistration/ram:ID[@schemeID='VA'])",
            namespaces=termes.PREFIXES,
        )
        return _Partie(
            (pays.text or "").strip() if pays is not None else None,
            frozenset(map(str, identites)),
            str(tva).strip() or None,
        )
    return _Partie(None, frozenset(), None)
