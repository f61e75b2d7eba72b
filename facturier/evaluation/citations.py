"""What an item of the bank cites: a source of the table ``sources``, or a text that a row of the référentiel cites."""

from __future__ import annotations

from facturier import referentiel
from facturier.erreurs import ErreurFacturier
from facturier.evaluation.lecture_toml import Fiche
from facturier.referentiel import faits


def dire(reference: str) -> str:
    """A reference in words: the title of the source, or the text as it is cited.

    Raises:
        ErreurFacturier: no table knows it.
    """
    try:
        return referentiel.source(reference).titre
    except ErreurFacturier:
        return faits.article(reference)


def verifier(fiche: Fiche, reference: str) -> None:
    """Refuse a reference that no table knows."""
    try:
        dire(reference)
    except ErreurFacturier:
        raise fiche.refus(
            f"la source « {reference[:60]} » n’est ni dans la table « sources », ni citée par une ligne du référentiel"
        ) from None
