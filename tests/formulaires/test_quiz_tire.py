"""Un quiz tiré de la banque : chaque genre se remplit, se garde, se reprend et se juge tel qu’il a été rempli."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from poste_essai import Poste

from facturier import contenu
from facturier.demo.jeu import bonne_reponse, mauvaise_reponse
from facturier.evaluation.bareme import Exercice, lire_bareme
from facturier.evaluation.graines import Graine
from facturier.evaluation.items import A_SAISIR, GENRES, LIEN, PAR_LIGNES, Item
from facturier.evaluation.jugement import juger
from facturier.evaluation.tirages import lire_banque
from facturier.formulaires.quiz import ModeleQuiz
from facturier.formulaires.vue_quiz import VueQuiz

GRAINE = Graine("lyon-decembre")
EXERCICE = lire_bareme(contenu.chapitre("quiz_entree"), GRAINE).exercices[0]
BANQUE = lire_banque()


def _un_de_chaque() -> Exercice:
    items = tuple(next(g for g in BANQUE.gabarits if g.genre == genre).poser(GRAINE) for genre in GENRES)
    return replace(EXERCICE, items=items, points=Decimal(len(items)), tirage=None, graine="")


TOUS = _un_de_chaque()


def _remplir(vue: VueQuiz, item: Item, reponse: str | list[str]) -> None:
    """What hands do: menus, boxes, a text."""
    controles = vue.controles[item.id]
    if item.genre == "multiple":
        for choix, case in zip(item.public()["choix"], controles, strict=True):
            case.value = choix["id"] in reponse
    elif item.genre in PAR_LIGNES:
        liens = dict(lien.split(LIEN) for lien in reponse)
        for ligne, menu in zip(item.public()["lignes"], controles, strict=True):
            menu.value = liens.get(ligne["id"], "")
    else:
        controles[0].value = reponse


@pytest.mark.parametrize("item", TOUS.items, ids=lambda i: i.genre)
def test_ce_que_les_mains_remplissent_se_juge_juste(poste: Poste, item: Item) -> None:
    vue = VueQuiz(ModeleQuiz(TOUS.public(), poste.noyau()))
    _remplir(vue, item, bonne_reponse(item))
    juge = juger(TOUS, poste.noyau().reponses[TOUS.id])
    statuts = {c.id: c.statut for c in juge.criteres}
    assert statuts.pop(item.id) == "juste"
    assert set(statuts.values()) == {"non_repondu"}
    assert juge.remarques == ()


@pytest.mark.parametrize("item", TOUS.items, ids=lambda i: i.genre)
def test_une_erreur_se_juge_fausse_et_s_explique(poste: Poste, item: Item) -> None:
    vue = VueQuiz(ModeleQuiz(TOUS.public(), poste.noyau()))
    _remplir(vue, item, mauvaise_reponse(item))
    (juge,) = (c for c in juger(TOUS, poste.noyau().reponses[TOUS.id]).criteres if c.id == item.id)
    assert (juge.points, juge.statut) == (0, "faux")
    assert len(juge.message) > 20


def test_chaque_controle_dit_sa_question_et_rien_n_est_choisi_d_avance(poste: Poste) -> None:
    vue = VueQuiz(ModeleQuiz(TOUS.public(), poste.noyau()))
    for rang, item in enumerate(TOUS.items, 1):
        for controle in vue.controles[item.id]:
            assert f"Question {rang}" in controle.description
            assert not controle.value
        if item.genre in PAR_LIGNES:
            assert len(vue.controles[item.id]) == len(item.lignes)
            options = [dict(menu.options) for menu in vue.controles[item.id]]
            assert all(set(option.values()) == {"", *(c.id for c in item.cibles)} for option in options)
        if item.genre in A_SAISIR:
            mots = "jour/mois/année" if item.genre == "date" else "en chiffres"
            assert mots in vue.controles[item.id][0].description


def test_une_question_a_moitie_reliee_le_dit_et_se_reprend(poste: Poste) -> None:
    item = next(i for i in TOUS.items if i.genre == "appariement")
    modele = ModeleQuiz(TOUS.public(), poste.noyau())
    modele.relier(item.id, item.lignes[0].id, item.lignes[0].cible)
    assert modele.a_completer(item.id)
    suite = ModeleQuiz(TOUS.public(), poste.noyau())
    assert suite.liens(item.id) == {item.lignes[0].id: item.lignes[0].cible}
    assert VueQuiz(suite).controles[item.id][0].value in ("", item.lignes[0].cible)
    suite.relier(item.id, item.lignes[0].id, "")
    assert not suite.repondu(item.id)


@pytest.mark.parametrize("faux", [["x=1"], ["=", ""], "texte", [""]])
def test_une_paire_que_l_item_n_offre_pas_est_refusee(poste: Poste, faux: Any) -> None:
    item = next(i for i in TOUS.items if i.genre == "ordre")
    modele = ModeleQuiz(TOUS.public(), poste.noyau())
    with pytest.raises(ValueError, match=item.id):
        modele.repondre(item.id, faux)
    double = [f"{item.lignes[0].id}{LIEN}1", f"{item.lignes[0].id}{LIEN}2"]
    with pytest.raises(ValueError, match=item.id):
        modele.repondre(item.id, double)


def test_la_graine_de_la_session_voyage_avec_la_reponse(poste: Poste) -> None:
    modele = ModeleQuiz(EXERCICE.public(), poste.noyau())
    for item in EXERCICE.items:
        modele.repondre(item.id, bonne_reponse(item))
    reponse = poste.noyau().reponses["quiz_entree"]
    assert reponse.graine == GRAINE.texte()
    reference = lire_bareme(contenu.chapitre("quiz_entree")).exercices[0]
    juge = juger(reference, reponse)
    assert (juge.points, juge.statut) == (12, "fait")


def test_les_questions_d_une_autre_session_repartent_de_zero(poste: Poste) -> None:
    premier = ModeleQuiz(EXERCICE.public(), poste.noyau())
    premier.repondre(EXERCICE.items[0].id, bonne_reponse(EXERCICE.items[0]))
    autre = EXERCICE.tire(Graine("brest-janvier").texte())
    suite = ModeleQuiz(autre.public(), poste.noyau())
    assert suite.repondues == 0
    assert any("ont changé" in phrase for phrase in suite.phrases)
