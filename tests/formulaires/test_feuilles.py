"""Les feuilles : une question est un groupe, rien de choisi d’avance, l’erreur en mots, jamais la clé."""

from __future__ import annotations

import json
import re
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from poste_essai import BONNE, FOURNISSEUR, QUIZ, VALEUR, Poste

from facturier.champs import ACCUEIL, DEPOT_FACTURE, SATISFACTION
from facturier.contenu import chapitres
from facturier.ecrans.conversation import Conversation
from facturier.ecrans.rendu import BANDEAU
from facturier.evaluation.bareme import lire_bareme
from facturier.evaluation.valeurs import vaut
from facturier.formulaires import feuilles
from facturier.formulaires.feuille_formulaire import FeuilleFormulaire
from facturier.formulaires.feuille_quiz import FeuilleQuiz
from facturier.formulaires.feuilles_gestes import EXECUTER, RECHARGER, FeuilleAide, FeuilleRecommencer, FeuilleRendu
from facturier.formulaires.modele import ModeleFormulaire
from facturier.formulaires.quiz import ModeleQuiz
from facturier.formulaires.rendu import Rendu
from facturier.formulaires.valeur import remettre
from facturier.formulaires.vue_feuille import VueFeuille
from facturier.portail.guichet import GuichetLocal

LIGNES: dict[str, Any] = {
    "id": "quiz_lignes",
    "genre": "quiz",
    "titre": "Ordre et associations",
    "parametres": {},
    "items": [
        {
            "id": "o1",
            "genre": "ordre",
            "question": "Dans quel ordre ?",
            "lignes": [{"id": f"l{n}", "texte": f"Étape {n}"} for n in (2, 1, 3)],
            "cibles": [{"id": str(n), "texte": str(n)} for n in (1, 2, 3)],
        },
        {
            "id": "a1",
            "genre": "appariement",
            "question": "Qui fait quoi ?",
            "lignes": [{"id": f"m{n}", "texte": f"Rôle {n}"} for n in (1, 2, 3)],
            "cibles": [{"id": f"c{n}", "texte": f"Geste {n}"} for n in (1, 2)],
        },
        {"id": "d1", "genre": "date", "question": "Quel jour ?", "choix": []},
        {
            "id": "f1",
            "genre": "champ",
            "question": "Quel champ est faux ?",
            "facture": "menage.ubl.xml",
            "choix": [{"id": f"t{n}", "texte": f"Champ {n}"} for n in range(8)],
        },
    ],
}
HOSTILES = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "😀\u202e\u200f",
    "'; DROP TABLE pieces; --",
    "a\tb\nc\r\nd",
    "-999999999999999999999",
    "31/02/0000",
    "x" * 10_000,
    "\ud800",
)


def page(vue: VueFeuille | Conversation[Any]) -> Any:
    """What a browser shows."""
    conversation = vue.conversation if isinstance(vue, VueFeuille) else vue
    return html.fragment_fromstring(conversation.page(), "div")


def texte(vue: VueFeuille | Conversation[Any]) -> str:
    return clair(str(page(vue).text_content()))


def clair(texte: str) -> str:
    """With plain spaces, to be compared with what a person types."""
    return re.sub(r"[\u00a0\u202f]", " ", texte)


def saisir(vue: VueFeuille, champ: str, valeur: str) -> dict[str, Any]:
    return vue.conversation.repondre({"type": "changer", "champ": champ, "texte": valeur, "vue": vue.conversation.vue})


def presser(vue: VueFeuille, geste: str, **valeurs: str) -> dict[str, Any]:
    return vue.conversation.repondre({"type": "agir", "geste": geste, "valeurs": valeurs, "vue": vue.conversation.vue})


@pytest.fixture
def quiz(poste: Poste) -> VueFeuille:
    memoire = poste.noyau()
    return VueFeuille(FeuilleQuiz(ModeleQuiz(QUIZ, memoire)), memoire)


@pytest.fixture
def depot(poste: Poste) -> VueFeuille:
    memoire = poste.noyau()
    modele = ModeleFormulaire(
        DEPOT_FACTURE, memoire, formulaire="d", ouvrir_guichet=lambda j: GuichetLocal(FOURNISSEUR, j)
    )
    return feuilles.depot(modele, memoire)


def modele(vue: VueFeuille) -> Any:
    return vue.feuille.modele  # type: ignore[attr-defined] # every sheet of these tests but three has one


# --- quizzes ------------------------------------------------------------------------------------------------


