"""What the table allows and a piece does not take (any more): a gesture made once, a way of working that is not theirs.

The buttons of a screen, the portal's refusals and the simulated partners all ask here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from facturier.annuaire import Annuaire
from facturier.portail.pieces import Piece
from facturier.referentiel.lignes import Transition


def offertes(piece: Piece, possibles: Iterable[Transition], annuaire: Annuaire) -> tuple[Transition, ...]:
    """Those that this piece takes now."""
    return tuple(t for t in possibles if not refus(piece, t, annuaire))


def refus(piece: Piece, transition: Transition, annuaire: Annuaire) -> str:
    """Why that gesture, which the table allows, is not offered on this piece; "" when it is."""
    if transition.vers == transition.de and (piece.suivante or _deja(piece, transition)):
        return _une_fois(piece, transition)
    condition = CONDITIONS.get(transition.garde)
    return condition(piece, annuaire) if condition is not None else ""


def _deja(piece: Piece, transition: Transition) -> bool:
    """A gesture that leaves the piece where it is is made once while the piece stays there."""
    for passage in reversed(piece.historique):
        if passage.statut != transition.de:
            return False
        if (passage.action, passage.role) == (transition.action, transition.role):
            return True
    return False


def _une_fois(piece: Piece, transition: Transition) -> str:
    if piece.suivante:
        return f"« {transition.libelle} » n’est plus à faire : la pièce {piece.id} a déjà une suite ({piece.suivante})."
    return f"« {transition.libelle} » est déjà fait pour la pièce {piece.id} : cela ne se fait qu’une fois."


def par_logiciel(piece: Piece, annuaire: Annuaire) -> bool:
    """Whether who receives that piece works in a software of theirs, linked by flows (EDI), and not on the portal."""
    structure = annuaire.structures.get(piece.destinataire)
    return structure is not None and not structure.sur_portail


def _recyclage_par_logiciel(piece: Piece, annuaire: Annuaire) -> str:
    if par_logiciel(piece, annuaire):
        return ""
    return (
        "Poser « À recycler » n’est pas possible ici : le recyclage est arrêté sur le portail. Rejetez la facture en "
        "disant le motif."
    )


CONDITIONS: Mapping[str, Callable[[Piece, Annuaire], str]] = {"recyclage_edi": _recyclage_par_logiciel}
"""What a piece must be for a person's gesture to be offered, by the code of its guard; a French sentence, or ""."""
