"""JupyterLab agrandi à 200 % : nos écrans ne défilent pas de côté, rien ne s’y chevauche, le clavier mène au bouton."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.navigateur.ecole import ECRAN
from tests.navigateur.mesures import AGRANDI

HAUT = 400
"""CSS pixels down: what is left of a screen of 1280 × 800 at 200 %."""
CARNETS = ("sans_moe", "quiz_entree", "cas_pratique")
ECRANS = ("Saisir une facture", "Déposer un fichier", "Assistance", "Déposer une pièce de travaux")
SERRE = """() => {
  const defauts = [], dire = (quoi, e) => defauts.push(quoi + " : " + e.outerHTML.slice(0, 120));
  for (const racine of document.querySelectorAll(".facturier-ecran")) {
    if (!racine.checkVisibility()) continue;
    if (racine.scrollWidth > racine.clientWidth) dire("défile de côté", racine);
    const bord = Math.min(innerWidth, racine.closest(".jp-WindowedPanel-outer").getBoundingClientRect().right);
    for (const e of racine.querySelectorAll("*"))
      if (e.checkVisibility() && e.getBoundingClientRect().right > bord && !e.closest(".deborde, .cache, .defaut"))
        dire("dépasse", e);
    const pieces = "button, input:not([type=hidden]), select, textarea, label, legend, summary";
    const vus = [...racine.querySelectorAll(pieces)].filter((e) =>
      e.checkVisibility() && !e.closest(".defaut, .cache") && !e.parentElement.closest("label, button"));
    const lieux = vus.map((e) => [e, e.getBoundingClientRect()]).filter(([, r]) => r.width > 1);
    lieux.forEach(([a, r], n) => {
      for (const [b, s] of lieux.slice(n + 1))
        if (!a.contains(b) && Math.min(r.right, s.right) - Math.max(r.left, s.left) > 1
          && Math.min(r.bottom, s.bottom) - Math.max(r.top, s.top) > 1)
          dire("chevauche " + b.outerHTML.slice(0, 80), a);
    });
  }
  return defauts;
}"""
A_DECOUVERT = """() => {
  const vise = document.activeElement, { left, top, width, bottom } = vise.getBoundingClientRect();
  // what is higher than the window is seen by the part that is in it
  const dessus = document.elementFromPoint(left + width / 2, (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2);
  return Boolean(dessus) && (vise.contains(dessus) || dessus.contains(vise));
}"""
"""What has the focus is seen: not beyond the window, nor under the bars of JupyterLab."""


PREMIER_ET_DERNIER = """() => {
  const saisir = "a, input:not([type=hidden], [type=radio]), :checked, select, textarea, button, summary";
  for (const racine of document.querySelectorAll(".jp-Notebook .facturier-ecran")) {
    const vus = [...racine.querySelectorAll(saisir)].filter((e) => e.checkVisibility() && !e.matches(".defaut"));
    if (vus.length < 3) continue;
    vus[0].focus();
    vus.at(-1).dataset.dernier = "";
    return;
  }
}"""


def au_clavier_jusqu_au_bout(page: Any) -> None:
    """From the first control of a screen to its last, its principal button on the way: each stop is seen."""
    page.evaluate(PREMIER_ET_DERNIER)
    for _ in range(90):
        page.keyboard.press("Tab")
        assert page.evaluate(A_DECOUVERT), page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        if page.evaluate("'dernier' in document.activeElement.dataset"):
            return
    raise AssertionError("le dernier bouton de l’écran ne s’atteint pas au clavier")


@pytest.fixture
def agrandie(page: Any) -> Any:
    page.set_viewport_size({"width": AGRANDI, "height": HAUT})
    return page


@pytest.mark.parametrize("chapitre", CARNETS)
def test_un_carnet_agrandi_reste_utilisable(chapitre: str, agrandie: Any, carnet: Callable[[str], Any]) -> None:
    page = carnet(f"release/{chapitre}/exercices.ipynb").page
    page.locator(f"{ECRAN} h2").first.wait_for()
    assert page.evaluate(SERRE) == []
    au_clavier_jusqu_au_bout(page)


def test_le_portail_agrandi_reste_utilisable(agrandie: Any, portail: Any) -> None:
    page = portail.page
    assert page.evaluate(SERRE) == []
    for titre in ECRANS:
        if not page.locator(f"{ECRAN} nav a").first.is_visible():
            page.locator(f"{ECRAN} nav summary").click()  # where room is short, the menu is folded
        page.locator(f"{ECRAN} nav").get_by_role("link", name=titre).click()
        page.locator(f"{ECRAN} h2", has_text=titre).wait_for()
        assert page.evaluate(SERRE) == [], titre
    au_clavier_jusqu_au_bout(page)
