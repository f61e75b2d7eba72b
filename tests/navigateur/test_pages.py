"""The notebooks as pages without code: in French, nothing from a network, each learner's answers their own."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import nbformat
import pytest

from facturier.formulaires.espace import cle_apprenant
from facturier.lanceur.serveur import Serveur

ACCUEIL = "notebooks/00_accueil.ipynb"
PORTAIL = "release/essai_pages/exercices.ipynb"
ZOE, ADAM = "jeton-de-zoe-00001", "jeton-d-adam-00002"


@pytest.fixture
def ouvrir(page: Any, seance: Serveur) -> Callable[..., Any]:
    """Open that notebook as a page, until its forms are there."""

    def _ouvrir(carnet: str, apprenant: str = "") -> Any:
        page.goto(seance.page(carnet) + (f"&apprenant={apprenant}" if apprenant else ""))
        page.locator("main .facturier, main .facturier-ecran").first.wait_for()
        return page

    return _ouvrir


@pytest.fixture
def portail(seance: Serveur) -> Iterator[str]:
    """A notebook that shows the screens of the portal."""
    fichier = seance.dossiers.espace / PORTAIL
    fichier.parent.mkdir()
    cellules = [
        nbformat.v4.new_markdown_cell("# Le portail d’entraînement"),
        nbformat.v4.new_code_cell("from facturier import lecon"),
        nbformat.v4.new_code_cell("lecon.portail()"),
    ]
    nb = nbformat.v4.new_notebook(cells=cellules, metadata={"kernelspec": {"name": "python3", "display_name": "P"}})
    fichier.write_text(nbformat.writes(nb), encoding="utf-8")
    yield PORTAIL
    for reste in sorted(fichier.parent.rglob("*"), reverse=True):
        reste.unlink() if reste.is_file() else reste.rmdir()
    fichier.parent.rmdir()


def test_a_la_souris_la_page_est_en_francais_sans_code_et_mene_a_la_suivante(
    ouvrir: Callable[..., Any], seance: Serveur, manquements_graves: Callable[[Any, str], list[str]]
) -> None:
    page = ouvrir(ACCUEIL, ZOE)
    assert page.evaluate("document.documentElement.lang") == "fr"
    assert page.title() == "Accueil — Le Facturier"
    lu = page.locator("body").inner_text()
    assert "lecon." not in lu
    assert "Traceback" not in lu
    page.get_by_label("Votre prénom").fill("Zoé")
    page.keyboard.press("Tab")
    page.get_by_text("Réponse enregistrée à").first.wait_for()
    assert page.get_by_text("Copie gardée dans ce carnet").count() == 0  # nobody saves it
    assert _prenom(seance, ZOE) == "Zoé"
    assert manquements_graves(page, "main") == []
    page.reload()
    page.get_by_label("Votre prénom").wait_for()
    assert page.get_by_label("Votre prénom").input_value() == "Zoé"
    page.get_by_role("link", name="quiz d’entrée").click()
    page.get_by_role("heading", name="Quiz d’entrée").first.wait_for()
    assert f"apprenant={ZOE}" in page.url


def test_deux_apprenants_d_un_meme_dossier_ne_voient_pas_leurs_reponses(
    ouvrir: Callable[..., Any], seance: Serveur
) -> None:
    prenoms = {"jeton-de-lou-00003": "Lou", "jeton-de-ines-0004": "Inès"}
    for jeton, prenom in prenoms.items():
        page = ouvrir(ACCUEIL, jeton)
        assert page.get_by_label("Votre prénom").input_value() == ""
        page.get_by_label("Votre prénom").fill(prenom)
        page.keyboard.press("Tab")
        page.get_by_text("Réponse enregistrée à").first.wait_for()
    assert {jeton: _prenom(seance, jeton) for jeton in prenoms} == prenoms


def test_au_clavier_on_saute_au_contenu_puis_on_demande_de_l_aide_sur_un_ecran(
    ouvrir: Callable[..., Any], portail: str, seance: Serveur, manquements_graves: Callable[[Any, str], list[str]]
) -> None:
    page = ouvrir(portail, ZOE)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Aller au contenu"
    page.keyboard.press("Enter")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText || ''").strip() == "J’ai besoin d’aide":
            break
    else:
        raise AssertionError("« J’ai besoin d’aide » ne s’atteint pas au clavier")
    page.keyboard.press("Enter")
    page.get_by_text("Votre demande est notée à").first.wait_for()
    assert manquements_graves(page, "main") == []


def test_une_page_fermee_arrete_son_noyau(ouvrir: Callable[..., Any], seance: Serveur) -> None:
    avant = {noyau["id"] for noyau in seance.appeler("GET", "kernels")}
    page = ouvrir(ACCUEIL, ADAM)
    neufs = {noyau["id"] for noyau in seance.appeler("GET", "kernels")} - avant
    assert neufs
    page.goto("about:blank")
    limite = time.monotonic() + 20
    while neufs & {noyau["id"] for noyau in seance.appeler("GET", "kernels")}:
        assert time.monotonic() < limite, "le noyau d’une page fermée tourne encore"
        time.sleep(0.2)


def _prenom(seance: Serveur, jeton: str) -> str:
    annexe = seance.dossiers.espace / "notebooks" / "reponses" / cle_apprenant(jeton) / "00_accueil.json"
    return str(json.loads(annexe.read_text(encoding="utf-8"))["formulaires"]["accueil"]["valeurs"]["prenom"])
