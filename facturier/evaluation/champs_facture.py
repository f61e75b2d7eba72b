"""Fields of a sample invoice as choices: what its page shows, for « which field would you look at? »."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import PurePath
from typing import Any

from facturier import contenu
from facturier.erreurs import ErreurFacturier
from facturier.evaluation.lecture_toml import Fiche

_VIDE = "(rien)"
_VALEUR_MAX = 60


def choix_de_la_facture(fiche: Fiche, champs: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each field named by its term (BT-…) as a choice: its name and its value on the invoice, the term as its key.

    Raises:
        ErreurFacturier: no such sample, or a term that the norm does not name.
    """
    fichier = fiche.texte("facture")
    if PurePath(fichier).name != fichier or not (contenu.racine() / "data" / "factures" / fichier).is_file():
        raise fiche.refus(f"« facture » : data/factures n’a pas de fichier « {fichier[:60]} »")
    valeurs, noms = _valeurs(fichier), _noms()
    choix = []
    for rang, champ in enumerate(champs, 1):
        entree = Fiche(f"{fiche.lieu}, champ {rang}", champ)
        entree.seuls(("terme", "juste", "retour"))
        terme = entree.texte("terme")
        if terme not in noms:
            raise entree.refus(f"terme inconnu « {terme[:20]} », écrivez par exemple BT-13")
        nom = noms[terme]
        texte = f"{nom[0].upper()}{nom[1:]}\u00a0: {valeurs.get(terme, _VIDE)}"
        choix.append({"texte": texte, "juste": champ.get("juste"), "retour": entree.texte("retour"), "cle": terme})
    return choix


@lru_cache(maxsize=64)
def _valeurs(fichier: str) -> dict[str, str]:
    """What the page of that sample shows for each term; the first one when a term repeats."""
    from facturier.efacture.lecture import Illisible
    from facturier.efacture.page_arbre import ouvrir

    try:
        arbre = ouvrir(contenu.racine() / "data" / "factures" / fichier)
    except Illisible as cause:
        raise ErreurFacturier(f"La facture {fichier} ne se lit pas.", code="facture-illisible") from cause
    lues: dict[str, str] = {}
    for rubrique in arbre.figer():
        for champ in rubrique.tous_les_champs():
            if champ.terme:
                court = champ.valeur if len(champ.valeur) <= _VALEUR_MAX else f"{champ.valeur[:_VALEUR_MAX]}…"
                lues.setdefault(champ.terme, court)
    return lues


def _noms() -> dict[str, str]:
    """Names of the terms."""
    from facturier.efacture.fiches import termes

    return {code: fiche.nom for code, fiche in termes().items()}
