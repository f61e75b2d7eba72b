"""Amounts: what is accepted, what is refused, what is written back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facturier.erreurs import ErreurFacturier
from facturier.montants import arrondi, euros, format_euros, format_nombre, format_taux, lire_decimal, sans_zeros

CENTIMES = st.integers(min_value=0, max_value=10**12).map(lambda n: Decimal(n).scaleb(-2))


@pytest.mark.parametrize(
    ("texte", "valeur"),
    [
        ("1234,56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1\u00a0234,56\u00a0€", "1234.56"),
        ("1\u202f234\u202f567,8 €", "1234567.80"),
        ("1234.56", "1234.56"),
        ("0,5", "0.50"),
        ("12", "12.00"),
        ("  7 €  ", "7.00"),
        ("1234567", "1234567.00"),
    ],
)
def test_un_montant_ecrit_a_la_francaise_est_lu(texte: str, valeur: str) -> None:
    lu = euros(texte)
    assert lu == Decimal(valeur)
    assert lu.as_tuple().exponent == -2


@pytest.mark.parametrize(
    ("texte", "code"),
    [
        ("", "montant-vide"),
        ("   ", "montant-vide"),
        ("1.234", "montant-equivoque"),
        ("1,234", "montant-equivoque"),
        ("1.234.567", "montant-equivoque"),
        ("1,234,5", "montant-illisible"),
        ("1 23,45", "montant-illisible"),
        ("1.234,56", "montant-illisible"),
        ("12 34", "montant-illisible"),
        ("12,345", "montant-equivoque"),
        ("12,3456", "montant-illisible"),
        ("douze", "montant-illisible"),
        ("1e5", "montant-illisible"),
        ("NaN", "montant-illisible"),
        ("١٢", "montant-illisible"),
        ("12,", "montant-illisible"),
        (",5", "montant-illisible"),
        ("€", "montant-illisible"),
        ("-5", "montant-negatif"),
        ("9" * 14, "montant-illisible"),
        ("9" * 500, "montant-illisible"),
    ],
)
def test_un_montant_douteux_est_refuse_par_une_phrase(texte: str, code: str) -> None:
    with pytest.raises(ErreurFacturier) as refus:
        euros(texte)
    assert refus.value.code == code
    assert refus.value.phrase.endswith(".")
    assert len(refus.value.phrase) < 200


def test_un_montant_negatif_n_est_lu_que_si_on_le_demande() -> None:
    assert euros("-1 234,50 €", negatif=True) == Decimal("-1234.50")
    assert euros("\u221212,5", negatif=True) == Decimal("-12.50")
    assert str(euros("-0,00", negatif=True)) == "0.00"


def test_les_milliers_sont_separes_par_une_espace_fine_insecable() -> None:
    assert format_euros(Decimal("1234567.5")) == "1\u202f234\u202f567,50\u00a0€"
    assert format_euros(Decimal("-0.125")) == "-0,13\u00a0€"
    assert format_nombre(Decimal("412.50")) == "412,50"
    assert format_taux(Decimal("5.50")) == "5,5\u00a0%"
    assert format_taux(Decimal("20.00")) == "20\u00a0%"
    assert str(sans_zeros(Decimal("100"))) == "100"


@pytest.mark.parametrize(
    ("texte", "lu"),
    [("-1234.56", "-1234.56"), (" 7 ", "7"), (".5", "0.5"), ("+3.", "3"), ("999999999999999.9999999999", None)],
)
def test_un_nombre_de_fichier_se_lit_exactement(texte: str, lu: str | None) -> None:
    assert lire_decimal(texte) == Decimal(lu or texte)


@pytest.mark.parametrize("texte", ["", ".", "-", "1E100", "NaN", "Infinity", "1,5", "1" * 40, "1 234", "٣"])
def test_ce_qui_ne_se_calcule_pas_exactement_n_est_pas_un_nombre(texte: str) -> None:
    assert lire_decimal(texte) is None


def test_l_arrondi_du_demi_centime_s_eloigne_de_zero() -> None:
    assert arrondi(Decimal("0.005")) == Decimal("0.01")
    assert arrondi(Decimal("2.675")) == Decimal("2.68")
    assert arrondi(Decimal("-0.005")) == Decimal("-0.01")


@given(CENTIMES)
def test_ce_qui_est_ecrit_se_relit(valeur: Decimal) -> None:
    assert euros(format_euros(valeur)) == valeur
    assert euros(format_euros(-valeur), negatif=True) == -valeur


@given(st.text(max_size=60))
def test_n_importe_quel_texte_donne_un_montant_ou_une_phrase(texte: str) -> None:
    try:
        lu = euros(texte, negatif=True)
    except ErreurFacturier as refus:
        issue = refus.code
    else:
        issue = "montant-lu"
        assert lu.is_finite()
        assert lu == arrondi(lu)
    assert issue.startswith("montant-")


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=5))
def test_l_arrondi_reste_a_moins_d_un_demi_centime(valeur: Decimal) -> None:
    assert abs(arrondi(valeur) - valeur) <= Decimal("0.005")
    assert arrondi(arrondi(valeur)) == arrondi(valeur)


def test_un_montant_nul_n_a_pas_de_signe() -> None:
    assert str(arrondi(Decimal("-0.002"))) == "0.00"
    assert str(arrondi(Decimal("-0.005"))) == "-0.01"
