"""Pinning findings: to the field at their place, else to the field of their term, else to the rubrique; none is lost."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree

from facturier.efacture import chemins, explications
from facturier.efacture.page_arbre import ArbreLu, ChampLu, RubriqueLue
from facturier.efacture.resultat import Constat

_PAS = re.compile(r"(?P<nom>@?(?:[\w.-]+:)?[\w.-]+|\*)(?:\[(?P<rang>\d+)\])?")


def epingler(arbre: ArbreLu, constats: Iterable[Constat]) -> tuple[Constat, ...]:
    """Pin each finding once and return those that are about no part of the invoice (the PDF around it, its schema)."""
    non_places = []
    for constat in constats:
        vise = _vise(arbre, constat)
        if vise is None:
            non_places.append(constat)
        else:
            vise.constats.append(constat)
    return tuple(non_places)


def _vise(arbre: ArbreLu, constat: Constat) -> ChampLu | RubriqueLue | None:
    termes = _termes(constat)
    lieu = _canonique(arbre, constat.xpath) if constat.xpath else ""
    racine = f"/{etree.QName(arbre.racine).localname}[1]"
    if lieu:
        candidats = arbre.par_chemin.get(lieu)
        if candidats:
            return next((champ for champ in candidats if champ.champ.terme in termes), candidats[0])
    while lieu and lieu != racine:
        for terme in termes:
            if (lieu, terme) in arbre.par_terme:
                return arbre.par_terme[lieu, terme]
        if lieu in arbre.rubrique_de:
            return arbre.rubrique_de[lieu]
        lieu = lieu.rpartition("/")[0]
    return _du_terme(arbre, racine, termes, constat.ligne)


def _du_terme(arbre: ArbreLu, racine: str, termes: list[str], ligne: int | None) -> ChampLu | RubriqueLue | None:
    """The field that carries one of the terms, that of the line told if there is one; else the rubrique it misses in."""
    for terme in termes:
        premier = arbre.par_terme.get((racine, terme))
        if premier is not None:
            memes = (lu for lus in arbre.par_chemin.values() for lu in lus if lu.champ.terme == terme)
            return next((lu for lu in memes if lu.ligne == ligne), premier) if ligne is not None else premier
    for terme in termes:
        titre = chemins.rubrique_du_terme(terme)
        if titre:
            return arbre.rubriques[titre]
    return None


def _termes(constat: Constat) -> list[str]:
    """Terms at stake: the finding's own, the one that its explanation names, those of its rule's row."""
    trouvee = explications.trouver(constat.regle, constat.message_officiel)
    autres = trouvee[0].termes if trouvee is not None else ()
    dits = (constat.terme, explications.expliquer(constat).terme, *autres)
    return list(dict.fromkeys(terme for terme in dits if terme))


def _canonique(arbre: ArbreLu, xpath: str) -> str:
    """The path as the page writes it (local names, a rank everywhere), from a Schematron's or libxml2's; a step ``*``
    is looked up in the tree."""
    pas = [(m["nom"].rpartition(":")[2] or m["nom"], int(m["rang"] or 1), m["nom"]) for m in _PAS.finditer(xpath)]
    if not pas:
        return ""
    ecrits = [f"{etree.QName(arbre.racine).localname}[1]"]
    noeud: etree._Element | None = arbre.racine
    for nom, rang, entier in pas[1:]:
        if entier.startswith("@"):
            ecrits.append(f"@{nom.lstrip('@')}")
            continue
        if nom == "*":
            noeud = _au_chemin(arbre.racine, ecrits)
            fils = [f for f in noeud.iterchildren(etree.Element)] if noeud is not None else []
            if not 0 < rang <= len(fils):
                break
            nom = etree.QName(fils[rang - 1]).localname
            rang = sum(etree.QName(f).localname == nom for f in fils[:rang])
        ecrits.append(f"{nom}[{rang}]")
    return "/" + "/".join(ecrits)


def _au_chemin(racine: etree._Element, ecrits: list[str]) -> etree._Element | None:
    noeud: etree._Element | None = racine
    for pas in ecrits[1:]:
        nom, _, rang = pas.rstrip("]").partition("[")
        if noeud is None:
            return None
        memes = [f for f in noeud.iterchildren(etree.Element) if etree.QName(f).localname == nom]
        noeud = memes[int(rang) - 1] if int(rang) <= len(memes) else None
    return noeud
