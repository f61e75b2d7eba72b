"""Works markets: décomptes cumulated since notification, each step explained; the end of the market."""

from facturier.travaux.decompte import (
    Decompte,
    Ecart,
    PieceRectifiee,
    SommesAdmises,
    decompte_final,
    etat_acompte,
    projet_decompte_final,
    projet_decompte_mensuel,
)
from facturier.travaux.explication import LigneDecompte
from facturier.travaux.general import (
    DecompteGeneral,
    DecompteGeneralDefinitif,
    Reponse,
    Versement,
    decompte_general,
    decompte_general_definitif,
)
from facturier.travaux.groupement import DecompteMembre, Membre, repartir, somme_des_membres
from facturier.travaux.marche import MarchePrix, PartSousTraitant, Revision, Situation, TermeRevision
from facturier.travaux.tacite import Condition, FaitsTacites, Tacite, tacite

__all__ = [
    "Condition",
    "Decompte",
    "DecompteGeneral",
    "DecompteGeneralDefinitif",
    "DecompteMembre",
    "Ecart",
    "FaitsTacites",
    "LigneDecompte",
    "MarchePrix",
    "Membre",
    "PartSousTraitant",
    "PieceRectifiee",
    "Reponse",
    "Revision",
    "Situation",
    "SommesAdmises",
    "Tacite",
    "TermeRevision",
    "Versement",
    "decompte_final",
    "decompte_general",
    "decompte_general_definitif",
    "etat_acompte",
    "projet_decompte_final",
    "projet_decompte_mensuel",
    "repartir",
    "somme_des_membres",
    "tacite",
]
