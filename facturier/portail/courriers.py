"""A message before it is worded: who it goes to, why, and what its wording will need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from facturier.annuaire import Annuaire
from facturier.portail.personnes import Compte


def jour(quand: datetime) -> str:
    """A date and time as a person reads it."""
    return f"{quand:%d/%m/%Y} à {quand:%H}\u00a0h\u00a0{quand:%M}"


def nom_de(annuaire: Annuaire, siret: str) -> str:
    """The name of that structure, its SIRET when the directory has none."""
    structure = annuaire.structures.get(siret)
    return structure.nom if structure is not None else siret


@dataclass(frozen=True)
class Courrier:
    """``codes``: wordings, the first that exists is used. One of ``compte``, ``structure``, ``sollicitation`` says
    whose it is; ``espace`` is the space in which a structure's message is read."""

    quand: datetime
    a: str
    codes: tuple[str, ...]
    places: Mapping[str, str] = field(default_factory=dict)
    compte: str = ""
    structure: str = ""
    espace: str = ""
    sollicitation: str = ""
    piece: str = ""
    jeton: str = ""

    def pour(self, compte: Compte) -> Courrier:
        """The same message of a structure, sent to the contact address of one of its accounts."""
        return replace(self, a=compte.contact or compte.courriel, compte=compte.id, structure="", espace="")
