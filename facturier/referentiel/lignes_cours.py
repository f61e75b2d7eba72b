"""The rows of the tables that the course itself is made from: the mistakes that people make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from facturier.referentiel.socle import LigneSourcee, cle


@dataclass(frozen=True, kw_only=True)
class Erreur(LigneSourcee):
    """A frequent mistake, and what to do instead; exercises and items name it by its code (« E12 »)."""

    code: str = cle()
    theme: Literal["compte", "saisie", "cadre", "suivi", "travaux", "droit"]
    erreur: str
    conduite: str
