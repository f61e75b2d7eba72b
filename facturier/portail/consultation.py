"""What is looked up at a counter: the mailbox, the dashboard, a piece's story and reckonings, the directory.

Every question is asked for an actor, what is due is applied first, answers are bounded, and nothing is told of what
that actor may not look at.
"""

from __future__ import annotations

from abc import abstractmethod
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from facturier.annuaire import Structure
from facturier.delais import Frise, Interets
from facturier.portail import boite, recherche, remontee, suivi
from facturier.portail import histoire as recits
from facturier.portail.boite import Message
from facturier.portail.decomptes import DecompteCalcule, decompte_de
from facturier.portail.decomptes_services import DecompteServices
from facturier.portail.echeances import EcheancePiece, NonCalculable, echeances_de, interets_de
from facturier.portail.evenements import Acteur
from facturier.portail.histoire import Ligne, Telechargement
from facturier.portail.portail import HORLOGER, Portail
from facturier.portail.recherche import TOUT, Filtres
from facturier.portail.refus import RefusPortail
from facturier.portail.suivi import Recherche, Resultats, Tableau

LIGNES_MAX = 200
"""What one answer lists at most: the most recent messages and lines, what has waited longest."""


@dataclass(frozen=True)
class Calculs:
    """What is reckoned of a piece, step by step: its deadlines, what lateness costs, the décompte that it carries."""

    echeances: tuple[EcheancePiece, ...]
    interets: Interets | NonCalculable
    decompte: DecompteCalcule | DecompteServices | NonCalculable


class Consultation(Protocol):
    """Questions asked of a portal, wherever it is. All may raise ErreurFacturier."""

    @abstractmethod
    def messages(self, acteur: Acteur) -> tuple[Message, ...]:
        """The last messages that this actor may read, oldest first."""

    @abstractmethod
    def tableau(self, acteur: Acteur) -> Tableau:
        """The dashboard: counts, sums, what waits for this actor."""

    @abstractmethod
    def rechercher(self, acteur: Acteur, criteres: Recherche) -> Resultats:
        """The pieces that this actor sees and that meet every criterion."""

    @abstractmethod
    def histoire(self, acteur: Acteur, piece: str) -> tuple[Ligne, ...]:
        """Who did what and when on that piece; () for who may not look at it."""

    @abstractmethod
    def frises(self, acteur: Acteur, piece: str) -> tuple[Frise, ...]:
        """A timeline for each deadline of that piece; () for who may not look at it."""

    @abstractmethod
    def calculs(self, acteur: Acteur, piece: str) -> Calculs:
        """Deadlines, interest and décompte of that piece, explained (RefusPortail for who may not look at it)."""

    @abstractmethod
    def telechargements(self, acteur: Acteur, piece: str) -> tuple[Telechargement, ...]:
        """What can be downloaded of that piece; () for who may not look at it."""

    @abstractmethod
    def structures(self, texte: str, filtres: Filtres = TOUT) -> tuple[Structure, ...]:
        """Structures of the directory, by a name or a part of a SIRET."""


def messages_de(portail: Portail, acteur: Acteur) -> tuple[Message, ...]:
    """The last messages that this actor may read, oldest first."""
    return boite.messages_de(portail, acteur)[-LIGNES_MAX:]


def tableau_de(portail: Portail, acteur: Acteur) -> Tableau:
    """The dashboard, what has waited longest first."""
    vu = suivi.tableau(portail, acteur)
    return Tableau(vu.statuts, vu.roles, vu.attentes[:LIGNES_MAX])


def histoire_de(portail: Portail, acteur: Acteur, piece: str) -> tuple[Ligne, ...]:
    """The last lines of the story of that piece, oldest first."""
    return recits.histoire(portail, acteur, piece)[-LIGNES_MAX:]


def pas_a_vous(piece: str) -> str:
    """Why that piece is not shown."""
    return f"La pièce {piece} n’est pas de celles que ce rôle suit : demandez-la à qui le tient."


def calculs_de(portail: Portail, acteur: Acteur, piece: str) -> Calculs:
    """What is reckoned of that piece on the portal's day."""
    visee = portail.piece(piece)
    if not suivi.voit(portail, acteur, visee):
        raise RefusPortail((pas_a_vous(visee.id),), ("droits",), code="droits")
    annuaire, au = portail.annuaire, portail.maintenant.date()
    etat = remontee.etat_vu(portail.etat, annuaire, acteur)
    visee = etat.pieces[visee.id]
    return Calculs(
        echeances=echeances_de(visee, etat, annuaire),
        interets=interets_de(visee, etat, annuaire, au),
        decompte=decompte_de(visee, etat, annuaire),
    )


class ConsultationLocale(Consultation):
    """The questions asked of a portal in this process."""

    _portail: Portail

    def messages(self, acteur: Acteur) -> tuple[Message, ...]:
        """The last messages that this actor may read."""
        return messages_de(self._a_jour(), acteur)

    def tableau(self, acteur: Acteur) -> Tableau:
        """The dashboard."""
        return tableau_de(self._a_jour(), acteur)

    def rechercher(self, acteur: Acteur, criteres: Recherche) -> Resultats:
        """The pieces found."""
        return suivi.rechercher(self._a_jour(), acteur, criteres)

    def histoire(self, acteur: Acteur, piece: str) -> tuple[Ligne, ...]:
        """The story of that piece."""
        return histoire_de(self._a_jour(), acteur, piece)

    def frises(self, acteur: Acteur, piece: str) -> tuple[Frise, ...]:
        """Its timelines."""
        return recits.frises(self._a_jour(), acteur, piece)

    def calculs(self, acteur: Acteur, piece: str) -> Calculs:
        """What is reckoned of it."""
        return calculs_de(self._a_jour(), acteur, piece)

    def telechargements(self, acteur: Acteur, piece: str) -> tuple[Telechargement, ...]:
        """What can be downloaded of it."""
        return recits.telechargements(self._a_jour(), acteur, piece)

    def structures(self, texte: str, filtres: Filtres = TOUT) -> tuple[Structure, ...]:
        """Structures of the directory."""
        return recherche.recherche(self._a_jour().annuaire, texte, filtres)

    def _a_jour(self) -> Portail:
        """The portal, what is due by now applied (a full journal is said by the next act)."""
        with suppress(RefusPortail):
            self._portail.avancer(0, HORLOGER)
        return self._portail
