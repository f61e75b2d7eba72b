"""What a reason supposes before it may be given on a piece: the column « condition » of the table of reasons."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from facturier.annuaire import Annuaire
from facturier.portail import anomalies, circuits
from facturier.portail import demande as lecture
from facturier.portail.pieces import Piece
from facturier.referentiel.lignes import Motif


def refus(motif: Motif, piece: Piece, annuaire: Annuaire) -> str:
    """Why that reason cannot be given on this piece, a French sentence; "" when it can."""
    condition = CONDITIONS.get(motif.condition)
    return condition(motif, piece, annuaire) if condition is not None else ""


def _engagement_communique(motif: Motif, piece: Piece, annuaire: Annuaire) -> str:
    """The number was given to the supplier before it invoiced, and the piece carries another one or none.

    What was given is what the market's card says; of a market without a card, nobody here knows.
    """
    marche = annuaire.marche(piece.marche)
    if marche is None:
        return ""
    if not marche.engagement:
        return (
            f"« {motif.libelle} » ne vaut que si le numéro avait été donné avant la facturation : "
            f"{circuits.nom_fiche(marche)} n’en porte aucun. Choisissez un autre motif."
        )
    attendu = anomalies.aiguillage_attendu(piece, marche).get("numero_engagement", "")
    if not attendu:
        return f"« {motif.libelle} » ne va pas avec cette pièce : le marché n’y demande pas de numéro d’engagement."
    if lecture.texte(piece.valeurs, "numero_engagement").replace(" ", "") == attendu:
        return (
            f"« {motif.libelle} » ne va pas avec cette pièce : elle porte bien l’engagement {attendu} du marché. "
            "Choisissez un autre motif."
        )
    return ""


CONDITIONS: Mapping[str, Callable[[Motif, Piece, Annuaire], str]] = {"engagement_communique": _engagement_communique}
