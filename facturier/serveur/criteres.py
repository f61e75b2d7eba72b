"""What a trainer is shown of the progress of a space: named criteria, met or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from facturier.portail import Etat
from facturier.portail import criteres as generaux
from facturier.serveur import consignes
from facturier.situations import evaluer

if TYPE_CHECKING:
    from facturier.serveur.espace import EspacePartage
    from facturier.serveur.montages import Montage

LIBRES = (
    "facture_deposee",
    "facture_recyclee",
    "facture_completee",
    "valideur_corrige",
    "validation_donnee",
    "silence_constate",
    "rejet_traite",
    "sommes_corrigees",
    "dossier_travaux_complet",
    "delais_tenus",
    "paiement_obtenu",
)
"""Where no situation is played (groups, free play), the criteria that look at the life of pieces: what a circuit goes
through, whoever plays it. Those about accounts, structures, requests for help and ways of depositing belong to
situations and exercises that ask for them."""


@dataclass(frozen=True)
class Juge:
    """One criterion, as it stands."""

    nom: str
    libelle: str
    rempli: bool


def de(partage: EspacePartage, etat: Etat, montage: Montage | None = None) -> tuple[Juge, ...]:
    """The criteria of the situation that the space plays, else what each place of the group has done (``montage``: the
    circuit that it plays), then those of free play.

    Raises:
        ErreurFacturier: its situation can no longer be read.
    """
    situation = partage.situation
    if situation is None:
        places = consignes.criteres(montage, partage.annuaire, etat) if montage is not None else ()
        libres = (generaux.CRITERES[nom] for nom in LIBRES)
        return (
            *(Juge(*place) for place in places),
            *(Juge(c.nom, c.libelle, c.rempli(etat)) for c in libres),
        )
    remplis = evaluer(situation, etat)
    return tuple(Juge(c.nom, c.libelle, remplis[c.nom]) for c in situation.criteres)
