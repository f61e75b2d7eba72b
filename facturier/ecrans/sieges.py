"""The seats that a person may take: those of an exercise, of an account, of a participant of a class."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from facturier import referentiel
from facturier.ecrans.ecran import Siege
from facturier.portail.evenements import Acteur

if TYPE_CHECKING:
    from facturier.ecrans.poste import Poste, Sieges

FOURNISSEUR = "fournisseur"
_DU_COMPTE = (FOURNISSEUR, "valideur_1", "valideur_2")
"""What an account of a company may be: supplier, or validator of its subcontractors and members."""


def sieges_fixes(joues: Iterable[tuple[str, str]]) -> Sieges:
    """The (role, structure) pairs that an exercise gives; a pair without structure is played through an account."""
    paires = tuple(joues)
    fixes = [(role, structure) for role, structure in paires if structure]

    def sieges(poste: Poste) -> Sequence[Siege]:
        tenus = [_siege(poste, Acteur(role, structure)) for role, structure in fixes]
        return tenus if len(fixes) == len(paires) else [*tenus, *sieges_du_compte(poste)]

    return sieges


def sieges_du_compte(poste: Poste) -> Sequence[Siege]:
    """The structures that the person's account is attached to, once it is connected."""
    compte = poste.guichet.etat.comptes.get(poste.compte)
    if compte is None or not compte.actif or compte.deconnecte:
        return ()
    return [
        _siege(poste, Acteur(role, siret, compte.id))
        for siret in compte.rattachements
        for role in _DU_COMPTE
        if role == FOURNISSEUR or _vise(poste, role, siret)
    ]


def sieges_du_participant(pseudonyme: str) -> Sieges:
    """The roles that the trainer has given to that participant."""

    def sieges(poste: Poste) -> Sequence[Siege]:
        tenus = poste.guichet.etat.attributions.items()
        return [_siege(poste, Acteur(role, siret)) for (role, siret), qui in tenus if qui == pseudonyme]

    return sieges


def nom_structure(poste: Poste, siret: str) -> str:
    """The name of a structure, its SIRET when the directory does not know it."""
    structure = poste.guichet.annuaire.structures.get(siret)
    return structure.nom if structure is not None else siret


def siege_de(poste: Poste, role: str, structure: str) -> Siege | None:
    """The seat of that role, when this person may take it."""
    return next((s for s in poste.sieges if (s.acteur.role, s.acteur.structure) == (role, structure)), None)


def _siege(poste: Poste, acteur: Acteur) -> Siege:
    libelle = referentiel.role(acteur.role).libelle
    return Siege(acteur, f"{libelle} — {nom_structure(poste, acteur.structure)}")


def _vise(poste: Poste, role: str, siret: str) -> bool:
    return any(piece.structure_du(role) == siret for piece in poste.guichet.pieces())
