"""The life cycle of a piece, read from the transitions table: what is possible, what is refused, how it is drawn."""

from facturier.cycle.circuits import circuits_dessines, diagramme_circuit
from facturier.cycle.circuits import page as page_circuits
from facturier.cycle.diagramme import diagramme, diagramme_cadre, vie_en_mots
from facturier.cycle.passages import (
    ActionRefusee,
    Bascules,
    franchir,
    terminal,
    transitions_du_cadre,
    transitions_du_cycle,
    transitions_possibles,
)

__all__ = [
    "ActionRefusee",
    "Bascules",
    "circuits_dessines",
    "diagramme",
    "diagramme_cadre",
    "diagramme_circuit",
    "franchir",
    "page_circuits",
    "terminal",
    "transitions_du_cadre",
    "transitions_du_cycle",
    "transitions_possibles",
    "vie_en_mots",
]
