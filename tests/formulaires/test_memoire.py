"""Une réponse est gardée deux fois ; le noyau, les sorties et l’annexe peuvent disparaître, pas elle."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from poste_essai import CARNET, Poste

from facturier.evaluation.reponses import MIME, Reponse, lire_annexe
from facturier.formulaires.memoire import Memoire

FORM = "depot_sans_moe"


def ecrire(memoire: Memoire, montant: str) -> str:
    return memoire.enregistrer(FORM, {"montant_ht": montant}, ()).phrase


def repris(memoire: Memoire) -> str:
    reponse = memoire.reprendre(FORM).reponse
    assert reponse is not None
    valeur = reponse.valeurs["montant_ht"]
    assert isinstance(valeur, str)
    return valeur


def test_la_phrase_dit_l_heure_et_le_miroir_porte_le_json(poste: Poste) -> None:
    memoire = poste.noyau()
    memoire.montrer(FORM)
    assert "Aucune réponse" in poste.afficheur.miroirs[f"rep-{FORM}"]["text/plain"]
    assert ecrire(memoire, "1 234,56") == "Réponse enregistrée à 10:43."
    donnees = poste.afficheur.miroirs[f"rep-{FORM}"]
    assert set(donnees) == {MIME, "text/html", "text/plain"}
    assert 'role="status"' in donnees["text/html"]
    assert "Réponse enregistrée à 10:43." in donnees["text/plain"]
    assert Reponse.depuis_json(donnees[MIME]).valeurs == {"montant_ht": "1 234,56"}
    assert lire_annexe(poste.annexe)[0][FORM] == Reponse.depuis_json(donnees[MIME])


def test_la_reponse_survit_au_noyau(poste: Poste) -> None:
    ecrire(poste.noyau(), "1 234,56")
    assert repris(poste.noyau()) == "1 234,56"


def test_l_annexe_suffit_quand_les_sorties_sont_effacees(poste: Poste) -> None:
    ecrire(poste.noyau(), "1")
    poste.sauver(vide=True)
    assert repris(poste.noyau()) == "1"


def test_le_miroir_suffit_quand_l_annexe_est_supprimee(poste: Poste) -> None:
    ecrire(poste.noyau(), "1")
    poste.sauver()
    shutil.rmtree(poste.annexe.parent)
    assert repris(poste.noyau()) == "1"


def test_un_carnet_envoye_seul_porte_encore_les_reponses(poste: Poste, tmp_path: Path) -> None:
    ecrire(poste.noyau(), "1")
    poste.sauver()
    ailleurs = tmp_path / "courriel" / "exercices (1).ipynb"
    ailleurs.parent.mkdir()
    shutil.copy(poste.carnet, ailleurs)
    assert repris(Memoire(CARNET, ailleurs)) == "1"


def test_une_copie_ancienne_est_remplacee_sans_un_mot(poste: Poste) -> None:
    memoire = poste.noyau()
    ecrire(memoire, "1")
    poste.sauver()
    ecrire(memoire, "2")
    suite = poste.noyau()
    assert suite.reprendre(FORM).phrases == ()
    assert repris(suite) == "2"
    assert poste.ecartees() == []


def test_plusieurs_noyaux_de_suite_ne_font_jamais_de_conflit(poste: Poste) -> None:
    for tour in range(5):
        memoire = poste.noyau()
        assert memoire.reprendre(FORM).phrases == ()
        ecrire(memoire, str(tour))
        if tour % 2:
            poste.sauver()
    assert repris(poste.noyau()) == "4"
    assert poste.ecartees() == []


def test_deux_copies_qui_ont_continue_chacune_sont_un_conflit_dit(poste: Poste, tmp_path: Path) -> None:
    ecrire(poste.noyau(), "commun")
    poste.sauver()
    maison = tmp_path / "maison"
    shutil.copytree(poste.carnet.parent, maison)
    ecrire(poste.noyau(), "au bureau")  # reste dans l’annexe du bureau
    chez_soi = Memoire(CARNET, maison / "exercices.ipynb", afficheur=poste.afficheur, horloge=poste.horloge)
    ecrire(chez_soi, "à la maison")
    poste.sauver()  # le carnet de la maison revient au bureau, sans son annexe
    suite = poste.noyau()
    phrases = suite.reprendre(FORM).phrases
    assert len(phrases) == 1
    assert "la plus récente" in phrases[0]
    assert repris(suite) == "à la maison"
    (ecartee,) = poste.ecartees()
    assert ecartee.name in phrases[0]
    assert Reponse.depuis_json(json.loads(ecartee.read_text("utf-8"))).valeurs == {"montant_ht": "au bureau"}
    assert suite.reprendre(FORM).phrases == ()


def test_une_annexe_abimee_est_dite_et_gardee_a_part(poste: Poste) -> None:
    ecrire(poste.noyau(), "1")
    poste.sauver()
    poste.annexe.write_bytes(b'{"schema": 1, "formu')
    suite = poste.noyau()
    assert any("illisible" in phrase for phrase in suite.reprendre(FORM).phrases)
    assert repris(suite) == "1"
    ecrire(suite, "2")
    (copie,) = poste.annexe.parent.glob("*-illisible-*")
    assert copie.read_bytes() == b'{"schema": 1, "formu'


def test_un_carnet_abime_est_dit_et_l_annexe_repond(poste: Poste) -> None:
    ecrire(poste.noyau(), "1")
    poste.carnet.write_bytes(b"\x00\xff")
    suite = poste.noyau()
    assert suite.problemes
    assert repris(suite) == "1"


def test_les_reponses_d_un_autre_carnet_sont_ignorees(poste: Poste) -> None:
    ecrire(Memoire("autre/exercices", poste.carnet), "1")
    assert poste.noyau().reprendre(FORM).reponse is None


def test_un_support_en_lecture_seule_se_dit_et_le_miroir_porte_la_reponse(poste: Poste) -> None:
    (poste.carnet.parent / "reponses").write_text("un fichier à la place du dossier", "utf-8")
    memoire = poste.noyau()
    phrase = ecrire(memoire, "1")
    assert "ne s’écrit pas" in phrase
    assert "Ctrl+S" in phrase
    assert poste.miroir(FORM)["valeurs"] == {"montant_ht": "1"}


def test_sans_fichier_connu_le_miroir_seul_garde_la_reponse(poste: Poste) -> None:
    memoire = Memoire(CARNET, None, afficheur=poste.afficheur)
    assert "que dans ce carnet" in ecrire(memoire, "1")
    assert poste.miroir(FORM)["valeurs"] == {"montant_ht": "1"}


def test_une_reponse_trop_grosse_n_ecrase_pas_la_precedente(poste: Poste) -> None:
    memoire = poste.noyau()
    ecrire(memoire, "1")
    fait = memoire.enregistrer(FORM, {f"c{i}": "x" * 10_000 for i in range(30)}, ())
    assert "non enregistrée" in fait.phrase
    assert repris(poste.noyau()) == "1"


def test_pendant_la_notation_rien_n_est_ecrit_ni_montre(poste: Poste, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    memoire = poste.noyau()
    memoire.montrer(FORM)
    assert ecrire(memoire, "1") == ""
    assert poste.afficheur.miroirs == {}
    assert not poste.annexe.exists()


def test_oublier_vide_et_met_de_cote(poste: Poste) -> None:
    memoire = poste.noyau()
    ecrire(memoire, "1")
    memoire.oublier((FORM, "jamais_vu"))
    assert len(poste.ecartees()) == 1
    reprise = poste.noyau().reprendre(FORM)
    assert reprise.reponse is not None
    assert reprise.reponse.valeurs == {}
    assert reprise.phrases == ()


def test_deux_noyaux_a_la_fois_ne_s_effacent_pas_leurs_formulaires(poste: Poste) -> None:
    un, deux = poste.noyau(), poste.noyau()
    un.enregistrer("quiz_essai", {"q1": "a"}, ())
    ecrire(deux, "1")
    assert set(lire_annexe(poste.annexe)[0]) == {"quiz_essai", FORM}
    ecrire(un, "rivale")
    assert len(poste.ecartees()) == 1


def test_une_lignee_ne_grandit_pas_sans_fin(poste: Poste) -> None:
    for tour in range(260):
        ecrire(poste.noyau(), str(tour))
    assert len(lire_annexe(poste.annexe)[0][FORM].lignee) < 2_000


def test_deux_postes_ne_se_melangent_pas(fabrique_poste: Callable[[str], Poste]) -> None:
    ecrire(fabrique_poste("lea").noyau(), "1")
    assert fabrique_poste("sam").noyau().reprendre(FORM).reponse is None


def test_sur_un_carnet_partage_chacun_ne_retrouve_que_ses_reponses(poste: Poste) -> None:
    ecrire(poste.noyau(), "1")
    poste.sauver()
    for apprenant, montant in (("aaaa", "2"), ("bbbb", "3")):
        memoire = Memoire(CARNET, poste.carnet, page=True, apprenant=apprenant, horloge=poste.horloge)
        assert memoire.reprendre(FORM).reponse is None
        ecrire(memoire, montant)
    relues = [repris(Memoire(CARNET, poste.carnet, page=True, apprenant=qui)) for qui in ("", "aaaa", "bbbb")]
    assert relues == ["1", "2", "3"]


def test_une_page_qui_ne_peut_rien_garder_ne_renvoie_pas_au_carnet(poste: Poste) -> None:
    poste.annexe.parent.write_text("un fichier à la place du dossier", encoding="utf-8")
    phrase = ecrire(Memoire(CARNET, poste.carnet, page=True), "1")
    assert "ne peut pas être gardée" in phrase
    assert "carnet" not in phrase
