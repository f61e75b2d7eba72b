"""The same notebooks in Notebook 7: already run, live, kept, leading to one another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from facturier.lanceur.serveur import Serveur

EXERCICES = "release/sans_moe/exercices.ipynb"
VIVANT = """() => {
  const tous = [...document.querySelectorAll(".jp-Notebook .facturier-ecran")];
  return tous.length && tous.every((e) => e.querySelector("h2"));
}"""


def test_un_carnet_s_y_ouvre_vivant_garde_ce_qui_est_saisi_et_mene_a_la_lecon(
    page: Any, seance: Serveur, manquements_graves: Callable[..., list[str]]
) -> None:
    page.goto(seance.carnet_seul(EXERCICES))
    page.wait_for_function(VIVANT)
    assert page.locator(".jp-Dialog").count() == 0
    caches = page.locator(".jp-CodeCell", has_text="lecon.exercice")
    assert caches.locator(".cm-content:visible").count() == 0, "le code d’un formulaire se voit"
    commentaire = page.get_by_label("Commentaire")
    commentaire.focus()
    page.keyboard.type("Vu au bureau : dd, aa, bb")  # keys that cut or add cells beside a field
    page.keyboard.press("Tab")
    page.locator(".facturier-ecran").get_by_text("Réponse enregistrée à").first.wait_for()
    assert commentaire.input_value() == "Vu au bureau : dd, aa, bb"
    assert manquements_graves(page, ".facturier-ecran") == []
    page.reload()
    page.wait_for_function(VIVANT)
    assert page.get_by_label("Commentaire").input_value() == "Vu au bureau : dd, aa, bb"
    with page.context.expect_page() as ouverte:
        page.get_by_role("link", name="Revenir à la leçon").click()
    assert "sans_moe" in ouverte.value.url
