"""The satisfaction survey: nobody's name, nothing chosen in advance, kept apart from what is handed in and graded."""

from __future__ import annotations

import json
import zipfile

from poste_essai import AfficheurTemoin, Poste

from facturier.champs import SATISFACTION, options
from facturier.evaluation.bareme import baremes
from facturier.formulaires.memoire import Memoire
from facturier.formulaires.modele import ModeleFormulaire
from facturier.formulaires.rendu import Rendu


def test_l_enquete_pose_des_affirmations_sur_quatre_degres_et_deux_questions_ouvertes() -> None:
    affirmations = [c for c in SATISFACTION.champs if c.genre == "choix"]
    assert all([code for code, _ in options(c)] == ["4", "3", "2", "1", "0"] for c in affirmations)
    assert [c.id for c in SATISFACTION.champs if c.genre != "choix"] == ["utile", "ameliorer"]
    assert not any(c.obligatoire for c in SATISFACTION.champs)


def test_un_avis_est_garde_a_part_et_ne_part_pas_avec_le_travail_rendu(poste: Poste) -> None:
    poste.noyau().enregistrer("total_ttc", {"valeur": "1"}, ())
    lecon = poste.dossier / "notebooks" / "13_satisfaction.ipynb"
    modele = ModeleFormulaire(SATISFACTION, Memoire("satisfaction/lecon", lecon, afficheur=AfficheurTemoin()))
    modele.changer("rythme", "2")
    modele.changer("ameliorer", "Plus de temps sur le décompte.")
    garde = json.loads((lecon.parent / "reponses" / "13_satisfaction.json").read_text("utf-8"))
    valeurs = garde["formulaires"]["satisfaction"]["valeurs"]
    assert (valeurs["rythme"], valeurs["ameliorer"]) == ("2", "Plus de temps sur le décompte.")
    assert set(valeurs) == {c.id for c in SATISFACTION.champs}
    with zipfile.ZipFile(Rendu(poste.dossier).rendre("Zoé").fichier) as archive:
        assert not [nom for nom in archive.namelist() if "satisfaction" in nom]
        assert not [nom for nom in archive.namelist() if b"satisfaction" in archive.read(nom)]


def test_l_enquete_n_a_pas_de_bareme() -> None:
    assert "satisfaction" not in baremes()
