"""What was really done on the training portal: a learner's journal replayed on a fresh one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facturier.erreurs import ErreurFacturier
from facturier.evaluation.lecture import ReponseIllisible, charger_json

if TYPE_CHECKING:
    from facturier.portail import Annuaire, Ouverture, Portail

OCTETS_MAX = 64 * 1024 * 1024
_EVENEMENT_MONTRE_MAX = 64 * 1024


@dataclass(frozen=True)
class PieceRejouee:
    """A piece after the replay: what its deposit stated, its status at the end, the criteria that the state meets."""

    donnees: Mapping[str, Any]
    statut: str
    criteres: Mapping[str, bool] = field(default_factory=dict)


Rejeu = Callable[[Sequence[dict[str, Any]], str], PieceRejouee | None]
"""Replays a journal and gives the last piece that this supplier deposited (else its last draft), or None."""


class JournalInvraisemblable(ErreurFacturier):
    """A journal that the portal's own rules do not accept: nothing can be said of it without a person."""

    code = "journal-invraisemblable"


def rejouer_sur_portail(
    journal: Sequence[dict[str, Any]], fournisseur: str, ouverture: Ouverture | None = None
) -> PieceRejouee | None:
    """The last piece that ``fournisseur`` deposited (else its last draft) once the journal is replayed.

    Raises:
        JournalInvraisemblable: the portal refuses an event, or the events are not what the portal writes.
    """
    from facturier.portail.criteres import evaluer
    from facturier.portail.pieces import DEPOSEE

    portail = _rejouer(journal, ouverture)
    pieces = [p for p in portail.pieces() if p.deposant == fournisseur]
    envoyees = [p for p in pieces if p.date_du(DEPOSEE) is not None]
    if not pieces:
        return None
    piece = (envoyees or pieces)[-1]
    return PieceRejouee(piece.valeurs, piece.statut, evaluer(portail.etat))


def lire_journal(path: Path) -> tuple[Ouverture, object]:
    """A journal's file, ``{"schema": 1, "ouverture": …, "evenements": […]}`` or the bare list of its events.

    The opening is what the file claims; whoever set the exercise knows better.

    Raises:
        ErreurFacturier: unreadable, not JSON, too big, of another form; the sentence names the file.
    """
    from facturier.portail import Ouverture

    try:
        lu = charger_json(path, OCTETS_MAX)
    except ReponseIllisible as cause:
        raise ErreurFacturier(
            f"Le journal {path} n’est pas lisible : donnez un fichier JSON du portail, entier et non retouché.",
            code="journal-illisible",
        ) from cause
    if isinstance(lu, list):
        return Ouverture(), lu
    if not isinstance(lu, dict) or set(lu) != {"schema", "ouverture", "evenements"} or lu["schema"] != 1:
        raise ErreurFacturier(
            f"Le fichier {path} n’est pas un journal du portail : donnez celui que le portail a enregistré.",
            code="journal-illisible",
        )
    return Ouverture.depuis_json(lu["ouverture"]), lu["evenements"]


def lire_ouverture(path: Path) -> Ouverture:
    """The settings of a portal, as whoever sets the exercise keeps them in a JSON file.

    Raises:
        ErreurFacturier: unreadable, or a setting that is not one.
    """
    from facturier.portail import Ouverture

    try:
        return Ouverture.depuis_json(charger_json(path, _EVENEMENT_MONTRE_MAX))
    except ReponseIllisible as cause:
        raise ErreurFacturier(
            f"Les réglages {path} ne sont pas lisibles : donnez un fichier JSON.", code="ouverture-invalide"
        ) from cause


def compte_rendu(evenements: object, ouverture: Ouverture) -> dict[str, Any]:
    """What ``facturier rejouer --json`` prints: the state and its criteria, or the first bad event."""
    from facturier.portail import JournalRefuse, Portail, etat_json
    from facturier.portail.criteres import evaluer

    try:
        etat = Portail.rejouer(evenements, _annuaire(), ouverture=ouverture).etat
    except JournalRefuse as refus:
        fautif = evenements[refus.n - 1] if isinstance(evenements, list) and 0 < refus.n <= len(evenements) else None
        return {"schema": 1, "refus": {"rang": refus.n, "evenement": _montrable(fautif), "phrase": refus.phrase}}
    return {"schema": 1, "etat": etat_json(etat), "criteres": evaluer(etat)}


def _rejouer(journal: Sequence[dict[str, Any]], ouverture: Ouverture | None) -> Portail:
    from facturier.portail import Portail

    try:
        return Portail.rejouer(journal, _annuaire(), ouverture=ouverture)
    except ErreurFacturier as cause:
        raise JournalInvraisemblable(f"Le journal ne se rejoue pas : {cause.phrase}") from cause
    except (KeyError, TypeError, ValueError, AttributeError) as cause:  # hostile events of an unforeseen shape
        raise JournalInvraisemblable("Le journal ne se rejoue pas : il n’a pas la forme attendue.") from cause


def _montrable(evenement: object) -> object:
    """The bad event as it was given, None when a terminal or a file would not bear it."""
    try:
        octets = json.dumps(evenement, ensure_ascii=False).encode("utf-8")
    except ValueError:
        return None
    return evenement if len(octets) <= _EVENEMENT_MONTRE_MAX else None


@cache
def _annuaire() -> Annuaire:
    from facturier.portail import Annuaire

    return Annuaire.charger()
