"""Field records of every form and the controls they imply, in sentences. No widget here."""

from __future__ import annotations

from facturier.champs.controles import bloquants, controler
from facturier.champs.def_fiche import FICHE_METHODE
from facturier.champs.def_satisfaction import SATISFACTION
from facturier.champs.definitions import ACCUEIL, DEPOT_FACTURE
from facturier.champs.fiches import Champ, Contexte, FormulaireDef, Valeurs
from facturier.champs.listes import aide, libelle_choix, longueur_max, options

__all__ = [
    "ACCUEIL",
    "DEPOT_FACTURE",
    "FICHE_METHODE",
    "SATISFACTION",
    "Champ",
    "Contexte",
    "FormulaireDef",
    "Valeurs",
    "aide",
    "bloquants",
    "controler",
    "libelle_choix",
    "longueur_max",
    "options",
]
