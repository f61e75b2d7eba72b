"""The counter of a training portal, the same for a form and for general play, on this machine or across a network."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any, Protocol

from facturier import referentiel
from facturier.annuaire import Annuaire
from facturier.champs import Contexte, Valeurs
from facturier.portail.affichage import confirmation, statut_visible
from facturier.portail.consultation import Consultation, ConsultationLocale
from facturier.portail.etat import Etat
from facturier.portail.evenements import Acteur
from facturier.portail.ouverture import Ouverture
from facturier.portail.pieces import Piece
from facturier.portail.pliage import DEPOSER, ENREGISTRER, ENVOYER
from facturier.portail.portail import HORLOGER, Portail
from facturier.portail.refus import RefusPortail
from facturier.referentiel.lignes import Transition

_BROUILLON, _SUPPRIMEE = "BROUILLON", "SUPPRIMEE"


class Guichet(Consultation, Protocol):
    """What is asked of a portal, wherever it is. ``acteur`` is whose counter it is.

    Every method may raise ErreurFacturier: the portal refuses (RefusPortail), or cannot be reached.
    """

    acteur: Acteur

    @property
    @abstractmethod
    def journal(self) -> tuple[dict[str, Any], ...]:
        """The events so far, ready for JSON."""

    @property
    @abstractmethod
    def etat(self) -> Etat:
        """The whole state, which is the fold of the journal."""

    @property
    @abstractmethod
    def annuaire(self) -> Annuaire:
        """The directory as it now stands."""

    @property
    @abstractmethod
    def maintenant(self) -> datetime:
        """The portal's time."""

    @property
    @abstractmethod
    def ouverture(self) -> Ouverture:
        """The settings of the portal: its story, who may turn the clock, who is simulated."""

    @abstractmethod
    def faire(
        self, acteur: Acteur, action: str, objet: str = "", /, *, version: int | None = None, **donnees: str
    ) -> str:
        """Any act: the identifier of the object that it created or changed. ``version``: what was seen of it."""

    @abstractmethod
    def gestes(self, acteur: Acteur, piece: str) -> tuple[Transition, ...]:
        """What this actor may do to that piece now."""

    @abstractmethod
    def avancer(self, jours: int = 0) -> None:
        """Turn the clock, where that is allowed; without days, only apply what is due."""

    def regard(self) -> AbstractContextManager[None]:
        """While it lasts, the state, the directory and the time are those of its beginning: a view looks once."""
        return nullcontext()

    def signataire(self, acteur: Acteur) -> Acteur:
        """That actor as the journal names them: a class adds its participant to who acts."""
        return acteur

    # --- the same everywhere --------------------------------------------------------------------------------

    @property
    def contexte(self) -> Contexte:
        """The directory and the day that the controls of a form look at."""
        return Contexte(self.annuaire, self.maintenant.date())

    def pieces(self) -> tuple[Piece, ...]:
        """All the pieces, oldest first."""
        return tuple(self.etat.pieces.values())

    def piece(self, piece: str) -> Piece:
        """The piece of that number (RefusPortail when there is none)."""
        trouvee = self.etat.pieces.get(piece)
        if trouvee is None:
            raise RefusPortail((f"La pièce « {piece[:20]} » n’existe pas : vérifiez son numéro.",), ("piece",))
        return trouvee

    def version(self, objet: str) -> int:
        """How many events have changed that object, to be given back to ``faire``."""
        piece = self.etat.pieces.get(objet)
        return len(piece.historique) if piece is not None else sum(e["objet"] == objet for e in self.journal)

    def enregistrer(self, demande: Valeurs) -> str:
        """Keep a draft in the place of the former one, if any; the sentence to show."""
        ancien = self._brouillon()
        if ancien is not None and dict(ancien.valeurs) == demande:
            return f"Le brouillon {ancien.id} est déjà enregistré tel quel : il n’est toujours pas envoyé."
        piece = self.faire(self.acteur, ENREGISTRER, version=None, **demande)
        if ancien is not None:
            self.faire(self.acteur, "supprimer", ancien.id)
        return (
            f"Brouillon {piece} enregistré, mais pas envoyé : personne ne l’a reçu. "
            "Pour l’envoyer, finissez par « Valider et envoyer »."
        )

    def deposer(self, demande: Valeurs) -> str:
        """Send the draft as the form now stands, or deposit at once when there is none; the sentence to show."""
        brouillon = self._brouillon()
        if brouillon is not None:
            numero = self.faire(self.acteur, ENVOYER, brouillon.id, version=None, **demande)
        else:
            numero = self.faire(self.acteur, DEPOSER, version=None, **demande)
        piece = self.piece(numero)
        annuaire = self.annuaire
        envoyee = f"Facture {piece.numero} envoyée (pièce {piece.id}, statut « {_statut(piece, annuaire)} »)."
        return " ".join(filter(None, (envoyee, confirmation(piece, annuaire))))

    def resume(self) -> tuple[tuple[str, str, str], ...]:
        """What this actor filed and still exists: (piece, invoice number, status in words), oldest first."""
        return tuple((p.id, p.numero, _statut(p, self.annuaire)) for p in self._siennes() if p.statut != _SUPPRIMEE)

    def envoyees(self) -> frozenset[str]:
        """The numbers of this actor's invoices that have left: sending one again would be refused."""
        return frozenset(p.numero for p in self._siennes() if p.statut not in (_BROUILLON, _SUPPRIMEE))

    def _siennes(self) -> tuple[Piece, ...]:
        return tuple(p for p in self.pieces() if p.deposant == self.acteur.structure)

    def _brouillon(self) -> Piece | None:
        siens = [p for p in self._siennes() if p.statut == _BROUILLON]
        return siens[-1] if siens else None


