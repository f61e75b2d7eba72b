"""Les modèles de formulaire : ce qu’un apprenant remplit, sans écran."""

from __future__ import annotations

from typing import Any

import pytest
from poste_essai import BONNE, FOURNISSEUR, QUIZ, Poste

from facturier.champs import ACCUEIL, DEPOT_FACTURE
from facturier.evaluation.reponses import lire_annexe
from facturier.formulaires.memoire import Memoire
from facturier.formulaires.modele import ModeleFormulaire
from facturier.formulaires.quiz import ModeleQuiz
from facturier.portail.guichet import GuichetLocal

FORM = "depot_sans_moe"


def depot(memoire: Memoire) -> ModeleFormulaire:
    return ModeleFormulaire(
        DEPOT_FACTURE, memoire, formulaire=FORM, ouvrir_guichet=lambda journal: GuichetLocal(FOURNISSEUR, journal)
    )


def remplir(modele: ModeleFormulaire, **changes: str) -> ModeleFormulaire:
    for champ, texte in {**BONNE, **changes}.items():
        modele.changer(champ, texte)
    return modele


def actions(modele: ModeleFormulaire) -> list[str]:
    return [evenement["action"] for evenement in modele.journal]


def test_le_formulaire_s_ouvre_vide_et_dit_ce_qui_manque(poste: Poste) -> None:
    modele = depot(poste.noyau())
    assert set(modele.valeurs.values()) == {""}
    assert modele.erreurs == {}
    assert modele.bloquants
    assert modele.premier_a_corriger() == "destinataire_siret"


def test_un_depot_complet_est_envoye_et_garde(poste: Poste) -> None:
    modele = remplir(depot(poste.noyau()))
    assert modele.bloquants == []
    assert modele.envoyer()
    assert "Facture FA-2026-10-0417 envoyée" in modele.statut
    assert "Réponse enregistrée à" in modele.statut
    assert actions(modele)[0] == "deposer"
    gardee = lire_annexe(poste.annexe)[0][FORM]
    assert gardee.journal == modele.journal
    assert gardee.valeurs["montant_ht"] == "3 860,50"
    assert poste.miroir(FORM)["journal"] == list(modele.journal)


def test_un_brouillon_n_est_pas_envoye_puis_s_envoie(poste: Poste) -> None:
    modele = remplir(depot(poste.noyau()), montant_ttc="")
    assert modele.enregistrer()
    assert "pas envoyé" in modele.statut
    assert [statut for _, _, statut in modele.pieces] == ["Brouillon"]
    modele.changer("montant_ttc", "4 632,60")
    assert modele.enregistrer()
    assert [statut for _, _, statut in modele.pieces] == ["Brouillon"]
    assert modele.enregistrer()
    assert "déjà enregistré" in modele.statut
    assert modele.envoyer()
    assert [statut for _, _, statut in modele.pieces] != ["Brouillon"]
    assert len(modele.pieces) == 1


def test_rien_ne_part_tant_qu_un_point_bloque(poste: Poste) -> None:
    modele = remplir(depot(poste.noyau()), code_service="", montant_ttc="4 632,61")
    assert not modele.envoyer()
    assert "2 points restent à régler" in modele.statut
    assert modele.premier_a_corriger() == "code_service"
    assert modele.journal == ()


def test_le_refus_du_portail_se_dit_et_ne_change_rien(poste: Poste) -> None:
    modele = remplir(depot(poste.noyau()))
    assert modele.envoyer()
    avant = modele.journal
    assert not modele.envoyer()
    assert "Le portail refuse" in modele.statut
    assert "déjà déposé" in modele.statut
    assert modele.journal == avant


def test_le_depot_revient_apres_le_noyau_avec_son_journal(poste: Poste) -> None:
    modele = remplir(depot(poste.noyau()))
    modele.envoyer()
    suite = depot(poste.noyau())
    assert suite.valeurs == modele.valeurs
    assert suite.journal == modele.journal
    assert suite.pieces == modele.pieces
    assert "reprises" in suite.statut


def test_un_journal_que_le_portail_refuse_se_dit_et_garde_la_saisie(poste: Poste) -> None:
    memoire = poste.noyau()
    memoire.enregistrer(FORM, dict(BONNE), ({"n": 1, "action": "mettre_en_paiement"},))
    modele = depot(poste.noyau())
    assert "n’ont pas pu être repris" in modele.phrases[0]
    assert modele.valeurs["montant_ht"] == BONNE["montant_ht"]
    assert modele.envoyer()
    (cote,) = poste.ecartees()
    assert cote.name in modele.phrases[0]


