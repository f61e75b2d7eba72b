"""Criteria with expected values: the replayed state compared to what the seed drew, each with what it says when missed.

Those of ``portail.criteres``, which look at the state alone, may be asked of a situation too, by the same names.
"""

from __future__ import annotations

from collections.abc import Mapping

from facturier.portail import Etat
from facturier.portail import criteres as generaux
from facturier.situations import criteres_comptes, criteres_pieces
from facturier.situations.modele import Situation
from facturier.situations.regle import CritereSituation


def _general(critere: generaux.CritereEtat) -> CritereSituation:
    return CritereSituation(
        critere.nom,
        critere.libelle,
        f"Ce n’est pas fait : « {critere.libelle[0].lower()}{critere.libelle[1:]} ».",
        (),
        lambda etat, attendu: critere.rempli(etat),
    )


CRITERES: Mapping[str, CritereSituation] = {
    **{nom: _general(critere) for nom, critere in generaux.CRITERES.items()},
    **{critere.nom: critere for critere in (*criteres_pieces.CRITERES, *criteres_comptes.CRITERES)},
}
"""By name: all that a situation, and an exercise on it, may ask."""


def evaluer(situation: Situation, etat: Etat) -> dict[str, bool]:
    """The criteria of that situation, on that state."""
    return {c.nom: CRITERES[c.nom].rempli(etat, situation.attendu) for c in situation.criteres}
