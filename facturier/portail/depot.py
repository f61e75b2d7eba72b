"""What the rules of a deposit look at, and how they are asked: a rule is one record."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from facturier import referentiel
from facturier.annuaire import Annuaire, Structure
from facturier.portail import demande as lecture
from facturier.portail.demande import Demande
from facturier.portail.evenements import Acteur
from facturier.portail.pieces import Piece
from facturier.referentiel.lignes import Cadre, TypeFacture


@dataclass(frozen=True)
class Depot:
    """What a deposit's rules look at. ``prises`` are the uniqueness keys of the invoices already deposited.

    ``fiche`` is the row of the cadre, None when none was chosen: then only the rules that need no cadre are asked.
    """

    acteur: Acteur
    demande: Demande
    fiche: Cadre | None
    annuaire: Annuaire
    prises: frozenset[tuple[str, str, int]]
    precedente: Piece | None
    au: date

    def texte(self, champ: str) -> str:
        """The field, without spaces around it."""
        return lecture.texte(self.demande, champ)

    @property
    def cadre(self) -> Cadre:
        """The row of the cadre, for the rules that need one."""
        if self.fiche is None:
            raise LookupError("cadre")
        return self.fiche

    @property
    def destinataire(self) -> Structure | None:
        """The recipient, when the directory knows it."""
        return self.annuaire.structures.get(lecture.siret(self.demande, "destinataire_siret"))

    @property
    def type_facture(self) -> TypeFacture | None:
        """The row of the document's type, when the code is one."""
        return next((t for t in referentiel.types_facture(self.au) if t.code == self.texte("type_facture")), None)

    @property
    def va_au_payeur(self) -> bool:
        """Whether the piece goes straight to who pays, so that the payer's own parameters apply."""
        return self.cadre.destinataire == "destinataire"


@dataclass(frozen=True)
class RegleDepot:
    """A rule of the deposit: a stable code, and a control that returns a French sentence when it is broken.

    ``selon_cadre``: the control reads the row of the cadre, and is not asked without one.
    """

    code: str
    controle: Callable[[Depot], str | None]
    selon_cadre: bool = False


def manquements(depot: Depot, regles: Iterable[RegleDepot]) -> list[tuple[str, str]]:
    """Every broken rule: its code and its sentence, in the order of the rules."""
    applicables = [r for r in regles if depot.fiche is not None or not r.selon_cadre]
    return [(regle.code, phrase) for regle in applicables if (phrase := regle.controle(depot)) is not None]
