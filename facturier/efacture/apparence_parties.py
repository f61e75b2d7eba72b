"""Seller and buyer: names, SIRET, SIREN and VAT numbers of the page, each given to the party whose name precedes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from facturier.efacture.cellules import Feuille
from facturier.efacture.chorus import CHEMINS
from facturier.efacture.graphies import Lu, espace, numeros_tva, plier, propre, serrer, sirets
from facturier.efacture.lecture import texte_court
from facturier.efacture.rapprochement import Rapprochement, Sujet, absent, different, identique, juger, valeur

_ACCORD = "./rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement"
_SIRET = "*[(self::ram:ID or self::ram:GlobalID) and @schemeID='0009']"
_LOIN = 600
"""Characters after a party's name beyond which a number is no longer taken for that party's."""
_LABEL_SIRET = re.compile(r"siret(?: ?(?:n[o°]|:|\())*\W*$")
_LABEL_SIREN = re.compile(r"(?:siren|rcs)[^\d\n]{0,40}(\d{3} ?\d{3} ?\d{3})(?!\d)")
_ACHETEUR = re.compile(r"(?:facture a|client|acheteur|destinataire|adresse a|adresse de facturation)\s*:?")


@dataclass(frozen=True)
class _Partie:
    """Terms of one party in the XML."""

    noeud: etree._Element
    nom: str | None
    qui: str
    termes: tuple[str, str, str, str]
    """Name, SIRET, SIREN, VAT number."""


def rapprocher_parties(racine: etree._Element, feuille: Feuille) -> Iterator[Rapprochement]:
    """Names and identifiers of both parties."""
    parties = [
        _Partie(noeud, valeur(noeud, "ram:Name"), qui, termes)
        for nom, qui, termes in (
            ("Seller", "du vendeur", ("BT-27", "BT-29", "BT-30", "BT-31")),
            ("Buyer", "de l’acheteur", ("BT-44", "BT-46", "BT-47", "BT-48")),
        )
        for noeud in racine.iterfind(f"{_ACCORD}/ram:{nom}TradeParty", _ESPACES)
    ]
    places = _places(feuille, parties)
    for rang, partie in enumerate(parties):
        yield from _nom(partie, feuille)
        autre = parties[1 - rang] if len(parties) == 2 else None
        yield from _numeros(partie, autre, feuille, places)


_ESPACES = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
}


def _nom(partie: _Partie, feuille: Feuille) -> Iterator[Rapprochement]:
    sujet = Sujet(partie.termes[0], texte_court(partie.nom) if partie.nom else None)
    if partie.nom is None:
        return
    if serrer(partie.nom) and serrer(partie.nom) in feuille.serre:
        yield identique(sujet, texte_court(partie.nom))
        return
    montres = _acheteurs(feuille) if partie.termes[0] == "BT-44" else []
    yield different(sujet, montres[0]) if montres else absent(sujet)


def _acheteurs(feuille: Feuille) -> list[str]:
    """The cell under « Facturé à », « Client »…"""
    return [
        dessous[0].texte
        for cellule in feuille.toutes
        if _ACHETEUR.fullmatch(cellule.plie) and (dessous := feuille.dessous(cellule))
    ]


def _numeros(
    partie: _Partie, autre: _Partie | None, feuille: Feuille, places: list[tuple[int, str]]
) -> Iterator[Rapprochement]:
    _, terme_siret, terme_siren, terme_tva = partie.termes
    siret = valeur(partie.noeud, _SIRET)
    lus = [lu for lu in sirets(feuille.flux) if _LABEL_SIRET.search(feuille.plie[max(0, lu.place - 40) : lu.place])]
    yield from _un(terme_siret, f"SIRET {partie.qui}", siret, _siret_autre(autre), lus, partie, places, feuille)
    siren = valeur(partie.noeud, "ram:SpecifiedLegalOrganization/ram:ID")
    courts = [Lu(lu.valeur[:9], lu.brut, lu.place) for lu in lus] + [
        Lu(re.sub(r"\D", "", t[1]), feuille.flux[t.start(1) : t.end(1)], t.start())
        for t in _LABEL_SIREN.finditer(feuille.plie)
    ]
    if siren and len(propre(siren).replace(" ", "")) == 14:
        courts = lus
    autre_siren = valeur(autre.noeud, "ram:SpecifiedLegalOrganization/ram:ID") if autre else None
    nom = f"SIREN {partie.qui}" if siren and len(siren) == 9 else ""
    yield from _un(terme_siren, nom, siren, autre_siren, courts, partie, places, feuille)
    chemin_tva = CHEMINS["cii"]["BT-31"].rpartition("ram:SellerTradeParty/")[2]
    tva = valeur(partie.noeud, chemin_tva)
    autre_tva = valeur(autre.noeud, chemin_tva) if autre else None
    yield from _un(terme_tva, "", tva, autre_tva, numeros_tva(feuille.flux), partie, places, feuille)


def _siret_autre(autre: _Partie | None) -> str | None:
    return valeur(autre.noeud, _SIRET) if autre else None


def _un(
    terme: str,
    nom: str,
    xml: str | None,
    xml_autre: str | None,
    lus: list[Lu[str]],
    partie: _Partie,
    places: list[tuple[int, str]],
    feuille: Feuille,
) -> Iterator[Rapprochement]:
    """One identifier: against those given to this party, or, when none is, against all that are not the other's."""
    if xml is None:
        return
    voulu = propre(xml).replace(" ", "").upper()
    siens = [lu for lu in lus if _a_qui(lu.place, places) == partie.qui]
    if not any(lu.valeur == voulu for lu in siens):
        siens = [lu for lu in siens if lu.valeur != xml_autre]
    tous = siens or [lu for lu in lus if lu.valeur in (voulu,) or lu.valeur != xml_autre]
    ailleurs = feuille.contient(espace(voulu)) if not siens and len(voulu) > 3 else ""
    forts, faibles = (siens, []) if siens else ([], tous)
    resultat = juger(Sujet(terme, texte_court(xml), nom), lambda lu: lu == voulu, forts, faibles, ailleurs)
    if resultat is not None:
        yield resultat


def _places(feuille: Feuille, parties: list[_Partie]) -> list[tuple[int, str]]:
    """Where each party is named in the text; nothing unless both are, under two names that cannot be confused."""
    noms = [plier(propre(partie.nom or "")) for partie in parties]
    if len(noms) != 2 or not all(noms) or noms[0] in noms[1] or noms[1] in noms[0]:
        return []
    trouvees = [
        [(t.start(), partie.qui) for t in re.finditer(re.escape(nom).replace(r"\ ", r"\s+"), feuille.plie)]
        for nom, partie in zip(noms, parties, strict=True)
    ]
    return sorted(trouvees[0] + trouvees[1]) if all(trouvees) else []


def _a_qui(place: int, places: list[tuple[int, str]]) -> str | None:
    avant = [(debut, qui) for debut, qui in places if debut < place and place - debut < _LOIN]
    return avant[-1][1] if avant else None
