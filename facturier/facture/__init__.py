"""The invoice as a frozen value, and its totals (one place for the whole package)."""

from facturier.facture.calcul import Totaux, VentilationTVA, totaux
from facturier.facture.modele import (
    Adresse,
    EcartLigne,
    Exoneration,
    Facture,
    FactureAnterieure,
    Ligne,
    Note,
    Paiement,
    Partie,
    PieceJointe,
    Profil,
    RemiseOuCharge,
)

__all__ = [
    "Adresse",
    "EcartLigne",
    "Exoneration",
    "Facture",
    "FactureAnterieure",
    "Ligne",
    "Note",
    "Paiement",
    "Partie",
    "PieceJointe",
    "Profil",
    "RemiseOuCharge",
    "Totaux",
    "VentilationTVA",
    "totaux",
]
