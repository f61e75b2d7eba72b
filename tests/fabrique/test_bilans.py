"""The reports: who to look at first, what to teach again, what the learner reads, and what marking again changed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from facturier import contenu
from facturier.ecriture import write_bytes
from facturier.evaluation.resultats import schema
from facturier.fabrique.bilans import noter_et_rapporter
from facturier.fabrique.comparaison import changements, precedents
from facturier.fabrique.rapports import figures, lecture, priorites


def _critere(ident: str, statut: str, libelle: str, message: str = "") -> dict[str, Any]:
    points = "1" if statut == "juste" else "0"
    return {
        "id": ident,
        "libelle": libelle,
        "objectif": "O1",
        "points": points,
        "sur": "1",
        "statut": statut,
        "message": message,
    }


def _chapitre(slug: str, *statuts: str, etat: str = "fait") -> dict[str, Any]:
    criteres = [_critere(f"{slug}_{n}", s, f"{slug} question {n}", f"retour {n} {s}") for n, s in enumerate(statuts)]
    points = None if etat in ("non_repondu", "a_verifier") else str(statuts.count("juste"))
    exercice = {
        "exercice": slug,
        "statut": etat,
        "points": points,
        "sur": str(len(statuts)),
        "criteres": criteres,
        "remarques": ["À lire."] if etat == "a_verifier" else [],
    }
    return {"exercices": [exercice], "problemes": [], "remarques": []}


def _apprenant(ident: str, statut: str = "ok", **chapitres: dict[str, Any]) -> dict[str, Any]:
    exercices = {}
    for slug in ("quiz_sortie", "sans_moe", "quiz_entree"):  # as a sorted JSON gives them: not the day's order
        jugement = chapitres[slug]["exercices"][0] if slug in chapitres else None
        points = None if jugement is None or jugement["points"] is None else int(jugement["points"])
        etat = "absent" if jugement is None else jugement["statut"]
        exercices[slug] = {"points": points, "sur": 2, "statut": etat}
    absents = {s: {"exercices": [], "problemes": [], "remarques": []} for s in exercices if s not in chapitres}
    return {
        "id": ident,
        "statut": statut,
        "entree": exercices["quiz_entree"]["points"],
        "sortie": exercices["quiz_sortie"]["points"],
        "exercices": exercices,
        "chapitres": {**absents, **chapitres},
        "problemes": [],
        "remarques": [],
    }


@pytest.fixture
def detail(tmp_path: Path) -> str:
    """A class of four: perfect, wrong, blank, and one to be checked who skipped the exit quiz."""
    juste, faux = ("juste", "juste"), ("faux", "juste")
    classe = [
        _apprenant(
            "ama",
            quiz_entree=_chapitre("quiz_entree", *juste),
            sans_moe=_chapitre("sans_moe", *juste),
            quiz_sortie=_chapitre("quiz_sortie", *juste),
        ),
        _apprenant(
            "bob",
            quiz_entree=_chapitre("quiz_entree", *juste),
            sans_moe=_chapitre("sans_moe", *faux),
            quiz_sortie=_chapitre("quiz_sortie", "faux", "faux"),
        ),
        _apprenant(
            "elsa",
            **{s: _chapitre(s, *["non_repondu"] * 2, etat="non_repondu") for s in ("quiz_entree", "quiz_sortie")},
        ),
        _apprenant(
            "<i>gwen",
            "a_verifier",
            quiz_entree=_chapitre("quiz_entree", *faux),
            sans_moe=_chapitre("sans_moe", *["non_repondu"] * 2, etat="a_verifier"),
        ),
    ]
    fichier = tmp_path / "detail.json"
    fichiers = {"bilans": {"ama": "bilans/ama é.html"}, "retours": {"bob": {"sans_moe": "grading/x.html"}}}
    fichier.write_text(json.dumps({"apprenants": classe, "avis": ["Un avis."], "fichiers": fichiers}), encoding="utf-8")
    return str(fichier)


def _texte(vue: Any) -> str:
    return str(vue.data).replace("\u00a0", " ")


def test_le_formateur_voit_qui_regarder_d_abord(detail: str) -> None:
    page = _texte(priorites.qui_regarder(detail))
    assert page.index("gwen") < page.index("elsa") < page.index("bob")
    assert "ama" not in page
    assert "<i>" not in page
    assert "Pas de copie : Quiz de sortie." in page
    assert "Copie rendue vide : Quiz d’entrée, Quiz de sortie." in page
    assert "Quiz de sortie sous celui d’entrée (0 après 2)." in page


def test_ce_qui_n_est_pas_encore_rendu_par_personne_n_est_reproche_a_personne() -> None:
    midi = _apprenant("ama", quiz_entree=_chapitre("quiz_entree", "juste", "faux"))
    assert priorites.raisons(midi, {"quiz_entree"}) == []
    ((rang, phrase),) = priorites.raisons(_apprenant("zoe", "absent"), {"quiz_entree"})
    assert (rang, "relancez" in phrase) == (2, True)


def test_ce_qu_il_faut_reprendre_vient_du_soir_avec_les_noms(detail: str) -> None:
    notes = lecture.charger(detail)
    page = _texte(priorites.a_reprendre(notes))
    assert "quiz_sortie question 0" in page
    assert "quiz_entree question" not in page
    assert "1 sur 2" in page
    assert "retour 0 faux" in page
    matin = notes[notes["chapitre"] == "quiz_entree"]
    assert "de quoi orienter la journée" in _texte(priorites.a_reprendre(matin))
    assert "Aucune réponse" in _texte(priorites.a_reprendre(notes[notes["apprenant"] == "elsa"]))


def test_une_copie_blanche_n_est_jamais_toute_juste(detail: str) -> None:
    notes = lecture.charger(detail)
    elsa = _texte(figures.a_revoir(notes[notes["apprenant"] == "elsa"]))
    assert "Vous n’avez rien répondu ici" in elsa
    assert "toutes vos réponses sont justes" not in elsa
    assert "toutes vos réponses sont justes" in _texte(figures.a_revoir(notes[notes["apprenant"] == "ama"]))
    assert "Votre formateur doit relire" in _texte(figures.a_revoir(notes[notes["apprenant"] == "<i>gwen"]))


def test_les_chapitres_suivent_la_journee(detail: str) -> None:
    page = _texte(figures.resultats(detail, "bob"))
    assert page.index("Quiz d’entrée") < page.index("sans maîtrise") < page.index("Quiz de sortie")


def test_chaque_note_mene_a_la_copie_et_chaque_nom_au_bilan(detail: str) -> None:
    page = _texte(figures.classe(detail))
    assert 'href="bilans/ama%20%C3%A9.html"' in page
    assert re.search(r'<a href="grading/x\.html">[^<]+</a>', page)


@pytest.mark.parametrize(("combien", "en_colonnes"), [(2, "learners"), (20, "chapters")])
def test_la_liste_la_plus_longue_descend_la_page(detail: str, tmp_path: Path, combien: int, en_colonnes: str) -> None:
    lu = json.loads(Path(detail).read_text(encoding="utf-8"))
    lu["apprenants"] = [{**lu["apprenants"][0], "id": f"ama{n}"} for n in range(combien)]
    (classe := tmp_path / "classe.json").write_text(json.dumps(lu), encoding="utf-8")
    page = _texte(figures.classe(str(classe)))
    assert page.count('<th scope="col">ama') == (combien if en_colonnes == "learners" else 0)
    assert page.count('<th scope="row">ama') == (combien if en_colonnes == "chapters" else 0)
    assert page.count("2 / 2") == 3 * combien


def test_la_progression_ne_compte_que_ceux_qui_ont_fait_les_deux_quiz(detail: str) -> None:
    notes = lecture.charger(detail)
    assert lecture.aux_deux_quiz(notes) == ["ama", "bob"]
    page = _texte(figures.progression_classe(notes))
    assert "2 apprenants, ceux qui ont répondu aux deux quiz" in page
    assert "100 % entrée" in page
    assert "Un seul des deux quiz" in _texte(figures.progression_classe(notes[notes["apprenant"] == "<i>gwen"]))


def test_noter_de_nouveau_dit_ce_qui_a_change(tmp_path: Path) -> None:
    def fiche(points: float | None, statut: str = "fait") -> dict[str, Any]:
        return {"exercices": {"quiz": {"points": points, "sur": 12, "statut": statut}}}

    titres = {"quiz": "Quiz de sortie"}
    assert changements({"a": fiche(7)}, {"a": fiche(7)}, titres) == [
        "Ce dossier avait déjà été noté : aucune note n’a changé.".replace(" :", "\u00a0:")
    ]
    dits = " ".join(changements({"a": fiche(7.5), "z": fiche(1)}, {"a": fiche(None, "absent"), "b": fiche(2)}, titres))
    dits = dits.replace("\u00a0", " ")
    assert "a, Quiz de sortie : absent (auparavant 7,5 / 12)." in dits
    assert "b : nouveau rendu." in dits
    assert "z : n’a plus de rendu" in dits
    assert precedents(tmp_path / "rien.json") is None
    (tmp_path / "casse.json").write_text("{", encoding="utf-8")
    assert precedents(tmp_path / "casse.json") is None


def test_noter_deux_fois_renouvelle_les_bilans_et_retire_ceux_que_plus_rien_ne_renouvelle(tmp_path: Path) -> None:
    release = contenu.racine() / "release/quiz_entree/exercices.ipynb"
    rendus, sortie = tmp_path / "Copies du 3", tmp_path / "notes"
    for nom in ("Zoé.ipynb", "ama.ipynb"):
        write_bytes(rendus / nom, release.read_bytes())
    premier = noter_et_rapporter(rendus, sortie)
    assert [a.id for a in premier.apprenants] == ["ama", "Zoé"]
    assert premier.avis == ()
    (rendus / "Zoé.ipynb").rename(rendus / "Zoé Roux.ipynb")
    (rendus / "notes.docx").write_bytes(b"PK")
    second = noter_et_rapporter(rendus, sortie)
    assert sorted(f.name for f in (sortie / "bilans").iterdir()) == ["ama.html", "zoe-roux.html"]
    assert "notes.docx" in second.avis[0]
    assert any("Zoé Roux" in a for a in second.avis)
    jsonschema.validate(second.en_json(), schema())
    assert json.loads((sortie / "resultats.json").read_text(encoding="utf-8")) == second.en_json()
    entete, *lignes = (sortie / "bilan.csv").read_text(encoding="utf-8-sig").splitlines()
    assert entete.startswith("Apprenant;Copie;Quiz d’entrée;")
    assert "_" not in entete
    assert len(lignes) == 2
