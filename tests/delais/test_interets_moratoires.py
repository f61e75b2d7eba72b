"""Default interest: the rate of the semester in which it began, the days, the base, the cent."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facturier import referentiel
from facturier.delais import Suspension, delai_de_paiement, interets_moratoires
from facturier.erreurs import ErreurFacturier

J = date.fromisoformat
D = Decimal
BASES = st.decimals(0, 10**9, places=2)
ECHEANCES = st.dates(date(2016, 6, 30), date(2026, 12, 30))


@pytest.mark.parametrize(
    ("base", "retenue", "limite", "paiement", "taux", "jours", "montant"),
    [
        # The worked example of the trade: 12 000 × 10,15 % × 15 / 365 = 50,0547
        ("12000", "0", "2026-05-01", "2026-05-16", "10.15", 15, "50.05"),
        # One day late, from 30 June: still the first semester; from 1 July: the second one, for the whole delay
        ("10000", "0", "2026-06-29", "2026-06-30", "10.15", 1, "2.78"),
        ("10000", "0", "2026-06-29", "2026-09-29", "10.15", 92, "255.84"),
        ("10000", "0", "2026-06-30", "2026-07-01", "10.40", 1, "2.85"),
        # 31 December: what begins on 1 January takes the new rate, what began before keeps the old one
        ("10000", "0", "2024-12-30", "2025-01-31", "12.25", 32, "107.40"),
        ("10000", "0", "2024-12-31", "2025-01-31", "11.15", 31, "94.70"),
        # Leap year: 29 February counts as a day, the base stays 365
        ("10000", "0", "2024-02-28", "2024-03-01", "12.50", 2, "6.85"),
        ("10000", "0", "2023-12-31", "2024-12-31", "12.50", 366, "1253.42"),
        # Works: base less the retenue de garantie; 37 224 - 1 861,20 = 35 362,80
        ("37224", "1861.20", "2026-07-31", "2026-08-20", "10.40", 20, "201.52"),
        ("100", "0", "2022-12-30", "2023-01-09", "8.00", 10, "0.22"),
    ],
)
def test_les_interets_se_recalculent_a_la_main(
    base: str, retenue: str, limite: str, paiement: str, taux: str, jours: int, montant: str
) -> None:
    du = interets_moratoires(D(base), D(retenue), J(limite), J(paiement))
    assert (du.taux, du.jours, du.montant) == (D(taux), jours, D(montant))
    exact = Fraction(D(base) - D(retenue)) * Fraction(D(taux)) / 100 * jours / 365
    assert abs(Fraction(du.montant) - exact) <= Fraction(1, 200)
    assert du.indemnite == D(40)
    assert du.total == D(montant) + 40
    assert du.a_verser_avant == J(paiement) + timedelta(days=45)


@pytest.mark.parametrize("paiement", ["2026-05-01", "2026-04-30", "2025-01-01"])
def test_paye_dans_le_delai_rien_n_est_du(paiement: str) -> None:
    du = interets_moratoires(D(12000), D(0), J("2026-05-01"), J(paiement))
    assert (du.jours, du.total, du.taux, du.a_verser_avant) == (0, D(0), None, None)


def test_l_echeance_prolongee_par_une_interruption_compte() -> None:
    suspension = Suspension(J("2026-04-11"), "pièce absente", J("2026-04-20"))
    limite = delai_de_paiement("commune", J("2026-04-01"), suspensions=[suspension])
    assert interets_moratoires(D(12000), D(0), limite, J("2026-05-20")).jours == 0
    assert interets_moratoires(D(12000), D(0), limite, J("2026-06-04")).montant == D("50.05")


@given(base=BASES, limite=ECHEANCES, retard=st.integers(1, 3000))
def test_les_interets_ne_sont_jamais_negatifs_et_croissent_avec_le_retard(
    base: Decimal, limite: date, retard: int
) -> None:
    un = interets_moratoires(base, D(0), limite, limite + timedelta(days=retard))
    deux = interets_moratoires(base, D(0), limite, limite + timedelta(days=retard + 1))
    assert 0 <= un.montant <= deux.montant
    assert un.taux == deux.taux
    assert un.indemnite == deux.indemnite
    assert un.montant == un.montant.quantize(D("0.01"))


@given(base=BASES, part=st.integers(0, 100), limite=ECHEANCES, retard=st.integers(1, 400))
def test_la_retenue_de_garantie_sort_de_l_assiette(base: Decimal, part: int, limite: date, retard: int) -> None:
    retenue = (base * part / 100).quantize(D("0.01"), ROUND_HALF_UP)
    paiement = limite + timedelta(days=retard)
    ensemble = interets_moratoires(base, retenue, limite, paiement)
    assert ensemble.montant == interets_moratoires(base - retenue, D(0), limite, paiement).montant


@given(limite=ECHEANCES)
def test_le_taux_est_celui_du_lendemain_de_l_echeance(limite: date) -> None:
    debut = limite + timedelta(days=1)
    taux = interets_moratoires(D(100), D(0), limite, debut).taux
    (ligne,) = (t for t in referentiel.taux_bce() if t.valide_du <= debut <= t.valide_au)  # type: ignore[operator]
    assert taux == ligne.interets == ligne.refi + 8


@pytest.mark.parametrize("etape", interets_moratoires(D(9), D(1), J("2026-05-01"), J("2026-05-16")).etapes)
def test_chaque_etape_dit_sa_source_et_ce_qui_n_est_pas_sur(etape) -> None:  # type: ignore[no-untyped-def]
    assert etape.libelle
    assert etape.formule
    assert etape.valeur
    assert etape.source
    assert bool(etape.precision) == (etape.fiabilite != "établi")


@pytest.mark.parametrize(
    ("base", "retenue", "limite", "code"),
    [
        ("100", "100.01", "2026-05-01", "assiette-incoherente"),
        ("-1", "0", "2026-05-01", "assiette-incoherente"),
        ("NaN", "0", "2026-05-01", "assiette-incoherente"),
        ("1E+30", "0", "2026-05-01", "assiette-incoherente"),
        ("100", "0", "2026-12-31", "taux-inconnu"),
        ("100", "0", "2016-06-29", "taux-inconnu"),
    ],
)
def test_un_calcul_impossible_est_refuse(base: str, retenue: str, limite: str, code: str) -> None:
    with pytest.raises(ErreurFacturier) as refus:
        interets_moratoires(D(base), D(retenue), J(limite), J("2027-02-01"))
    assert refus.value.code == code


def test_un_delai_interrompu_n_a_pas_de_retard() -> None:
    limite = delai_de_paiement("commune", J("2026-03-01"), suspensions=[Suspension(J("2026-03-11"), "pièce")])
    with pytest.raises(ErreurFacturier) as refus:
        interets_moratoires(D(100), D(0), limite, J("2026-06-01"))
    assert refus.value.code == "delai-interrompu"