def test_une_question_est_un_groupe_nomme_par_son_texte_avec_de_vrais_boutons_radio(quiz: VueFeuille) -> None:
    vue = page(quiz)
    groupes = vue.xpath("//fieldset")
    assert [g.xpath("count(legend)") for g in groupes] == [1.0] * 3
    assert "Question 1 sur 3" in groupes[0].text_content()
    assert "Où savoir si un client exige un code service ?" in clair(groupes[0].xpath("string(legend)"))
    radios = groupes[0].xpath(".//input[@type='radio']")
    assert len({r.get("name") for r in radios}) == 1
    assert [vue.xpath("string(//label[@for=$i])", i=r.get("id")) for r in radios] == ["Dans l’annuaire", "Au greffe"]
    assert len(groupes[1].xpath(".//input[@type='checkbox']")) == 3
    assert "Plusieurs réponses sont possibles" in groupes[1].text_content()
    assert vue.xpath("//input[@checked] | //option[@selected]") == []
    assert BANDEAU not in texte(quiz)


def test_chaque_reponse_est_gardee_et_l_avancement_se_dit(quiz: VueFeuille) -> None:
    assert "0 réponse sur 3" in texte(quiz)
    saisir(quiz, "q1", "aaaa0001")
    saisir(quiz, "q2.cccc0001", "oui")
    saisir(quiz, "q2.eeee0003", "oui")
    saisir(quiz, "q2.eeee0003", "")
    dite = saisir(quiz, "q3", "12")
    assert modele(quiz).valeurs == {"q1": "aaaa0001", "q2": ["cccc0001"], "q3": "12"}
    assert "Réponse enregistrée à" in clair(dite["annonce"])
    assert "(3 réponses sur 3)" in clair(dite["annonce"])
    saisir(quiz, "q3", " ")
    assert "Sans réponse : question 3." in texte(quiz)


def test_une_frappe_ne_redessine_que_sa_question(quiz: VueFeuille) -> None:
    quiz.conversation.page()
    reponse = saisir(quiz, "q1", "aaaa0001")
    assert reponse["page"] is None
    assert len(reponse["ilots"]) == 2  # the question, and what is said at the foot


def test_une_reponse_se_retire(quiz: VueFeuille) -> None:
    assert "Effacer ma réponse" not in texte(quiz)
    saisir(quiz, "q1", "bbbb0002")
    assert "Effacer ma réponse" in texte(quiz)
    presser(quiz, "effacer", question="q1")
    assert modele(quiz).valeurs["q1"] == ""
    assert presser(quiz, "effacer", question="inconnue")["refus"] == ""


def test_les_reponses_reviennent_dans_un_autre_noyau_et_l_autre_version_se_reprend(
    poste: Poste, quiz: VueFeuille
) -> None:
    saisir(quiz, "q1", "aaaa0001")
    memoire = poste.noyau()
    ailleurs = VueFeuille(FeuilleQuiz(ModeleQuiz(QUIZ, memoire)), memoire)
    assert "Vos réponses précédentes sont reprises." in texte(ailleurs)
    assert page(ailleurs).xpath("//input[@checked]/@value") == ["aaaa0001"]
    saisir(ailleurs, "q3", "7")
    saisir(quiz, "q3", "8")
    assert "Reprendre l’autre version" in texte(quiz)
    quiz.conversation.repondre({"type": "adopter"})
    assert modele(quiz).valeurs["q3"] == "7"
    assert "la vôtre est mise de côté" in texte(quiz)


def test_ordre_associations_date_et_champ_d_une_facture_se_repondent(poste: Poste) -> None:
    memoire = poste.noyau()
    vue = VueFeuille(FeuilleQuiz(ModeleQuiz(LIGNES, memoire)), memoire)
    dessin = page(vue)
    for menu in dessin.xpath("//select"):
        assert menu.xpath("string(option[1])") == "— choisir —"
        assert dessin.xpath("//label[@for=$i]", i=menu.get("id"))
    assert len(dessin.xpath("//input[@type='radio']")) == 8
    for champ, valeur in {"o1.l1": "1", "o1.l2": "2", "a1.m1": "c2", "d1": "24/11/2026", "f1": "t3"}.items():
        saisir(vue, champ, valeur)
    saisir(vue, "o1.l2", "")
    assert modele(vue).valeurs == {"o1": ["l1=1"], "a1": ["m1=c2"], "d1": "24/11/2026", "f1": "t3"}
    assert "Facture : menage.ubl.xml" in texte(vue)


