"""Une valeur remise devient un texte qui dit la même chose ; le reste devient une phrase."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facturier.erreurs import ErreurFacturier
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
        1j, b"x", 10**200, "x" * 3_000, print, Decimal("1E+5000"), (4811, 88),
    ],
)  # fmt: skip
def test_le_reste_est_refuse_en_une_phrase(valeur: Any) -> None:
    with pytest.raises(ValeurRefusee) as refus:
        en_texte(valeur)
    assert str(refus.value).endswith(".")


def test_une_virgule_a_la_francaise_est_expliquee() -> None:
    with pytest.raises(ValeurRefusee, match="un point avant les centimes"):
        en_texte((4811, 88))


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
        en_usage = [ligne for ligne in referentiel.table(nom) if getattr(ligne, "actif", True)]
        assert html_tableau(nom).count("<tr>") == len(en_usage) + 1


def test_un_code_a_ne_plus_employer_ne_se_montre_pas() -> None:
    assert ">A11<" not in html_tableau("cadres")
    with pytest.raises(ErreurFacturier, match="« A11 »"):
        html_tableau("cadres", None, ["A1", "A11"])


def test_un_tableau_ne_montre_que_les_lignes_demandees_dans_son_ordre() -> None:
    page = html_tableau("cadres", None, ["A12", "A1", "A10"])
    assert re.findall(r'<th scope="row">(\w+)</th>', page) == ["A1", "A10", "A12"]
    assert "haute" not in page.split("</style>")[1]
    assert "50" in html_tableau("delais", None, ["paiement-sante"])


def test_un_code_inconnu_se_dit_avec_ceux_qui_existent() -> None:
    with pytest.raises(ErreurFacturier, match=r"« A99 ».*A1, A2, A3") as refus:
        html_tableau("cadres", None, ["A99"])
    assert "A11" not in refus.value.phrase
    with pytest.raises(ErreurFacturier, match="pas de code"):
        html_tableau("mentions", None, ["1"])


def test_les_sources_sont_repliees_une_fois_chacune_et_les_reserves_dites() -> None:
    page = html_tableau("cadres", None, ["A1", "A2", "A10"])
    sources = page.split("<details>")[1]
    assert sources.count("go-choruspro") == 1
    assert "go-choruspro — toutes les lignes" in sources
    assert "A10 (partiel)" in sources
    assert "A1 (" not in sources


def test_un_long_tableau_defile_au_clavier_sous_un_nom() -> None:
    cadre = html_tableau("cadres").split("</style>")[1]
    assert 'class="facturier-cadre haute" role="region" aria-label="Cadres de facturation" tabindex="0"' in cadre


@pytest.mark.parametrize(
    ("valeur", "lu"), [(None, "—"), (True, "oui"), (Decimal("5.50"), "5,5"), (("a", "b"), "a, b"), (30, "30")]
)
def test_une_cellule_se_lit_en_francais(valeur: Any, lu: str) -> None:
    assert en_clair(valeur) == lu


def test_un_tableau_de_statuts_dit_lesquels_ne_se_verront_pas_et_pourquoi() -> None:
    titre = "Jamais vu dans le portail d’entraînement, parce que"
    tout = html_tableau("statuts")
    assert titre in tout
    assert tout.count("Variante technique que rien de lu n’explique") == 2
    assert titre not in html_tableau("statuts", None, ["SUSPENDUE", "MANDATEE"])
