"""Electronic invoices: written (UBL 2.1, CII, Factur-X), read safely, validated by the official rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from facturier.efacture.apparence import Rapprochement, rapprocher
    from facturier.efacture.comparaison import Comparaison, comparer
    from facturier.efacture.couverture import regles_couverture
    from facturier.efacture.ecriture import ecrire
    from facturier.efacture.explications import Explication, expliquer
    from facturier.efacture.lot import valider_lot
    from facturier.efacture.page import Champ, Page, Rubrique, lire_page
    from facturier.efacture.resultat import Constat, Resultat, document
    from facturier.efacture.validation import valider, valider_fichiers

__all__ = [
    "Champ",
    "Comparaison",
    "Constat",
    "Explication",
    "Page",
    "Rapprochement",
    "Resultat",
    "Rubrique",
    "comparer",
    "document",
    "ecrire",
    "expliquer",
    "lire_page",
    "rapprocher",
    "regles_couverture",
    "valider",
    "valider_fichiers",
    "valider_lot",
]

_MODULES = {
    "Champ": "page",
    "Comparaison": "comparaison",
    "Constat": "resultat",
    "Explication": "explications",
    "Page": "page",
    "Rapprochement": "apparence",
    "Resultat": "resultat",
    "Rubrique": "page",
    "comparer": "comparaison",
    "document": "resultat",
    "ecrire": "ecriture",
    "expliquer": "explications",
    "lire_page": "page",
    "rapprocher": "apparence",
    "regles_couverture": "couverture",
    "valider": "validation",
    "valider_fichiers": "validation",
    "valider_lot": "lot",
}


def __getattr__(nom: str) -> Any:
    """Load lxml, Saxon and factur-x only when one of the verbs is used."""
    from importlib import import_module

    if nom not in _MODULES:
        raise AttributeError(nom)
    return getattr(import_module(f"facturier.efacture.{_MODULES[nom]}"), nom)
