"""What is looked up on the portal of a class, as it travels: the portal's own records, pieces by their numbers."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from facturier.annuaire import Structure
from facturier.delais import Frise
from facturier.liaison.schemas import Fiche, GestePossible
from facturier.portail import demande as lecture
from facturier.portail import recherche, suivi
from facturier.portail.boite import Message
from facturier.portail.consultation import Calculs
from facturier.portail.evenements import Acteur
from facturier.portail.histoire import Ligne, Telechargement
from facturier.portail.pieces import Piece
from facturier.portail.portail import Portail
from facturier.portail.recherche import Filtres
from facturier.portail.suivi import Compteur, Recherche, Resultats, Tableau

Critere = Annotated[str, StringConstraints(max_length=100)]


class PieceBreve(Fiche):
    """A line of a list of pieces, with the status that the asker sees."""

    id: str
    numero: str
    cadre: str
    statut: str
    depuis: datetime
    montant_ttc: Decimal | None

    @classmethod
    def de(cls, portail: Portail, acteur: Acteur, piece: Piece) -> PieceBreve:
        """That piece, seen by that actor."""
        return cls(
            id=piece.id,
            numero=piece.numero,
            cadre=piece.cadre,
            statut=suivi.statut_vu(piece, acteur, portail.annuaire),
            depuis=piece.depuis,
            montant_ttc=lecture.montant(piece.valeurs, "montant_ttc"),
        )


class Boite(Fiche):
    """The last messages that one may read, oldest first."""

    messages: tuple[Message, ...]


class AttenteVue(Fiche):
    """A piece that waits, and what one may do of it."""

    piece: PieceBreve
    gestes: tuple[GestePossible, ...]


class TableauVu(Fiche):
    """A dashboard."""

    statuts: tuple[Compteur, ...]
    roles: tuple[Compteur, ...]
    attentes: tuple[AttenteVue, ...]

    @classmethod
    def de(cls, portail: Portail, acteur: Acteur, tableau: Tableau) -> TableauVu:
        """That dashboard, ready to travel."""
        attentes = tuple(
            AttenteVue(
                piece=PieceBreve.de(portail, acteur, attente.piece),
                gestes=tuple(GestePossible(action=t.action, libelle=t.libelle) for t in attente.gestes),
            )
            for attente in tableau.attentes
        )
        return cls(statuts=tableau.statuts, roles=tableau.roles, attentes=attentes)


class CriteresRecherche(Fiche):
    """The criteria of a search, those of ``suivi.Recherche``."""

    texte: Critere = ""
    numero: Critere = ""
    statut: Critere = ""
    cadre: Critere = ""
    structure: Critere = ""
    engagement: Critere = ""
    marche: Critere = ""
    depuis: date | None = None
    jusqu_a: date | None = None
    minimum: Critere = ""
    maximum: Critere = ""
    tri: Literal["date", "montant", "numero", "statut"] = "date"
    decroissant: bool = True

    def recherche(self) -> Recherche:
        """The search that they ask."""
        return Recherche(**{champ: getattr(self, champ) for champ in type(self).model_fields})


class ResultatsVus(Fiche):
    """The pieces found, and how many there are in all."""

    pieces: tuple[PieceBreve, ...]
    total: int

    @classmethod
    def de(cls, portail: Portail, acteur: Acteur, resultats: Resultats) -> ResultatsVus:
        """These results, ready to travel."""
        return cls(pieces=tuple(PieceBreve.de(portail, acteur, p) for p in resultats.pieces), total=resultats.total)


class Histoire(Fiche):
    """The story of a piece."""

    lignes: tuple[Ligne, ...]


class Frises(Fiche):
    """The timelines of a piece."""

    frises: tuple[Frise, ...]


class CalculsVus(Fiche):
    """Deadlines, interest and décompte of a piece, or why they are not computed."""

    calculs: Calculs


class Telechargements(Fiche):
    """What can be downloaded of a piece."""

    fichiers: tuple[Telechargement, ...]


class CriteresAnnuaire(Fiche):
    """What is looked for in the directory; None lets everything through."""

    texte: Annotated[str, StringConstraints(max_length=recherche.TEXTE_MAX)] = ""
    publique: bool | None = None
    moa: bool | None = None
    moa_uniquement: bool | None = None
    exige_engagement: bool | None = None
    exige_service: bool | None = None
    active: bool | None = None

    def filtres(self) -> Filtres:
        """The filters that they set."""
        return Filtres(**{champ: getattr(self, champ) for champ in type(self).model_fields if champ != "texte"})


class Structures(Fiche):
    """Structures of the directory, by name."""

    structures: Annotated[tuple[Structure, ...], Field(max_length=recherche.RESULTATS_MAX)]


class Version(Fiche):
    """How many events have changed an object: what to give back when acting on it."""

    objet: str
    version: int
