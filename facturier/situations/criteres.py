"""Criteria with expected values: the replayed state compared to what the seed drew, each with what it says when missed.

Those of ``portail.criteres``, which look at the state alone, may be asked of a situation too, by the same names.
"""

from __future__ import annotations

from collections.abc import Mapping

from facturier.portail import Etat
from facturier.portail import criteres as generaux
from facturier.situations import criteres_comptes, criteres_echanges, criteres_pieces
from facturier.situations.modele import Situation
from facturier.situations.regle import Attendu, CritereSituation


def _general(critere: generaux.CritereEtat) -> CritereSituation:
    return CritereSituation(
        critere.nom,
        critere.libelle,
        f"Ce n’est pas fait : « {critere.libelle[0].lower()}{critere.libelle[1:]} ».",
        (),
        lambda etat, attendu: critere.rempli(etat),
    )


def _incident_traite(etat: Etat, attendu: Attendu) -> bool:
    """All the criteria that the key names, in one: what dealing with the incident of that story is."""
    return all(CRITERES[nom].rempli(etat, attendu) for nom in attendu["incident"].split())


INCIDENT = CritereSituation(
    "incident_traite",
    "L’incident est traité, par le geste qui convient",
    "L’incident n’est pas traité : relisez le statut de la pièce, et ce qu’on vous écrit.",
    ("incident",),
    _incident_traite,
)

CRITERES: Mapping[str, CritereSituation] = {
    **{nom: _general(critere) for nom, critere in generaux.CRITERES.items()},
    **{
        critere.nom: critere
        for critere in (
            *criteres_pieces.CRITERES,
            *criteres_echanges.CRITERES,
            *criteres_comptes.CRITERES,
            INCIDENT,
        )
    },
}
"""By name: all that a situation, and an exercise on it, may ask."""


def evaluer(situation: Situation, etat: Etat) -> dict[str, bool]:
    """The criteria of that situation, on that state."""
    return {c.nom: CRITERES[c.nom].rempli(etat, situation.attendu) for c in situation.criteres}
