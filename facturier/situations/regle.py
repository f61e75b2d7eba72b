"""A criterion with expected values: one record, a predicate on the replayed state and on what the seed drew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from facturier.portail import Etat

Attendu = Mapping[str, str]


@dataclass(frozen=True)
class CritereSituation:
    """One criterion: its name, what it says, what it says when missed, the expected values that it needs.

    ``gestes``: one of these acts at least is needed, so that who has no key knows what is left to do; () unknown.
    """

    nom: str
    libelle: str
    manque: str
    besoins: tuple[str, ...]
    rempli: Callable[[Etat, Attendu], bool]
    gestes: tuple[str, ...] = ()


def compact(texte: str) -> str:
    """Without spaces nor capitals: identifiers are compared so."""
    return "".join(texte.split()).casefold()
