"""The mock portal: deposit, route, validate, complete, reject, pay; event-sourced, with the clock passed in."""

from facturier.annuaire import Annuaire, Marche, Service, Structure
from facturier.portail.evenements import EVENEMENTS_MAX, ROLES, SYSTEME, Acteur, Evenement
from facturier.portail.pieces import Passage, Piece, PieceJointe
from facturier.portail.portail import Horloge, Portail, cadres_joues
from facturier.portail.refus import JournalRefuse, RefusPortail

__all__ = [
    "EVENEMENTS_MAX",
    "ROLES",
    "SYSTEME",
    "Acteur",
    "Annuaire",
    "Evenement",
    "Horloge",
    "JournalRefuse",
    "Marche",
    "Passage",
    "Piece",
    "PieceJointe",
    "Portail",
    "RefusPortail",
    "Service",
    "Structure",
    "cadres_joues",
]
