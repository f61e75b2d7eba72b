"""Les écrans du portail dans JupyterLab : à la souris, au clavier seul, retrouvés, accessibles."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

from facturier.lanceur.serveur import Serveur
from tests.navigateur.ecole import ECRAN
from tests.navigateur.mesures import IMPRIME

SIRET = "26990001500018"
SIRET_DEMANDE = "SIRET du destinataire public"


def titre(page: Any, texte: str) -> None:
    page.locator(f"{ECRAN} h2", has_text=texte).wait_for()


def actif(page: Any) -> str:
    lu = page.evaluate("document.activeElement.dataset.champ || document.activeElement.innerText.trim()")
    return str(lu).replace("\u00a0", " ")


def tabuler_jusqu_a(page: Any, texte: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if actif(page) == texte:
            return
    raise AssertionError(f"« {texte} » ne s’atteint pas au clavier (arrêt sur « {actif(page)} »)")


def vers_la_saisie(page: Any) -> None:
    page.locator(f"{ECRAN} nav").get_by_role("link", name="Saisir une facture").click()
    titre(page, "Saisir une facture")


def saisir(page: Any, texte: str) -> None:
    page.get_by_label(SIRET_DEMANDE).fill(texte)
    page.keyboard.press("Tab")
    page.locator(ECRAN).get_by_text("Réponse enregistrée à").wait_for()


def deposer_un_lot(page: Any) -> None:
    """Send an archive through the comm: the portal names each file it holds."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as ecrite:
        ecrite.writestr("facture-de-novembre.xml", "<Invoice/>")
    page.locator(f"{ECRAN} nav").get_by_role("link", name="Déposer un fichier").click()
    titre(page, "Déposer un fichier")
    page.locator(ECRAN).get_by_role("link", name="Déposer un lot").click()
    titre(page, "Déposer un lot")
    page.locator(f"{ECRAN} input[type=file]").set_input_files(
        {"name": "lot.zip", "mimeType": "application/zip", "buffer": archive.getvalue()}
    )
    page.locator(ECRAN).get_by_text("lot.zip").first.wait_for()
    page.locator(ECRAN).get_by_role("button", name="Déposer le lot").click()
    page.locator(ECRAN).get_by_text("facture-de-novembre.xml").wait_for()


def test_un_fichier_monte_au_portail_et_un_autre_en_descend(portail: Any, carnet: Callable[[str], Any]) -> None:
    deposer_un_lot(portail.page)
    page = carnet("release/quiz_sortie/exercices.ipynb").page
    page.get_by_role("button", name="Rendre mon travail").click()
    page.get_by_role("button", name="Oui : Rendre mon travail").click()
    with page.expect_download() as recu:
        page.get_by_role("button", name="Télécharger ce fichier").click()
    with zipfile.ZipFile(recu.value.path()) as archive:
        assert "recu.json" in archive.namelist()


def test_un_ecran_s_imprime_entier_sans_bouton_et_avec_ce_qui_est_saisi(portail: Any) -> None:
    page = portail.page
    page.locator(f"{ECRAN} nav").get_by_role("link", name="Déposer une pièce de travaux").click()
    titre(page, "Déposer une pièce de travaux")
    vers_la_saisie(page)
    saisir(page, SIRET)
    page.evaluate("""() => { window.print = () => {
      const feuille = document.querySelector("body > .a-imprimer");
      window.imprime = feuille.outerHTML;
      window.saisi = [...feuille.querySelectorAll("input")].map((e) => e.value);
    }; }""")
    page.locator(ECRAN).get_by_role("button", name="Imprimer cette page").click()
    assert SIRET in page.evaluate("window.saisi")
    assert page.locator(".a-imprimer").count() == 0
    page.emulate_media(media="print", color_scheme="dark")
    page.evaluate("""() => {
      document.documentElement.classList.add("facturier-imprime");
      document.body.insertAdjacentHTML("beforeend", window.imprime);
    }""")
    assert page.evaluate(IMPRIME) == []
    feuille = page.locator("body > .a-imprimer").bounding_box()
    assert feuille is not None
    entier = page.evaluate("[document.documentElement.scrollHeight, document.documentElement.scrollWidth]")
    assert entier[0] >= feuille["height"] > 900, "l’écran est coupé à la hauteur de la fenêtre"
    assert entier[1] <= 1280


