"""The manual, chapter 6: from an answer typed in a form to a mark; four words that are never one zero."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from facturier import contenu
from facturier.demo.jeu import bonne_reponse, mauvaise_reponse
from facturier.evaluation.bareme import Bareme, baremes
from facturier.evaluation.jugement import Jugement, juger
from facturier.evaluation.ramassage import ramasser
from facturier.evaluation.reponses import chemin_annexe
from facturier.formulaires.espace import Espace, exercice
from facturier.formulaires.memoire import Memoire
from facturier.formulaires.quiz import ModeleQuiz
from facturier.formulaires.rendu import Rendu

QUIZ = "quiz_entree"


class Poste:
    """A learner's folder, the kernel that opens its quiz, and the trainer who receives the parcel."""

    def __init__(self, dossier: Path) -> None:
        self.dossier = dossier / "poste"
        self.rendus = dossier / "rendus"
        shutil.copytree(contenu.racine() / "release" / QUIZ, self.dossier / "release" / QUIZ)
        self.carnet = self.dossier / "release" / QUIZ / "exercices.ipynb"
        self.bareme: Bareme = baremes()[QUIZ]

    def ouvrir(self) -> ModeleQuiz:
        memoire = Memoire(self.bareme.carnet, self.carnet, horloge=lambda: datetime(2026, 12, 3, 9, tzinfo=UTC))
        return ModeleQuiz(exercice(Espace(self.bareme.carnet, self.carnet, self.dossier), QUIZ), memoire)

    def rendre(self) -> None:
        recu = Rendu(self.dossier).rendre("Camille")
        self.rendus.mkdir()
        shutil.copy(recu.fichier, self.rendus)

    def juge(self) -> tuple[Jugement, list[str]]:
        (rendu,) = ramasser(self.rendus, {QUIZ: self.bareme}, None)
        devoir = rendu.devoirs[QUIZ]
        return juger(self.bareme.par_id[QUIZ], devoir.annexe.get(QUIZ)), [*rendu.problemes, *devoir.problemes]


@pytest.fixture
def poste(tmp_path: Path) -> Poste:
    return Poste(tmp_path)


def test_ce_qui_est_juste_a_ses_points(poste: Poste) -> None:
    quiz = poste.ouvrir()
    for item in poste.bareme.par_id[QUIZ].items:
        quiz.repondre(item.id, bonne_reponse(item))
    poste.rendre()
    jugement, problemes = poste.juge()
    assert (jugement.statut, jugement.points, problemes) == ("fait", 12, [])


def test_ce_qui_est_faux_vaut_zero_et_s_explique(poste: Poste) -> None:
    item = poste.bareme.par_id[QUIZ].items[0]
    poste.ouvrir().repondre(item.id, mauvaise_reponse(item))
    poste.rendre()
    jugement, _ = poste.juge()
    assert (jugement.statut, jugement.points) == ("fait", 0)
    assert jugement.criteres[0].statut == "faux"
    assert jugement.criteres[0].message
    assert {c.statut for c in jugement.criteres[1:]} == {"non_repondu"}


def test_ce_qui_n_est_pas_repondu_n_a_pas_de_note(poste: Poste) -> None:
    poste.ouvrir()
    poste.rendre()
    jugement, problemes = poste.juge()
    assert (jugement.statut, jugement.points, problemes) == ("non_repondu", None, [])


def test_ce_qui_est_abime_se_dit_et_ne_se_confond_pas_avec_un_blanc(poste: Poste) -> None:
    item = poste.bareme.par_id[QUIZ].items[0]
    poste.ouvrir().repondre(item.id, bonne_reponse(item))
    chemin_annexe(poste.carnet).write_text("{", encoding="utf-8")
    poste.rendre()
    _, problemes = poste.juge()
    assert any("illisible" in phrase for phrase in problemes)


def test_une_reponse_revient_quand_le_carnet_se_rouvre(poste: Poste) -> None:
    item = poste.bareme.par_id[QUIZ].items[0]
    poste.ouvrir().repondre(item.id, bonne_reponse(item))
    assert poste.ouvrir().valeurs[item.id] == bonne_reponse(item)
