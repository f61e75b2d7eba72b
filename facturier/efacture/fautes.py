"""Faults put into a written XML, one term at a time: the only thing that is wrong with the file."""

from __future__ import annotations

import copy

from lxml import etree

from facturier.efacture import termes
from facturier.efacture.scenario import Faute, Scenario
from facturier.erreurs import ErreurFacturier


def fauter(xml: bytes, syntaxe: termes.Syntaxe, scenario: Scenario) -> bytes:
    """Apply a scenario's faults to an XML file; without faults the bytes are untouched.

    Raises:
        ErreurFacturier: ``faute-sans-objet``, the file does not hold the term that a fault aims at.
    """
    if not scenario.fautes:
        return xml
    racine = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))
    for faute in scenario.fautes:
        vises = _vises(racine, syntaxe, faute)
        if not vises:
            raise ErreurFacturier(
                f"Le scénario {scenario.slug} veut fausser le terme {faute.terme}, absent du fichier {syntaxe} : "
                "corrigez la section [[faute]].",
                code="faute-sans-objet",
            )
        for noeud in vises:
            _appliquer(noeud, faute)
    return etree.tostring(racine, encoding="UTF-8", xml_declaration=True)


def _vises(racine: etree._Element, syntaxe: termes.Syntaxe, faute: Faute) -> list[etree._Element]:
    try:
        candidats = termes.noeuds(racine, syntaxe, faute.terme)
    except KeyError:
        return []
    return [n for n in candidats if faute.contient in _contenu(n)]


def _contenu(noeud: etree._Element) -> str:
    """Text and attribute values of an element and of what it holds: what ``contient`` is looked for in."""
    return " ".join([*(str(t) for t in noeud.itertext()), *(str(v) for n in noeud.iter() for v in n.attrib.values())])


def _appliquer(noeud: etree._Element, faute: Faute) -> None:
    if faute.action == "remplacer":
        noeud.text = faute.valeur
    elif faute.action == "qualifier":
        _porteur(noeud, faute.attribut).set(faute.attribut, faute.valeur)
    elif faute.action == "doubler":
        double = copy.deepcopy(noeud)
        if faute.valeur:
            next(n for n in double.iter() if not len(n)).text = faute.valeur
        noeud.addnext(double)
    else:
        _supprimer(noeud)


def _porteur(noeud: etree._Element, attribut: str) -> etree._Element:
    """The element, or the one inside it that has the attribute (a group such as BG-24 was named)."""
    return next((n for n in noeud.iter() if attribut in n.attrib), noeud)


def _supprimer(noeud: etree._Element) -> None:
    """Remove a node, and its parent if nothing is left in it (an empty wrapper would be a second fault)."""
    parent = noeud.getparent()
    if parent is None:
        return
    parent.remove(noeud)
    if len(parent) == 0 and not (parent.text or "").strip():
        _supprimer(parent)
