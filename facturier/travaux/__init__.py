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
from facturier.travaux.marche import MarchePrix, PartSousTraitant, Revision, Situation, TermeRevision
from facturier.travaux.tacite import Condition, FaitsTacites, Tacite, tacite

__all__ = [
    "Condition",
    "Decompte",
    "DecompteGeneral",
    "DecompteGeneralDefinitif",
    "Ecart",
    "FaitsTacites",
    "LigneDecompte",
    "MarchePrix",
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
    "tacite",
]
