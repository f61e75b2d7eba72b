"""What is said beside the number of a question: answered, or to be read again while there is time."""

from __future__ import annotations

from typing import Any

import pytest

from facturier.ecrans.questions import Reponse, blocs

NOMBRE = {"id": "q", "genre": "nombre", "question": "Quel est le montant de la TVA ?", "unite": "euros"}
JOUR = {"id": "q", "genre": "date", "question": "Quel jour ?"}
ORDRE = {
    "id": "q",
    "genre": "ordre",
    "question": "Dans quel ordre ?",
    "lignes": [{"id": "a", "texte": "Le compte"}, {"id": "b", "texte": "La structure"}],
    "cibles": [{"id": "1", "texte": "1"}, {"id": "2", "texte": "2"}],
}
APPARIEMENT = {**ORDRE, "genre": "appariement"}


def etat(item: dict[str, Any], reponse: Reponse) -> str:
    (bloc,) = blocs([item], {"q": reponse})
    return bloc.etat


@pytest.mark.parametrize("texte", ["1 120 €", "1120", "1 120,00 euros", "\u00a01120,00 "])
def test_un_nombre_ecrit_avec_son_unite_et_ses_espaces_est_une_reponse(texte: str) -> None:
    assert etat(NOMBRE, texte) == "répondu"


@pytest.mark.parametrize("texte", ["1.120,00", "20 % de 5600", "1120 ou 1200", "je ne sais pas"])
def test_un_nombre_qui_ne_se_lit_pas_est_dit_tout_de_suite(texte: str) -> None:
    assert etat(NOMBRE, texte).startswith("à relire")
    assert "1234,56" in etat(NOMBRE, texte)


@pytest.mark.parametrize(("texte", "lue"), [("24/11/2026", True), ("1er mars 2027", True), ("mi-mars", False)])
def test_une_date_se_lit_ou_se_recrit(texte: str, lue: bool) -> None:
    assert (etat(JOUR, texte) == "répondu") is lue


def test_un_rang_donne_deux_fois_se_dit_deux_lignes_appariees_au_meme_choix_non() -> None:
    assert etat(ORDRE, ["a=1", "b=1"]) == "à relire\u00a0: un même rang est donné deux fois"
    assert etat(ORDRE, ["a=1", "b=2"]) == "répondu"
    assert etat(ORDRE, ["a=1"]) == "à compléter"
    assert etat(APPARIEMENT, ["a=1", "b=1"]) == "répondu"


def test_ce_qui_est_vide_reste_a_repondre() -> None:
    assert etat(NOMBRE, "  ") == etat(ORDRE, []) == "à répondre"
