"""Un entraînement attend derrière son bouton : au clavier, dans JupyterLab et en page, retrouvé une fois commencé."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from facturier import contenu
from facturier.ecrans.rendu import BANDEAU
from facturier.formulaires.porte import OUVRIR
from facturier.lanceur.serveur import Serveur
from tests.navigateur.ecole import ECRAN
from tests.navigateur.test_pages import PRETS

LECON = next(f"notebooks/{contenu.nom_carnet(c)}" for c in contenu.chapitres() if c.slug == "avec_moe")
HISTOIRE = "L’état d’acompte de la maîtrise d’œuvre"


def _entrer_au_clavier(page: Any) -> Any:
    """Go in by the keyboard: what the focus is on is then the story's title, read aloud."""
    ecran = page.locator(ECRAN).first
    bouton = ecran.get_by_role("button", name=OUVRIR)
    bouton.focus()
    page.keyboard.press("Enter")
    ecran.get_by_text(BANDEAU).wait_for()
    page.wait_for_function("document.activeElement.matches('.facturier-ecran h2')")
    assert bouton.count() == 0
    return ecran


def test_dans_jupyterlab_un_entrainement_commence_se_rouvre_seul(
    carnet: Callable[[str], Any], manquements_graves: Callable[..., list[str]]
) -> None:
    ouvert = carnet(LECON)
    page = ouvert.page
    _descendre(page, HISTOIRE)
    assert page.get_by_text(BANDEAU).count() == 0
    assert manquements_graves(page, ECRAN) == []
    ecran = _entrer_au_clavier(page)
    assert ecran.get_by_text(HISTOIRE).count()
    ecran.locator("nav").get_by_role("link", name="Tableau de bord").click()
    ecran.locator("h2", has_text="Tableau de bord").wait_for()
    ouvert.recharger()
    _descendre(page, "Tableau de bord")


def _descendre(page: Any, titre: str) -> None:
    """JupyterLab draws a cell when it comes near: go down until that screen is there."""
    voulu = page.locator(f"{ECRAN} h2", has_text=titre)
    page.locator(".jp-WindowedPanel-outer").first.hover()
    for _ in range(40):
        if voulu.count():
            break
        page.mouse.wheel(0, 600)
        page.wait_for_timeout(200)
    voulu.scroll_into_view_if_needed()


def test_en_page_sans_code_un_entrainement_commence_se_rouvre_avec_un_noyau_neuf(page: Any, seance: Serveur) -> None:
    adresse = f"{seance.page(LECON)}&apprenant=jeton-d-un-entrainement"
    page.goto(adresse)
    page.wait_for_function(PRETS)
    ecran = _entrer_au_clavier(page)
    ecran.locator("nav").get_by_role("link", name="Tableau de bord").click()
    ecran.locator("h2", has_text="Tableau de bord").wait_for()
    page.goto(adresse)
    page.wait_for_function(PRETS)
    assert page.get_by_role("button", name=OUVRIR).count() == 2
    assert page.locator(f"{ECRAN} h2", has_text="Tableau de bord").count() == 1
