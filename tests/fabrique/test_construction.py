"""From texts to notebooks: the same bytes each time, nothing of the key in what learners receive, rules enforced."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from rendus_de_classe import CHAPITRES, DEPOT, cellule

from facturier.erreurs import ErreurFacturier
from facturier.evaluation.bareme import baremes
from facturier.evaluation.items import PAR_LIGNES
from facturier.fabrique import construire


def _arbre(dossier: Path) -> dict[str, bytes]:
    return {
        f.relative_to(dossier).as_posix(): f.read_bytes()
        for f in sorted(dossier.rglob("*"))
        if f.is_file() and f.name != "gradebook.db"
    }


@pytest.fixture
def textes(tmp_path: Path) -> Path:
    """The chapters' texts, to be damaged."""
    copie = tmp_path / "textes"
    shutil.copytree(CHAPITRES, copie)
    return copie


@pytest.fixture(scope="module")
def bati(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The test chapters, built once. Read only: tests that write take a copy."""
    dossier = tmp_path_factory.mktemp("bati")
    assert construire(dossier, sources=CHAPITRES) == sorted(_arbre(dossier))
    return dossier


def test_deux_constructions_donnent_les_memes_octets(bati: Path, tmp_path: Path) -> None:
    construire(tmp_path, sources=CHAPITRES)
    assert _arbre(tmp_path) == _arbre(bati)
    assert construire(tmp_path, sources=CHAPITRES) == []


def test_ce_qui_nest_plus_a_jour_est_dit_sans_rien_ecrire(bati: Path, tmp_path: Path) -> None:
    shutil.copytree(bati, tmp_path, dirs_exist_ok=True)
    lecon = tmp_path / "notebooks" / "01_depot.ipynb"
    lecon.write_bytes(lecon.read_bytes() + b" ")
    lecon.rename(tmp_path / "notebooks" / "09_depot.ipynb")
    (tmp_path / "release" / "calcul" / "enonces.json").unlink()
    avant = _arbre(tmp_path)
    assert construire(tmp_path, sources=CHAPITRES, verifier=True) == [
        "notebooks/01_depot.ipynb",
        "notebooks/09_depot.ipynb",
        "release/calcul/enonces.json",
    ]
    assert _arbre(tmp_path) == avant
    construire(tmp_path, sources=CHAPITRES)
    assert not (tmp_path / "notebooks" / "09_depot.ipynb").exists()
    assert construire(tmp_path, sources=CHAPITRES, verifier=True) == []


def test_les_dossiers_du_formateur_et_les_reponses_restent(tmp_path: Path) -> None:
    propres = [
        "grading/source/mon_devoir/devoir.ipynb",
        "release/mon_devoir/devoir.ipynb",
        "release/calcul/reponses/exercices.json",
        "notebooks/mes_notes.ipynb",
        "notebooks/07_mes_notes.ipynb",
    ]
    for nom in propres:
        (tmp_path / nom).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / nom).write_text("à moi", encoding="utf-8")
    construire(tmp_path, sources=CHAPITRES)
    assert all((tmp_path / nom).read_text(encoding="utf-8") == "à moi" for nom in propres)


def test_un_seul_chapitre_peut_etre_reconstruit(tmp_path: Path) -> None:
    faits = construire(tmp_path, ["calcul"], sources=CHAPITRES)
    assert {f.split("/")[-2] for f in faits} == {"notebooks", "calcul"}
    with pytest.raises(ErreurFacturier, match="Chapitre inconnu : « x »"):
        construire(tmp_path, ["x"], sources=CHAPITRES)


def test_la_distribution_ne_porte_ni_solution_ni_cle(cours: Path) -> None:
    calcul = json.loads((cours / "release/calcul/exercices.ipynb").read_text(encoding="utf-8"))
    assert "".join(cellule(calcul, "solution-total_ttc")["source"]).endswith("# À vous")
    textes = "\n".join(t for f in (cours / "release").rglob("*") if f.is_file() for t in _textes(f))
    for secret in ("SECRET_DE_CALCUL", "RETOUR-", "1481", "SOLUTION", "juste"):
        assert secret not in textes
    maitre = (cours / "grading/source/calcul/exercices.ipynb").read_text(encoding="utf-8")
    assert "SECRET_DE_CALCUL" in maitre


def test_aucune_cle_du_kit_dans_ce_que_les_apprenants_recoivent(kit: Path) -> None:
    recus = [f for d in ("notebooks", "release") for f in (kit / d).rglob("*") if f.is_file()]
    textes = [t for f in recus for t in _textes(f)]
    cles = {
        phrase
        for bareme in baremes().values()
        for e in bareme.exercices
        for phrase in (
            *(c.retour for i in e.items for c in i.choix),
            *(r for i in e.items for r in (i.retour_juste, i.retour_faux, *(p.retour for p in i.pieges))),
            *(ligne.retour for i in e.items for ligne in i.lignes),
            *(m for c in e.criteres for m in (c.reussi, c.manque)),
            *(p.retour for p in e.pieges),
            e.reussi,
            e.manque,
        )
        if phrase
    }
    assert len(cles) > 100
    assert [c for c in cles if any(c in t for t in textes)] == []
    for bareme in baremes().values():
        publics = [e for f in recus if f.name == "enonces.json" for e in json.loads(f.read_text())["exercices"]]
        for exercice in [e for e in publics if e["id"] in bareme.par_id]:
            assert set(exercice) - {"graine", "situation", "libelle"} == {"id", "genre", "titre", "items", "parametres"}
            assert set(exercice["parametres"]) <= {"fournisseur_siret", *bareme.par_id[exercice["id"]].parametres}
            for item in exercice["items"]:
                listes = {"lignes", "cibles"} if item["genre"] in PAR_LIGNES else {"choix"}
                assert set(item) - {"facture"} == {"id", "objectif", "genre", "question", "unite", *listes}
                assert all(set(c) == {"id", "texte"} for liste in listes for c in item[liste])


def _textes(fichier: Path) -> Iterator[str]:
    """Every key and text of a JSON file, unescaped; every cell of a workbook."""

    def parcourir(obj: Any) -> Iterator[str]:
        if isinstance(obj, dict):
            for cle, valeur in obj.items():
                yield cle
                yield from parcourir(valeur)
        elif isinstance(obj, list):
            if obj and all(isinstance(x, str) for x in obj):
                yield "".join(obj)
            for valeur in obj:
                yield from parcourir(valeur)
        else:
            yield str(obj)

    if fichier.suffix == ".xlsx":
        classeur = openpyxl.load_workbook(fichier)
        yield from (str(case.value) for feuille in classeur for rangee in feuille.iter_rows() for case in rangee)
        return
    assert fichier.suffix in (".ipynb", ".json")
    yield from parcourir(json.loads(fichier.read_text(encoding="utf-8")))


def test_les_cellules_notees_sont_verrouillees_et_valent_le_bareme(cours: Path) -> None:
    quiz = json.loads((cours / "release/quiz_entree/exercices.ipynb").read_text(encoding="utf-8"))
    notee = cellule(quiz, "quiz_entree")["metadata"]
    assert (notee["nbgrader"]["points"], notee["nbgrader"]["locked"], notee["editable"]) == (3.0, True, False)
    assert notee["jupyter"] == {"source_hidden": True}
    assert quiz["metadata"]["facturier"]["carnet"] == "quiz_entree/exercices"
    assert quiz["metadata"]["kernelspec"]["display_name"] == "Python 3"
    codes = [c for c in quiz["cells"] if c["cell_type"] == "code"]
    assert all("nbgrader" in c["metadata"] and not c["outputs"] for c in codes)


def test_une_ligne_ou_il_n_y_a_rien_a_ecrire_est_repliee_et_les_autres_se_voient(cours: Path, kit: Path) -> None:
    def visibles(carnet: Path) -> list[str]:
        lu = json.loads(carnet.read_text(encoding="utf-8"))["cells"]
        codes = [c for c in lu if c["cell_type"] == "code"]
        return ["".join(c["source"]) for c in codes if not c["metadata"].get("jupyter", {}).get("source_hidden")]

    calcul = visibles(cours / "release/calcul/exercices.ipynb")
    assert len(calcul) == 2
    assert calcul[0].startswith("total_ht, total_ttc")
    assert calcul[1] == 'lecon.rendre("total_ttc", total_ttc)'
    journee = [*(kit / "notebooks").glob("*.ipynb"), *(kit / "release").rglob("*.ipynb")]
    assert {carnet.name: visibles(carnet) for carnet in journee if visibles(carnet)} == {}  # nobody reads code that day


@pytest.mark.parametrize(
    ("fichier", "avant", "apres", "phrase"),
    [
        ("calcul/exercices.md", 'lecon.rendre("total_ttc", total_ttc)', "1.0", "doit être exactement"),
        ("calcul/exercices.md", '", total_ttc)', '", 1481.47)', "doit être exactement"),
        ("calcul/exercices.md", '", total_ttc)', '", total_ttc);', "doit être exactement"),
        ("quiz_entree/exercices.md", 'lecon.quiz("quiz_entree")', 'lecon.quiz("autre")', "doit être exactement"),
        ("quiz_entree/exercices.md", 'exercice="quiz_entree"', 'exercice="autre"', "n’est pas dans corrige.toml"),
        ("quiz_entree/exercices.md", ' exercice="quiz_entree"', "", "n’a pas de cellule"),
        ("quiz_entree/exercices.md", ' exercice="quiz_entree"', ' exercise="x"', "option de cellule inconnue"),
        ("calcul/exercices.md", "Remettez la valeur.\n", "", "deux cellules de code se suivent"),
        ("calcul/exercices.md", "total_ht, total_ttc = 1234.56, ...", "a = 1\nb = 2\nc = 3\ntotal_ttc = 4", "3 lignes"),
        ("calcul/exercices.md", "total_ht, total_ttc = 1234.56, ...", "total_ht = 1234.56", "sans exister"),
        ("calcul/exercices.md", "### END SOLUTION\n", "", "doit être entre"),
        ("calcul/exercices.md", ' solution="total_ttc"', "", "sans « solution=… »"),
        ("calcul/exercices.md", "from facturier import lecon", "import pandas", "une seule cellule d’import"),
        ("calcul/lecon.md", 'lecon.tableau("cadres")', "import os", "une seule cellule d’import"),
        ("calcul/lecon.md", "# Leçon d’essai", "Leçon", "doit commencer par un titre"),
        (
            "calcul/lecon.md",
            "```python\nlecon.tableau",
            '```python exercice="total_ttc"\nlecon.tableau',
            "pas de cellule notée",
        ),
    ],
)
def test_un_texte_qui_sort_des_regles_est_refuse_en_une_phrase(
    textes: Path, tmp_path: Path, fichier: str, avant: str, apres: str, phrase: str
) -> None:
    texte = (textes / fichier).read_text(encoding="utf-8")
    assert avant in texte
    (textes / fichier).write_text(texte.replace(avant, apres, 1), encoding="utf-8")
    with pytest.raises(ErreurFacturier) as refus:
        construire(tmp_path / "sortie", [fichier.split("/")[0]], sources=textes)
    assert not any(f.is_file() for f in (tmp_path / "sortie").rglob("*.ipynb"))
    assert fichier in refus.value.phrase
    assert phrase in refus.value.phrase


@pytest.mark.parametrize("dossier", ["notebooks", "release", "data/factures"])
def test_les_materiaux_du_depot_sont_a_jour(kit: Path, dossier: str) -> None:
    personnels = {"reponses", ".ipynb_checkpoints"}  # what trying a notebook in the checkout leaves, ignored by git
    presents = {nom: octets for nom, octets in _arbre(DEPOT / dossier).items() if not personnels & {*Path(nom).parts}}
    assert presents == _arbre(kit / dossier)


def test_importer_levaluation_ne_charge_pas_nbgrader() -> None:
    programme = (
        "import sys, facturier.evaluation, facturier.evaluation.bareme, facturier.evaluation.ramassage,"
        "facturier.evaluation.resultats, facturier.fabrique;"
        "lourds = {'nbgrader','nbconvert','nbformat','jupytext','pandas','sqlalchemy','lxml','typst','saxonche'};"
        "print(sorted(lourds & set(sys.modules)))"
    )
    fait = subprocess.run(
        [sys.executable, "-c", programme],
        cwd=DEPOT,
        env={"PYTHONPATH": str(DEPOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert fait.stdout.strip() == "[]"
