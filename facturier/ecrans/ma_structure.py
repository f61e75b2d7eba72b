"""Whose structure an account's screens are about: one's own, never another's by its address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from facturier.annuaire import Structure
from facturier.ecrans.comptes import compte
from facturier.erreurs import ErreurFacturier

if TYPE_CHECKING:
    from facturier.ecrans.poste import Poste


def la_structure(poste: Poste, objet: str) -> Structure:
    """The structure of the screen: that of the address, else that of the seat; one's own only.

    Raises:
        ErreurFacturier: there is none, or it is somebody else's.
    """
    siret = objet.partition(":")[0] or poste.acteur.structure
    if not siret:
        raise ErreurFacturier("Vous n’êtes rattaché à aucune structure : créez la vôtre, ou demandez un rattachement.")
    tenu = compte(poste)
    if siret != poste.acteur.structure and (tenu is None or siret not in tenu.rattachements):
        raise ErreurFacturier(
            "Cette structure n’est pas la vôtre : seuls ses utilisateurs lisent sa fiche et ses comptes bancaires. "
            "L’annuaire dit d’elle ce que tout le monde peut en savoir."
        )
    return poste.guichet.annuaire.structure(siret)