def test_ce_que_le_quiz_n_offre_pas_n_est_pas_pris(quiz: VueFeuille) -> None:
    for champ in ("q1", "q2.cccc0001", "q3", "q9", "q2.zzzz"):
        for hostile in HOSTILES:
            assert saisir(quiz, champ, hostile)["refus"] == ""
            dessin = page(quiz)
            assert dessin.xpath("//script | //img") == []
    assert modele(quiz).valeurs["q1"] == ""
    assert modele(quiz).valeurs["q2"] == []
    saisir(quiz, "q3", "x" * 10_000)
    assert "trop long" in texte(quiz)


def test_recommencer_vide_aussi_la_page(quiz: VueFeuille, depot: VueFeuille) -> None:
    saisir(quiz, "q1", "aaaa0001")
    saisir(depot, "numero_facture", "F1")
    for vue in (quiz, depot):
        vue.repartir()
        assert page(vue).xpath("//input[@checked]") == []
        assert set(page(vue).xpath("//input[@type='text']/@value")) <= {""}
    assert "Ce quiz est vide de nouveau." in texte(quiz)


# --- forms of fields ----------------------------------------------------------------------------------------


def test_chaque_champ_du_depot_a_son_controle_et_son_etiquette(depot: VueFeuille) -> None:
    dessin = page(depot)
    for champ in DEPOT_FACTURE.champs:
        (controle,) = dessin.xpath("//*[@data-champ=$i]", i=champ.id)
        assert clair(champ.libelle) in clair(dessin.xpath("string(//label[@for=$i])", i=controle.get("id")))
        assert controle.tag == {"choix": "select", "texte_long": "textarea"}.get(champ.genre, "input")
    assert BANDEAU in texte(depot)
    assert dessin.xpath("//nav") == []


def test_l_erreur_se_lit_sous_le_champ_et_un_montant_lu_aussi(depot: VueFeuille) -> None:
    saisir(depot, "montant_ht", "trois mille")
    assert page(depot).xpath("//*[@data-champ='montant_ht']/@aria-invalid") == ["true"]
    saisir(depot, "montant_ht", "1234,5")
    assert "Lu : 1 234,50 €" in texte(depot)
    assert page(depot).xpath("//*[@data-champ='montant_ht']/@value") == ["1234,5"]


def test_un_envoi_arrete_mene_au_premier_champ_et_dit_ce_qui_manque(depot: VueFeuille) -> None:
    depot.conversation.page()
    reponse = presser(depot, "envoyer")
    assert reponse["focus"].endswith("-c-destinataire_siret")
    assert "Rien n’est envoyé" in texte(depot)
    liens = page(depot).xpath("//section[contains(@class,'recap')]//a/@href")
    assert liens[0].endswith("-c-destinataire_siret")
    assert page(depot).xpath("//*[@data-champ='destinataire_siret']/@aria-invalid") == ["true"]
    assert page(depot).xpath("//*[@data-champ='numero_marche']/@aria-invalid") == []


def test_une_facture_se_relit_s_enregistre_puis_part(depot: VueFeuille) -> None:
    for champ, valeur in BONNE.items():
        saisir(depot, champ, valeur)
    assert "A1 — Facture déposée par un fournisseur" in texte(depot)
    assert "Tout est rempli" in texte(depot)
    presser(depot, "enregistrer")
    assert "pas envoyé" in texte(depot)
    presser(depot, "envoyer")
    assert "FA-2026-10-0417 est partie" in texte(depot)
    assert "Tout est rempli" not in texte(depot)
    saisir(depot, "numero_facture", "FA-2026-10-0418")
    assert "Tout est rempli" in texte(depot)


@pytest.mark.parametrize("hostile", HOSTILES)
def test_une_saisie_hostile_reste_du_texte(depot: VueFeuille, hostile: str) -> None:
    for champ in DEPOT_FACTURE.champs:
        assert saisir(depot, champ.id, hostile)["refus"] == ""
    assert presser(depot, "envoyer")["refus"] == ""
    assert page(depot).xpath("//script | //img") == []
    assert "part" not in modele(depot).statut


def test_l_accueil_n_a_ni_bandeau_ni_bouton(poste: Poste) -> None:
    memoire = poste.noyau()
    vue = VueFeuille(FeuilleFormulaire(ModeleFormulaire(ACCUEIL, memoire)), memoire)
    saisir(vue, "prenom", "Zoé")
    assert "Réponse enregistrée à" in texte(vue)
    assert BANDEAU not in texte(vue)
    assert page(vue).xpath("//button[not(@hidden)]") == []


