"""The satisfaction survey once answered: opinions without a name, how they are read, what they add up to."""

from facturier.enquete.avis import Avis, avis_de, jeton_de
from facturier.enquete.collecte import Collecte, collecter
from facturier.enquete.depouillement import PEU, Question, Synthese, depouiller

__all__ = ["PEU", "Avis", "Collecte", "Question", "Synthese", "avis_de", "collecter", "depouiller", "jeton_de"]
"""What a trainer's command and a learner's sheet need."""
