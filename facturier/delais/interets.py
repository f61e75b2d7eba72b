"""Default interest: one rate for the whole delay, days counted, the fixed indemnity, each step explained."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from facturier import referentiel
from facturier.delais.echeances import Echeance, echeance
from facturier.delais.etapes import Etape, depuis_ligne, en_date, en_jours, etape, la_plus_faible
from facturier.erreurs import ErreurFacturier
from facturier.montants import CHIFFRES_MAX, arrondi, format_euros, format_taux
from facturier.referentiel import TauxBce
from facturier.referentiel.socle import Fiabilite

_ZERO = Decimal("0.00")
_DEMESURE = Decimal(10) ** CHIFFRES_MAX
_JUIN = 6


@dataclass(frozen=True)
class Interets:
    """What a late payment costs, in euros. ``taux`` is in per cent a year, None when nothing is late.

    ``a_verser_avant`` is the last day to pay interest and indemnity once the principal is paid.
    """

    base: Decimal
    taux: Decimal | None
    jours: int
    montant: Decimal
    indemnite: Decimal
    a_verser_avant: date | None
    etapes: tuple[Etape, ...]

    @property
    def total(self) -> Decimal:
        return self.montant + self.indemnite

    @property
    def fiabilite(self) -> Fiabilite:
        return la_plus_faible(self.etapes)


def interets_moratoires(
    base_ttc: Decimal, retenue_garantie: Decimal, limite: Echeance | date, paiement: date
) -> Interets:
    """Interest due when ``base_ttc`` euros, less the retenue de garantie, are paid on ``paiement``, after ``limite``.

    Only the final amount is rounded, to the cent. Paid in time: nothing is due.

    Raises:
        ErreurFacturier: ``assiette-incoherente``; ``delai-interrompu`` when the delay has no end yet; ``taux-inconnu``
            when no rate is known for the semester in which the delay began.
    """
    fin = limite.limite if isinstance(limite, Echeance) else limite
    if fin is None:
        raise ErreurFacturier(
            "Le délai de paiement est interrompu : il n’y a pas encore d’échéance, donc pas de retard à calculer.",
            code="delai-interrompu",
        )
    finies = base_ttc.is_finite() and retenue_garantie.is_finite()
    if not finies or not 0 <= retenue_garantie <= base_ttc < _DEMESURE:
        raise ErreurFacturier(
            "L’assiette des intérêts n’a pas de sens : il faut un principal TTC positif et une retenue de garantie "
            "qui ne le dépasse pas.",
            code="assiette-incoherente",
        )
    base = base_ttc - retenue_garantie
    formule = f"{format_euros(base_ttc)} - {format_euros(retenue_garantie)}" if retenue_garantie else "montant TTC"
    etapes = [etape("interets-assiette", formule, format_euros(base))]
    jours = (paiement - fin).days
    if jours <= 0:
        etapes.append(
            etape("sans-retard", f"échéance {en_date(fin)}, paiement {en_date(paiement)}", format_euros(_ZERO))
        )
        return Interets(base, None, 0, _ZERO, _ZERO, None, tuple(etapes))
    debut = fin + timedelta(days=1)
    etapes.append(etape("interets-jours", f"du {en_date(debut)} au {en_date(paiement)}", en_jours(jours)))
    taux = taux_du_retard(debut)
    majoration = referentiel.delai("interets-majoration", debut)
    etapes.append(
        etape(
            "interets-taux",
            f"{semestre(debut)} : {format_taux(taux.refi)} + {majoration.duree} points",
            format_taux(taux.interets),
        )
    )
    annee = referentiel.delai("interets-base-annee", debut)
    montant = arrondi(base * taux.interets * jours / (100 * Decimal(annee.duree or 1)))
    etapes.append(
        etape(
            "interets-montant",
            f"{format_euros(base)} × {format_taux(taux.interets)} × {jours} / {annee.duree}",
            format_euros(montant),
        )
    )
    forfait = referentiel.delai("indemnite-forfaitaire", debut)
    indemnite = Decimal(forfait.duree or 0).quantize(_ZERO)
    etapes.append(
        depuis_ligne(forfait, forfait.objet, "due sans demande, une fois par retard", format_euros(indemnite))
    )
    versement = echeance("interets-versement", paiement)
    etapes.append(versement.etapes[0])
    return Interets(base, taux.interets, jours, montant, indemnite, versement.limite, tuple(etapes))


def taux_du_retard(debut: date) -> TauxBce:
    """The rate of a delay that began to run on that day: it holds until payment, whatever the later semesters say.

    Raises:
        ErreurFacturier: ``taux-inconnu``.
    """
    lignes = referentiel.taux_bce(debut)
    if not lignes:
        raise ErreurFacturier(
            f"Aucun taux d’intérêts moratoires n’est connu pour le {semestre(debut)} : "
            "complétez la table « taux_bce » avec sa source.",
            code="taux-inconnu",
        )
    return lignes[0]


def semestre(jour: date) -> str:
    """``1er semestre 2026``."""
    return f"{'1er' if jour.month <= _JUIN else '2e'} semestre {jour.year}"
