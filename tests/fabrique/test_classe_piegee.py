"""Every measured trap of nbgrader, met in one class: nobody gets what they did not earn, nobody delays the others."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from rendus_de_classe import (
    CHAPITRES,
    QUIZ_PARFAIT,
    Classe,
    cellule,
    code,
    double,
    journal_de_depot,
    nbgrader,
)

from facturier.evaluation.banque import id_choix
from facturier.evaluation.identites import cle_nbgrader
from facturier.evaluation.reponses import chemin_annexe, ecrire_annexe
from facturier.evaluation.resultats import ResultatApprenant, Resultats, schema
from facturier.fabrique.correction import noter

XSS = '<script src="https://mal.example/x.js"></script><img src=x onerror=alert(1)>'


def _remplir(classe: Classe) -> None:
    rend, quiz = classe.rend, classe.quiz
    rend("parfait", quiz())
    rend("parfait", classe.calcul("1 481,47 €"), "calcul/exercices.ipynb")
    rend("parfait", classe.depot(journal_de_depot()), "depot/exercices.ipynb")
    rend("moyen", quiz({**QUIZ_PARFAIT, "q_multiple": [id_choix("q_multiple", "L’acheteur")], "q_nombre": "73 jours"}))
    rend("moyen", classe.calcul("1234,56"), "calcul.ipynb")
    rend("moyen", classe.depot(journal_de_depot(ttc="1200,00", cadre="A2")), "depot.ipynb")
    rend("blanc", classe.carnet("quiz_entree"))
    rend("partiel", quiz({"q_unique": QUIZ_PARFAIT["q_unique"], "q_multiple": [], "q_nombre": ""}))

    bruyant = quiz()
    bruit = {"output_type": "stream", "name": "stderr", "text": "UserWarning: x\n"}
    cellule(bruyant, "quiz_entree")["outputs"].insert(0, bruit)
    rend("stderr", bruyant)
    rend("np_float", classe.calcul("np.float64(1481.47)"))
    noyau = classe.carnet("quiz_entree")
    piege = "get_ipython().input_transformers_cleanup.append(lambda lignes: [])"
    noyau["cells"].insert(1, code(piege))
    noyau["cells"].insert(2, code("class X:\n    __eq__ = lambda s, o: True"))
    rend("noyau", noyau)
    rend("egal_toujours", classe.calcul("<class X: __eq__ = True>"))

    rend("double", double(quiz(), "quiz_entree"))
    deux_saisies = double(classe.calcul("1481.47"), "solution-total_ttc")
    deux_saisies["cells"][deux_saisies["cells"].index(cellule(deux_saisies, "solution-total_ttc")) + 1]["source"] = XSS
    rend("double_saisie", deux_saisies)
    rend("renomme", quiz(), "Documents/Mes cours/exercices (1).ipynb")
    sans_cellule = quiz()
    sans_cellule["cells"] = [c for c in sans_cellule["cells"] if c["cell_type"] == "markdown"]
    fichier = rend("efface", sans_cellule)
    ecrire_annexe(
        chemin_annexe(fichier),
        "quiz_entree/exercices",
        {"quiz_entree": classe.reponse("quiz_entree", "quiz_entree", QUIZ_PARFAIT)},
    )
    sans_metadonnees = quiz()
    sans_metadonnees["metadata"] = {}
    rend("sans_metadonnees", sans_metadonnees)

    for nom, ligne in {
        "sys_exit": "import sys; sys.exit(3)",
        "os_exit": "import os; os._exit(3)",
        "boucle": "while True:\n    pass",
    }.items():
        carnet = quiz()
        carnet["cells"].insert(1, code(ligne))
        rend(nom, carnet)

    points = quiz()
    cellule(points, "quiz_entree")["metadata"]["nbgrader"].update(points=99, schema_version=1, intrus="x")
    points["metadata"]["facturier_jugements"] = {"exercices": []}
    points["metadata"]["facturier_recueil"] = {"reponses": {}, "problemes": [], "remarques": []}
    rend("points_forges", points)
    rend("champ_inconnu", quiz({**QUIZ_PARFAIT, "points": "12"}))
    rend("hors_liste", quiz({**QUIZ_PARFAIT, "q_unique": "deadbeef"}))
    altere = quiz()
    sortie = cellule(altere, "quiz_entree")["outputs"][0]["data"]
    next(v for k, v in sortie.items() if k.startswith("application"))["valeurs"]["q_nombre"] = "38"
    rend("altere", altere)
    rend("autre_carnet", quiz(carnet="quiz_sortie/exercices"))
    rejoue = copy.deepcopy(list(journal_de_depot()))
    rejoue[0]["donnees"]["montant_ttc"] = "9999,99"
    rejoue[0]["role"] = "destinataire"
    rend("journal_forge", classe.depot(tuple(rejoue)))

    enorme = quiz()
    enorme["cells"].insert(
        1, code("print('x' * 10**7)", [{"output_type": "stream", "name": "stdout", "text": "x" * 10**7}])
    )
    rend("enorme", enorme)
    rend("profond", ('{"nbformat": 4, "cells": ' + "[" * 5000 + "]" * 5000 + "}").encode(), "quiz_entree.ipynb")
    rend("version_3", _en_v3(quiz()))
    rend("casse", b'{"cells": [', "quiz_entree/exercices.ipynb")
    fichier = rend("casse_avec_annexe", b"\xff\xfe pas du JSON", "quiz_entree/exercices.ipynb")
    reponse = classe.reponse("quiz_entree", "quiz_entree", QUIZ_PARFAIT)
    ecrire_annexe(chemin_annexe(fichier), "quiz_entree/exercices", {"quiz_entree": reponse})
    voisin = classe.reponse("quiz_entree", "quiz_entree", QUIZ_PARFAIT, lignee="commune")
    rend("copie_a", classe.carnet("quiz_entree", voisin))
    rend("copie_b", classe.carnet("quiz_entree", voisin))
    rend("Dupont, Éloïse", quiz())
    rend("vide", None)
    rend("xss", classe.calcul(XSS))
    (classe.rendus / "apprenants.csv").write_text(
        '\ufeffid;prenom\nparfait;Ana\nabsente;Zoé\n=cmd|calc;Mal\n"Dupont, Éloïse";Éloïse\n', encoding="utf-8"
    )


def _en_v3(carnet: dict[str, Any]) -> dict[str, Any]:
    cellules = []
    for c in carnet["cells"]:
        if c["cell_type"] == "markdown":
            cellules.append({"cell_type": "markdown", "metadata": {}, "source": c["source"]})
        else:
            cellules.append(
                {
                    "cell_type": "code",
                    "collapsed": False,
                    "language": "python",
                    "metadata": c["metadata"],
                    "input": c["source"],
                    "outputs": [{"output_type": "display_data", "metadata": {}, **o["data"]} for o in c["outputs"]],
                }
            )
    return {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": carnet["metadata"],
        "worksheets": [{"metadata": {}, "cells": cellules}],
    }


@pytest.fixture(scope="module")
def notes(cours: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Resultats, Path]:
    """The class, marked once."""
    racine = tmp_path_factory.mktemp("classe")
    classe = Classe(cours, racine / "rendus")
    _remplir(classe)
    sortie = racine / "notes"
    suivis: list[str] = []
    resultats = noter(racine / "rendus", sortie, sources=CHAPITRES, suivi=lambda nom, *_: suivis.append(nom), delai=90)
    assert len(suivis) == len(set(suivis)) >= 25
    return resultats, sortie


def _un(notes: tuple[Resultats, Path], ident: str) -> ResultatApprenant:
    return next(a for a in notes[0].apprenants if a.id == ident)


def _points(notes: tuple[Resultats, Path], ident: str, slug: str = "quiz_entree") -> tuple[str, float | None]:
    note = _un(notes, ident).chapitres[slug]
    return note.statut, None if note.points is None else float(note.points)


@pytest.mark.parametrize(
    ("ident", "statut", "attendus"),
    [
        ("parfait", "ok", {"quiz_entree": 3, "calcul": 2, "depot": 2.5}),
        ("moyen", "ok", {"quiz_entree": 1.5, "calcul": 0, "depot": 1.5}),
        ("partiel", "ok", {"quiz_entree": 1}),
        ("stderr", "ok", {"quiz_entree": 3}),
        ("np_float", "ok", {"calcul": 0}),
        ("egal_toujours", "ok", {"calcul": 0}),
        ("double", "ok", {"quiz_entree": 3}),
        ("double_saisie", "ok", {"calcul": 2}),
        ("renomme", "ok", {"quiz_entree": 3}),
        ("efface", "ok", {"quiz_entree": 3}),
        ("sans_metadonnees", "ok", {"quiz_entree": 3}),
        ("sys_exit", "ok", {"quiz_entree": 3}),
        ("os_exit", "ok", {"quiz_entree": 3}),
        ("boucle", "ok", {"quiz_entree": 3}),
        ("points_forges", "ok", {"quiz_entree": 3}),
        ("enorme", "ok", {"quiz_entree": 3}),
        ("version_3", "ok", {"quiz_entree": 3}),
        ("xss", "ok", {"calcul": 0}),
        ("Dupont, Éloïse", "ok", {"quiz_entree": 3}),
        ("champ_inconnu", "a_verifier", {"quiz_entree": 3}),
        ("hors_liste", "a_verifier", {"quiz_entree": 2}),
        ("casse_avec_annexe", "a_verifier", {"quiz_entree": 3}),
        ("copie_a", "a_verifier", {"quiz_entree": 3}),
        ("copie_b", "a_verifier", {"quiz_entree": 3}),
    ],
)
def test_chacun_recoit_ce_quil_a_gagne(
    notes: tuple[Resultats, Path], ident: str, statut: str, attendus: dict[str, float]
) -> None:
    apprenant = _un(notes, ident)
    assert apprenant.statut == statut, apprenant.problemes
    obtenus = {s: float(n.points) for s, n in apprenant.chapitres.items() if n.points is not None}
    assert obtenus == attendus


@pytest.mark.parametrize(
    ("ident", "slug", "statut", "statut_apprenant"),
    [
        ("blanc", "quiz_entree", "non_repondu", "ok"),
        ("noyau", "quiz_entree", "non_repondu", "ok"),
        ("altere", "quiz_entree", "a_verifier", "a_verifier"),
        ("autre_carnet", "quiz_entree", "a_verifier", "a_verifier"),
        ("journal_forge", "depot", "a_verifier", "a_verifier"),
        ("profond", "quiz_entree", "erreur_technique", "erreur_technique"),
        ("casse", "quiz_entree", "erreur_technique", "erreur_technique"),
        ("vide", "quiz_entree", "absent", "erreur_technique"),
        ("absente", "quiz_entree", "absent", "absent"),
    ],
)
def test_sans_points_nest_jamais_zero(
    notes: tuple[Resultats, Path], ident: str, slug: str, statut: str, statut_apprenant: str
) -> None:
    assert _points(notes, ident, slug) == (statut, None)
    assert _un(notes, ident).statut == statut_apprenant


def test_ce_qui_est_repare_ou_douteux_est_dit_en_une_phrase(notes: tuple[Resultats, Path]) -> None:
    assert any("« Quiz d’essai » figure 2 fois" in r for r in _un(notes, "double").remarques)
    assert any("manquait au carnet" in r for r in _un(notes, "efface").remarques)
    assert any("empreinte" in p for p in _un(notes, "altere").problemes)
    assert any("autre carnet" in p for p in _un(notes, "autre_carnet").problemes)
    assert any("même origine" in p and "copie_b" in p for p in _un(notes, "copie_a").problemes)
    assert any(
        "ne se rejoue pas" in r for j in _un(notes, "journal_forge").chapitres["depot"].jugements for r in j.remarques
    )
    assert any("aucun carnet" in p for p in _un(notes, "vide").problemes)


def test_le_document_suit_son_schema_et_les_fichiers_sont_ecrits(notes: tuple[Resultats, Path]) -> None:
    resultats, sortie = notes
    document = json.loads((sortie / "resultats.json").read_text(encoding="utf-8"))
    jsonschema.validate(document, schema())
    assert document == resultats.en_json()
    ids = [a["id"] for a in document["apprenants"]]
    assert ids == sorted(ids, key=lambda i: (cle_nbgrader(i), i))  # accents and capitals do not count
    retours = document["fichiers"]["retours"]["parfait"]
    assert all((sortie / f).is_file() for f in retours.values())
    assert set(retours) == {"quiz_entree", "calcul", "depot"}


def test_le_tableur_ne_calcule_pas_ce_quun_apprenant_a_tape(notes: tuple[Resultats, Path]) -> None:
    octets = (notes[1] / "resultats.csv").read_bytes()
    assert octets.startswith(b"\xef\xbb\xbf")
    lignes = octets.decode("utf-8-sig").splitlines()
    assert any(ligne.startswith("'=cmd|calc;") for ligne in lignes)
    assert any(ligne.startswith("Dupont, Éloïse;Notée;") for ligne in lignes)
    assert any(ligne.startswith("moyen;Notée;1,5;") for ligne in lignes)


def test_le_retour_est_francais_inerte_et_sans_corrige(notes: tuple[Resultats, Path]) -> None:
    sortie = notes[1]
    for fichier in sorted((sortie / "grading/feedback").rglob("*.html")):
        page = fichier.read_text(encoding="utf-8")
        assert '<html lang="fr">' in page
        assert "<script" not in page
        assert "<img" not in page
        assert "src=" not in page.replace("src=&", "").replace("&lt;script src=", "").replace("&lt;img src=", "")
        assert "http" not in page.replace("http-equiv", "").replace("https://mal.example", "")
        for anglais in ("Score", "Comment", "Test cell", "No response", "Student"):
            assert anglais not in page, fichier
    moyen = (sortie / "grading/feedback/moyen/quiz_entree/exercices.html").read_text(encoding="utf-8")
    assert "✔ Juste" in moyen
    assert "◐ En partie juste" in moyen
    assert "✘ Faux" in moyen
    assert "RETOUR-N3" in moyen  # the known mistake, explained
    assert "RETOUR-N1" not in moyen  # the sentence of the right answer stays with the trainer
    assert "RETOUR-M3" not in moyen
    partiel = (sortie / "grading/feedback/partiel/quiz_entree/exercices.html").read_text(encoding="utf-8")
    assert "— Non répondu" in partiel


def test_le_code_dun_apprenant_nest_jamais_execute(notes: tuple[Resultats, Path]) -> None:
    corrige = json.loads(
        (notes[1] / "grading/autograded/boucle/quiz_entree/exercices.ipynb").read_text(encoding="utf-8")
    )
    assert all(not c["outputs"] for c in corrige["cells"] if c["cell_type"] == "code")


def test_les_points_par_objectif_sont_comptes(notes: tuple[Resultats, Path]) -> None:
    detail = json.loads((notes[1] / "resultats_detail.json").read_text(encoding="utf-8"))
    moyen = next(a for a in detail["apprenants"] if a["id"] == "moyen")
    assert moyen["objectifs"]["O1"] == {"entree": {"points": 1, "sur": 1}}
    assert moyen["objectifs"]["O3"]["entree"] == {"points": 0.5, "sur": 2}
    assert moyen["objectifs"]["O3"]["exercices"] == {"points": 1.5, "sur": 4.5}
    blanc = next(a for a in detail["apprenants"] if a["id"] == "blanc")
    assert blanc["objectifs"]["O1"] == {"entree": {"points": None, "sur": 1}}


def test_nbgrader_seul_donne_les_memes_notes(notes: tuple[Resultats, Path], tmp_path: Path) -> None:
    import shutil

    resultats, sortie = notes
    seul = tmp_path / "seul"
    for nom in ("source", "grading/source", "grading/submitted"):
        shutil.copytree(sortie / nom, seul / nom)
    shutil.copy(sortie / "nbgrader_config.py", seul)
    devoirs = ("quiz_entree", "calcul", "depot")
    for devoir in devoirs:
        for commande in ("generate_assignment", "autograde"):
            fait = nbgrader(seul, commande, devoir)
            assert fait.returncode == 0, fait.stderr[-3000:]
        distribues = [d / "release" / devoir / "enonces.json" for d in (seul, sortie)]
        assert distribues[0].read_bytes() == distribues[1].read_bytes()
    from nbgrader.api import Gradebook

    compares = dict.fromkeys(devoirs, 0)
    with Gradebook(f"sqlite:///{seul}/grading/gradebook.db") as gb:
        for apprenant in resultats.apprenants:
            for devoir, note in apprenant.chapitres.items():
                if not note.jugements:
                    continue
                grades = gb.find_submission_notebook("exercices", devoir, cle_nbgrader(apprenant.id)).grades
                assert sum(g.score for g in grades) == float(note.points or 0), (apprenant.id, devoir)
                assert any(g.needs_manual_grade for g in grades) == (note.statut == "a_verifier"), apprenant.id
                compares[devoir] += 1
    assert compares["quiz_entree"] >= 20
    assert min(compares.values()) >= 2, compares
