"""The notebooks as pages without code: in French, nothing from a network, each learner's answers their own."""

from __future__ import annotations

import json
import time
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import nbformat
import pytest

from facturier.formulaires.espace import cle_apprenant
from facturier.lanceur.serveur import Serveur
from tests.navigateur.mesures import AGRANDI, COUPE, IMPRIME, TELEPHONE
from tests.navigateur.test_depot import DEPOT
from tests.navigateur.test_ecrans import ECRAN, deposer_un_lot

ACCUEIL = "notebooks/00_accueil.ipynb"
SANS_MOE = "release/sans_moe/exercices.ipynb"
SORTIE = "release/quiz_sortie/exercices.ipynb"
PORTAIL = "release/essai_pages/exercices.ipynb"
ZOE, ADAM = "jeton-de-zoe-00001", "jeton-d-adam-00002"
PRETS = """() => {
  const tous = [...document.querySelectorAll("main .facturier-ecran")];
  return tous.length && tous.every((e) => e.querySelector("h2"));
}"""
"""The forms of the page are live."""


@pytest.fixture
def ouvrir(page: Any, seance: Serveur) -> Callable[..., Any]:
    """Open that notebook as a page, until its forms are there."""

    def _ouvrir(carnet: str, apprenant: str = "") -> Any:
        page.goto(seance.page(carnet) + (f"&apprenant={apprenant}" if apprenant else ""))
        page.wait_for_function(PRETS)
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
    ouvrir: Callable[..., Any], seance: Serveur, manquements_graves: Callable[..., list[str]]
) -> None:
    page = ouvrir(ACCUEIL, ZOE)
    assert page.evaluate("document.documentElement.lang") == "fr"
    assert page.title() == "Accueil — Le Facturier"
    lu = page.locator("body").inner_text()
    assert not [mot for mot in ("lecon.", "Traceback", "Maj", "grisée", "Ctrl") if mot in lu]
    page.get_by_label("Votre prénom").fill("Zoé")
    page.keyboard.press("Tab")
    page.get_by_text("Réponse enregistrée à").first.wait_for()
    assert page.get_by_text("Copie gardée dans ce carnet").count() == 0  # nobody saves it
    assert _prenom(seance, ZOE) == "Zoé"
    page.get_by_role("button", name="J’ai besoin d’aide").first.click()
    page.get_by_text("Rechargez la page").first.wait_for()
    assert manquements_graves(page, "body") == []
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


def test_une_facture_se_depose_un_montant_se_remet_et_rien_ne_se_perd(
    ouvrir: Callable[..., Any], manquements_graves: Callable[..., list[str]]
) -> None:
    page = ouvrir(SANS_MOE, ZOE)
    for libelle, valeur in DEPOT.items():
        champ = page.get_by_label(libelle).last
        if champ.evaluate("e => e.nodeName") == "SELECT":
            choix = champ.locator("option").all_inner_texts()
            champ.select_option(label=next(c for c in choix if c.split()[0] == valeur))
        else:
            champ.fill(valeur)
    page.get_by_label("Montant net à payer").fill("4 811,88")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Valider et envoyer").click()
    pieces = page.locator("table", has=page.get_by_text("Vos pièces sur le portail d’entraînement"))
    pieces.get_by_text("FA-2026-10-0417").wait_for()
    assert manquements_graves(page, "body") == []
    page.reload()
    pieces.get_by_text("FA-2026-10-0417").wait_for()
    page.wait_for_function(PRETS)
    assert page.get_by_label("Montant net à payer").input_value() == "4 811,88"
    page.emulate_media(color_scheme="dark")
    assert manquements_graves(page, "body", {"runOnly": ["color-contrast"]}) == []
    page.set_viewport_size({"width": AGRANDI, "height": 450})
    assert page.evaluate(COUPE) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(IMPRIME) == []
    assert page.evaluate(COUPE) == []


def test_un_quiz_se_lit_sur_un_telephone_une_ligne_par_etat(ouvrir: Callable[..., Any], page: Any) -> None:
    page.set_viewport_size({"width": TELEPHONE, "height": 844})
    ouvrir(SORTIE, "jeton-de-mia-00005")
    assert page.evaluate(COUPE) == []
    etats = page.locator(f"{ECRAN} .etat")
    assert etats.count() >= 10
    assert etats.evaluate_all("tous => tous.map((e) => e.getClientRects().length)") == [1] * etats.count()
    assert (
        etats.first.evaluate("e => e.getBoundingClientRect().left - e.parentElement.getBoundingClientRect().left") > 0
    )


def test_au_clavier_une_question_a_sa_reponse_puis_le_travail_est_rendu(
    ouvrir: Callable[..., Any], manquements_graves: Callable[..., list[str]]
) -> None:
    page = ouvrir(SORTIE, ADAM)
    premiere = page.locator(f"{ECRAN} input[type=radio]").first
    premiere.focus()
    page.keyboard.press("Space")
    page.get_by_text("Réponse enregistrée à").first.wait_for()
    _tabuler(page, "Rendre mon travail")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Oui : Rendre mon travail").focus()
    page.keyboard.press("Enter")
    _tabuler(page, "Télécharger ce fichier")
    with page.expect_download() as recu:
        page.keyboard.press("Enter")
    with zipfile.ZipFile(recu.value.path()) as archive:
        assert "release/quiz_sortie/reponses/exercices.json" in archive.namelist()
    assert manquements_graves(page, "body") == []


def test_au_clavier_on_saute_au_contenu_puis_on_demande_de_l_aide_sur_un_ecran(
    ouvrir: Callable[..., Any], portail: str, manquements_graves: Callable[..., list[str]]
) -> None:
    page = ouvrir(portail, ZOE)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Aller au contenu"
    page.keyboard.press("Enter")
    _tabuler(page, "J’ai besoin d’aide")
    page.keyboard.press("Enter")
    page.get_by_text("Votre demande est notée à").first.wait_for()
    assert manquements_graves(page, "body") == []
    deposer_un_lot(page)
    page.reload()
    page.locator(f"{ECRAN} h2", has_text="Déposer un lot").wait_for()


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


def _tabuler(page: Any, voulu: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText || ''").strip().startswith(voulu):
            return
    raise AssertionError(f"« {voulu} » ne s’atteint pas au clavier")


def _prenom(seance: Serveur, jeton: str) -> str:
    annexe = seance.dossiers.espace / "notebooks" / "reponses" / cle_apprenant(jeton) / "00_accueil.json"
    return str(json.loads(annexe.read_text(encoding="utf-8"))["formulaires"]["accueil"]["valeurs"]["prenom"])
