"""Deadlines and what lateness costs: pure computations over the tables, each explained step by step."""

from facturier.delais.calendrier import jour_ouvre, jours_feries, prochain_jour_ouvre
from facturier.delais.echeances import Echeance, echeance
from facturier.delais.etapes import Etape, la_plus_faible
from facturier.delais.frise import Frise, Repere, frise, situation
from facturier.delais.interets import Interets, interets_moratoires
from facturier.delais.paiement import Suspension, delai_de_paiement

__all__ = [
    "Echeance",
    "Etape",
    "Frise",
    "Interets",
    "Repere",
    "Suspension",
    "delai_de_paiement",
    "echeance",
    "frise",
    "interets_moratoires",
    "jour_ouvre",
    "jours_feries",
    "la_plus_faible",
    "prochain_jour_ouvre",
    "situation",
]
