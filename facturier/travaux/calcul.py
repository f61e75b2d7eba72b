"""The arithmetic of a décompte: everything cumulated since notification, the month being a difference.

Rounding, to the cent: the revision of each month, then VAT, retenue, repayment of the advance and penalties on the
cumul. Months being differences of rounded cumuls, they add up to it exactly. An acompte is never negative.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from facturier import referentiel
from facturier.montants import arrondi
from facturier.travaux.marche import CENT, ZERO, MarchePrix, Situation, refus


@dataclass(frozen=True)
class Etat:
    """Cumulated amounts at the end of a month, in euros; ``verses`` are the acomptes due so far, in order."""

    travaux: Decimal = ZERO
    revision: Decimal = ZERO
    tva: Decimal = ZERO
    sous_traitance: Decimal = ZERO
    retenue: Decimal = ZERO
    avance: Decimal = ZERO
    penalites: Decimal = ZERO
    coefficient: Decimal | None = None
    tranches: tuple[tuple[Decimal, Decimal], ...] = ()
    """Works of each month, at initial prices, and their revision: what goes down later goes at the price it came up."""
    verses: tuple[Decimal, ...] = ()

    @property
    def ht(self) -> Decimal:
        return self.travaux + self.revision

    @property
    def ttc(self) -> Decimal:
        return self.ht + self.tva

    @property
    def net(self) -> Decimal:
        """What comes to the titulaire beyond the advance."""
        return self.ttc - self.sous_traitance - self.retenue - self.avance - self.penalites


def enchainer(
    marche: MarchePrix, situations: Sequence[Situation], *, dernier: bool = False, sans_revision: bool = False
) -> tuple[Etat, ...]:
    """The state after each situation, the last one being the one under way.

    Args:
        dernier: the last situation is the final one, the whole advance is repaid there.
        sans_revision: the last situation is a project without its index values; its revision is left at nothing.

    Raises:
        ErreurFacturier: ``situation-incoherente`` (order, dates, subcontracting beyond the works), ``index-manquant``.
    """
    _controler(marche, situations, dernier)
    etats: list[Etat] = []
    precedent = Etat()
    for rang, situation in enumerate(situations, start=1):
        derniere = rang == len(situations)
        precedent = _suivant(marche, precedent, situation, dernier and derniere, sans_revision and derniere)
        etats.append(precedent)
    return tuple(etats)


def _controler(marche: MarchePrix, situations: Sequence[Situation], dernier: bool) -> None:
    if not situations:
        raise refus("Aucune situation de travaux : il en faut au moins une.", "situation-incoherente")
    debut = (marche.notification.year, marche.notification.month)
    mois = [(s.mois.year, s.mois.month) for s in situations]
    if mois[0] < debut:
        raise refus(
            f"La situation de {situations[0].nom_mois} précède la notification du marché.", "situation-incoherente"
        )
    courants = mois[:-1] if dernier else mois
    if any(avant >= apres for avant, apres in pairwise(courants)) or (
        dernier and len(mois) > 1 and mois[-1] < mois[-2]
    ):
        raise refus(
            "Les situations ne se suivent pas : une par mois, de la plus ancienne à la plus récente.",
            "situation-incoherente",
        )


def _suivant(marche: MarchePrix, precedent: Etat, situation: Situation, dernier: bool, sans_revision: bool) -> Etat:
    coefficient = None
    if marche.revision is not None and not sans_revision:
        coefficient = marche.revision.coefficient(situation.index)
    tranches = _tranches(precedent.tranches, situation.cumul_ht - precedent.travaux, coefficient)
    revision = sum((r for _, r in tranches), ZERO)
    ht = situation.cumul_ht + revision
    tva = arrondi(ht * marche.taux_tva / CENT)
    revient = ht + tva - situation.sous_traite
    if situation.sous_traite > max(ht, ZERO):
        raise refus(
            f"En {situation.nom_mois}, les paiements directs dépassent les travaux exécutés : "
            "vérifiez les parts des sous-traitants.",
            "situation-incoherente",
        )
    etat = Etat(
        travaux=situation.cumul_ht,
        revision=revision,
        tva=tva,
        sous_traitance=situation.sous_traite,
        retenue=ZERO if marche.garantie_substituee else arrondi(max(revient, ZERO) * marche.retenue_taux / CENT),
        avance=marche.avance if dernier else avance_remboursee(marche, situation.cumul_ht),
        penalites=penalites_dues(marche, situation.jours_retard),
        coefficient=coefficient,
        tranches=tranches,
    )
    a_payer = etat.net - sum(precedent.verses, ZERO)
    verse = a_payer if dernier else max(ZERO, a_payer)
    return replace(etat, verses=(*precedent.verses, verse))


def _tranches(
    tranches: tuple[tuple[Decimal, Decimal], ...], travaux: Decimal, coefficient: Decimal | None
) -> tuple[tuple[Decimal, Decimal], ...]:
    """The months with this one's works; a cumul that goes down takes back the last ones, each with its own revision."""
    if travaux == 0:
        return tranches
    if travaux > 0:
        revision = ZERO if coefficient is None else arrondi(travaux * (coefficient - 1))
        return (*tranches, (travaux, revision))
    dernier, revision = tranches[-1]
    reste = dernier + travaux
    if reste <= 0:
        return _tranches(tranches[:-1], reste, coefficient)
    return (*tranches[:-1], (reste, arrondi(revision * reste / dernier)))


def seuils_avance(marche: MarchePrix) -> tuple[Decimal, Decimal]:
    """Between which shares of the market, in per cent, the advance is repaid."""
    debut, fin = (_valeur(f"avance-remboursement-{b}") for b in ("debut", "fin"))
    part = marche.avance * CENT / marche.montant_ttc
    return (Decimal(0) if part > _valeur("avance-remboursement-immediat") else debut), fin


def avance_remboursee(marche: MarchePrix, cumul_ht: Decimal) -> Decimal:
    """How much of the advance is repaid once ``cumul_ht`` is executed, at initial prices."""
    debut, fin = seuils_avance(marche)
    part = (avancement(marche, cumul_ht) - debut) / (fin - debut)
    return arrondi(marche.avance * min(Decimal(1), max(Decimal(0), part)))


def avancement(marche: MarchePrix, cumul_ht: Decimal) -> Decimal:
    """The share of the market executed, in per cent."""
    return cumul_ht * CENT / marche.montant_ht


def penalite_par_jour(marche: MarchePrix) -> Decimal:
    """One day late, in euros, not rounded: what the CCAP says, else the share of the CCAG."""
    if marche.penalite_par_jour is not None:
        return marche.penalite_par_jour
    return marche.montant_ht / _valeur("penalite-diviseur")


def penalites_dues(marche: MarchePrix, jours: int) -> Decimal:
    """Penalties due for that many days: nothing up to the exemption, no more than the ceiling."""
    brutes = arrondi(penalite_par_jour(marche) * jours)
    if brutes <= _valeur("penalite-exoneration"):
        return ZERO
    return min(brutes, plafond_penalites(marche))


def plafond_penalites(marche: MarchePrix) -> Decimal:
    """The most that penalties may come to, in euros."""
    return arrondi(marche.montant_ht * _valeur("penalite-plafond") / CENT)


def _valeur(code: str) -> Decimal:
    valeur = referentiel.regle_calcul(code).valeur
    if valeur is None:
        raise refus(f"La règle de calcul « {code} » n’a pas de valeur dans sa table.", "regle-sans-valeur")
    return valeur
