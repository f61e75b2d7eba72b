"""Drawn questions on amounts: VAT, monthly décomptes, retenue, revision, penalties (``facturier.travaux``)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from random import Random

from facturier import referentiel
from facturier.evaluation.calculs import Calcul, Donnees, somme, un_montant
from facturier.montants import arrondi, format_euros, format_nombre, format_taux
from facturier.travaux import MarchePrix, Revision, Situation, TermeRevision, etat_acompte, projet_decompte_mensuel
from facturier.travaux.calcul import penalite_par_jour, penalites_dues

_CENT = Decimal(100)
_NOTIFIE = date(2026, 1, 15)
_ZERO = Decimal(0)


def _taux(usage: str) -> Decimal:
    """The rate of VAT in mainland France whose use begins so."""
    for ligne in referentiel.taux_tva():
        if ligne.territoire.startswith("France continentale") and ligne.usage.startswith(usage) and ligne.taux:
            return ligne.taux
    raise LookupError(usage)


def _retenue() -> Decimal:
    return Decimal(referentiel.delai("retenue-garantie").duree or 0)


def _part(montant: Decimal, pour_cent: Decimal) -> Decimal:
    return arrondi(montant * pour_cent / _CENT)


def tva_a_payer(hasard: Random, au: date) -> Donnees:
    """The VAT of an invoice at the normal rate; mistakes: VAT drawn from the TTC amount, the TTC itself."""
    ht, taux = un_montant(hasard, 1_200, 9_800, 100), _taux("taux normal")
    tva = _part(ht, taux)
    return somme(
        tva,
        {"en_dedans": arrondi(ht * taux / (_CENT + taux)), "ttc": ht + tva},
        ht=format_euros(ht),
        taux=format_taux(taux),
    )


def taux_de_tva(hasard: Random, au: date) -> Donnees:
    """The rates of VAT; for an item whose choices call them."""
    dom = next(t.taux for t in referentiel.taux_tva() if t.territoire.startswith("Guadeloupe") and t.taux)
    return Donnees(
        {
            "normal": format_taux(_taux("taux normal")),
            "intermediaire": format_taux(_taux("taux intermédiaire")),
            "reduit": format_taux(_taux("taux réduit")),
            "dom": format_taux(dom),
        },
        "",
        {},
        frozenset(),
    )


def ht_depuis_ttc(hasard: Random, au: date) -> Donnees:
    """HT found back from TTC; mistake: the rate taken off the TTC."""
    ht, taux = un_montant(hasard, 1_000, 9_000, 50), _taux("taux normal")
    ttc = ht + _part(ht, taux)
    return somme(
        ht, {"en_dehors": ttc - _part(ttc, taux), "tva": ttc - ht}, ttc=format_euros(ttc), taux=format_taux(taux)
    )


def ttc_deux_taux(hasard: Random, au: date) -> Donnees:
    """TTC of an invoice with two rates; mistake: everything at the normal rate."""
    normal, reduit = _taux("taux normal"), _taux("taux réduit")
    produits, denrees = un_montant(hasard, 400, 2_000, 20), un_montant(hasard, 600, 3_000, 20)
    return somme(
        produits + denrees + _part(produits, normal) + _part(denrees, reduit),
        {"tout_normal": produits + denrees + _part(produits + denrees, normal), "ht": produits + denrees},
        produits=format_euros(produits),
        denrees=format_euros(denrees),
        normal=format_taux(normal),
        reduit=format_taux(reduit),
    )


def _mois(hasard: Random, retenue: Decimal = _ZERO) -> tuple[MarchePrix, Situation, Situation]:
    """A market and its first two months; the sums go by hundreds."""
    marche_ht = un_montant(hasard, 90_000, 240_000, 5_000)
    avant = un_montant(hasard, 10_000, 30_000, 500)
    apres = avant + un_montant(hasard, 8_000, 40_000, 500)
    marche = MarchePrix(marche_ht, _taux("taux normal"), _NOTIFIE, 12, retenue_taux=retenue)
    return marche, Situation(date(2026, 3, 1), avant), Situation(date(2026, 4, 1), apres)


def _dit(marche: MarchePrix, premier: Situation, second: Situation) -> Mapping[str, str]:
    return {
        "marche": format_euros(marche.montant_ht),
        "avant": format_euros(premier.cumul_ht),
        "apres": format_euros(second.cumul_ht),
        "taux": format_taux(marche.taux_tva),
    }


def travaux_du_mois(hasard: Random, au: date) -> Donnees:
    """Works of the month, HT, from two cumulated amounts; mistakes: the cumul itself, both added."""
    marche, premier, second = _mois(hasard)
    projet = projet_decompte_mensuel(marche, (premier, second))
    return somme(
        projet.ht_du_mois,
        {"cumul": second.cumul_ht, "somme": premier.cumul_ht + second.cumul_ht},
        **_dit(marche, premier, second),
    )


def cumul_a_presenter(hasard: Random, au: date) -> Donnees:
    """What the monthly project presents: the cumul since notification; mistake: the month alone."""
    marche, premier, second = _mois(hasard)
    projet = projet_decompte_mensuel(marche, (premier, second))
    return somme(
        projet.etat.travaux,
        {"mois": projet.ht_du_mois},
        **_dit(marche, premier, second),
        mois=format_euros(projet.ht_du_mois),
    )


def net_du_mois(hasard: Random, au: date) -> Donnees:
    """Net of a monthly acompte after the retenue; mistakes: retenue forgotten, VAT forgotten, drawn on the HT."""
    retenue = _retenue()
    marche, premier, second = _mois(hasard, retenue)
    piece = etat_acompte(projet_decompte_mensuel(marche, (premier, second))).decompte
    ht, ttc = piece.ht_du_mois, piece.ligne("ttc").mois
    return somme(
        piece.a_payer,
        {"sans_retenue": ttc, "sans_tva": ht - _part(ht, retenue), "sur_ht": ttc - _part(ht, retenue)},
        **_dit(marche, premier, second),
        retenue=format_taux(retenue),
        ht=format_euros(ht),
        ttc=format_euros(ttc),
    )


def retenue_de_garantie(hasard: Random, au: date) -> Donnees:
    """The retenue drawn on one month; mistakes: on the market's amount, on the HT."""
    retenue = _retenue()
    marche, premier, second = _mois(hasard, retenue)
    piece = etat_acompte(projet_decompte_mensuel(marche, (premier, second))).decompte
    return somme(
        piece.ligne("retenue").mois.copy_abs(),
        {"marche": _part(marche.montant_ht, retenue), "sur_ht": _part(piece.ht_du_mois, retenue)},
        **_dit(marche, premier, second),
        retenue=format_taux(retenue),
        ttc=format_euros(piece.ligne("ttc").mois),
    )


