"""Rules of Chorus Pro as records, asked of a flat view of an invoice; no file, no XML, no I/O here."""

from facturier.regles.chorus import REGLES_CPRO
from facturier.regles.historique import REGLES_HISTORIQUES
from facturier.regles.modele import Gravite, Manquement, Regle, Valeur, Vue, controler

__all__ = [
    "REGLES_CPRO",
    "REGLES_HISTORIQUES",
    "Gravite",
    "Manquement",
    "Regle",
    "Valeur",
    "Vue",
    "controler",
]
