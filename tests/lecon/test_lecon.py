"""La façade du carnet, dans de vrais noyaux : ce que l’apprenant voit, ce qui reste dans le fichier."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from facturier.evaluation.reponses import MIME, lire_annexe, lire_miroirs

CARNET = "sans_moe/exercices"
ENONCES = {
    "schema": 1,
    "chapitre": "sans_moe",
    "exercices": [
        {
            "id": "quiz_essai",
            "genre": "quiz",
            "titre": "Quiz",
            "parametres": {},
            "items": [{"id": "q1", "objectif": "O1", "genre": "nombre", "question": "?", "unite": "", "choix": []}],
        },
        {
            "id": "depot_sans_moe",
            "genre": "depot",
            "titre": "Dépôt",
            "items": [],
            "parametres": {"fournisseur_siret": "99990013700012"},
        },
        {"id": "total_ttc", "genre": "valeur", "titre": "Total", "items": [], "parametres": {}},
    ],
}


@pytest.fixture
def carnet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    dossier = tmp_path / "release" / "sans_moe"
    dossier.mkdir(parents=True)
    (tmp_path / "notebooks").mkdir()
    (dossier / "enonces.json").write_text(json.dumps(ENONCES), "utf-8")
    return dossier / "exercices.ipynb"


def executer(carnet: Path, *cellules: str) -> Any:
    """Run these cells in a fresh kernel, save the notebook as Ctrl+S does, give the notebook."""
    if not carnet.exists():
        carnet.write_text(nbformat.writes(_nb(cellules)), "utf-8")
    nb = _nb(cellules)
    NotebookClient(nb, timeout=120, resources={"metadata": {"path": str(carnet.parent)}}).execute()
    carnet.write_text(nbformat.writes(nb), "utf-8")
    return nb


def _nb(cellules: tuple[str, ...]) -> Any:
    nb = nbformat.v4.new_notebook(metadata={"facturier": {"carnet": CARNET, "version": "0.1.0"}})
    sources = ("from facturier import lecon", *cellules)
    nb.cells = [nbformat.v4.new_code_cell(source, id=f"c{rang}") for rang, source in enumerate(sources)]
    return nb


def texte(nb: Any, rang: int) -> str:
    return " ".join(
        s["text"] if s["output_type"] == "stream" else str(s.get("data", {}).get("text/plain", s.get("ename")))
        for s in nb.cells[rang].outputs
    )


def test_importer_la_facade_ne_coute_rien() -> None:
    dire = "import sys; from facturier import lecon; print(*{nom.partition('.')[0] for nom in sys.modules})"
    charges = set(subprocess.check_output([sys.executable, "-c", dire], text=True).split())
    lourds = {
        "ipywidgets",
        "IPython",
        "pandas",
        "traitlets",
        "lxml",
        "jinja2",
        "pydantic",
        "sqlalchemy",
        "httpx",
        "babel",
    }
    assert charges & lourds == set()


def test_une_reponse_donnee_dans_un_vrai_noyau_reste_dans_le_carnet_et_revient(carnet: Path) -> None:
    agir = 'lecon._modeles["quiz_essai"].repondre("q1", "90,05")'
    nb = executer(carnet, 'lecon.quiz("quiz_essai")', agir)
    miroirs, problemes = lire_miroirs(json.loads(carnet.read_text("utf-8")))
    assert problemes == []
    assert miroirs["quiz_essai"].valeurs == {"q1": "90,05"}
    assert miroirs["quiz_essai"].carnet == CARNET
    (sortie,) = [s for s in nb.cells[1].outputs if MIME in s.get("data", {})]
    assert sortie["metadata"]["facturier"] == {"formulaire": "quiz_essai"}
    assert "(1 réponse sur 1)" in sortie["data"]["text/plain"]
    annexe = carnet.parent / "reponses" / "exercices.json"
    assert lire_annexe(annexe)[0] == miroirs

    annexe.unlink()  # the notebook alone, mailed to someone, opened in a new kernel
    nb = executer(carnet, 'lecon.quiz("quiz_essai")', 'lecon._modeles["quiz_essai"].valeurs["q1"]')
    assert texte(nb, 2) == "'90,05'"
    assert lire_miroirs(json.loads(carnet.read_text("utf-8")))[0] == miroirs


def test_un_depot_se_fait_et_se_reprend_dans_un_vrai_noyau(carnet: Path) -> None:
    saisir = "m = lecon._modeles['depot_sans_moe']; m.changer('cadre', 'A1'); m.enregistrer()"
    nb = executer(carnet, 'lecon.exercice("depot_sans_moe")', saisir)
    assert texte(nb, 2) == "True"
    nb = executer(
        carnet, 'lecon.exercice("depot_sans_moe")', "[e['action'] for e in lecon._modeles['depot_sans_moe'].journal]"
    )
    assert texte(nb, 2) == "['enregistrer']"


def test_une_valeur_se_remet_et_un_blanc_garde_la_precedente(carnet: Path) -> None:
    nb = executer(carnet, 'lecon.rendre("total_ttc", ...)')
    assert "À faire" in texte(nb, 1)
    assert not (carnet.parent / "reponses").exists()
    nb = executer(carnet, 'lecon.rendre("total_ttc", 4811.88)')
    assert "Réponse enregistrée à" in texte(nb, 1)
    assert "4811.88" in texte(nb, 1)
    nb = executer(carnet, 'lecon.rendre("total_ttc", ...)', 'lecon.rendre("total_ttc", [1])')
    assert "À faire" in texte(nb, 1)
    assert "Votre réponse précédente (4811.88) est gardée" in texte(nb, 1)
    assert "ne peut pas être remise" in texte(nb, 2)
    miroirs, _ = lire_miroirs(json.loads(carnet.read_text("utf-8")))
    assert miroirs["total_ttc"].valeurs == {"valeur": "4811.88"}
    assert miroirs["total_ttc"].revision == 1


def test_tous_les_verbes_repondent_sans_trace_d_erreur(carnet: Path) -> None:
    verbes = (
        "lecon.accueil()",
        "lecon.besoin_aide()",
        'lecon.vers_exercice("sans_moe")',
        'lecon.vers_exercice("../secret")',
        "lecon.rendre_mon_travail()",
        'lecon.tableau("cadres")',
        'lecon.tableau("inconnue")',
        "lecon.recommencer()",
        'lecon.quiz("inconnu")',
        'lecon.exercice("total_ttc")',
        'lecon.rendre("inconnu", 1)',
        "lecon.suite()",
        'lecon.tableau("cadres", "A1", "A9")',
        'lecon.apercu("menage_val_fictif.ubl.xml")',
        'lecon.apercu("juste/menage.ubl.xml")',
        'lecon.apercu("/etc/passwd")',
        "lecon.apercu(None)",
        'lecon.vie("A1", "SUSPENDUE", "COMPLETEE")',
        'lecon.vie("A1", "ZUT")',
        "lecon.satisfaction()",
        'lecon.rendre("total_ttc")',
        'lecon.fichier("absent.xlsx")',
    )
    nb = executer(carnet, *verbes)
    for cellule in nb.cells[1:]:
        assert cellule.outputs, cellule.source
        assert all(s["output_type"] == "display_data" for s in cellule.outputs), cellule.source
    assert 'href="exercices.ipynb"' in nb.cells[3].outputs[0]["data"]["text/html"]
    assert "introuvable" in texte(nb, 4)
    assert "n’existe pas" in texte(nb, 7)
    assert "depot_sans_moe" in texte(nb, 9)
    assert texte(nb, 14) == "✔ menage_val_fictif.ubl.xml : valide."
    assert "Noms proches dans les exemples du kit : " in texte(nb, 15)
    assert "passwd : illisible" in texte(nb, 16)
    assert "« None » est introuvable" in texte(nb, 17)
    assert texte(nb, 18) == "Vie d’une pièce A1. Suspendue : Compléter (Fournisseur) → Complétée."
    assert "data:image/svg+xml" in nb.cells[18].outputs[0]["data"]["text/html"]
    assert "ZUT" in texte(nb, 19)


def test_pendant_la_notation_les_verbes_se_taisent(carnet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    nb = executer(
        carnet,
        'lecon.quiz("quiz_essai")',
        'lecon.exercice("depot_sans_moe")',
        'lecon.rendre("total_ttc", 1)',
        "lecon.accueil()",
        "lecon.satisfaction()",
        "lecon.rendre_mon_travail()",
    )
    assert all(cellule.outputs == [] for cellule in nb.cells)
    assert not (carnet.parent / "reponses").exists()
