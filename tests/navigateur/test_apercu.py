"""Une facture montrée dans un carnet : ses champs, ce qui ne va pas, et le PDF à côté du XML."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from facturier import contenu
from facturier.lanceur.serveur import Serveur

CARNET = "notebooks/98_apercu.ipynb"
CELLULES = (
    "from facturier import lecon",
    'lecon.apercu("faux_total_ttc.facturx.pdf")',
    'lecon.apercu("absent.xml")',
)


@pytest.fixture
def apercu(seance: Serveur, carnet: Callable[[str], Any]) -> Iterator[Any]:
    """A notebook of three cells, opened; it runs by itself."""
    nb = json.loads((contenu.racine() / "notebooks" / "00_accueil.ipynb").read_text(encoding="utf-8"))
    vide = {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": []}
    nb["cells"] = [{**vide, "id": f"c{rang}", "source": source} for rang, source in enumerate(CELLULES)]
    fichier = seance.dossiers.espace / CARNET
    fichier.write_text(json.dumps(nb), encoding="utf-8")
    yield carnet(CARNET)
    fichier.unlink()


def test_la_facture_se_lit_dans_le_carnet_et_ses_fautes_sont_sous_leurs_champs(
    apercu: Any, manquements_graves: Callable[[Any, str], list[str]]
) -> None:
    page = apercu.page
    vue = page.locator(".facturier-facture")
    vue.get_by_role("heading", name="Totaux").wait_for()
    vue.get_by_role("rowheader", name="Numéro de facture BT-1", exact=True).first.wait_for()
    constat = vue.locator(".fx-constat", has_text="BR-CO-15")
    assert "soit 72,00" in constat.inner_text()
    assert vue.get_by_text("Verdict : invalide").is_visible()
    tableau = vue.get_by_role("region", name="Ce qui ne va pas ensemble")
    assert tableau.get_by_text("différent").count() == 2
    assert page.get_by_text("« absent.xml » est introuvable").is_visible()
    assert "Traceback" not in page.locator(".jp-Notebook").inner_text()
    assert vue.evaluate("e => e.scrollWidth <= e.clientWidth")
    vue.get_by_text("Voir : 30 informations identiques").click()
    assert vue.get_by_role("region", name="informations identiques").is_visible()
    assert manquements_graves(page, ".facturier-facture") == []
