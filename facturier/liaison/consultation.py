"""The questions of a counter asked across the network: the server answers them, under its own rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote, urlencode

from facturier.liaison import vues
from facturier.portail.consultation import Calculs, Consultation
from facturier.portail.evenements import Acteur
from facturier.portail.recherche import TOUT, Filtres
from facturier.portail.suivi import Attente, Recherche, Resultats, Tableau

if TYPE_CHECKING:
    from pydantic import BaseModel

    from facturier.annuaire import Structure
    from facturier.delais import Frise
    from facturier.liaison.client import Liaison
    from facturier.portail.boite import Message
    from facturier.portail.etat import Etat
    from facturier.portail.histoire import Ligne, Telechargement
    from facturier.portail.pieces import Piece
    from facturier.referentiel.lignes import Transition

    V = TypeVar("V", bound=BaseModel)


def compte_de(acteur: Acteur) -> str:
    """The account through which that actor acts, « » for one's own name (the server knows it by the token)."""
    return acteur.par if acteur.par.startswith("C") else ""


class ConsultationHTTP(Consultation):
    """What a counter looks up on the class's server; pieces are those of the state folded here."""

    espace: str
    _liaison: Liaison

    @property
    def etat(self) -> Etat:
        """The whole state, as it now is on the server."""
        raise NotImplementedError

    def permises(self, acteur: Acteur, piece: Piece, actions: set[str]) -> tuple[Transition, ...]:
        """The rows of the life cycle for these actions on that piece."""
        raise NotImplementedError

    def messages(self, acteur: Acteur) -> tuple[Message, ...]:
        """The last messages that this actor may read."""
        return self._demander(vues.Boite, acteur, "messages").messages

    def tableau(self, acteur: Acteur) -> Tableau:
        """The dashboard."""
        vu = self._demander(vues.TableauVu, acteur, "tableau")
        pieces = self.etat.pieces
        attentes = tuple(
            Attente(pieces[a.piece.id], self.permises(acteur, pieces[a.piece.id], {g.action for g in a.gestes}))
            for a in vu.attentes
            if a.piece.id in pieces  # deposited since this state was read: the next look shows it
        )
        return Tableau(vu.statuts, vu.roles, attentes)

    def rechercher(self, acteur: Acteur, criteres: Recherche) -> Resultats:
        """The pieces found."""
        voulus = {champ: valeur for champ, valeur in vars(criteres).items() if valeur not in ("", None)}
        voulus["decroissant"] = str(criteres.decroissant).lower()
        vu = self._demander(vues.ResultatsVus, acteur, "recherche", voulus)
        pieces = self.etat.pieces
        return Resultats(tuple(pieces[trouvee.id] for trouvee in vu.pieces if trouvee.id in pieces), vu.total)

    def histoire(self, acteur: Acteur, piece: str) -> tuple[Ligne, ...]:
        """The story of that piece."""
        return self._demander(vues.Histoire, acteur, f"pieces/{quote(piece)}/histoire").lignes

    def frises(self, acteur: Acteur, piece: str) -> tuple[Frise, ...]:
        """Its timelines."""
        return self._demander(vues.Frises, acteur, f"pieces/{quote(piece)}/frises").frises

    def calculs(self, acteur: Acteur, piece: str) -> Calculs:
        """What is reckoned of it."""
        return self._demander(vues.CalculsVus, acteur, f"pieces/{quote(piece)}/calculs").calculs

    def telechargements(self, acteur: Acteur, piece: str) -> tuple[Telechargement, ...]:
        """What can be downloaded of it."""
        return self._demander(vues.Telechargements, acteur, f"pieces/{quote(piece)}/telechargements").fichiers

    def structures(self, texte: str, filtres: Filtres = TOUT) -> tuple[Structure, ...]:
        """Structures of the directory as it now stands in that space."""
        voulus = {champ: str(valeur).lower() for champ, valeur in vars(filtres).items() if valeur is not None}
        chemin = f"espaces/{quote(self.espace)}/structures?{urlencode({'texte': texte[:200], **voulus})}"
        return self._liaison.appeler(vues.Structures, "GET", chemin).structures

    def certificat(self, acteur: Acteur, piece: str) -> bytes:
        """The certificate of deposit of that piece, made by the server (PDF)."""
        return self._liaison.telecharger(self._chemin(acteur, f"pieces/{quote(piece)}/certificat.pdf", {}))

    def _demander(self, genre: type[V], acteur: Acteur, quoi: str, options: dict[str, Any] | None = None) -> V:
        return self._liaison.appeler(genre, "GET", self._chemin(acteur, quoi, options or {}))

    def _chemin(self, acteur: Acteur, quoi: str, options: dict[str, Any]) -> str:
        qui = {"role": acteur.role, "au_nom_de": acteur.structure, "compte": compte_de(acteur)}
        return f"espaces/{quote(self.espace)}/{quoi}?{urlencode({**qui, **options})}"
