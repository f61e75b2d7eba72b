"""The workshop: text sources → notebooks, masters, releases; returned work → marks. Imports stay lazy."""

from facturier.fabrique.construction import construire
from facturier.fabrique.correction import noter

__all__ = ["construire", "noter"]
