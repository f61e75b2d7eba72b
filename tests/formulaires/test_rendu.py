"""« Rendre mon travail » : un seul fichier, complet ou absent, sous un reçu que l’on peut refaire."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest
from poste_essai import CARNET, QUIZ, Poste

from facturier.erreurs import ErreurFacturier
from facturier.formulaires.memoire import Memoire
from facturier.formulaires.rendu import Rendu


def noms(fichier: Path) -> list[str]:
    with zipfile.ZipFile(fichier) as archive:
        assert archive.testzip() is None
        return archive.namelist()


def bordereau(fichier: Path) -> Any:
    with zipfile.ZipFile(fichier) as archive:
        return json.loads(archive.read("recu.json"))


def test_l_avancement_dit_fait_commence_ou_a_faire(poste: Poste) -> None:
    memoire = poste.noyau()
    assert [a.etat for a in Rendu(poste.dossier).avancement()] == ["à faire"] * 3
    memoire.enregistrer("quiz_essai", {"q1": "aaaa0001"}, ())
    memoire.enregistrer("depot_sans_moe", {"cadre": "A1"}, ({"n": 1, "action": "enregistrer"},))
    memoire.enregistrer("total_ttc", {"valeur": "4811.88"}, ())
    avances = {a.exercice: (a.etat, a.detail) for a in Rendu(poste.dossier).avancement()}
    assert avances == {
        "quiz_essai": ("commencé", "1 réponse sur 3"),
        "depot_sans_moe": ("commencé", "brouillon enregistré, pas envoyé"),
        "total_ttc": ("fait", "valeur remise"),
    }
    memoire.enregistrer("depot_sans_moe", {"cadre": "A1"}, ({"n": 1, "action": "deposer"},))
    assert {a.exercice: a.etat for a in Rendu(poste.dossier).avancement()}["depot_sans_moe"] == "fait"


def test_l_avancement_suit_l_ordre_de_la_journee(poste: Poste) -> None:
    for rang, slug in enumerate(("quiz_entree", "sans_moe", "quiz_sortie")):
        (poste.dossier / "notebooks" / f"0{rang}_{slug}.ipynb").touch()
        (poste.dossier / "release" / slug).mkdir(exist_ok=True)
        enonces = {"schema": 1, "chapitre": slug, "exercices": [{**QUIZ, "id": slug}]}
        (poste.dossier / "release" / slug / "enonces.json").write_text(json.dumps(enonces), "utf-8")
    assert [a.chapitre for a in Rendu(poste.dossier).avancement()] == ["quiz_entree", "sans_moe", "quiz_sortie"]


def test_l_archive_contient_carnets_reponses_et_recu(poste: Poste) -> None:
    poste.noyau().enregistrer("total_ttc", {"valeur": "1"}, ())
    recu = Rendu(poste.dossier, horloge=poste.horloge).rendre("Zoé  d’Été")
    assert recu.fichier.parent == poste.dossier / "rendus"
    assert recu.fichier.name == f"rendu-zoe-dete-{recu.recu[:8]}.zip"
    assert noms(recu.fichier) == [
        "recu.json",
        "release/sans_moe/exercices.ipynb",
        "release/sans_moe/reponses/exercices.json",
    ]
    lu = bordereau(recu.fichier)
    assert lu["recu"] == recu.recu
    assert set(lu["reponses"]["sans_moe"]) == {"total_ttc"}
    assert [p.name for p in recu.fichier.parent.iterdir()] == [recu.fichier.name]


def test_le_recu_ne_change_que_si_les_reponses_changent(poste: Poste) -> None:
    memoire = poste.noyau()
    memoire.enregistrer("total_ttc", {"valeur": "1"}, ())
    premier = Rendu(poste.dossier).rendre()
    assert Rendu(poste.dossier).rendre().recu == premier.recu
    memoire.enregistrer("total_ttc", {"valeur": "2"}, ())
    assert Rendu(poste.dossier).rendre().recu != premier.recu
    assert "sans-prenom" in premier.fichier.name


def test_le_recu_compte_les_reponses_qui_ne_sont_que_dans_le_carnet(poste: Poste) -> None:
    poste.noyau().enregistrer("total_ttc", {"valeur": "1"}, ())
    attendu = Rendu(poste.dossier).rendre().recu
    poste.sauver()
    poste.annexe.unlink()
    assert Rendu(poste.dossier).rendre().recu == attendu


def test_ni_lien_ni_dossier_etranger_ne_part(poste: Poste, tmp_path: Path) -> None:
    secret = tmp_path / "secret.json"
    secret.write_text("{}", "utf-8")
    poste.noyau().enregistrer("total_ttc", {"valeur": "1"}, ())
    (poste.annexe.parent / "lien.json").symlink_to(secret)
    (poste.carnet.parent / "copie.ipynb").symlink_to(secret)
    (poste.dossier / "release" / "ailleurs").symlink_to(tmp_path)
    os.mkfifo(poste.annexe.parent / "tuyau.json")
    (poste.carnet.parent / "desktop.ini").write_text("", "utf-8")
    assert len(noms(Rendu(poste.dossier).rendre().fichier)) == 3


def test_un_dossier_vide_ou_en_lecture_seule_se_dit(poste: Poste, tmp_path: Path) -> None:
    (tmp_path / "vide").mkdir()
    with pytest.raises(ErreurFacturier, match="rien à rendre"):
        Rendu(tmp_path / "vide").rendre()
    (poste.dossier / "rendus").write_text("un fichier", "utf-8")
    with pytest.raises(ErreurFacturier, match="ne peut pas être écrit"):
        Rendu(poste.dossier).rendre()


def test_sur_un_dossier_partage_on_ne_rend_que_ses_reponses(poste: Poste) -> None:
    poste.noyau().enregistrer("total_ttc", {"valeur": "SECRET"}, ())
    poste.sauver()
    sien = Memoire(CARNET, poste.carnet, page=True, apprenant="aaaa", horloge=poste.horloge)
    sien.enregistrer("total_ttc", {"valeur": "7"}, ())
    recu = Rendu(poste.dossier, apprenant="aaaa", horloge=poste.horloge).rendre("Zoé")
    with zipfile.ZipFile(recu.fichier) as archive:
        contenu = {nom: archive.read(nom) for nom in archive.namelist()}
    assert "release/sans_moe/reponses/exercices.json" in contenu
    assert b'"7"' in contenu["release/sans_moe/reponses/exercices.json"]
    assert not [nom for nom, octets in contenu.items() if b"SECRET" in octets or "aaaa" in nom]
