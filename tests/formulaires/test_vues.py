"""Les écrans : une étiquette par champ, rien de choisi d’avance, les erreurs en mots, jamais la clé."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any

import pytest
from poste_essai import BONNE, FOURNISSEUR, QUIZ, Poste

from facturier.champs import ACCUEIL, DEPOT_FACTURE
from facturier.formulaires.modele import ModeleFormulaire
from facturier.formulaires.quiz import ModeleQuiz
from facturier.formulaires.style import BANDEAU
from facturier.formulaires.vue_formulaire import A_CHOISIR, VueFormulaire
from facturier.formulaires.vue_gestes import VueAide, VueRecommencer
from facturier.formulaires.vue_quiz import VueQuiz
from facturier.portail.guichet import GuichetLocal

INTERDITS = ("RadioButtons", "FloatText", "IntText", "BoundedFloatText", "ToggleButtons")


def descendants(racine: Any) -> Iterator[Any]:
    yield racine
    for enfant in getattr(racine, "children", ()):
        yield from descendants(enfant)


def textes(racine: Any) -> str:
    return " ".join(str(w.value) for w in descendants(racine) if type(w).__name__ == "HTML")


@pytest.fixture
def vue(poste: Poste) -> VueFormulaire:
    modele = ModeleFormulaire(
        DEPOT_FACTURE, poste.noyau(), formulaire="d", ouvrir_guichet=lambda j: GuichetLocal(FOURNISSEUR, j)
    )
    return VueFormulaire(modele)


def test_chaque_champ_a_son_controle_et_son_etiquette(vue: VueFormulaire) -> None:
    for champ in DEPOT_FACTURE.champs:
        controle = vue.champs[champ.id].controle
        assert html.escape(champ.libelle) in controle.description
        assert controle.value == ""
        assert type(controle).__name__ == {"choix": "Dropdown", "texte_long": "Textarea"}.get(champ.genre, "Text")
    assert not {type(w).__name__ for w in descendants(vue.racine)} & set(INTERDITS)
    assert BANDEAU in textes(vue.racine)


def test_la_premiere_option_d_un_menu_est_choisir(vue: VueFormulaire) -> None:
    menu = vue.champs["cadre"].controle
    assert menu.options[0] == (A_CHOISIR, "")
    assert menu.value == ""


def test_l_erreur_se_lit_sous_le_champ_puis_dans_son_etiquette_a_l_envoi(vue: VueFormulaire) -> None:
    champ = vue.champs["montant_ht"]
    champ.controle.value = "trois mille"
    assert 'role="alert"' in champ.message.value
    assert "Erreur : " in champ.message.value
    assert "en-erreur" in champ.racine._dom_classes
    assert "Erreur" not in champ.controle.description
    vue.envoyer.click()
    assert "Erreur : " in champ.controle.description
    champ.controle.value = "1234,5"
    assert champ.message.value == '<p class="facturier-lu">Lu : 1\u202f234,50\u00a0€</p>'
    assert "en-erreur" not in champ.racine._dom_classes
    assert vue.modele.valeurs["montant_ht"] == "1234,5" == champ.controle.value


def test_remplir_un_champ_ne_touche_le_controle_d_aucun_autre(vue: VueFormulaire) -> None:
    touches: list[str] = []
    for nom, champ in vue.champs.items():
        champ.controle.observe(lambda _, nom=nom: touches.append(nom))
    for nom, texte in {**BONNE, "montant_ttc": "1,00", "destinataire_siret": "21990002400015"}.items():
        touches.clear()
        vue.champs[nom].controle.value = texte
        assert set(touches) == {nom}


def test_le_recapitulatif_et_le_bouton_envoient(vue: VueFormulaire) -> None:
    vue.envoyer.click()
    assert "points restent à régler" in textes(vue.racine)
    for champ, texte in BONNE.items():
        vue.champs[champ].controle.value = texte
    page = textes(vue.racine)
    assert "A1 — Facture déposée par un fournisseur" in page
    assert "Tout est rempli" in page
    vue.enregistrer.click()
    assert "pas envoyé" in textes(vue.racine)
    vue.envoyer.click()
    assert "Facture FA-2026-10-0417 envoyée" in textes(vue.racine)


def test_un_envoi_refuse_dit_a_cote_de_chaque_champ_ce_qui_y_manque(vue: VueFormulaire) -> None:
    siret, marche = vue.champs["destinataire_siret"], vue.champs["numero_marche"]
    assert siret.message.value == ""
    vue.envoyer.click()
    assert 'role="alert"' in siret.message.value
    assert "À remplir : Indiquez le SIRET" in siret.message.value
    assert "À remplir" in siret.controle.description
    assert marche.message.value == ""
    for champ, texte in BONNE.items():
        vue.champs[champ].controle.value = texte
    assert siret.message.value == ""
    vue.envoyer.click()
    assert "À remplir" not in siret.controle.description


def test_une_facture_partie_ne_se_dit_plus_a_envoyer(vue: VueFormulaire) -> None:
    for champ, texte in BONNE.items():
        vue.champs[champ].controle.value = texte
    vue.envoyer.click()
    assert "<h4>Facture envoyée</h4>" in textes(vue.racine)
    assert "Tout est rempli" not in textes(vue.racine)
    vue.champs["numero_facture"].controle.value = "FA-2026-10-0418"
    assert "Tout est rempli" in textes(vue.racine)


def test_recommencer_vide_aussi_l_ecran(vue: VueFormulaire) -> None:
    for champ, texte in BONNE.items():
        vue.champs[champ].controle.value = texte
    vue.modele.repartir()
    assert {champ.controle.value for champ in vue.champs.values()} == {""}


def test_une_saisie_hostile_reste_du_texte(vue: VueFormulaire) -> None:
    vue.champs["numero_facture"].controle.value = "<script>alert(1)</script>"
    vue.champs["commentaire"].controle.value = "<img src=x onerror=alert(1)>"
    assert "<script>" not in textes(vue.racine)
    assert "<img" not in textes(vue.racine)


def test_l_accueil_n_a_ni_bandeau_ni_bouton_d_envoi(poste: Poste) -> None:
    racine = VueFormulaire(ModeleFormulaire(ACCUEIL, poste.noyau())).racine
    assert BANDEAU not in textes(racine)
    assert "Button" not in {type(w).__name__ for w in descendants(racine)}


def test_le_quiz_numerote_ses_questions_et_montre_l_avancement(poste: Poste) -> None:
    vue = VueQuiz(ModeleQuiz(QUIZ, poste.noyau()))
    page = textes(vue.racine)
    assert "Question 3 sur 3" in page
    assert "0 réponse sur 3" in page
    assert "380 &lt;b&gt;&amp;" in page or "380 &lt;b&gt;&amp;" in vue.controles["q2"][1].description
    vue.controles["q1"][0].value = "aaaa0001"
    vue.controles["q2"][0].value = True
    vue.controles["q3"][0].value = "12"
    assert vue.modele.valeurs == {"q1": "aaaa0001", "q2": ["cccc0001"], "q3": "12"}
    page = textes(vue.racine)
    assert "Réponse enregistrée à" in page
    assert page.count("3 réponses sur 3") == 1
    assert "Sans réponse" not in page
    vue.controles["q1"][0].value = ""
    assert "Sans réponse : question 1." in textes(vue.racine)
    assert not {type(w).__name__ for w in descendants(vue.racine)} & set(INTERDITS)
    vue.modele.repartir()
    assert [c.value for cs in vue.controles.values() for c in cs] == ["", False, False, False, ""]


def test_la_demande_d_aide_est_notee_avec_son_heure(poste: Poste) -> None:
    memoire = poste.noyau()
    vue = VueAide(memoire, horloge=poste.horloge)
    vue.bouton.click()
    vue.bouton.click()
    assert "Votre demande est notée à" in vue.message.value
    assert len(memoire.reponses["aide"].valeurs["demandes"]) == 2


def test_recommencer_demande_confirmation() -> None:
    appels: list[int] = []
    vue = VueRecommencer(lambda: appels.append(1) or 2)
    vue.demander.click()
    assert appels == []
    vue.annuler.click()
    assert appels == []
    vue.demander.click()
    vue.confirmer.click()
    assert appels == [1]
