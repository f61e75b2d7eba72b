"""The satisfaction survey: nobody's name, nothing chosen in advance, kept apart from what is handed in and graded."""

from __future__ import annotations

import json
import zipfile

from poste_essai import AfficheurTemoin, Poste

from facturier.champs import SATISFACTION, options
from facturier.champs.def_comptes import PROFIL
from facturier.cle.feuilles import questionnaire
from facturier.ecrans.blocs import Message
from facturier.enquete.avis import lire_avis
from facturier.evaluation.bareme import baremes
from facturier.formulaires.feuille_avis import FeuilleAvis
from facturier.formulaires.memoire import Memoire
from facturier.formulaires.modele import ModeleFormulaire
from facturier.formulaires.rendu import Rendu


def test_l_enquete_pose_des_affirmations_sur_quatre_degres_et_deux_questions_ouvertes() -> None:
    affirmations = [c for c in SATISFACTION.champs if c.genre == "choix"]
    assert all([code for code, _ in options(c)] == ["4", "3", "2", "1", "0"] for c in affirmations)
    assert [c.id for c in SATISFACTION.champs if c.genre != "choix"] == ["utile", "ameliorer"]
    assert not any(c.obligatoire for c in SATISFACTION.champs)


def test_ce_qui_est_facultatif_dans_l_enquete_se_dit_une_seule_fois() -> None:
    page = questionnaire(SATISFACTION)
    assert page.count("facultati") == page.count("Toutes les réponses sont facultatives") == 1
    assert "(obligatoire)" in questionnaire(PROFIL)
    assert "(facultatif)" in questionnaire(PROFIL)


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


def _feuille(poste: Poste) -> FeuilleAvis:
    lecon = poste.dossier / "notebooks" / "13_satisfaction.ipynb"
    memoire = Memoire("satisfaction/lecon", lecon, afficheur=AfficheurTemoin())
    return FeuilleAvis(ModeleFormulaire(SATISFACTION, memoire), memoire, poste.dossier)


def test_le_fichier_prepare_ne_dit_que_l_avis_et_garde_son_nom_quand_l_avis_change(poste: Poste) -> None:
    feuille = _feuille(poste)
    feuille.agir("preparer")
    assert not (poste.dossier / "avis").exists(), "rien n’est à remettre"
    feuille.saisir({"ensemble": "3", "utile": "Le portail."})
    feuille.agir("preparer")
    (fichier,) = (poste.dossier / "avis").iterdir()
    premier = lire_avis(fichier)
    assert (premier.notes, premier.textes) == ({"ensemble": "3"}, {"utile": "Le portail."})
    feuille.saisir({"ensemble": "4", "utile": ""})
    feuille.agir("preparer")
    second = lire_avis(fichier)
    assert list((poste.dossier / "avis").iterdir()) == [fichier]
    assert second.revision > premier.revision
    assert (second.notes, second.textes) == ({"ensemble": "4"}, {})


def test_rien_du_fichier_ne_mene_aux_reponses_gardees_chez_l_apprenant(poste: Poste) -> None:
    feuille = _feuille(poste)
    feuille.saisir({"ensemble": "3"})
    feuille.agir("preparer")
    (fichier,) = (poste.dossier / "avis").iterdir()
    gardee = json.loads((poste.dossier / "notebooks" / "reponses" / "13_satisfaction.json").read_text("utf-8"))
    reponse = gardee["formulaires"]["satisfaction"]
    for secret in (reponse["graine"], reponse["lignee"], reponse["empreinte"], reponse["horodatage"][:10]):
        assert secret not in fichier.read_text("utf-8")


def test_le_fichier_se_telecharge_meme_si_le_dossier_ne_s_ecrit_pas(poste: Poste) -> None:
    (poste.dossier / "avis").write_text("", encoding="utf-8")
    feuille = _feuille(poste)
    feuille.saisir({"rythme": "0"})
    assert feuille.agir("telecharger") is None
    feuille.agir("preparer")
    (dit,) = [bloc for bloc in feuille.composer() if isinstance(bloc, Message)]
    assert "ne s’écrit pas" in dit.texte
    pris = feuille.agir("telecharger")
    assert pris is not None
    assert json.loads(pris.octets)["valeurs"] == {"rythme": "0"}
    feuille.saisir({"rythme": "1"})
    assert feuille.agir("telecharger") is None, "le fichier fait avant le changement n’est plus le dernier mot"


def test_dans_un_dossier_partage_l_avis_est_remis_sans_dire_de_qui(poste: Poste) -> None:
    lecon = poste.dossier / "notebooks" / "13_satisfaction.ipynb"
    for avis in ("4", "1"):
        memoire = Memoire("satisfaction/lecon", lecon, apprenant=f"apprenant{avis}")
        feuille = FeuilleAvis(ModeleFormulaire(SATISFACTION, memoire), memoire, poste.dossier, partage=True)
        feuille.saisir({"ensemble": avis})
        feuille.agir("preparer")
        assert any("Il est remis" in bloc.texte for bloc in feuille.composer() if isinstance(bloc, Message))
    fichiers = sorted((poste.dossier / "avis").iterdir())
    assert sorted(lire_avis(fichier).notes["ensemble"] for fichier in fichiers) == ["1", "4"]
    assert not [fichier for fichier in fichiers if "apprenant" in fichier.name + fichier.read_text("utf-8")]
