"""Une valeur remise devient un texte qui dit la même chose ; le reste devient une phrase."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facturier.formulaires.tableau import en_clair, html_tableau
from facturier.formulaires.valeur import ValeurRefusee, en_texte


@pytest.mark.parametrize(
    ("valeur", "texte"),
    [
        (4811.88, "4811.88"),
        (12, "12"),
        (True, "True"),
        (Decimal("1E+3"), "1000"),
        (Decimal("4811.880"), "4811.880"),
        ("  1 234,56 € ", "1 234,56 €"),
        (np.float64(0.5), "0.5"),
        (np.int64(7), "7"),
        (np.bool_(True), "True"),
        (np.str_("A1"), "A1"),
        (np.array(3.5), "3.5"),
        (pd.Series([1.5, 2.5]).sum(), "4.0"),
        (..., ""),
        (None, ""),
        ("", ""),
        ("   ", ""),
        (pd.NA, ""),
        (pd.NaT, ""),
    ],
)
def test_les_nombres_les_textes_et_les_blancs_se_remettent(valeur: Any, texte: str) -> None:
    assert en_texte(valeur) == texte


@pytest.mark.parametrize(
    "valeur",
    [
        float("nan"), np.float64("inf"), Decimal("NaN"), [1], {"a": 1}, (1,), pd.Series([1]), np.array([1]), object(),
        1j, b"x", 10**200, "x" * 3_000, print, Decimal("1E+5000"),
    ],
)  # fmt: skip
def test_le_reste_est_refuse_en_une_phrase(valeur: Any) -> None:
    with pytest.raises(ValeurRefusee) as refus:
        en_texte(valeur)
    assert str(refus.value).endswith(".")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_un_nombre_remis_se_relit_exactement(nombre: float) -> None:
    assert float(en_texte(nombre)) == nombre


def test_un_tableau_a_une_legende_des_entetes_et_ses_sources() -> None:
    page = html_tableau("cadres")
    assert "<caption>Cadres de facturation</caption>" in page
    assert '<th scope="col">Fiabilité</th>' in page
    assert '<th scope="row">A1</th>' in page
    assert "établi" in page


def test_chaque_table_du_referentiel_se_montre() -> None:
    from facturier import referentiel

    for nom in referentiel.NOMS:
        assert html_tableau(nom).count("<tr>") == len(referentiel.table(nom)) + 1


@pytest.mark.parametrize(
    ("valeur", "lu"), [(None, "—"), (True, "oui"), (Decimal("5.50"), "5,5"), (("a", "b"), "a, b"), (30, "30")]
)
def test_une_cellule_se_lit_en_francais(valeur: Any, lu: str) -> None:
    assert en_clair(valeur) == lu
