"""The deposit form by keyboard alone, and answers that outlive pages and kernels."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from typing import Any

from facturier import contenu
from facturier.lanceur.ouverture import carnets
from facturier.lanceur.serveur import Serveur

SANS_MOE = "release/sans_moe/exercices.ipynb"
QUIZ = "release/quiz_entree/exercices.ipynb"
DEPOT = {
    "SIRET du destinataire public": "26990001500018",
    "Code du service": "CH-ACHATS",
    "Numéro d’engagement": "BC-2026-00583",
    "Numéro de marché": "2026-NET-009",
    "Cadre de facturation": "A1",
    "Montant hors taxes": "3 860,50",
    "Montant de la TVA": "772,10",
    "Montant toutes taxes comprises": "4 632,60",
}


def test_une_facture_se_depose_au_clavier_seul_et_se_retrouve_apres_rechargement(carnet: Callable[[str], Any]) -> None:
    ouvert = carnet(SANS_MOE)
    page = ouvert.page
    for libelle, valeur in DEPOT.items():
        _tabuler_jusqu_a(page, libelle)
        _saisir(page, valeur)
    _tabuler_jusqu_a(page, "Valider et envoyer")
    page.keyboard.press("Enter")
    pieces = page.locator("table", has=page.get_by_text("Vos pièces sur le portail d’entraînement"))
    pieces.wait_for()
    assert "FA-2026-10-0417" in pieces.inner_text()
    assert "rouillon" not in pieces.inner_text()
    page.get_by_text("Réponse enregistrée à").first.wait_for()
    saisi = _valeurs(page)
    ouvert.recharger()
    pieces.scroll_into_view_if_needed()
    assert _valeurs(page) == saisi
    assert saisi["SIRET du destinataire public"] == "26990001500018"
    page.locator(".facturier-miroir", has_text="Copie gardée dans ce carnet").first.wait_for()
    assert '"destinataire_siret": "26990001500018"' in json.dumps(ouvert.enregistrer())
    annexe = json.loads((ouvert.fichier.parent / "reponses" / "exercices.json").read_text(encoding="utf-8"))
    assert "deposer" in [geste["action"] for geste in annexe["formulaires"]["depot_sans_moe"]["journal"]]


def test_une_reponse_survit_au_redemarrage_du_noyau(carnet: Callable[[str], Any]) -> None:
    ouvert = carnet(QUIZ)
    page = ouvert.page
    radios = page.locator(".facturier-ecran input[type=radio]")
    radios.first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")  # JupyterLab would move to the next cell
    premiere = radios.nth(1)
    assert premiere.is_checked()
    page.get_by_text("Réponse enregistrée à").first.wait_for()
    choisi, ancien = premiere.evaluate("e => [e.labels[0].innerText, e.id]")
    page.get_by_role("button", name="Redémarrer le noyau et exécuter toutes les cellules").click()
    page.locator(".jp-Dialog .jp-mod-accept").click()
    page.wait_for_function("ancien => !document.getElementById(ancien)", arg=ancien)
    premiere.wait_for()
    assert premiere.is_checked()
    assert premiere.evaluate("e => e.labels[0].innerText") == choisi
    nb = ouvert.enregistrer()
    assert choisi != ""
    assert '"formulaire": "quiz_entree"' in json.dumps(nb)


def test_chaque_carnet_s_ouvre_vivant_et_accessible(
    carnet: Callable[[str], Any], seance: Serveur, manquements_graves: Callable[[Any, str], list[str]]
) -> None:
    # of the kit: other tests leave theirs in the workspace that they share
    for nom in (nom for nom in carnets(seance.dossiers.espace) if (contenu.racine() / nom).is_file()):
        page = carnet(nom).page
        assert page.locator(".jp-mod-dirty").count() == 0, nom
        lu = page.locator(".jp-Notebook").inner_text()
        for faute in ("Traceback", "model not found", "Error displaying"):
            assert faute not in lu, nom
        assert manquements_graves(page, ":is(.facturier, .facturier-ecran)") == [], nom


def test_un_carnet_ouvert_trop_tot_s_execute_de_lui_meme(carnet: Callable[[str], Any], seance: Serveur) -> None:
    neuf = "notebooks/99_neuf.ipynb"
    shutil.copy(contenu.racine() / "notebooks" / "00_accueil.ipynb", seance.dossiers.espace / neuf)
    assert carnet(neuf).page.get_by_label("Votre prénom").is_editable()


def _tabuler_jusqu_a(page: Any, libelle: str) -> None:
    """Press Tab until that control has the focus: no mouse, no trap."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if _libelle_actif(page).startswith(libelle):
            return
    raise AssertionError(f"« {libelle} » ne s’atteint pas au clavier (arrêt sur « {_libelle_actif(page)} »)")


def _libelle_actif(page: Any) -> str:
    return str(
        page.evaluate("""() => {
          const e = document.activeElement;
          return ((e.labels && e.labels[0] ? e.labels[0].innerText : e.innerText) || '').trim();
        }""")
    )


def _saisir(page: Any, valeur: str) -> None:
    options = page.evaluate("[...(document.activeElement.options || [])].map(o => o.label)")
    if not options:
        page.keyboard.type(valeur)
        return
    (rang,) = [i for i, libelle in enumerate(options) if libelle.split()[0] == valeur]
    for _ in range(rang):
        page.keyboard.press("ArrowDown")


def _valeurs(page: Any) -> dict[str, str]:
    return dict(
        page.evaluate("""() => Object.fromEntries(
          [...document.querySelectorAll('.facturier-ecran .champ [data-champ]')]
            .map(e => [e.labels[0].firstChild.textContent.trim(),
                       e.options ? e.selectedOptions[0].label : e.value]))""")
    )
