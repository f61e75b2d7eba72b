"""The first minute of a learner: nothing to answer but the form, nothing in English, and the answer is kept."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

RACINE = Path(__file__).resolve().parents[2]
ACCUEIL = "notebooks/00_accueil.ipynb"
MIROIR = "application/vnd.facturier.reponses+json"
ANGLAIS = re.compile(
    r"\b(File|Edit|View|Run|Kernel|Tabs|Settings|Help|Trusted|Untrusted|Save|Cells?|Open|Close|Loading|Select|Running"
    r"|Restart|Skip|Click|Content|Toolbar|Sidebar|Output|Input|Name|Modified|Search|Error|Go|More|Licenses|Reference)\b"
)


def test_il_s_ouvre_deja_execute_sans_rien_demander(carnet: Callable[[str], Any]) -> None:
    ouvert = carnet(ACCUEIL)
    assert ouvert.page.get_by_label("Votre prénom").is_editable()
    assert ouvert.page.locator(".jp-Dialog, .Toastify__toast").count() == 0
    assert ouvert.page.locator(".jp-mod-dirty").count() == 0
    assert ouvert.page.evaluate("document.documentElement.lang") == "fr-FR"
    page = ouvert.page.locator("body").inner_text()
    assert "Traceback" not in page
    assert "model not found" not in page


def test_rien_n_y_est_en_anglais_menus_compris(carnet: Callable[[str], Any]) -> None:
    page = carnet(ACCUEIL).page
    page.evaluate("document.querySelectorAll('.cm-content').forEach(code => { code.textContent = ''; })")
    lu = [page.locator("body").inner_text(), _etiquettes(page)]
    for menu in page.locator(".lm-MenuBar-item").all():
        menu.click()
        page.wait_for_selector(".lm-Menu-itemLabel")
        lu.append(page.locator(".lm-Menu").last.inner_text())
        page.keyboard.press("Escape")
    assert [ligne for texte in lu for ligne in texte.splitlines() if ANGLAIS.search(ligne)] == []
    assert "Fichier" in lu[0]
    assert any("Redémarrer le noyau" in texte for texte in lu)


def test_le_prenom_est_enregistre_dans_la_page_a_cote_et_dans_le_carnet(carnet: Callable[[str], Any]) -> None:
    ouvert = carnet(ACCUEIL)
    ouvert.page.get_by_label("Votre prénom").fill("Zoé-Anaïs")
    ouvert.page.keyboard.press("Tab")
    ouvert.page.get_by_text("Réponse enregistrée à").first.wait_for()
    ouvert.page.locator(".facturier-miroir", has_text="Copie gardée dans ce carnet").wait_for()
    assert _valeurs(ouvert.enregistrer(), "accueil") == {"prenom": "Zoé-Anaïs"}
    assert "Zoé-Anaïs" in (ouvert.fichier.parent / "reponses" / "00_accueil.json").read_text(encoding="utf-8")
    ouvert.recharger()
    assert ouvert.page.get_by_label("Votre prénom").input_value() == "Zoé-Anaïs"


def test_une_reponse_changee_apres_rechargement_est_celle_du_carnet_enregistre(carnet: Callable[[str], Any]) -> None:
    ouvert = carnet(ACCUEIL).recharger()
    ouvert.page.get_by_label("Votre prénom").fill("Camille")
    ouvert.page.keyboard.press("Tab")
    ouvert.page.locator(".facturier-miroir", has_text="Copie gardée dans ce carnet").wait_for()
    ouvert.page.wait_for_selector(".jp-mod-dirty")
    assert _valeurs(ouvert.enregistrer(), "accueil") == {"prenom": "Camille"}


def test_j_ai_besoin_d_aide_repond(carnet: Callable[[str], Any]) -> None:
    ouvert = carnet(ACCUEIL)
    ouvert.page.get_by_role("button", name="J’ai besoin d’aide").click()
    ouvert.page.get_by_text("Votre demande est notée à").wait_for()
    assert len(_valeurs(ouvert.enregistrer(), "aide")["demandes"]) >= 1


def test_une_touche_frappee_a_cote_d_un_champ_ne_change_rien_au_carnet(carnet: Callable[[str], Any]) -> None:
    page = carnet(ACCUEIL).page
    page.get_by_role("heading", name="Bienvenue").first.click()
    avant = page.locator(".jp-Cell").count()
    for touche in "abcvxmryddzM":
        page.keyboard.press(touche)
    assert page.locator(".jp-Cell").count() == avant
    assert page.locator(".jp-mod-dirty").count() == 0


def test_le_lien_mene_au_quiz_dans_un_autre_onglet_nomme_par_son_titre(carnet: Callable[[str], Any]) -> None:
    ouvert = carnet(ACCUEIL)
    page = ouvert.page
    page.get_by_role("link", name="quiz d’entrée").click()
    page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) a.facturier-lien").first.click()
    page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .facturier-ecran input[type=radio]").first.wait_for()
    for titre in ("Accueil", "Quiz d’entrée", "Quiz d’entrée : les questions"):
        page.get_by_role("tab", name=titre, exact=True).wait_for()
    assert ouvert.fichier.is_file()  # JupyterLab renames a file whose tab changes its label


def test_la_suite_mene_a_la_lecon_d_apres(carnet: Callable[[str], Any]) -> None:
    page = carnet("release/quiz_entree/exercices.ipynb").page
    page.get_by_role("link", name="Revenir à la leçon").wait_for()
    suivant = tomllib.loads((RACINE / "source/legislation/chapitre.toml").read_text(encoding="utf-8"))["titre"]
    page.get_by_role("link", name=f"Continuer : {suivant}").click()
    page.get_by_role("tab", name=suivant, exact=True).wait_for()


def test_un_tableau_se_parcourt_au_clavier(carnet: Callable[[str], Any]) -> None:
    [lecon] = (RACINE / "notebooks").glob("*_sans_moe.ipynb")
    page = carnet(f"notebooks/{lecon.name}").page
    page.get_by_role("region", name="Cadres de facturation").first.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("go-choruspro — toutes les lignes").first.wait_for()


def _valeurs(nb: dict[str, Any], formulaire: str) -> dict[str, Any]:
    miroirs = [
        sortie["data"][MIROIR]
        for cellule in nb["cells"]
        for sortie in cellule.get("outputs", [])
        if MIROIR in sortie.get("data", {})
    ]
    (valeurs,) = [m["valeurs"] for m in miroirs if m["formulaire"] == formulaire]
    return dict(valeurs)


def _etiquettes(page: Any) -> str:
    """What only a screen reader or a pointer at rest is told, for what is shown."""
    return str(
        page.evaluate(
            """() => [...document.querySelectorAll('[title], [aria-label]')]
              .filter(e => e.checkVisibility())
              .flatMap(e => [e.getAttribute('title'), e.getAttribute('aria-label')])
              .filter(Boolean).join('\\n')"""
        )
    )


def test_un_nombre_qui_ne_se_lit_pas_est_dit_au_quiz_puis_se_corrige(carnet: Callable[[str], Any]) -> None:
    page = carnet("release/quiz_entree/exercices.ipynb").page
    question = page.locator("fieldset", has=page.get_by_label(re.compile("en chiffres"))).first
    champ = question.get_by_label(re.compile("en chiffres"))
    champ.fill("20 % de 5600")
    champ.press("Tab")
    question.get_by_text("à relire").wait_for()
    champ.fill(" 1 120,00 € ")
    champ.press("Tab")
    question.get_by_text("— répondu").wait_for()
    assert champ.input_value() == " 1 120,00 € "
