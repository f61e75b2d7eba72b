"""La fiche méthode dans JupyterLab : ce qui est écrit reste à l’écran, et s’emporte en PDF et en DOCX."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pypdf import PdfReader

LECON = "Un engagement peut changer : on recycle, sous le même numéro."


def test_ce_qui_est_ecrit_dans_une_zone_vide_y_reste_et_s_imprime(carnet: Callable[[str], Any], tmp_path: Path) -> None:
    page = carnet("release/cas_pratique/exercices.ipynb").page
    fiche = page.locator(".facturier-ecran", has=page.get_by_role("heading", name="Ma fiche méthode"))
    zone = fiche.get_by_label("Ce que l’incident")
    assert zone.input_value() == ""
    zone.fill(LECON)
    page.keyboard.press("Tab")
    fiche.get_by_text("Réponse enregistrée à").first.wait_for()
    fiche.get_by_role("button", name="Reprendre ce que j’ai fait").click()
    fiche.get_by_text("Rien à reprendre").wait_for()
    assert zone.input_value() == LECON  # the answers of the kernel redraw the screen, never what was typed
    for format_ in ("PDF", "DOCX"):
        with page.expect_download() as attendu:
            fiche.get_by_text(f"Ma fiche en {format_}").click()
        attendu.value.save_as(tmp_path / attendu.value.suggested_filename)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["fiche-methode.docx", "fiche-methode.pdf"]
    lu = "".join(feuille.extract_text() for feuille in PdfReader(tmp_path / "fiche-methode.pdf").pages)
    assert "on recycle" in lu
