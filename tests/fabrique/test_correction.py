"""Marking: what surrounds the class, second markings, and a trainer's own classical assignments."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from rendus_de_classe import CHAPITRES, DEPOT, QUIZ_PARFAIT, Classe, code, double, nbgrader

from facturier.erreurs import ErreurFacturier
from facturier.evaluation.notation.atelier import corriger, distribuer
from facturier.evaluation.notation.configuration import configuration
from facturier.fabrique.correction import noter


def test_les_notes_ne_secrivent_pas_dans_les_rendus(classe: Classe) -> None:
    classe.rend("alice", classe.quiz())
    with pytest.raises(ErreurFacturier, match="à l’intérieur des rendus"):
        noter(classe.rendus, classe.rendus / "notes", sources=CHAPITRES)


def test_un_dossier_vide_est_refuse_en_une_phrase(classe: Classe, tmp_path: Path) -> None:
    with pytest.raises(ErreurFacturier, match="est vide"):
        noter(classe.rendus, tmp_path / "notes", sources=CHAPITRES)
    assert not (tmp_path / "notes").exists()


def test_le_carnet_de_notes_se_cree_sans_environnement_active(tmp_path: Path) -> None:
    """nbgrader calls « alembic » by name; a person who types .venv/bin/facturier has not activated anything."""
    programme = (
        "import shutil, sys; from pathlib import Path; from facturier.fabrique.correction import preparer_cours;"
        "assert shutil.which('alembic') is None; preparer_cours(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    env = {**os.environ, "PATH": str(tmp_path / "rien"), "PYTHONPATH": str(DEPOT)}
    fait = subprocess.run(
        [sys.executable, "-c", programme, tmp_path / "cours", CHAPITRES], env=env, capture_output=True, text=True
    )
    assert fait.returncode == 0, fait.stderr[-2000:]
    with sqlite3.connect(tmp_path / "cours/grading/gradebook.db") as base:
        assert base.execute("select count(*) from alembic_version").fetchone() == (1,)
    base.close()


def test_qui_depasse_son_temps_est_en_erreur_technique(classe: Classe, cours: Path, tmp_path: Path) -> None:
    sortie = tmp_path / "notes"
    shutil.copytree(cours, sortie)
    classe.rend("alice", classe.quiz())
    resultats = noter(classe.rendus, sortie, sources=CHAPITRES, delai=0.01, suivi=lambda *_: None)
    (alice,) = resultats.apprenants
    assert alice.statut == "erreur_technique"
    assert alice.chapitres["quiz_entree"].points is None
    assert any("n’a pas abouti" in p for p in alice.problemes)


def test_la_note_du_formateur_a_le_dernier_mot(classe: Classe, cours: Path, tmp_path: Path) -> None:
    from nbgrader.api import Gradebook

    sortie = tmp_path / "notes"
    shutil.copytree(cours, sortie)
    classe.rend("alice", classe.quiz({**QUIZ_PARFAIT, "q_nombre": "38"}))
    premiere = noter(classe.rendus, sortie, suivi=lambda *_: None)
    with Gradebook(f"sqlite:///{sortie}/grading/gradebook.db") as gb:
        gb.find_grade("quiz_entree", "exercices", "quiz_entree", "alice").manual_score = 2.5
        gb.db.commit()
    seconde = noter(classe.rendus, sortie, suivi=lambda *_: None)
    assert (premiere.apprenants[0].entree, seconde.apprenants[0].entree) == (2, 2.5)
    page = (sortie / seconde.fichiers["retours"]["alice"]["quiz_entree"]).read_text(encoding="utf-8")
    assert "revue par le formateur" in page


def test_un_modele_perdu_ne_fait_pas_executer_le_code_des_apprenants(
    classe: Classe, cours: Path, tmp_path: Path
) -> None:
    sortie = tmp_path / "notes"
    shutil.copytree(cours, sortie)
    temoin = tmp_path / "execute"
    carnet = classe.quiz()
    carnet["cells"].insert(1, code(f"open({str(temoin)!r}, 'w')"))
    classe.rend("alice", carnet, "../../notes/grading/submitted/alice/quiz_entree/exercices.ipynb")
    (sortie / "grading/source/quiz_entree/exercices.ipynb").unlink()
    verdict = corriger(sortie, "alice", ["quiz_entree"])
    assert "manque dans grading/source" in verdict["quiz_entree"]["erreur"]
    assert not temoin.exists()


def test_un_bareme_change_apres_la_distribution_est_a_verifier(classe: Classe, cours: Path, tmp_path: Path) -> None:
    sortie = tmp_path / "notes"
    shutil.copytree(cours, sortie)
    place = sortie / "grading/submitted/alice/calcul/exercices.ipynb"
    place.parent.mkdir(parents=True)
    place.write_text(json.dumps(classe.calcul("1481,47")), encoding="utf-8")
    corrige = sortie / "source/calcul/corrige.toml"
    corrige.write_text(corrige.read_text(encoding="utf-8").replace("points = 2", "points = 5"), encoding="utf-8")
    (exercice,) = corriger(sortie, "alice", ["calcul"])["calcul"]["jugements"]["exercices"]
    assert (exercice["statut"], exercice["points"]) == ("a_verifier", None)
    assert "barème a changé" in exercice["remarques"][0]


def test_un_devoir_deja_note_est_fige(classe: Classe, cours: Path, tmp_path: Path) -> None:
    sortie = tmp_path / "notes"
    shutil.copytree(cours, sortie)
    classe.rend("alice", classe.calcul("1481,47"))
    noter(classe.rendus, sortie, suivi=lambda *_: None)
    texte = sortie / "source/calcul/exercices.md"
    ajout = "Regardez la liste.\n\n```python\nlecon.tableau('cadres')\n```\n\nMerci."
    texte.write_text(texte.read_text(encoding="utf-8").replace("Merci.", ajout), encoding="utf-8")
    with pytest.raises(ErreurFacturier, match="« calcul » a changé") as refus:
        noter(classe.rendus, sortie, suivi=lambda *_: None)
    assert refus.value.code == "devoir-fige"


@pytest.fixture
def classique(cours: Path, tmp_path: Path) -> Path:
    """A course where the trainer also wrote an assignment with plain nbgrader: visible and hidden tests."""
    racine = tmp_path / "classique"
    shutil.copytree(cours, racine)

    def nbg(**meta: Any) -> dict[str, Any]:
        return {"nbgrader": {"schema_version": 3, "task": False, "grade": False, "solution": False, **meta}}

    solution = "x = 1\n### BEGIN SOLUTION\nx = 3\n### END SOLUTION"
    controle = "assert x == 3\n### BEGIN HIDDEN TESTS\nassert x == 3, 'CACHE_A_TOUS'\n### END HIDDEN TESTS"
    maitre = new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        cells=[
            new_markdown_cell("# Devoir"),
            new_code_cell("import math", metadata=nbg(grade_id="lecture", locked=True)),
            new_code_cell(solution, metadata=nbg(grade_id="ecrire", solution=True, locked=False)),
            new_code_cell(controle, metadata=nbg(grade_id="controle", grade=True, locked=True, points=2.0)),
        ],
    )
    fichier = racine / "grading/source/mon_devoir/devoir.ipynb"
    fichier.parent.mkdir(parents=True)
    fichier.write_text(nbformat.writes(maitre), encoding="utf-8")
    distribuer(racine, "mon_devoir", carnet_de_notes=racine)
    return racine


def _rendre(racine: Path, apprenant: str, carnet: dict[str, Any]) -> None:
    place = racine / "grading/submitted" / apprenant / "mon_devoir/devoir.ipynb"
    place.parent.mkdir(parents=True)
    place.write_text(json.dumps(carnet), encoding="utf-8")


def test_le_devoir_classique_dun_formateur_est_execute_et_un_doublon_narrete_pas_la_classe(classique: Path) -> None:
    distribue = json.loads((classique / "release/mon_devoir/devoir.ipynb").read_text(encoding="utf-8"))
    texte = json.dumps(distribue)
    assert "CACHE_A_TOUS" not in texte
    juste = json.loads(texte)
    juste["cells"][2]["source"] = "x = 3"
    _rendre(classique, "a_double", double(json.loads(json.dumps(juste)), "controle"))
    efface = json.loads(json.dumps(juste))
    efface["cells"] = [efface["cells"][0], efface["cells"][2]]
    _rendre(classique, "b_efface", efface)
    _rendre(classique, "c_faux", distribue)
    _rendre(classique, "d_juste", juste)
    from nbgrader.converters import GenerateFeedback
    from nbgrader.coursedir import CourseDirectory

    fait = nbgrader(classique, "autograde", "mon_devoir")
    assert fait.returncode == 0, fait.stderr[-3000:]
    config = configuration(classique)
    config.CourseDirectory.assignment_id = "mon_devoir"
    GenerateFeedback(coursedir=CourseDirectory(config=config), config=config).start()
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{classique}/grading/gradebook.db") as gb:
        notes = {i: gb.find_submission("mon_devoir", i).score for i in ("a_double", "b_efface", "c_faux", "d_juste")}
    assert notes == {"a_double": 2.0, "b_efface": 2.0, "c_faux": 0.0, "d_juste": 2.0}
    page = (classique / "grading/feedback/c_faux/mon_devoir/devoir.html").read_text(encoding="utf-8")
    assert "CACHE_A_TOUS" not in page
    assert "Contrôle « controle » : 0 / 2 points" in page
    assert '<html lang="fr">' in page