def test_la_satisfaction_se_dit_par_des_boutons_radio_et_rien_n_y_est_obligatoire(poste: Poste) -> None:
    memoire = poste.noyau()
    vue = VueFeuille(FeuilleFormulaire(ModeleFormulaire(SATISFACTION, memoire)), memoire)
    groupes = page(vue).xpath("//fieldset[.//input[@type='radio']]")
    assert len(groupes) == sum(champ.presentation == "echelle" for champ in SATISFACTION.champs)
    for champ in SATISFACTION.champs:
        saisir(vue, champ.id, champ.choix[0][0] if champ.choix else "Très clair")
    assert memoire.reponses["satisfaction"].valeurs["ensemble"]
    assert modele(vue).bloquants == []


# --- gestures -----------------------------------------------------------------------------------------------


def test_la_demande_d_aide_est_notee_avec_son_heure(poste: Poste) -> None:
    memoire = poste.noyau()
    vue = VueFeuille(FeuilleAide(memoire, horloge=poste.horloge))
    presser(vue, "demander")
    presser(vue, "demander")
    assert "Votre demande est notée à" in texte(vue)
    assert clair(EXECUTER) in texte(vue)
    assert len(memoire.reponses["aide"].valeurs["demandes"]) == 2


def test_en_page_aucun_conseil_ne_parle_de_code_ni_d_enregistrer(poste: Poste) -> None:
    aide = VueFeuille(FeuilleAide(poste.noyau(), horloge=poste.horloge, page=True))
    presser(aide, "demander")
    assert clair(RECHARGER) in texte(aide)
    rendu = VueFeuille(FeuilleRendu(Rendu(poste.dossier), str, page=True))
    for vue in (aide, rendu):
        assert not [mot for mot in ("Ctrl", "Maj", "grisée") if mot in texte(vue)]


def test_en_page_un_exercice_de_valeur_est_un_champ_qui_garde_la_meme_reponse(poste: Poste) -> None:
    remettre(poste.noyau(), "total_ttc", 12.5)
    _, vue = feuilles.valeur(VALEUR, poste.noyau())
    assert vue.feuille.etats()["valeur"].valeur == "12.5"
    vue.conversation.repondre({"type": "changer", "champ": "valeur", "texte": "4 811,88"})
    assert poste.noyau().reponses["total_ttc"].valeurs == {"valeur": "4 811,88"}
    assert vaut("4 811,88", "4811.88", Decimal(0))


def test_le_champ_d_une_valeur_dit_ce_que_l_exercice_demande(poste: Poste) -> None:
    publics = lire_bareme({c.slug: c for c in chapitres()}["sans_moe"]).enonces()["exercices"]
    (enonce,) = (e for e in publics if e["genre"] == "valeur")
    _, vue = feuilles.valeur(enonce, poste.noyau())
    assert "Montant net à payer, en euros" in texte(vue)
    _, muette = feuilles.valeur(VALEUR, poste.noyau())
    assert "Votre réponse" in texte(muette)


def test_recommencer_demande_confirmation() -> None:
    appels: list[int] = []
    vue = VueFeuille(FeuilleRecommencer(lambda: appels.append(1) or 2))
    demande = {"type": "demander", "geste": "vider", "valeurs": {}}
    vue.conversation.repondre(demande)
    assert "Vider tous les formulaires" in texte(vue)
    vue.conversation.repondre({"type": "rester"})
    assert appels == []
    vue.conversation.repondre(demande)
    presser(vue, "vider")
    assert appels == [1]
    assert "les 2 formulaires de ce carnet sont de nouveau vides" in texte(vue)


def test_rendre_confirme_puis_montre_le_recu_et_donne_le_fichier(poste: Poste) -> None:
    vue = VueFeuille(FeuilleRendu(Rendu(poste.dossier), lambda: "Zoé"))
    assert presser(vue, "telecharger")["fichier"] is None
    vue.conversation.repondre({"type": "demander", "geste": "rendre", "valeurs": {}})
    assert "Il reste 3 exercices à finir" in texte(vue)
    assert not (poste.dossier / "rendus").exists()
    presser(vue, "rendre")
    (fichier,) = (poste.dossier / "rendus").iterdir()
    with zipfile.ZipFile(fichier) as archive:
        assert json.loads(archive.read("recu.json"))["recu"] in texte(vue)
    assert presser(vue, "telecharger")["fichier"]["nom"] == fichier.name


def test_un_enonce_abime_se_dit_sans_empecher_de_rendre(poste: Poste) -> None:
    (poste.carnet.parent / "enonces.json").write_text("{", "utf-8")
    vue = VueFeuille(FeuilleRendu(Rendu(poste.dossier), str))
    assert "abîmé" in texte(vue)
    presser(vue, "rendre")
    assert len(list(Path(poste.dossier / "rendus").iterdir())) == 1