def test_a_la_souris_un_champ_vide_arrete_le_geste_et_recoit_le_curseur(
    portail: Any, manquements_graves: Callable[[Any, str], list[str]]
) -> None:
    page = portail.page
    assert manquements_graves(page, ECRAN) == []
    page.locator(f"{ECRAN} nav").get_by_role("link", name="Assistance").click()
    titre(page, "Assistance")
    page.locator(f"{ECRAN} nav").get_by_role("link", name="Déposer un fichier").click()
    titre(page, "Déposer un fichier")
    assert actif(page) == "Déposer un fichier"
    page.locator(f"{ECRAN} button.principal").last.click()
    page.locator(ECRAN).get_by_role("alert").get_by_text("Rien n’est envoyé").wait_for()
    premier = page.locator(f"{ECRAN} .recap a").first
    vise = str(premier.get_attribute("data-vers")).rpartition("-c-")[2]
    assert actif(page) == vise
    premier.click()
    assert actif(page) == vise
    assert manquements_graves(page, ECRAN) == []
    page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    assert manquements_graves(page, ECRAN) == []
    page.evaluate("document.body.dataset.jpThemeLight = 'true'")
    page.set_viewport_size({"width": 768, "height": 1024})
    larges = f"""[...document.querySelectorAll('{ECRAN} *')]
        .filter(e => e.getBoundingClientRect().right > 768 && !e.closest('.deborde'))
        .map(e => e.outerHTML.slice(0, 80))"""
    page.wait_for_function(f"({larges}).length === 0")  # JupyterLab lays itself out again after the window
    petits = f"""[...document.querySelectorAll('{ECRAN} button, {ECRAN} select, {ECRAN} nav a, {ECRAN} .champ input')]
        .filter(e => e.offsetParent && e.offsetHeight < 44 && !['checkbox', 'radio'].includes(e.type))
        .map(e => e.outerHTML.slice(0, 80))"""
    assert page.evaluate(petits) == []


def test_au_clavier_seul_on_va_saisit_et_valide_sans_perdre_une_lettre(portail: Any) -> None:
    page = portail.page
    page.locator(f"{ECRAN} .evitement").focus()
    tabuler_jusqu_a(page, "Saisir une facture")
    page.keyboard.press("Enter")
    titre(page, "Saisir une facture")
    tabuler_jusqu_a(page, "destinataire_siret")
    page.keyboard.type("2699 0001 5000", delay=120)  # answers come back meanwhile
    page.keyboard.type("18", delay=400)
    assert page.get_by_label(SIRET_DEMANDE).input_value() == "2699 0001 500018"
    assert actif(page) == "destinataire_siret"
    page.keyboard.press("Enter")
    titre(page, "Saisir une facture : cadre et références")
    assert actif(page) == "Saisir une facture : cadre et références"
    assert page.locator(".jp-mod-editMode").count() == 0
    assert page.locator(".jp-Cell").count() == 4


def test_ce_qui_est_saisi_survit_au_rechargement_et_au_noyau(portail: Any) -> None:
    page = portail.page
    vers_la_saisie(page)
    saisir(page, SIRET)
    portail.recharger()
    titre(page, "Saisir une facture")
    assert page.get_by_label(SIRET_DEMANDE).input_value() == SIRET
    page.get_by_role("button", name="Redémarrer le noyau et exécuter toutes les cellules").click()
    ancien = page.evaluate(f"document.querySelector('{ECRAN}').dataset.essai = 'ancien'")
    page.locator(".jp-Dialog .jp-mod-accept").click()
    page.wait_for_function(
        f"a => document.querySelector('{ECRAN} h2') && !document.querySelector('[data-essai]')", arg=ancien
    )
    titre(page, "Saisir une facture")
    assert page.get_by_label(SIRET_DEMANDE).input_value() == SIRET


def test_deux_onglets_montrent_le_meme_poste(portail: Any, seance: Serveur) -> None:
    page = portail.page
    vers_la_saisie(page)
    autre = page.context.new_page()
    autre.goto(seance.adresse(portail.nom))
    titre(autre, "Saisir une facture")
    saisir(page, SIRET)
    autre.wait_for_function(f"v => [...document.querySelectorAll('{ECRAN} input')].some(e => e.value === v)", arg=SIRET)
    autre.get_by_label("Numéro d’engagement").fill("EJ-2026-7")
    autre.keyboard.press("Tab")
    page.wait_for_function(f"() => [...document.querySelectorAll('{ECRAN} input')].some(e => e.value === 'EJ-2026-7')")
    assert page.get_by_label(SIRET_DEMANDE).input_value() == SIRET
    autre.close()


def test_l_aide_se_demande_et_recommencer_remet_tout_au_debut(portail: Any) -> None:
    page = portail.page
    page.locator(ECRAN).get_by_role("button", name="J’ai besoin d’aide").click()
    page.locator(ECRAN).get_by_text("Votre demande est notée").wait_for()
    vers_la_saisie(page)
    saisir(page, SIRET)
    page.get_by_role("button", name="Recommencer ce carnet").click()
    page.get_by_role("button", name="Oui : Recommencer ce carnet").click()
    titre(page, "Tableau de bord")
    vers_la_saisie(page)
    assert page.get_by_label(SIRET_DEMANDE).input_value() == ""
