"""Notebooks open already run: in the kernel that the page will find, with the outputs that a page would have stored."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest

from facturier.erreurs import ErreurMoteur
from facturier.lanceur.preparation import preparer
from facturier.lanceur.serveur import Serveur

from .conftest import carnet, ecrire


def test_le_carnet_d_accueil_est_execute_par_l_interprete_du_kit(serveur: Serveur) -> None:
    fait = preparer(serveur, "notebooks/00_accueil.ipynb")
    assert (fait.cellules, fait.erreurs, fait.ecrit) == (3, 0, True)
    interprete, chemin = _sorties(serveur, "notebooks/00_accueil.ipynb")[0][0]["text"]
    assert interprete.rstrip() == sys.executable
    assert chemin.rstrip() == f"{serveur.dossiers.espace / 'notebooks' / '00_accueil.ipynb'}"


def test_un_miroir_mis_a_jour_par_une_cellule_suivante_est_ecrit_a_jour(serveur: Serveur) -> None:
    preparer(serveur, "notebooks/00_accueil.ipynb")
    miroir = _sorties(serveur, "notebooks/00_accueil.ipynb")[1][0]
    assert "".join(miroir["data"]["text/plain"]) == "après"
    assert miroir["metadata"] == {"facturier": {"formulaire": "accueil"}}


def test_le_carnet_prepare_est_approuve(serveur: Serveur) -> None:
    preparer(serveur, "notebooks/01_sans_moe.ipynb")
    lu = serveur.appeler("GET", "contents/notebooks/01_sans_moe.ipynb")["content"]
    assert [c["metadata"]["trusted"] for c in lu["cells"]] == [True]


def test_une_session_reste_ouverte_par_carnet(serveur: Serveur) -> None:
    for _ in range(2):
        preparer(serveur, "notebooks/01_sans_moe.ipynb")
    chemins = [s["path"] for s in serveur.appeler("GET", "sessions")]
    assert chemins.count("notebooks/01_sans_moe.ipynb") == 1


def test_une_cellule_en_erreur_n_arrete_pas_les_suivantes(serveur: Serveur) -> None:
    fait = preparer(serveur, "release/sans_moe/exercices.ipynb")
    assert (fait.cellules, fait.erreurs) == (2, 1)
    assert "".join(_sorties(serveur, "release/sans_moe/exercices.ipynb")[1][0]["data"]["text/plain"]) == "'la suite'"


def test_une_boucle_sans_fin_est_interrompue(serveur: Serveur) -> None:
    ecrire(serveur.dossiers.espace / "boucle.ipynb", carnet("while True: pass", "'jamais'"))
    fait = preparer(serveur, "boucle.ipynb", delai=1)
    assert (fait.cellules, fait.erreurs, fait.ecrit) == (1, 1, True)


def test_un_noyau_qui_meurt_ne_retient_pas_l_ouverture(serveur: Serveur) -> None:
    ecrire(serveur.dossiers.espace / "mort.ipynb", carnet("import os; os._exit(1)", "'jamais'"))
    fait = preparer(serveur, "mort.ipynb", delai=2)
    assert (fait.cellules, fait.erreurs, fait.ecrit) == (1, 1, True)


@pytest.mark.parametrize("texte", ["", "{", "[]", '{"cells": 3}', "\x00\x01"])
def test_un_carnet_abime_est_dit_et_laisse_tel_quel(serveur: Serveur, texte: str) -> None:
    abime = serveur.dossiers.espace / "abime.ipynb"
    ecrire(abime, texte)
    with pytest.raises(ErreurMoteur, match="n’est pas lisible") as panne:
        preparer(serveur, "abime.ipynb")
    assert panne.value.code == "carnet-illisible"
    assert abime.read_text(encoding="utf-8") == texte


def _sorties(serveur: Serveur, nom: str) -> list[Any]:
    nb = json.loads((serveur.dossiers.espace / nom).read_text(encoding="utf-8"))
    return [c["outputs"] for c in nb["cells"]]
