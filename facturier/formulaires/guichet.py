"""The counter of the training portal behind a form: drafts, deposits, and the journal they leave."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from facturier.champs import Contexte, Valeurs

if TYPE_CHECKING:
    from facturier.portail import Ouverture, Piece

_BROUILLON, _SUPPRIMEE = "BROUILLON", "SUPPRIMEE"


class Guichet(Protocol):
    """What a deposit form asks of a portal."""

    @property
    def contexte(self) -> Contexte:
        """The directory and the day that the controls look at."""

    @property
    def journal(self) -> tuple[dict[str, Any], ...]:
        """The events so far, ready for JSON."""

    def enregistrer(self, demande: Valeurs) -> str:
        """Keep a draft; the sentence to show. Raises ErreurFacturier when the portal refuses it."""

    def deposer(self, demande: Valeurs) -> str:
        """Send the demand; the sentence to show. Raises ErreurFacturier when the portal refuses it."""

    def pieces(self) -> tuple[tuple[str, str, str], ...]:
        """What was filed: (piece, invoice number, status in words)."""

    def envoyees(self) -> frozenset[str]:
        """The numbers of the invoices that have left: sending one again would be refused."""


class GuichetLocal:
    """A portal of one's own, in the learner's kernel, for one supplier.

    Raises:
        ErreurFacturier: ``journal`` is not one that the portal could have written.
    """

    def __init__(
        self,
        fournisseur_siret: str,
        journal: Sequence[dict[str, Any]] = (),
        *,
        horloge: Callable[[], datetime] = datetime.now,
        ouverture: Ouverture | None = None,
    ) -> None:
        from facturier.portail import Acteur, Annuaire, Portail

        self._acteur = Acteur("fournisseur", fournisseur_siret)
        self._portail = Portail.rejouer(list(journal), Annuaire.charger(), horloge, ouverture)

    @property
    def contexte(self) -> Contexte:
        """The directory of the training portal, today."""
        return Contexte(self._portail.annuaire, self._portail.maintenant.date())

    @property
    def journal(self) -> tuple[dict[str, Any], ...]:
        """The events so far, ready for JSON."""
        return tuple(dict(evenement) for evenement in self._portail.journal)

    def enregistrer(self, demande: Valeurs) -> str:
        """Keep a draft in the place of the former one, if any."""
        ancien = self._brouillon()
        if ancien is not None and dict(ancien.valeurs) == demande:
            return f"Le brouillon {ancien.id} est déjà enregistré tel quel : il n’est toujours pas envoyé."
        piece = self._portail.enregistrer(self._acteur, demande)
        if ancien is not None:
            self._portail.agir(self._acteur, ancien.id, "supprimer")
        return (
            f"Brouillon {piece.id} enregistré, mais pas envoyé : personne ne l’a reçu. "
            "Pour l’envoyer, finissez par « Valider et envoyer »."
        )

    def deposer(self, demande: Valeurs) -> str:
        """Send the draft as the form now stands, or deposit at once when there is none."""
        brouillon = self._brouillon()
        if brouillon is not None:
            piece = self._portail.envoyer(self._acteur, brouillon.id, demande)
        else:
            piece = self._portail.deposer(self._acteur, demande)
        from facturier.portail import confirmation

        envoyee = f"Facture {piece.numero} envoyée (pièce {piece.id}, statut « {self._statut(piece)} »)."
        return " ".join(filter(None, (envoyee, confirmation(piece, self._portail.annuaire))))

    def pieces(self) -> tuple[tuple[str, str, str], ...]:
        """What was filed and still exists, oldest first."""
        return tuple((p.id, p.numero, self._statut(p)) for p in self._portail.pieces() if p.statut != _SUPPRIMEE)

    def envoyees(self) -> frozenset[str]:
        """The numbers of the invoices that have left, whatever became of them."""
        return frozenset(p.numero for p in self._portail.pieces() if p.statut not in (_BROUILLON, _SUPPRIMEE))

    def _brouillon(self) -> Piece | None:
        siens = [p for p in self._portail.pieces() if p.deposant == self._acteur.structure and p.statut == _BROUILLON]
        return siens[-1] if siens else None

    def _statut(self, piece: Piece) -> str:
        from facturier import referentiel
        from facturier.portail import statut_visible

        return referentiel.statut(statut_visible(piece, self._portail.annuaire)).libelle
