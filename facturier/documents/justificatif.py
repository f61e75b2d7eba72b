"""A paper of a story, as a PDF that a learner attaches to a suspended invoice. It proves nothing, and says so."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from facturier.impression import imprimer

_MODELE = Path(__file__).parent / "modeles" / "justificatif.typ"


def justificatif(titre: str, histoire: str, quand: date) -> bytes:
    """That paper, one A5 page in PDF.

    Raises:
        ErreurMoteur: the printer fails.
    """
    return imprimer(_MODELE, {"titre": titre, "histoire": histoire}, quand)
