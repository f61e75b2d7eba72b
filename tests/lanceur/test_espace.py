"""The workspace follows the kit and never costs a learner a line of work."""

from __future__ import annotations

import errno
import json
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facturier import ecriture
from facturier.erreurs import ErreurFacturier
from facturier.lanceur import preparer_espace
from facturier.lanceur.espace import MANIFESTE

from .conftest import MIROIR, carnet, ecrire

FACTURE = "data/factures/facture.xml"
ACCUEIL = "notebooks/00_accueil.ipynb"


@pytest.fixture
def kit_modifiable(kit: Path, tmp_path: Path) -> Path:
    copie = tmp_path / "kit"
    shutil.copytree(kit, copie)
    return copie


def test_un_dossier_neuf_recoit_carnets_exercices_et_factures(kit: Path, tmp_path: Path) -> None:
    espace = preparer_espace(tmp_path / "travail de Zoé", kit=kit)
    assert set(espace.copies) == {
        ACCUEIL,
        "notebooks/01_sans_moe.ipynb",
        "release/sans_moe/exercices.ipynb",
        FACTURE,
    }
    assert (espace.dossier / FACTURE).read_text() == "<facture/>"


def test_les_sources_et_les_corriges_ne_viennent_pas_dans_l_espace(kit: Path, tmp_path: Path) -> None:
    espace = preparer_espace(tmp_path / "travail", kit=kit)
    assert not list(espace.dossier.rglob("*.toml"))


def test_une_seconde_preparation_ne_copie_rien(kit: Path, tmp_path: Path) -> None:
    preparer_espace(tmp_path / "travail", kit=kit)
    espace = preparer_espace(tmp_path / "travail", kit=kit)
    assert (espace.copies, espace.rafraichis, espace.gardes) == ((), (), ())


def test_un_fichier_intact_suit_la_nouvelle_version_du_kit(kit_modifiable: Path, tmp_path: Path) -> None:
    preparer_espace(tmp_path / "travail", kit=kit_modifiable)
    ecrire(kit_modifiable / FACTURE, "<facture version='2'/>")
    espace = preparer_espace(tmp_path / "travail", kit=kit_modifiable)
    assert espace.rafraichis == (FACTURE,)
    assert (espace.dossier / FACTURE).read_text() == "<facture version='2'/>"


def test_un_fichier_change_par_l_apprenant_est_garde_et_nomme(kit_modifiable: Path, tmp_path: Path) -> None:
    dossier = preparer_espace(tmp_path / "travail", kit=kit_modifiable).dossier
    ecrire(dossier / FACTURE, "<facture note='de ma main'/>")
    ecrire(kit_modifiable / FACTURE, "<facture version='2'/>")
    espace = preparer_espace(dossier, kit=kit_modifiable)
    assert espace.gardes == (FACTURE,)
    assert (dossier / FACTURE).read_text() == "<facture note='de ma main'/>"


def test_executer_un_carnet_n_est_pas_le_changer(kit_modifiable: Path, tmp_path: Path) -> None:
    dossier = preparer_espace(tmp_path / "travail", kit=kit_modifiable).dossier
    _ajouter_sortie(dossier / ACCUEIL, {"text/plain": "1"})
    ecrire(kit_modifiable / ACCUEIL, carnet("2 + 2"))
    assert preparer_espace(dossier, kit=kit_modifiable).rafraichis == (ACCUEIL,)


@pytest.mark.parametrize(
    ("valeurs", "journal", "garde"),
    [({"prenom": "Zoé"}, [], True), ({}, [{"n": 1}], True), ({"prenom": ""}, [], False)],
)
def test_un_carnet_qui_porte_des_reponses_est_garde(
    kit_modifiable: Path, tmp_path: Path, valeurs: dict[str, str], journal: list[Any], garde: bool
) -> None:
    dossier = preparer_espace(tmp_path / "travail", kit=kit_modifiable).dossier
    _ajouter_sortie(dossier / ACCUEIL, {MIROIR: {"valeurs": valeurs, "journal": journal}, "text/plain": ""})
    ecrire(kit_modifiable / ACCUEIL, carnet("2 + 2"))
    assert preparer_espace(dossier, kit=kit_modifiable).gardes == ((ACCUEIL,) if garde else ())


