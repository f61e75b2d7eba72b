"""What the official files let through and no receiver can read: dates that do not exist (CII carries them as text),
tags left empty in a French invoice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from lxml import etree

from facturier.efacture import termes
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
    return [
        _date(noeud, texte, "n’a pas la forme demandée (AAAAMMJJ, huit chiffres)")
        for noeud, texte, forme in _dates(racine, syntaxe)
        if not forme[0].fullmatch(texte)
    ]


def dates_impossibles(racine: etree._Element, syntaxe: termes.Syntaxe, constats: list[Constat]) -> list[Constat]:
    """CII dates of the right form that no calendar has (30 February), unless a rule already says so there."""
    dits = {constat.xpath.split("/@", 1)[0] for constat in constats if constat.gravite == "erreur" and constat.xpath}
    neufs = (
        _date(noeud, texte, "n’existe pas dans le calendrier")
        for noeud, texte, forme in _dates(racine, syntaxe)
        if not _existe(texte, forme[1])
    )
    return [constat for constat in neufs if not any(str(constat.xpath).startswith(dit) for dit in dits)]


def balises_vides(racine: etree._Element, canal: Canal | None) -> list[Constat]:
    """Elements with nothing in them, on the French roads: the norm forbids them, its official rules seldom say so."""
    if canal not in ("plateforme_agreee", "chorus_historique"):
        return []
    lieux = Lieux()
    return [
        Constat(
            "XML-VIDE",
            "erreur",
            f"La balise «\u00a0{etree.QName(noeud).localname}\u00a0» est vide : écrivez sa valeur ou retirez-la.",
            ligne=_ligne(noeud),
            xpath=lieux.chemin(noeud),
        )
        for noeud in racine.iter(etree.Element)
        if not len(noeud) and not (noeud.text or "").strip() and etree.QName(noeud).localname not in _LE_SCHEMA_LES_VEUT
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


def _date(noeud: etree._Element, texte: str, defaut: str) -> Constat:
    return Constat(
        "XSD-VALEUR",
        "erreur",
        f"La date «\u00a0{texte_court(texte)}\u00a0» {defaut}.",
        ligne=_ligne(noeud),
        xpath=Lieux().chemin(noeud),
    )


def _ligne(noeud: etree._Element) -> int | None:
    ligne: Any = noeud.sourceline
    return ligne if isinstance(ligne, int) else None
