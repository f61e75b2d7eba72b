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


def _en_page(adresse: str, demande: str = "") -> dict[str, str]:
    return {"SERVER_SOFTWARE": "voila/0.5", "SCRIPT_NAME": f"/voila/render/{adresse}", "QUERY_STRING": demande}


def test_une_page_se_retrouve_par_son_adresse_meme_avec_un_voisin(poste: Poste) -> None:
    poste.carnet.with_name("voisin é.ipynb").write_text("{}", encoding="utf-8")
    espace = situer(_en_page("release/sans_moe/exercices.ipynb"), poste.carnet.parent)
    assert (espace.carnet, espace.chemin, espace.page, espace.apprenant) == (CARNET, poste.carnet, True, "")
    voisin = situer(_en_page("release/sans_moe/voisin%20%C3%A9.ipynb"), poste.carnet.parent)
    assert voisin.chemin == poste.carnet.with_name("voisin é.ipynb")


def test_un_jeton_d_apprenant_ne_se_lit_pas_dans_le_nom_du_dossier(poste: Poste) -> None:
    espace = situer(_en_page("release/sans_moe/exercices.ipynb", "apprenant=jeton-de-zoe-00001"), poste.carnet.parent)
    assert len(espace.apprenant) == 16
    assert espace.apprenant.isalnum()
    assert "zoe" not in espace.apprenant


@pytest.mark.parametrize(
    "jeton", ["court", "..%2F..%2F..%2Fetc%2Fpasswd", "é" * 20, "x" * 65, "<script>alert(1)</script>"]
)
def test_ce_qui_n_est_pas_un_jeton_est_refuse(poste: Poste, jeton: str) -> None:
    with pytest.raises(ErreurFacturier, match="n’est pas complète"):
        situer(_en_page("release/sans_moe/exercices.ipynb", f"apprenant={jeton}"), poste.carnet.parent)


def test_hors_d_une_page_l_adresse_ne_dit_rien(poste: Poste) -> None:
    env = {"SCRIPT_NAME": "/voila/render/ailleurs.ipynb", "QUERY_STRING": "apprenant=jeton-de-zoe-00001"}
    espace = situer(env, poste.carnet.parent)
    assert (espace.chemin, espace.page, espace.apprenant) == (poste.carnet, False, "")
