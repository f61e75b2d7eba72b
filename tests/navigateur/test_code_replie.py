"""Une ligne de code repliée ne se lit pas : un bouton la remplace, qui s’atteint au clavier et la rend."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from facturier.lanceur.serveur import Serveur

EXERCICES = "release/sans_moe/exercices.ipynb"
VIVANT = """() => {
  const tous = [...document.querySelectorAll(".jp-Notebook .facturier-ecran")];
  return tous.length && tous.every((e) => e.querySelector("h2"));
}"""
REPLIE = ".jp-InputPlaceholder"


@pytest.fixture(params=["JupyterLab Light", "JupyterLab Dark"])
def theme(request: pytest.FixtureRequest, page: Any, seance: Serveur) -> Iterator[str]:
    """The theme chosen by the person, in the menu « Paramètres »."""
    nom = str(request.param)
    _choisir(page, seance, nom)
    yield nom
    _choisir(page, seance, "JupyterLab Light")


def _choisir(page: Any, seance: Serveur, nom: str) -> None:
    adresse = f"{seance.url}lab/api/settings/@jupyterlab/apputils-extension:themes"
    entetes = {"Authorization": f"token {seance.jeton}"}
    assert page.request.put(adresse, data={"raw": f'{{"theme": "{nom}"}}'}, headers=entetes).ok


@pytest.mark.parametrize("interface", ["adresse", "carnet_seul"])
def test_une_ligne_repliee_est_un_bouton_que_le_clavier_ouvre(
    interface: str, theme: str, page: Any, seance: Serveur, manquements_graves: Callable[..., list[str]]
) -> None:
    seance.disposer()
    page.goto(getattr(seance, interface)(EXERCICES))
    page.wait_for_function(VIVANT)
    page.locator(f"body[data-jp-theme-name='{theme}']").wait_for(state="attached")
    replies = page.locator(REPLIE)
    assert set(replies.all_inner_texts()) == {"Voir le code"}
    assert page.get_by_text("from facturier import lecon").filter(visible=True).count() == 0
    assert manquements_graves(page, REPLIE) == []
    boutons = page.get_by_role("button", name="Voir le code", expanded=False)
    avant = boutons.count()
    assert avant >= 4
    page.get_by_role("heading", name="Exercices : transmettre").click()
    for _ in range(4):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.facturier-replie')"):
            break
    page.keyboard.press("Enter")
    page.locator(".jp-InputArea-editor").get_by_text("from facturier import lecon").wait_for()
    assert boutons.count() == avant - 1
    assert page.evaluate("document.activeElement.matches('.jp-CodeCell')"), "le curseur ne reste pas sur la cellule"
    assert page.locator(".jp-mod-editMode").count() == 0
