"""The store of the portal's journals: every acknowledged event survives, in SQLite or in PostgreSQL."""

from facturier.registre.classe import LigneParticipant, LignePresence, RegistreClasse
from facturier.registre.ecrivain import Ecrivain, Lot, Ordre
from facturier.registre.registre import Registre, RegistreRefuse

__all__ = [
    "Ecrivain",
    "LigneParticipant",
    "LignePresence",
    "Lot",
    "Ordre",
    "Registre",
    "RegistreClasse",
    "RegistreRefuse",
]
