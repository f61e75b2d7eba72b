"""What the rules of a deposit look at, and how they are asked: a rule is one record."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from facturier import referentiel
from facturier.annuaire import Annuaire, Marche, Structure
from facturier.portail import circuits
from facturier.portail import demande as lecture
from facturier.portail.demande import Demande
from facturier.portail.evenements import Acteur
from facturier.portail.pieces import DEPOSEE, Piece
from facturier.portail.pieces import fiche as piece_fiche
from facturier.referentiel.lignes import Cadre, Circuit, TypeFacture


@dataclass(frozen=True)
class Depot:
    """What a deposit's rules look at. ``prises`` are the uniqueness keys of the invoices already deposited.

    ``offices``: the markets whose final décompte is drawn up without the titulaire.
    ``fiche`` is the row of the cadre, None when none was chosen: then only the rules that need no cadre are asked.
    """

    acteur: Acteur
    demande: Demande
    fiche: Cadre | None
    annuaire: Annuaire
    prises: Container[tuple[str, str, int]]
    precedente: Piece | None
    au: date
    pieces: Mapping[str, Piece] = field(default_factory=dict)
    offices: Container[str] = ()

    def texte(self, champ: str) -> str:
        """The field, without spaces around it."""
        return lecture.texte(self.demande, champ)

    @property
    def cadre(self) -> Cadre:
        """The row of the cadre, for the rules that need one."""
        if self.fiche is None:
            raise LookupError("cadre")
        return self.fiche

    @cached_property
    def destinataire(self) -> Structure | None:
        """The recipient, when the directory knows it."""
        return self.annuaire.structures.get(lecture.siret(self.demande, "destinataire_siret"))

    @cached_property
    def type_facture(self) -> TypeFacture | None:
        """The row of the document's type, when the code is one."""
        return next((t for t in referentiel.types_facture(self.au) if t.code == self.texte("type_facture")), None)

    @cached_property
    def marche(self) -> Marche | None:
        """The identity card of the market, when its number is a known one."""
        return self.annuaire.marche(self.texte("numero_marche"))

    @cached_property
    def etape(self) -> Circuit | None:
        """The step of the market's circuit that this deposit is, when its card has one."""
        if self.marche is None or self.fiche is None:
            return None
        code = self.fiche.code
        if self.remplace:
            return next((e for e in circuits.etapes(self.marche, self.au) if code in e.cadres), None)
        avant = self.precedente.cadre if self.precedente else ""
        return circuits.etape(self.marche, code, avant or (self.marche.cadre_final if self.d_office else ""), self.au)

    @cached_property
    def d_office(self) -> bool:
        """Whether it opens, in the place of a final project that never came, what would have answered that project."""
        if self.marche is None or self.precedente is not None or self.marche.numero not in self.offices:
            return False
        return self.texte("cadre") in circuits.suites(self.marche, self.marche.cadre_final, self.au)

    @property
    def remplace(self) -> bool:
        """Whether it takes the place of a piece of its own kind that was rejected or refused."""
        return self.precedente is not None and self.precedente.cadre == self.texte("cadre")

    def du_marche(self, *natures: str) -> list[Piece]:
        """The pieces already deposited on that market, of these natures (column ``piece_api``), oldest first."""
        numero = self.texte("numero_marche")
        return [
            p
            for p in self.pieces.values()
            if p.marche == numero and p.date_du(DEPOSEE) and piece_fiche(p.cadre).piece_api in natures
        ]

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
