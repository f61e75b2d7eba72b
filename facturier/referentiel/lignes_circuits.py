"""Rows of the works circuits and of the changes that were announced: what a market's identity card is read with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from facturier.referentiel.socle import Fiabilite, LigneSourcee
from facturier.referentiel.socle import cle as _cle
from facturier.referentiel.socle import facultatif as _facultatif


@dataclass(frozen=True, kw_only=True)
class Bascule(LigneSourcee):
    """A change that was announced: what holds before, what holds after, and the day it takes effect.

    ``effet`` is None as long as that day is not published: what holds before still holds.
    """

    code: str = _cle()
    objet: str
    avant: str
    apres: str
    annonce: date
    effet: date | None

    def accomplie(self, au: date) -> bool:
        """Whether what holds after holds on that day."""
        return self.effet is not None and self.effet <= au


@dataclass(frozen=True, kw_only=True)
class Circuit(LigneSourcee):
    """One step of a works circuit: in this case and phase, who deposits which piece for whom.

    ``fiabilite`` grades the circuit, ``statut_fiabilite`` the first status, less well documented.
    ``depose_par`` and ``adresse_a`` are parties of the market's identity card; ``apres``: the pieces that this one
    answers (none: it opens a dossier); ``copie_a``: who must be handed a copy the same day.
    """

    cas: str = _cle()
    cas_libelle: str
    phase: str = _cle()
    etape: str = _cle()
    deposant: str
    cadres: tuple[str, ...]
    depose_par: Literal["titulaire", "sous_traitant", "cotraitant", "moe", "moa"] = _facultatif()
    adresse_a: Literal["moe", "moa", "titulaire", "payeur"] = _facultatif()
    apres: tuple[str, ...]
    copie_a: Literal["moe", "moa"] = _facultatif()
    destinataire: str
    statut_initial: str = _facultatif()
    statut_fiabilite: Fiabilite
    suite: str
