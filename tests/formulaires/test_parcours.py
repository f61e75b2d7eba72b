"""Le chemin de la journée : d’un carnet à l’autre, dans l’ordre, sous leurs titres."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from facturier.formulaires.espace import Espace
from facturier.formulaires.parcours import lecons, retour, suivante


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    (tmp_path / "notebooks").mkdir()
    for nom, titre in (("00_accueil", "# Accueil"), ("02_moe", "Sans titre"), ("01_quiz_entree", "# Quiz d’entrée\n")):
        _carnet(tmp_path, nom, titre)
    return tmp_path


def _carnet(dossier: Path, nom: str, titre: str) -> None:
    contenu = {"cells": [{"cell_type": "markdown", "source": [titre, "suite"]}]}
    (dossier / "notebooks" / f"{nom}.ipynb").write_text(json.dumps(contenu), "utf-8")


def _espace(dossier: Path, carnet: str) -> Espace:
    return Espace(carnet, None, dossier)


def test_les_chapitres_viennent_dans_l_ordre_de_la_journee(dossier: Path) -> None:
    assert list(lecons(dossier)) == ["accueil", "quiz_entree", "moe"]


def test_chaque_carnet_mene_au_suivant_sous_son_titre(dossier: Path) -> None:
    apres = suivante(_espace(dossier, "accueil/lecon"))
    assert apres is not None
    assert (apres.carnet.name, apres.titre) == ("01_quiz_entree.ipynb", "Quiz d’entrée")
    assert suivante(_espace(dossier, "moe/exercices")) is None
    assert suivante(_espace(dossier, "ailleurs/lecon")) is None


def test_seuls_les_exercices_ramenent_a_leur_lecon(dossier: Path) -> None:
    avant = retour(_espace(dossier, "moe/exercices"))
    assert avant is not None
    assert avant.titre == "02_moe"
    assert retour(_espace(dossier, "moe/lecon")) is None


def test_une_lecon_illisible_se_nomme_par_son_fichier(dossier: Path) -> None:
    (dossier / "notebooks" / "01_quiz_entree.ipynb").write_bytes(b"\xff{")
    apres = suivante(_espace(dossier, "accueil/lecon"))
    assert apres is not None
    assert apres.titre == "01_quiz_entree"
