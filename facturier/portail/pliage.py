"""The state of the portal is a fold of its journal: one pure function applies one event."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from facturier import cycle
from facturier.annuaire import Annuaire
from facturier.cycle import Bascules
from facturier.portail import temps
from facturier.portail.etat import Etat
from facturier.portail.evenements import Evenement, lire_moment
from facturier.portail.ouverture import Ouverture
from facturier.portail.pieces import Piece, avancee, nouvelle, suivie
from facturier.portail.repertoire import ACTES
from facturier.referentiel import CREATION
from facturier.referentiel.lignes import Transition

SUIVANTE = "deposer_suivante"
DEPOSER = "deposer"
DEPOSER_PDF = "deposer_pdf"
ENREGISTRER = "enregistrer"
ENVOYER = "envoyer"
PRECEDENTE = "piece_precedente"
DEPOTS = (DEPOSER, ENVOYER, SUIVANTE)
"""Acts by which a piece leaves its author."""


def appliquer(etat: Etat, evenement: Evenement, annuaire: Annuaire) -> Etat:
    """The state after that event; the life cycle's table decides where each piece goes.

    ``annuaire`` is the directory before anything happened on the portal.

    Raises:
        ActionRefusee: the table has no such gesture there.
    """
    acte = ACTES.get(evenement["action"])
    if acte is not None:
        etat = acte.appliquer(_avec_structure(etat, evenement["objet"], annuaire), evenement)
        return replace(etat, temps=temps.apres(etat.temps, evenement))
    pieces = {**etat.pieces, **_pieces(etat, evenement)}
    return replace(etat, pieces=pieces, temps=temps.apres(etat.temps, evenement))


def plier(evenements: Iterable[Evenement], annuaire: Annuaire, ouverture: Ouverture | None = None) -> Etat:
    """The state of a journal that the portal wrote."""
    etat = Etat.initial(ouverture or Ouverture())
    for evenement in evenements:
        etat = appliquer(etat, evenement, annuaire)
    return etat


def franchir(piece: Piece, action: str, role: str, jour: date, bascules: Bascules = ()) -> Transition:
    """The row of the life cycle that allows this gesture on that piece, or ActionRefusee."""
    return cycle.franchir(piece.cadre, piece.statut, action, role, jour, bascules)


def _avec_structure(etat: Etat, objet: str, annuaire: Annuaire) -> Etat:
    """The state in which an act on a structure of the directory finds it."""
    siret = objet[1:]
    if not objet.startswith("S") or siret in etat.structures or siret not in annuaire.structures:
        return etat
    return replace(etat, structures={**etat.structures, siret: annuaire.structures[siret]})


def _pieces(etat: Etat, evenement: Evenement) -> dict[str, Piece]:
    """The pieces that this event creates or changes."""
    jour = lire_moment(evenement["quand"]).date()
    if evenement["action"] == SUIVANTE:
        return _suivante(etat, evenement, jour)
    ancienne = etat.pieces.get(evenement["objet"])
    if ancienne is None:
        cadre = evenement["donnees"].get("cadre", "").strip()
        transition = cycle.franchir(cadre, CREATION, evenement["action"], evenement["role"], jour, etat.bascules)
        return {evenement["objet"]: nouvelle(evenement, transition, None)}
    transition = franchir(ancienne, evenement["action"], evenement["role"], jour, etat.bascules)
    return {ancienne.id: avancee(ancienne, evenement, transition)}


def _suivante(etat: Etat, evenement: Evenement, jour: date) -> dict[str, Piece]:
    """One act, two pieces: the new one is deposited, the earlier one is associated."""
    precedente = etat.pieces[evenement["donnees"][PRECEDENTE]]
    associe = franchir(precedente, SUIVANTE, evenement["role"], jour, etat.bascules)
    cadre = evenement["donnees"].get("cadre", "").strip()
    depose = cycle.franchir(cadre, CREATION, DEPOSER, evenement["role"], jour, etat.bascules)
    return {
        precedente.id: suivie(precedente, evenement, associe),
        evenement["objet"]: nouvelle(evenement, depose, precedente),
    }