def test_une_saisie_demesuree_n_est_pas_gardee(poste: Poste) -> None:
    modele = depot(poste.noyau())
    modele.changer("commentaire", "x" * 5_000)
    assert modele.valeurs["commentaire"] == ""
    assert "trop long" in modele.statut
    with pytest.raises(KeyError):
        modele.changer("inconnu", "x")


def test_le_montant_reste_tel_que_saisi(poste: Poste) -> None:
    modele = depot(poste.noyau())
    modele.changer("montant_ht", "1 234,5")
    assert poste.miroir(FORM)["valeurs"]["montant_ht"] == "1 234,5"


def test_recommencer_vide_le_formulaire_et_le_portail(poste: Poste) -> None:
    memoire = poste.noyau()
    modele = remplir(depot(memoire))
    modele.envoyer()
    memoire.oublier((FORM,))
    modele.repartir()
    assert set(modele.valeurs.values()) == {""}
    assert modele.journal == ()
    assert remplir(modele).envoyer()


def test_l_accueil_garde_le_prenom(poste: Poste) -> None:
    modele = ModeleFormulaire(ACCUEIL, poste.noyau())
    modele.changer("prenom", "Zoé")
    assert "Réponse enregistrée à" in modele.statut
    assert ModeleFormulaire(ACCUEIL, poste.noyau()).valeurs == {"prenom": "Zoé"}


def test_un_champ_devient_exige_selon_le_destinataire(poste: Poste) -> None:
    modele = depot(poste.noyau())
    service, marche = DEPOT_FACTURE.champ("code_service"), DEPOT_FACTURE.champ("numero_marche")
    assert not modele.exige_ici(service)
    modele.changer("destinataire_siret", "26990001500018")
    assert modele.exige_ici(service)
    assert not modele.exige_ici(marche)
    modele.changer("code_service", "CH-ACHATS")
    assert not modele.exige_ici(service)


# quiz


def test_un_quiz_compte_les_reponses_sans_connaitre_la_cle(poste: Poste) -> None:
    modele = ModeleQuiz(QUIZ, poste.noyau())
    assert modele.avancement == "0 réponse sur 3"
    modele.repondre("q1", "bbbb0002")
    modele.repondre("q2", ["eeee0003", "cccc0001", "cccc0001"])
    modele.repondre("q3", "90,05")
    assert modele.avancement == "3 réponses sur 3"
    assert poste.miroir("quiz_essai")["valeurs"] == {
        "q1": "bbbb0002",
        "q2": ["cccc0001", "eeee0003"],
        "q3": "90,05",
    }
    assert "(3 réponses sur 3)" in poste.afficheur.miroirs["rep-quiz_essai"]["text/plain"]


def test_une_reponse_retiree_redevient_non_repondue(poste: Poste) -> None:
    modele = ModeleQuiz(QUIZ, poste.noyau())
    modele.repondre("q1", "bbbb0002")
    modele.repondre("q2", ["cccc0001"])
    modele.repondre("q1", "")
    modele.repondre("q2", [])
    assert modele.repondues == 0
    assert poste.miroir("quiz_essai")["valeurs"] == {}


def test_le_quiz_revient_apres_le_noyau(poste: Poste) -> None:
    ModeleQuiz(QUIZ, poste.noyau()).repondre("q2", ["cccc0001"])
    suite = ModeleQuiz(QUIZ, poste.noyau())
    assert suite.valeurs == {"q1": "", "q2": ["cccc0001"], "q3": ""}
    assert "reprises" in suite.statut


@pytest.mark.parametrize(
    ("item", "valeur"),
    [("q1", "zzzz"), ("q1", ["aaaa0001"]), ("q2", ["zzzz"]), ("q3", ["1"]), ("q3", "9" * 5_000)],
)
def test_un_choix_hors_liste_est_refuse(poste: Poste, item: str, valeur: Any) -> None:
    modele = ModeleQuiz(QUIZ, poste.noyau())
    with pytest.raises(ValueError):
        modele.repondre(item, valeur)
    assert modele.repondues == 0


def test_une_reponse_gardee_hors_liste_n_est_pas_reprise(poste: Poste) -> None:
    poste.noyau().enregistrer("quiz_essai", {"q1": "zzzz", "q2": "cccc0001", "q3": ["1"]}, ())
    modele = ModeleQuiz(QUIZ, poste.noyau())
    assert modele.valeurs == {"q1": "", "q2": ["cccc0001"], "q3": ""}
