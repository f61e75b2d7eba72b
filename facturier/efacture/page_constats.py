"""Pinning findings to the field at their place, else to that of their term, else to the rubrique; none is lost."""

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
    return _du_terme(arbre, racine, termes)


def _du_terme(arbre: ArbreLu, racine: str, termes: list[str]) -> ChampLu | RubriqueLue | None:
    """The field that carries one of the terms, else the rubrique that it misses in."""
    for terme in termes:
        if (racine, terme) in arbre.par_terme:
            return arbre.par_terme[racine, terme]
    titre = next((titre for terme in termes if (titre := chemins.rubrique_du_terme(terme))), "")
    return arbre.rubriques[titre] if titre else None


def _termes(constat: Constat) -> list[str]:
    """Terms at stake: the finding's own, the one that its explanation names, those of its rule's row."""
    trouvee = explications.trouver(constat.regle, constat.message_officiel)
    autres = trouvee[0].termes if trouvee is not None else ()
    dits = (constat.terme, explications.expliquer(constat).terme, *autres)
    return list(dict.fromkeys(terme for terme in dits if terme))


def _canonique(arbre: ArbreLu, xpath: str) -> str:
    """The path as the page writes it (local names, a rank everywhere), from a Schematron's or libxml2's, which writes
    ``*`` for a name without prefix."""
    lieu = f"/{etree.QName(arbre.racine).localname}[1]"
    for pas in list(_PAS.finditer(xpath))[1:]:
        nom, rang = pas["nom"], int(pas["rang"] or 1)
        if nom.startswith("@"):
            lieu += f"/@{nom[1:].rpartition(':')[2]}"
        elif nom == "*":
            enfants = arbre.enfants.get(lieu, [])
            if not 0 < rang <= len(enfants):
                break
            lieu = enfants[rang - 1]
        else:
            lieu += f"/{nom.rpartition(':')[2]}[{rang}]"
    return lieu
