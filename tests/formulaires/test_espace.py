"""Le carnet se retrouve lui-même, et n’ouvre que ses énoncés publics."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from poste_essai import CARNET, Poste

from facturier.erreurs import ErreurFacturier
from facturier.formulaires.espace import enonces, exercice, situer


@pytest.mark.parametrize(
    "session",
    ["release/sans_moe/exercices.ipynb", "RTC:release/sans_moe/exercices.ipynb", "", "parti/ailleurs.ipynb", "x.py"],
)
def test_le_carnet_se_retrouve_par_sa_session_ou_seul_dans_son_dossier(poste: Poste, session: str) -> None:
    espace = situer({"JPY_SESSION_NAME": session}, poste.carnet.parent)
    assert (espace.carnet, espace.chemin, espace.dossier) == (CARNET, poste.carnet, poste.dossier)
    assert espace.chapitre == "sans_moe"


def test_un_carnet_renomme_garde_son_identite(poste: Poste) -> None:
    renomme = poste.carnet.with_name("exercices (1).ipynb")
    poste.carnet.rename(renomme)
    espace = situer({"JPY_SESSION_NAME": str(renomme)}, poste.dossier)
    assert (espace.carnet, espace.chemin) == (CARNET, renomme)
    assert exercice(espace, "total_ttc")["titre"] == "Le total"


def test_sans_carnet_connu_le_dossier_sert_de_repere(tmp_path: Path) -> None:
    espace = situer({}, tmp_path)
    assert espace.chemin is None
    with pytest.raises(ErreurFacturier, match="introuvables"):
        enonces(espace)


def test_un_carnet_sans_identite_prend_celle_de_sa_place(poste: Poste) -> None:
    poste.carnet.write_text("pas du JSON", "utf-8")
    assert situer({}, poste.carnet.parent).carnet == "sans_moe/exercices"


def test_un_exercice_inconnu_est_refuse_en_nommant_les_autres(poste: Poste) -> None:
    with pytest.raises(ErreurFacturier, match="quiz_essai"):
        exercice(situer({}, poste.carnet.parent), "quiz_autre")


@pytest.mark.parametrize(
    "abime",
    ["{", "[]", "null", '{"schema": 2}', '{"schema": 1, "chapitre": "x", "exercices": [3]}', '{"schema": 1}',
     json.dumps({"schema": 1, "chapitre": "sans_moe", "exercices": [{"id": "a", "genre": "quiz", "titre": "t",
                 "items": [{"id": "q", "genre": "inconnu"}]}]})],
)  # fmt: skip
def test_un_enonce_abime_est_une_phrase(poste: Poste, abime: Any) -> None:
    (poste.carnet.parent / "enonces.json").write_text(abime, "utf-8")
    with pytest.raises(ErreurFacturier, match="abîmé"):
        enonces(situer({}, poste.carnet.parent))
