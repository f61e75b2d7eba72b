"""Un quiz tiré de la banque : chaque genre se remplit, se garde, se reprend et se juge tel qu’il a été rempli."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from poste_essai import Poste

from facturier import contenu
from facturier.demo.jeu import bonne_reponse, mauvaise_reponse
from facturier.ecrans.blocs import Question
from facturier.evaluation.bareme import Exercice, lire_bareme
from facturier.evaluation.graines import Graine
from facturier.evaluation.items import A_SAISIR, GENRES, LIEN, PAR_LIGNES, Item
from facturier.evaluation.jugement import juger
from facturier.evaluation.tirages import lire_banque
from facturier.formulaires.feuille_quiz import FeuilleQuiz
from facturier.formulaires.quiz import ModeleQuiz

GRAINE = Graine("lyon-decembre")
EXERCICE = lire_bareme(contenu.chapitre("quiz_entree"), GRAINE).exercices[0]
BANQUE = lire_banque()


def _un_de_chaque() -> Exercice:
    items = tuple(next(g for g in BANQUE.gabarits if g.genre == genre).poser(GRAINE) for genre in GENRES)
    return replace(EXERCICE, items=items, points=Decimal(len(items)), tirage=None, graine="")


TOUS = _un_de_chaque()


def _remplir(feuille: FeuilleQuiz, item: Item, reponse: str | list[str]) -> None:
    """What hands do: radios, menus, boxes, a text."""
    if item.genre == "multiple":
        feuille.saisir({f"{item.id}.{c.id}": "oui" if c.id in reponse else "" for c in item.choix})
    elif item.genre in PAR_LIGNES:
        liens = dict(lien.split(LIEN) for lien in reponse)
        feuille.saisir({f"{item.id}.{ligne.id}": liens.get(ligne.id, "") for ligne in item.lignes})
    else:
        feuille.changer(item.id, str(reponse))


@pytest.mark.parametrize("item", TOUS.items, ids=lambda i: i.genre)
def test_ce_que_les_mains_remplissent_se_juge_juste(poste: Poste, item: Item) -> None:
    feuille = FeuilleQuiz(ModeleQuiz(TOUS.public(), poste.noyau()))
    _remplir(feuille, item, bonne_reponse(item))
    juge = juger(TOUS, poste.noyau().reponses[TOUS.id])
    statuts = {c.id: c.statut for c in juge.criteres}
    assert statuts.pop(item.id) == "juste"
    assert set(statuts.values()) == {"non_repondu"}
    assert juge.remarques == ()


@pytest.mark.parametrize("item", TOUS.items, ids=lambda i: i.genre)
def test_une_erreur_se_juge_fausse_et_s_explique(poste: Poste, item: Item) -> None:
    feuille = FeuilleQuiz(ModeleQuiz(TOUS.public(), poste.noyau()))
    _remplir(feuille, item, mauvaise_reponse(item))
    (juge,) = (c for c in juger(TOUS, poste.noyau().reponses[TOUS.id]).criteres if c.id == item.id)
    assert (juge.points, juge.statut) == (0, "faux")
    assert len(juge.message) > 20


def test_chaque_controle_dit_sa_question_et_rien_n_est_choisi_d_avance(poste: Poste) -> None:
    feuille = FeuilleQuiz(ModeleQuiz(TOUS.public(), poste.noyau()))
    etats = feuille.etats()
    for rang, (item, bloc) in enumerate(zip(TOUS.items, feuille.composer()[1:], strict=True), 1):
        assert isinstance(bloc, Question)
        assert (bloc.rang, bloc.texte) == (f"Question {rang} sur {len(TOUS.items)}", item.question)
        assert not any(etats[champ].valeur for champ in bloc.champs)
        if item.genre in PAR_LIGNES:
            assert len(bloc.champs) == len(item.lignes)
            assert all({code for code, _ in etats[c].options} == {c.id for c in item.cibles} for c in bloc.champs)
        if item.genre in A_SAISIR:
            mots = "jour/mois/année" if item.genre == "date" else "en chiffres"
            assert mots in etats[bloc.champs[0]].champ.libelle


def test_une_question_a_moitie_reliee_le_dit_et_se_reprend(poste: Poste) -> None:
    item = next(i for i in TOUS.items if i.genre == "appariement")
    modele = ModeleQuiz(TOUS.public(), poste.noyau())
    modele.relier(item.id, item.lignes[0].id, item.lignes[0].cible)
    assert modele.a_completer(item.id)
    suite = ModeleQuiz(TOUS.public(), poste.noyau())
    assert suite.liens(item.id) == {item.lignes[0].id: item.lignes[0].cible}
    feuille = FeuilleQuiz(suite)
    assert feuille.etats()[f"{item.id}.{item.lignes[0].id}"].valeur == item.lignes[0].cible
    (bloc,) = (b for b in feuille.composer() if isinstance(b, Question) and b.id == item.id)
    assert bloc.etat == "à compléter"
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
