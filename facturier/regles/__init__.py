"""Rules of Chorus Pro as records, asked of a flat view of an invoice; no file, no XML, no I/O here."""

from facturier.regles.chorus import REGLES_CPRO
from facturier.regles.envoi import UNICITE, regles_annuaire
from facturier.regles.historique import REGLES_HISTORIQUES
from facturier.regles.modele import Gravite, Manquement, Regle, Valeur, Vue, controler

__all__ = [
    "REGLES_CPRO",
    "REGLES_HISTORIQUES",
    "UNICITE",
    "Gravite",
    "Manquement",
    "Regle",
    "Valeur",
    "Vue",
    "controler",
    "regles_annuaire",
]
