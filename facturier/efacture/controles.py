"""What the official files let through and no receiver can read: dates that do not exist (CII carries them as text),
tags left empty in a French invoice."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from lxml import etree

from facturier.efacture import chemins, termes
from facturier.efacture.chorus import Lieux
from facturier.efacture.lecture import texte_court
from facturier.efacture.resultat import Canal, Constat

_FORMES_DE_DATE = {"102": (re.compile(r"[0-9]{8}"), "%Y%m%d"), "203": (re.compile(r"[0-9]{12}"), "%Y%m%d%H%M")}
"""UNTDID 2379: the only forms of day that an invoice uses."""
_DATES_CII = "//udt:DateTimeString | //qdt:DateTimeString | //udt:DateString"
_LE_SCHEMA_LES_VEUT = frozenset({"ApplicableHeaderTradeDelivery"})
"""Elements that the CII schema asks for even when they have nothing to say."""


def dates_illisibles(racine: etree._Element, syntaxe: termes.Syntaxe) -> list[Constat]:
    """CII dates that are not even digits: rules that compute on them would stop the engine."""
    lieux = Lieux()
    return [
        _date(noeud, texte, "n’a pas la forme demandée (AAAAMMJJ, huit chiffres)", lieux)
        for noeud, texte, forme in _dates(racine, syntaxe)
        if not forme[0].fullmatch(texte)
    ]


def dates_impossibles(racine: etree._Element, syntaxe: termes.Syntaxe, constats: list[Constat]) -> list[Constat]:
    """CII dates of the right form that no calendar has (30 February), unless a finding already says so there."""
    dits = {constat.xpath.split("/@", 1)[0] for constat in constats if constat.gravite == "erreur" and constat.xpath}
    lieux = Lieux()
    neufs = (
        _date(noeud, texte, "n’existe pas dans le calendrier", lieux)
        for noeud, texte, forme in _dates(racine, syntaxe)
        if forme[0].fullmatch(texte) and not _existe(texte, forme[1])
    )
    return [constat for constat in neufs if not dits & {constat.xpath, _parent(constat.xpath)}]


def _parent(xpath: str | None) -> str:
    """A rule on a date points at the date itself or at the element around it."""
    return (xpath or "").rpartition("/")[0]


def balises_vides(racine: etree._Element, canal: Canal | None, du_schema: Collection[Constat] = ()) -> list[Constat]:
    """Elements with nothing in them, on the French roads: the norm forbids them, its official rules seldom say so. What
    ``du_schema`` already finds wrong there is not said again."""
    if canal not in ("plateforme_agreee", "chorus_historique"):
        return []
    lieux = Lieux()
    dits = {constat.xpath for constat in du_schema}
    return [
        Constat(
            "XML-VIDE",
            "erreur",
            f"La balise «\u00a0{etree.QName(noeud).localname}\u00a0» est vide : écrivez sa valeur ou retirez-la.",
            ligne=_ligne(noeud),
            xpath=lieux.chemin(noeud),
        )
        for noeud in racine.iter(etree.Element)
        if not len(noeud)
        and not (noeud.text or "").strip()
        and etree.QName(noeud).localname not in _LE_SCHEMA_LES_VEUT
        and lieux.chemin(noeud) not in dits
    ]


def _dates(
    racine: etree._Element, syntaxe: termes.Syntaxe
) -> Iterator[tuple[etree._Element, str, tuple[re.Pattern[str], str]]]:
    if syntaxe != "cii":
        return
    trouves: Any = racine.xpath(_DATES_CII, namespaces=termes.PREFIXES)
    for noeud in trouves:
        forme = _FORMES_DE_DATE.get(noeud.get("format", "102"))
        if forme is not None:
            yield noeud, (noeud.text or "").strip(), forme


def _existe(texte: str, forme: str) -> bool:
    try:
        datetime.strptime(texte, forme)
    except ValueError:
        return False
    return True


def _date(noeud: etree._Element, texte: str, defaut: str, lieux: Lieux) -> Constat:
    return Constat(
        "XSD-VALEUR",
        "erreur",
        f"La date «\u00a0{texte_court(texte)}\u00a0» {defaut}.",
        ligne=_ligne(noeud),
        terme=chemins.terme_du_chemin(lieux.chemin(noeud)),
        xpath=lieux.chemin(noeud),
    )


def _ligne(noeud: etree._Element) -> int | None:
    ligne: Any = noeud.sourceline
    return ligne if isinstance(ligne, int) else None
