"""The monthly and final décomptes: what the titulaire presents, what the maîtrise d'œuvre admits, what is to be paid.

The project carries works at initial prices; the revision is computed when the index values are there, by the
maîtrise d'œuvre in its own piece. A disagreement on an amount is corrected, never refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from facturier.delais import Etape, la_plus_faible
from facturier.delais.etapes import etape
from facturier.montants import format_euros
from facturier.referentiel.socle import Fiabilite
from facturier.travaux.calcul import Etat, enchainer
from facturier.travaux.explication import LigneDecompte, etapes_du_mois, lignes
from facturier.travaux.marche import MarchePrix, PartSousTraitant, Situation, refus

Nature = Literal["projet de décompte mensuel", "état d’acompte", "projet de décompte final", "décompte final"]


@dataclass(frozen=True)
class Decompte:
    """A décompte and its explanation. ``situations`` are those admitted before, then the one under way."""

    nature: Nature
    marche: MarchePrix
    situations: tuple[Situation, ...]
    etat: Etat
    lignes: tuple[LigneDecompte, ...]
    etapes: tuple[Etape, ...]

    @property
    def situation(self) -> Situation:
        return self.situations[-1]

    @property
    def est_final(self) -> bool:
        return self.nature in ("projet de décompte final", "décompte final")

    @property
    def acomptes(self) -> tuple[Decimal, ...]:
        """The acomptes of the months before, TTC, in euros."""
        return self.etat.verses[:-1]

    @property
    def a_payer(self) -> Decimal:
        """What this décompte makes payable to the titulaire, TTC: the acompte, or the balance of a final one."""
        return self.etat.verses[-1]

    @property
    def ht_du_mois(self) -> Decimal:
        """Works and revision of the month, HT, subcontracted part included."""
        return self.ligne("ht").mois

    @property
    def fiabilite(self) -> Fiabilite:
        return la_plus_faible(self.etapes)

    def ligne(self, code: str) -> LigneDecompte:
        return next(ligne for ligne in self.lignes if ligne.code == code)


@dataclass(frozen=True)
class SommesAdmises:
    """What the maîtrise d'œuvre puts in place of what was presented; None keeps it. ``index``: values of the month."""

    cumul_ht: Decimal | None = None
    index: Mapping[str, Decimal] | None = None
    jours_retard: int | None = None
    sous_traitance: tuple[PartSousTraitant, ...] | None = None


@dataclass(frozen=True)
class Ecart:
    """What differs between what was presented and what was admitted, in euros, or in days for ``jours``."""

    libelle: str
    presente: Decimal
    admis: Decimal
    jours: bool = False


@dataclass(frozen=True)
class PieceRectifiee:
    """The piece drawn up from a project, with the project it corrects and the differences.

    ``difference``: what the titulaire would have been paid more, in euros TTC, had all that was presented been
    admitted; interest runs on it if the titulaire turns out to be right.
    """

    projet: Decompte
    decompte: Decompte
    ecarts: tuple[Ecart, ...]
    difference: Decimal
    etapes: tuple[Etape, ...]


def projet_decompte_mensuel(marche: MarchePrix, situations: Sequence[Situation]) -> Decompte:
    """The project of the last situation, after those already admitted; the revision waits if its index is not there.

    Raises:
        ErreurFacturier: ``situation-incoherente``, or ``index-manquant`` for a month already admitted.
    """
    return _decompte("projet de décompte mensuel", marche, situations)


def projet_decompte_final(marche: MarchePrix, situations: Sequence[Situation]) -> Decompte:
    """The project of the final décompte: the last situation is the final one, the advance is repaid in full there."""
    return _decompte("projet de décompte final", marche, situations)


def etat_acompte(projet: Decompte, admises: SommesAdmises | None = None) -> PieceRectifiee:
    """The état d'acompte drawn up from a monthly project, with what the maîtrise d'œuvre admits.

    Raises:
        ErreurFacturier: ``piece-inattendue`` when it is no monthly project; ``index-manquant``.
    """
    _exiger(projet, "projet de décompte mensuel")
    return _rectifier(projet, admises or SommesAdmises(), "état d’acompte")


def decompte_final(projet: Decompte, admises: SommesAdmises | None = None) -> PieceRectifiee:
    """The final décompte: the titulaire's project as the maîtrise d'œuvre accepts or corrects it."""
    _exiger(projet, "projet de décompte final")
    return _rectifier(projet, admises or SommesAdmises(), "décompte final")


def _exiger(piece: Decompte, nature: Nature) -> None:
    if piece.nature != nature:
        raise refus(f"Cette pièce est un {piece.nature} : il faut ici un {nature}.", "piece-inattendue")


def _decompte(nature: Nature, marche: MarchePrix, situations: Sequence[Situation]) -> Decompte:
    final = nature in ("projet de décompte final", "décompte final")
    attente = (
        nature.startswith("projet")
        and marche.revision is not None
        and bool(situations)
        and not all(t.index in situations[-1].index for t in marche.revision.termes)
    )
    etats = enchainer(marche, situations, dernier=final, sans_revision=attente)
    avant = etats[-2] if len(etats) > 1 else Etat()
    return Decompte(
        nature,
        marche,
        tuple(situations),
        etats[-1],
        lignes(avant, etats[-1]),
        etapes_du_mois(marche, situations[-1], avant, etats[-1], dernier=final),
    )


def _rectifier(projet: Decompte, admises: SommesAdmises, nature: Nature) -> PieceRectifiee:
    presentee = projet.situation
    retenue = replace(
        presentee,
        cumul_ht=presentee.cumul_ht if admises.cumul_ht is None else admises.cumul_ht,
        index=presentee.index if admises.index is None else admises.index,
        jours_retard=presentee.jours_retard if admises.jours_retard is None else admises.jours_retard,
        sous_traitance=presentee.sous_traitance if admises.sous_traitance is None else admises.sous_traitance,
    )
    rectifie = _decompte(nature, projet.marche, (*projet.situations[:-1], retenue))
    presente = _decompte(nature, projet.marche, (*projet.situations[:-1], replace(presentee, index=retenue.index)))
    compares = (
        Ecart("Travaux cumulés, prix initiaux, HT", presentee.cumul_ht, retenue.cumul_ht),
        Ecart("Paiements directs cumulés, HT", presentee.sous_traite, retenue.sous_traite),
        Ecart("Jours de retard", Decimal(presentee.jours_retard), Decimal(retenue.jours_retard), jours=True),
    )
    ecarts = tuple(e for e in compares if e.presente != e.admis)
    difference = presente.a_payer - rectifie.a_payer
    etapes = rectifie.etapes
    if ecarts:
        formule = f"présenté {format_euros(presente.a_payer)} - admis {format_euros(rectifie.a_payer)}, net TTC"
        etapes = (etape("sommes-admises", formule, format_euros(difference)), *etapes)
    return PieceRectifiee(projet, rectifie, ecarts, difference, etapes)
