"""Ce qu’une page sans code demande au serveur qui la montre."""

from __future__ import annotations

from types import SimpleNamespace

import nbformat
import pytest

from facturier.erreurs import ErreurFacturier
from facturier.lanceur.pages import accueillir, adresse_de_classe


def test_une_page_prend_ses_mots_et_laisse_le_reste() -> None:
    texte = nbformat.v4.new_markdown_cell
    cellules = [
        texte("# Titre"),
        texte("Maj + Entrée", metadata={"facturier": {"page": "Cliquez."}}),
        texte("Elle n’affiche rien.", metadata={"facturier": {"page": ""}}),
        texte("Abîmée", metadata={"facturier": "page"}),
        nbformat.v4.new_code_cell("1", metadata={"facturier": {"page": "non"}}),
    ]
    vu = accueillir(SimpleNamespace(xsrf_token="preuve"), nbformat.v4.new_notebook(cells=cellules), "")
    assert [cellule.source for cellule in vu.cells] == ["# Titre", "Cliquez.", "Abîmée", "1"]


@pytest.mark.parametrize(
    ("saisie", "attendu"),
    [
        ("", ""),
        ("http://192.168.1.20:8765", "http://192.168.1.20:8765/poste"),
        (" https://classe.exemple.fr/ ", "https://classe.exemple.fr/poste"),
    ],
)
def test_l_adresse_de_la_classe_mene_a_ses_ecrans(saisie: str, attendu: str) -> None:
    assert adresse_de_classe(saisie) == attendu


@pytest.mark.parametrize("saisie", ["classe.exemple.fr", "javascript:alert(1)", "http://", "http://x:99999", "ftp://x"])
def test_ce_qui_n_est_pas_l_adresse_d_une_classe_est_refuse(saisie: str) -> None:
    with pytest.raises(ErreurFacturier, match="l’adresse d’une classe"):
        adresse_de_classe(saisie)