def travaux_revises(hasard: Random, au: date) -> Donnees:
    """Works of the month once revised, HT; mistakes: not revised, revised without the fixed part."""
    fixe, initial = Decimal("0.15"), Decimal(110)
    index = initial + Decimal(hasard.randrange(8, 45)) * Decimal("0.11")
    formule = Revision(fixe, (TermeRevision("BT01", 1 - fixe, initial),))
    travaux = un_montant(hasard, 10_000, 50_000, 1_000)
    marche = MarchePrix(Decimal(150_000), _taux("taux normal"), _NOTIFIE, 12, revision=formule)
    mois = Situation(date(2026, 3, 1), travaux, {"BT01": index})
    piece = etat_acompte(projet_decompte_mensuel(marche, (mois,))).decompte
    return somme(
        piece.ht_du_mois,
        {"sans_revision": travaux, "sans_part_fixe": arrondi(travaux * index / initial)},
        travaux=format_euros(travaux),
        initial=format_nombre(initial),
        index=format_nombre(index),
        fixe=format_nombre(fixe),
        reste=format_nombre(1 - fixe),
    )


def penalites(hasard: Random, au: date) -> Donnees:
    """Penalties for late works; mistakes: on the TTC amount, the exemption taken off."""
    marche = MarchePrix(un_montant(hasard, 120_000, 300_000, 30_000), _taux("taux normal"), _NOTIFIE, 12)
    jours = 26 + hasard.randrange(20)
    dues = penalites_dues(marche, jours)
    exoneration = referentiel.regle_calcul("penalite-exoneration").valeur or _ZERO
    return somme(
        dues,
        {"ttc": dues + _part(dues, marche.taux_tva), "franchise": dues - exoneration},
        marche=format_euros(marche.montant_ht),
        jours=str(jours),
        par_jour=format_euros(penalite_par_jour(marche)),
    )


def penalites_exonerees(hasard: Random, au: date) -> Donnees:
    """Penalties small enough to be waived: nothing; mistake: the plain product."""
    marche = MarchePrix(un_montant(hasard, 60_000, 120_000, 30_000), _taux("taux normal"), _NOTIFIE, 12)
    jours = 4 + hasard.randrange(12)
    brut = arrondi(penalite_par_jour(marche) * jours)
    return somme(
        penalites_dues(marche, jours),
        {"brut": brut},
        marche=format_euros(marche.montant_ht),
        jours=str(jours),
        brut=format_euros(brut),
        seuil=format_euros(referentiel.regle_calcul("penalite-exoneration").valeur or Decimal(0)),
    )


def demande_autoliquidee(hasard: Random, au: date) -> Donnees:
    """What a building subcontractor invoices: HT, the titulaire accounts for the VAT; mistake: TTC."""
    ht, taux = un_montant(hasard, 4_000, 24_000, 250), _taux("taux normal")
    tva = _part(ht, taux)
    return somme(ht, {"ttc": ht + tva, "tva": tva}, ht=format_euros(ht), taux=format_taux(taux))


def sommes_admises(hasard: Random, au: date) -> Donnees:
    """What the maîtrise d'œuvre admits of a month, HT; mistakes: what was presented, nothing at all."""
    metres, refuses = 300 + 10 * hasard.randrange(40), 20 + 5 * hasard.randrange(12)
    prix = un_montant(hasard, 24, 60, 2)
    return somme(
        prix * (metres - refuses),
        {"presente": prix * metres, "rien": _ZERO, "ecart": prix * refuses},
        metres=str(metres),
        admis=str(metres - refuses),
        prix=format_euros(prix),
        presente=format_euros(prix * metres),
    )


CALCULS: Mapping[str, Calcul] = {
    "tva_a_payer": tva_a_payer,
    "taux_de_tva": taux_de_tva,
    "ht_depuis_ttc": ht_depuis_ttc,
    "ttc_deux_taux": ttc_deux_taux,
    "travaux_du_mois": travaux_du_mois,
    "cumul_a_presenter": cumul_a_presenter,
    "net_du_mois": net_du_mois,
    "retenue_de_garantie": retenue_de_garantie,
    "travaux_revises": travaux_revises,
    "penalites": penalites,
    "penalites_exonerees": penalites_exonerees,
    "demande_autoliquidee": demande_autoliquidee,
    "sommes_admises": sommes_admises,
}
