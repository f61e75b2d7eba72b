"""A works market as its price clauses define it, and what was executed month after month, since notification."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Literal

from facturier import referentiel
from facturier.delais import Etape
from facturier.delais.etapes import depuis_ligne, en_date, etape
from facturier.erreurs import ErreurFacturier
from facturier.montants import CENTIME, CHIFFRES_MAX, arrondi, format_euros, format_nombre, format_taux, sans_zeros

ZERO = Decimal("0.00")
CENT = Decimal(100)
INDEX_MIN, INDEX_MAX = Decimal("0.1"), Decimal(100_000)
"""Between which values an index makes sense: published ones are about 100, or a few thousands."""
JOURS_MAX = 36_500
Acheteur = Literal["etat", "grand-acheteur", "autre"]
"""Who buys: the State, a body or an authority beyond the threshold of the decree, or any other public entity."""


@dataclass(frozen=True)
class TermeRevision:
    """A parameter of the revision formula: its weight, the name of its index, the index of month zero."""

    index: str
    poids: Decimal
    initial: Decimal


@dataclass(frozen=True)
class Revision:
    """The revision formula of the CCAP: C = fixed part + Σ weight × (index of the month / index of month zero).

    The fixed part and the weights make 1. ``decimales``: to how many decimals the CCAP rounds C (None: not rounded).
    """

    part_fixe: Decimal
    termes: tuple[TermeRevision, ...]
    decimales: int | None = None

    def __post_init__(self) -> None:
        poids = [self.part_fixe, *(t.poids for t in self.termes)]
        if any(not p.is_finite() or not 0 <= p <= 1 for p in poids) or sum(poids) != 1 or not self.termes:
            raise refus(
                "La formule de révision est fausse : la part fixe et les poids, entre 0 et 1, doivent faire 1.",
                "revision-incoherente",
            )
        if any(not t.initial.is_finite() or not INDEX_MIN <= t.initial < INDEX_MAX for t in self.termes):
            raise refus(
                "La valeur d’un index au mois zéro n’a pas de sens : vérifiez ce nombre.", "revision-incoherente"
            )
        if self.decimales is not None and not 0 <= self.decimales <= 10:
            raise refus("Le coefficient de révision s’arrondit à 10 décimales au plus.", "revision-incoherente")

    def coefficient(self, valeurs: Mapping[str, Decimal]) -> Decimal:
        """C for these index values. Raises ErreurFacturier ``index-manquant`` or ``index-incoherent``."""
        total = self.part_fixe
        for terme in self.termes:
            if terme.index not in valeurs:
                raise refus(f"La valeur de l’index {terme.index} manque pour ce mois : ajoutez-la.", "index-manquant")
            valeur = valeurs[terme.index]
            if not valeur.is_finite() or not 0 < valeur < INDEX_MAX:
                raise refus(
                    f"La valeur de l’index {terme.index} n’a pas de sens : vérifiez ce nombre.", "index-incoherent"
                )
            total += terme.poids * valeur / terme.initial
        if self.decimales is None:
            return total
        return total.quantize(Decimal(1).scaleb(-self.decimales), rounding=ROUND_HALF_UP)

    def formule(self, valeurs: Mapping[str, Decimal]) -> str:
        """The formula with its figures: « 0,15 + 0,85 × 114,4 / 110 »."""
        termes = (f"{nombre(t.poids)} × {nombre(valeurs[t.index])} / {nombre(t.initial)}" for t in self.termes)
        return " + ".join((nombre(self.part_fixe), *termes))


@dataclass(frozen=True)
class MarchePrix:
    """The price clauses of a works market under the CCAG-Travaux 2021; amounts in euros, rates in per cent.

    ``avance_montant`` is the amount written in the act of engagement, when it is not ``avance_taux`` of the TTC amount.
    ``garantie_substituee``: a bank guarantee replaces the retenue. ``penalite_par_jour``: what the CCAP says, when it
    departs from the CCAG. ``consultation``: when the consultation was launched (notification if absent).
    """

    montant_ht: Decimal
    taux_tva: Decimal
    notification: date
    duree_mois: int
    revision: Revision | None = None
    avance_taux: Decimal = ZERO
    avance_montant: Decimal | None = None
    retenue_taux: Decimal = ZERO
    garantie_substituee: bool = False
    penalite_par_jour: Decimal | None = None
    pme: bool = False
    acheteur: Acheteur = "autre"
    consultation: date | None = None
    reference: str = ""

    def __post_init__(self) -> None:
        exiger_montant(self.montant_ht, "Le montant HT du marché")
        if not self.montant_ht:
            raise refus("Le montant HT du marché est nul : il doit être positif.", "marche-incoherent")
        admis = {t.taux for t in referentiel.taux_tva(self.notification) if t.admis and t.taux is not None}
        if self.taux_tva not in admis:
            taux_faux = format_taux(self.taux_tva)
            raise refus(f"Le taux de TVA de {taux_faux} n’est pas admis à cette date.", "marche-incoherent")
        if self.duree_mois < 1:
            raise refus("La durée du marché se compte en mois entiers, au moins un.", "marche-incoherent")
        debut = referentiel.regle_calcul("travaux-cumul").valide_du
        if debut is not None and self.notification < debut:
            raise refus(
                f"Ce calcul suit le CCAG-Travaux 2021 : un marché notifié avant le {en_date(debut)} "
                "relève d’un autre texte.",
                "marche-incoherent",
            )
        for taux, quoi in ((self.avance_taux, "de l’avance"), (self.retenue_taux, "de la retenue de garantie")):
            if not taux.is_finite() or not 0 <= taux <= CENT:
                raise refus(f"Le taux {quoi} doit être entre 0 et 100.", "marche-incoherent")
        plafond = self.retenue_plafond()
        if self.retenue_taux > plafond:
            raise refus(
                f"La retenue de garantie de {format_taux(self.retenue_taux)} dépasse le plafond de ce marché, "
                f"{format_taux(plafond)}.",
                "retenue-excessive",
            )
        if self.avance_montant is not None:
            exiger_montant(self.avance_montant, "Le montant de l’avance")
        if self.avance > self.montant_ttc:
            raise refus("L’avance dépasse le montant TTC du marché.", "marche-incoherent")
        if self.penalite_par_jour is not None:
            exiger_montant(self.penalite_par_jour, "La pénalité par jour")

    @property
    def montant_ttc(self) -> Decimal:
        return arrondi(self.montant_ht * (1 + self.taux_tva / CENT))

    @property
    def avance(self) -> Decimal:
        """The advance paid, in euros."""
        if self.avance_montant is not None:
            return self.avance_montant
        return arrondi(self.montant_ttc * self.avance_taux / CENT)

    def retenue_plafond(self) -> Decimal:
        """The highest retenue de garantie that this market may carry, in per cent."""
        jour = self.consultation or self.notification
        lignes = [d for d in referentiel.delais(jour) if d.code == "retenue-garantie"]
        if self.pme and self.acheteur != "autre":
            lignes += [d for d in referentiel.delais(jour) if d.code == "retenue-garantie-pme"]
        return min(Decimal(d.duree or 0) for d in lignes)

    def avance_obligatoire(self) -> tuple[bool, tuple[Etape, ...]]:
        """Whether an advance is due to the titulaire, and the steps that say so, with the least rate sourced."""
        seuil, mois = referentiel.delai("avance-seuil"), referentiel.delai("avance-duree")
        due = self.montant_ht > Decimal(seuil.duree or 0) and self.duree_mois > (mois.duree or 0)
        formule = (
            f"plus de {format_euros(Decimal(seuil.duree or 0))} HT (ici {format_euros(self.montant_ht)}) "
            f"et plus de {mois.duree} mois (ici {self.duree_mois})"
        )
        etapes = [etape("avance-obligation", formule, "oui" if due else "non")]
        if due:
            code = "avance-minimum"
            if self.pme and self.acheteur != "autre":
                code = "avance-pme-etat" if self.acheteur == "etat" else "avance-pme-collectivites"
            ligne = referentiel.delai(code)
            etapes.append(depuis_ligne(ligne, ligne.objet, "taux", format_taux(Decimal(ligne.duree or 0))))
        return due, tuple(etapes)


@dataclass(frozen=True)
class PartSousTraitant:
    """What is paid directly to a first-rank subcontractor: cumulated since notification, HT (reverse charge of VAT).

    ``contrat_ttc``: amount of the subcontract, below whose threshold there is no direct payment.
    """

    nom: str
    cumul_ht: Decimal
    contrat_ttc: Decimal

    def __post_init__(self) -> None:
        exiger_montant(self.cumul_ht, f"La part de {self.nom}")
        exiger_montant(self.contrat_ttc, f"Le contrat de {self.nom}")
        seuil = referentiel.delai("paiement-direct-seuil")
        if self.contrat_ttc < Decimal(seuil.duree or 0):
            raise refus(
                f"Le contrat de {self.nom} n’atteint pas {format_euros(Decimal(seuil.duree or 0))} TTC : "
                f"pas de paiement direct, {seuil.effet}.",
                "paiement-direct-impossible",
            )


@dataclass(frozen=True)
class Situation:
    """What one month shows, all cumulated since notification; ``mois`` is any day of the month.

    ``cumul_ht``: works, supplies, bonuses and outlays at initial prices, subcontracted part included. ``index``: values
    of the month, known when the état d'acompte is drawn up. ``jours_retard``: calendar days late.
    """

    mois: date
    cumul_ht: Decimal
    index: Mapping[str, Decimal] = field(default_factory=dict)
    jours_retard: int = 0
    sous_traitance: tuple[PartSousTraitant, ...] = ()

    def __post_init__(self) -> None:
        exiger_montant(self.cumul_ht, f"Le cumul de {self.nom_mois}")
        if not 0 <= self.jours_retard <= JOURS_MAX:
            raise refus(f"Le nombre de jours de retard de {self.nom_mois} n’a pas de sens.", "situation-incoherente")

    @property
    def nom_mois(self) -> str:
        return f"{self.mois:%m/%Y}"

    @property
    def sous_traite(self) -> Decimal:
        """All that is paid directly, HT, cumulated."""
        return sum((p.cumul_ht for p in self.sous_traitance), ZERO)


def refus(phrase: str, code: str) -> ErreurFacturier:
    return ErreurFacturier(phrase, code=code)


def exiger_montant(valeur: Decimal, quoi: str) -> None:
    """An amount is finite, not negative, to the cent, of a size that is computed exactly."""
    if not valeur.is_finite() or not 0 <= valeur < Decimal(10) ** CHIFFRES_MAX or not au_centime(valeur):
        raise refus(f"{quoi} doit être un montant positif, au centime.", "montant-incoherent")


def au_centime(valeur: Decimal) -> bool:
    with localcontext() as contexte:
        contexte.prec = 60
        return valeur == valeur.quantize(CENTIME)


def nombre(valeur: Decimal) -> str:
    """A number for a formula: French, without useless zeros."""
    return format_nombre(sans_zeros(valeur))
