"""The mock portal: deposit, route, validate, complete, reject, pay; event-sourced, with the clock passed in."""

from facturier.annuaire import Annuaire, Marche, Service, Structure
from facturier.portail.actes import Acte, Contexte
from facturier.portail.affichage import confirmation, statut_visible
from facturier.portail.etat import Etat, Temps, etat_json
from facturier.portail.evenements import ANIMATEUR, EVENEMENTS_MAX, ROLES, SIMULE, SYSTEME, Acteur, Evenement
from facturier.portail.moteur import Horloge
from facturier.portail.ouverture import Ouverture
from facturier.portail.personnes import Compte, Sollicitation
from facturier.portail.pieces import Passage, Piece, PieceJointe
from facturier.portail.pliage import appliquer
from facturier.portail.portail import Portail, cadres_joues
from facturier.portail.refus import JournalRefuse, RefusPortail

__all__ = [
    "ANIMATEUR",
    "EVENEMENTS_MAX",
    "ROLES",
    "SIMULE",
    "SYSTEME",
    "Acte",
    "Acteur",
    "Annuaire",
    "Compte",
    "Contexte",
    "Etat",
    "Evenement",
    "Horloge",
    "JournalRefuse",
    "Marche",
    "Ouverture",
    "Passage",
    "Piece",
    "PieceJointe",
    "Portail",
    "RefusPortail",
    "Service",
    "Sollicitation",
    "Structure",
    "Temps",
    "appliquer",
    "cadres_joues",
    "confirmation",
    "etat_json",
    "statut_visible",
]
