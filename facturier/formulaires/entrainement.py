"""A situation to practise on: behind a door, so that a page with several of them opens as if it had none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from facturier.formulaires.memoire import Memoire
from facturier.formulaires.vue_ecran import EcranGarde
from facturier.situations import raconter, titre

if TYPE_CHECKING:
    from facturier.ecrans.poste import Poste


def entrainement(code: str, memoire: Memoire, demander_aide: Callable[[], str] | None = None) -> EcranGarde:
    """Its door, then its screens; it is drawn for this notebook when it is first opened, and nothing in it is graded.

    Raises:
        ErreurFacturier: no such situation.
    """
    nom = f"recit-{code}"

    def ouvrir(journal: Sequence[dict[str, Any]]) -> Poste:
        from facturier.formulaires.portail import ouvrir_recit

        recit = raconter(code, "")  # refused here, before anything is kept under its name
        return ouvrir_recit(raconter(recit.code, memoire.graine(nom)))(journal)

    return EcranGarde(nom, memoire, ouvrir, demander_aide=demander_aide, porte=titre(code))
