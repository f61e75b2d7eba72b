"""A month of works explained: the lines of the décompte (cumul, before, month), and the steps behind each figure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from facturier import referentiel
from facturier.delais import Etape
from facturier.delais.etapes import en_jours, etape
from facturier.montants import arrondi, format_euros, format_taux, sans_zeros
from facturier.travaux.calcul import (
    Etat,
    avancement,
    penalite_par_jour,
    plafond_penalites,
    seuils_avance,
)
from facturier.travaux.marche import CENT, ZERO, MarchePrix, Situation, nombre

Sens = Literal["plus", "moins", "total"]
_DECIMALES_AFFICHEES = Decimal("0.000001")


@dataclass(frozen=True)
class LigneDecompte:
    """A line: its amount since notification, before this month, and for the month, in euros.

    ``sens``: added, taken away, or the total of what is above.
    """

    code: str
    libelle: str
    sens: Sens
    cumul: Decimal
    anterieur: Decimal

    @property
    def mois(self) -> Decimal:
        return self.cumul - self.anterieur


_LIGNES: tuple[tuple[str, Sens, str], ...] = (
    ("travaux", "plus", "Travaux exécutés, prix initiaux, HT"),
    ("revision", "plus", "Révision des prix, HT"),
    ("ht", "total", "Montant HT révisé"),
    ("tva", "plus", "TVA, part sous-traitée comprise"),
    ("ttc", "total", "Montant TTC"),
    ("sous_traitance", "moins", "Payé directement aux sous-traitants, HT"),
    ("retenue", "moins", "Retenue de garantie"),
    ("avance", "moins", "Remboursement de l’avance"),
    ("penalites", "moins", "Pénalités de retard"),
    ("net", "total", "Net pour le titulaire"),
)
"""Attribute of ``Etat`` that holds the line, how it counts, and its name."""


def lignes(avant: Etat, apres: Etat) -> tuple[LigneDecompte, ...]:
    """The lines of the décompte, in the order of the computation."""
    return tuple(
        LigneDecompte(code, libelle, sens, getattr(apres, code), getattr(avant, code))
        for code, sens, libelle in _LIGNES
    )


def etapes_du_mois(
    marche: MarchePrix, situation: Situation, avant: Etat, apres: Etat, *, dernier: bool
) -> tuple[Etape, ...]:
    """The steps of the month that goes from ``avant`` to ``apres``, each with its formula, source and reliability."""
    travaux = apres.travaux - avant.travaux
    return (
        etape("travaux-cumul", f"cumul de {situation.nom_mois}", format_euros(apres.travaux)),
        etape("travaux-mois", f"{format_euros(apres.travaux)} - {format_euros(avant.travaux)}", format_euros(travaux)),
        *_revision(marche, situation, avant, apres, travaux),
        etape(
            "ht",
            f"{format_euros(travaux)} + {format_euros(apres.revision - avant.revision)}",
            format_euros(apres.ht - avant.ht),
        ),
        _au_cumul("tva", f"{format_euros(apres.ht)} × {format_taux(marche.taux_tva)}", apres.tva, avant.tva),
        etape(
            "ttc",
            f"{format_euros(apres.ht - avant.ht)} + {format_euros(apres.tva - avant.tva)}",
            format_euros(apres.ttc - avant.ttc),
        ),
        *_sous_traitance(situation, avant, apres),
        *_retenue(marche, avant, apres),
        *_avance(marche, avant, apres, dernier),
        *_penalites(marche, situation, avant, apres),
        *_net(avant, apres, dernier),
    )


def _au_cumul(code: str, formule: str, apres: Decimal, avant: Decimal) -> Etape:
    """A figure computed on the cumul: the month is what it adds to the previous cumul."""
    if avant:
        total = format_euros(apres)
        egal = "" if formule.endswith(total) else f" = {total}"
        formule = f"{formule}{egal} ; moins {format_euros(avant)} déjà comptés"
    return etape(code, formule, format_euros(apres - avant))


def _revision(
    marche: MarchePrix, situation: Situation, avant: Etat, apres: Etat, travaux: Decimal
) -> tuple[Etape, ...]:
    if marche.revision is None:
        return ()
    if apres.coefficient is None:
        return (etape("revision-attente", "index du mois à venir", "à calculer"),)
    affiche = apres.coefficient
    exact = affiche == affiche.quantize(_DECIMALES_AFFICHEES)
    texte = nombre(affiche if exact else affiche.quantize(_DECIMALES_AFFICHEES))
    if travaux < 0:
        valeur = format_euros(apres.revision - avant.revision)
        return (etape("revision-reprise", f"retrait de {format_euros(-travaux)} HT", valeur),)
    return (
        etape(
            "revision-coefficient",
            f"C = {marche.revision.formule(situation.index)}",
            texte if exact else f"{texte} (affiché à 6 décimales)",
        ),
        etape("revision", f"{format_euros(travaux)} × ({texte} - 1)", format_euros(apres.revision - avant.revision)),
    )


def _sous_traitance(situation: Situation, avant: Etat, apres: Etat) -> tuple[Etape, ...]:
    if not (avant.sous_traitance or apres.sous_traitance):
        return ()
    parts = " + ".join(f"{p.nom} {format_euros(p.cumul_ht)}" for p in situation.sous_traitance) or format_euros(ZERO)
    return (_au_cumul("sous-traitance", parts, apres.sous_traitance, avant.sous_traitance),)


def _retenue(marche: MarchePrix, avant: Etat, apres: Etat) -> tuple[Etape, ...]:
    if not marche.retenue_taux:
        return ()
    if marche.garantie_substituee:
        return (etape("retenue-substituee", f"au lieu de {format_taux(marche.retenue_taux)}", format_euros(ZERO)),)
    formule = (
        f"({format_euros(apres.ttc)} - {format_euros(apres.sous_traitance)}) × {format_taux(marche.retenue_taux)}"
        if apres.sous_traitance
        else f"{format_euros(apres.ttc)} × {format_taux(marche.retenue_taux)}"
    )
    return (_au_cumul("retenue", formule, apres.retenue, avant.retenue),)


def _avance(marche: MarchePrix, avant: Etat, apres: Etat, dernier: bool) -> tuple[Etape, ...]:
    if not marche.avance:
        return ()
    formule = "montant du marché"
    if marche.avance_montant is None:
        formule = f"{format_euros(marche.montant_ttc)} × {format_taux(marche.avance_taux)}"
    versee = etape("avance-montant", formule, format_euros(marche.avance))
    if dernier:
        return (versee, _au_cumul("avance-soldee", format_euros(marche.avance), apres.avance, avant.avance))
    debut, fin = seuils_avance(marche)
    part = arrondi(avancement(marche, apres.travaux))
    if part <= debut:
        calcul = f"avancement de {format_taux(part)}, pas au-delà de {format_taux(debut)}"
    elif part >= fin:
        calcul = f"avancement de {format_taux(part)}, au moins {format_taux(fin)} : avance entière"
    else:
        calcul = (
            f"{format_euros(marche.avance)} × ({format_taux(part)} - {format_taux(debut)})"
            f" / ({format_taux(fin)} - {format_taux(debut)})"
        )
    return (versee, _au_cumul("avance-remboursement", calcul, apres.avance, avant.avance))


def _penalites(marche: MarchePrix, situation: Situation, avant: Etat, apres: Etat) -> tuple[Etape, ...]:
    if not situation.jours_retard and not avant.penalites:
        return ()
    par_jour = penalite_par_jour(marche)
    brutes = arrondi(par_jour * situation.jours_retard)
    diviseur = referentiel.regle_calcul("penalite-diviseur")
    seuil = referentiel.regle_calcul("penalite-exoneration")
    detail = (
        f"{format_euros(par_jour)} par jour, fixés par le CCAP"
        if marche.penalite_par_jour is not None
        else f"{format_euros(marche.montant_ht)} / {nombre(diviseur.valeur or CENT)}"
    )
    etapes = [etape("penalite-diviseur", f"{detail} × {en_jours(situation.jours_retard)}", format_euros(brutes))]
    if not apres.penalites and brutes:
        etapes.append(
            etape("penalite-exoneration", f"pas plus de {format_euros(sans_zeros(seuil.valeur or ZERO))}", "exonéré")
        )
    elif apres.penalites < brutes:
        plafond = format_euros(plafond_penalites(marche))
        etapes.append(etape("penalite-plafond", f"{format_euros(brutes)} dépassent le plafond", plafond))
    etapes.append(_au_cumul("penalites", "total dû", apres.penalites, avant.penalites))
    return tuple(etapes)


def _net(avant: Etat, apres: Etat, dernier: bool) -> tuple[Etape, ...]:
    deductions = [
        format_euros(getattr(apres, nom) - getattr(avant, nom))
        for nom in ("sous_traitance", "retenue", "avance", "penalites")
        if getattr(apres, nom) != getattr(avant, nom)
    ]
    formule = " - ".join((format_euros(apres.ttc - avant.ttc), *deductions))
    net = etape("net", formule, format_euros(apres.net - avant.net))
    if dernier:
        return (net,)
    a_payer = apres.verses[-1]
    deja = sum(apres.verses[:-1], ZERO)
    calcul = f"net cumulé {format_euros(apres.net)} - acomptes précédents {format_euros(deja)}"
    acompte = etape("acompte", calcul, format_euros(a_payer))
    if apres.net < deja:
        return (net, etape("acompte-report", calcul, format_euros(apres.net - deja)), acompte)
    return (net, acompte)
