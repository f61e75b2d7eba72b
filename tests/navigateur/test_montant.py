"""Un montant se tape dans un champ, comme sur une facture ; le classeur remis avec le carnet s’enregistre d’un clic."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl

from facturier.evaluation.reponses import lire_annexe


def test_le_classeur_s_enregistre_et_le_montant_se_tape_en_francais(
    carnet: Callable[[str], Any], tmp_path: Path
) -> None:
    ouvert = carnet("release/sans_moe/exercices.ipynb")
    page = ouvert.page
    with page.expect_download() as attendu:
        page.get_by_role("link", name="Enregistrer « facture_novembre.xlsx »").click()
    attendu.value.save_as(tmp_path / attendu.value.suggested_filename)
    feuille = openpyxl.load_workbook(tmp_path / "facture_novembre.xlsx").active
    assert feuille["A5"].value == "Entretien courant des locaux"
    montant = page.locator(".facturier-ecran", has_text="Montant net à payer")
    montant.get_by_label("Montant net à payer").fill("4 811,88")
    page.keyboard.press("Tab")
    montant.get_by_text("Réponse enregistrée à").first.wait_for()
    reponses, _ = lire_annexe(ouvert.fichier.parent / "reponses" / "exercices.json")
    assert reponses["total_ttc"].valeurs == {"valeur": "4 811,88"}
