"""The played class: a whole day, from the texts to the reports, with seven learners who act on the real forms."""

from facturier.demo.journee import jouer

__all__ = ["jouer"]