def test_un_fichier_efface_revient(kit: Path, tmp_path: Path) -> None:
    dossier = preparer_espace(tmp_path / "travail", kit=kit).dossier
    (dossier / ACCUEIL).unlink()
    assert preparer_espace(dossier, kit=kit).copies == (ACCUEIL,)


def test_une_copie_interrompue_reprend(kit: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ecrits: list[Path] = []
    vrai = ecriture.write_bytes

    def plein(path: Path, content: bytes) -> None:
        if len(ecrits) == 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        ecrits.append(path)
        vrai(path, content)

    monkeypatch.setattr(ecriture, "write_bytes", plein)
    with pytest.raises(ErreurFacturier, match=r"disque plein.*la copie reprendra") as refus:
        preparer_espace(tmp_path / "travail", kit=kit)
    assert refus.value.code == "espace-inutilisable"
    monkeypatch.undo()
    assert len(preparer_espace(tmp_path / "travail", kit=kit).copies) == 2


@pytest.mark.parametrize("manifeste", ["", "[]", '{"fichiers": 3}', '{"fichiers": {"a": 3}}', "\x00"])
def test_un_manifeste_abime_ne_fait_rien_perdre(kit_modifiable: Path, tmp_path: Path, manifeste: str) -> None:
    dossier = preparer_espace(tmp_path / "travail", kit=kit_modifiable).dossier
    ecrire(dossier / MANIFESTE, manifeste)
    ecrire(kit_modifiable / FACTURE, "<facture version='2'/>")
    espace = preparer_espace(dossier, kit=kit_modifiable)
    assert espace.gardes == (FACTURE,)
    assert (dossier / FACTURE).read_text() == "<facture/>"


def test_un_lien_vers_un_autre_dossier_est_refuse(kit: Path, tmp_path: Path) -> None:
    dehors = tmp_path / "dehors"
    dehors.mkdir()
    (tmp_path / "travail").mkdir()
    (tmp_path / "travail" / "notebooks").symlink_to(dehors, target_is_directory=True)
    with pytest.raises(ErreurFacturier, match="mène hors du dossier de travail") as refus:
        preparer_espace(tmp_path / "travail", kit=kit)
    assert refus.value.code == "hors-espace"
    assert list(dehors.iterdir()) == []


def test_un_nom_deja_pris_par_un_fichier_est_dit(kit: Path, tmp_path: Path) -> None:
    ecrire(tmp_path / "travail", "je suis un fichier")
    with pytest.raises(ErreurFacturier, match="un fichier porte déjà ce nom") as refus:
        preparer_espace(tmp_path / "travail", kit=kit)
    assert refus.value.code == "espace-inutilisable"


def test_le_kit_lui_meme_peut_servir_d_espace(kit_modifiable: Path) -> None:
    espace = preparer_espace(kit_modifiable, kit=kit_modifiable)
    assert (espace.copies, espace.gardes) == ((), ())


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(["apprenant", "kit", "ouvrir", "effacer"]), max_size=8))
def test_aucune_suite_de_gestes_n_ecrase_le_travail_de_l_apprenant(gestes: list[str]) -> None:
    with TemporaryDirectory() as racine:
        kit, dossier = Path(racine, "kit"), Path(racine, "travail")
        ecrire(kit / FACTURE, "kit 0")
        de_sa_main: str | None = None
        for rang, geste in enumerate(gestes, 1):
            if geste == "apprenant":
                de_sa_main = f"apprenant {rang}"
                ecrire(dossier / FACTURE, de_sa_main)
            elif geste == "kit":
                ecrire(kit / FACTURE, f"kit {rang}")
            elif geste == "effacer":
                de_sa_main = None
                (dossier / FACTURE).unlink(missing_ok=True)
            else:
                preparer_espace(dossier, kit=kit)
                attendu = de_sa_main if de_sa_main is not None else (kit / FACTURE).read_text()
                assert (dossier / FACTURE).read_text() == attendu


def test_l_import_du_lanceur_ne_charge_rien_de_lourd() -> None:
    import subprocess

    code = "import sys, facturier.lanceur; print(*{'httpx', 'nbformat', 'nbclient', 'rich', 'zmq'} & set(sys.modules))"
    sortie = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert sortie.stdout.strip() == ""


def _ajouter_sortie(path: Path, data: dict[str, Any]) -> None:
    nb = json.loads(path.read_text())
    nb["cells"][0]["outputs"] = [nbformat.v4.new_output("display_data", data=data)]
    path.write_text(json.dumps(nb))