class GuichetLocal(ConsultationLocale, Guichet):
    """A portal of one's own, in the learner's kernel, for one supplier.

    Raises:
        ErreurFacturier: ``journal`` is not one that the portal could have written.
    """

    def __init__(
        self,
        fournisseur_siret: str,
        journal: Sequence[Mapping[str, Any]] = (),
        *,
        horloge: Callable[[], datetime] = datetime.now,
        ouverture: Ouverture | None = None,
    ) -> None:
        self.acteur = Acteur("fournisseur", fournisseur_siret)
        self._portail = Portail.rejouer(list(journal), Annuaire.charger(), horloge, ouverture)

    @property
    def journal(self) -> tuple[dict[str, Any], ...]:
        """The events so far, ready for JSON."""
        return tuple(dict(evenement) for evenement in self._portail.journal)

    @property
    def etat(self) -> Etat:
        """The whole state."""
        return self._portail.etat

    @property
    def annuaire(self) -> Annuaire:
        """The directory as it now stands."""
        return self._portail.annuaire

    @property
    def maintenant(self) -> datetime:
        """The portal's time."""
        return self._portail.maintenant

    @property
    def ouverture(self) -> Ouverture:
        """The settings of the portal."""
        return self._portail.ouverture

    def faire(
        self, acteur: Acteur, action: str, objet: str = "", /, *, version: int | None = None, **donnees: str
    ) -> str:
        """Any act, on the portal of this kernel."""
        return self._portail.faire(acteur, action, objet, version=version, **donnees)

    def gestes(self, acteur: Acteur, piece: str) -> tuple[Transition, ...]:
        """What this actor may do to that piece now."""
        return self._portail.gestes(acteur, piece)

    def avancer(self, jours: int = 0) -> None:
        """Turn the clock, or only apply what is due."""
        self._portail.avancer(jours, HORLOGER)


def _statut(piece: Piece, annuaire: Annuaire) -> str:
    return referentiel.statut(statut_visible(piece, annuaire)).libelle
