"""The invoice as a frozen value, and its totals (one place for the whole package)."""

from facturier.facture.calcul import Totaux, VentilationTVA, totaux
from facturier.facture.modele import (
    Adresse,
    Exoneration,
    Facture,
    FactureAnterieure,
    Ligne,
    Note,
    Paiement,
    Partie,
    RemiseOuCharge,
)

__all__ = [
    "Adresse",
    "Exoneration",
    "Facture",
    "FactureAnterieure",
    "Ligne",
    "Note",
    "Paiement",
    "Partie",
    "RemiseOuCharge",
    "Totaux",
    "VentilationTVA",
    "totaux",
]
