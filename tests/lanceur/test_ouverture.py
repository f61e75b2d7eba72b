"""One call from a folder to a running class, and back to a quiet machine."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from facturier import contenu
from facturier.erreurs import ErreurFacturier
from facturier.lanceur import ouverture, ouvrir, preparer_espace
from facturier.lanceur.serveur import Serveur


@pytest.fixture(autouse=True)
def petit_kit(kit: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contenu, "racine", lambda: kit)


def test_l_ouverture_prepare_tous_les_carnets_puis_s_arrete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    vues: list[str] = []
    monkeypatch.setattr(ouverture.webbrowser, "open", lambda adresse: vues.append(adresse) or True)
    monkeypatch.setattr(ouverture, "_attendre", lambda serveur, limite: None)
    ouvrir(tmp_path / "travail")
    assert len(vues) == 1
    assert "/lab/tree/notebooks/00_accueil.ipynb?token=" in vues[0]
    lu = (tmp_path / "travail" / "release" / "sans_moe" / "exercices.ipynb").read_text(encoding="utf-8")
    assert "'la suite'" in lu
    assert '"execution_count": 2' in lu
    erreur = capsys.readouterr().err
    assert "Votre navigateur s’ouvre" in erreur
    assert "Vos réponses sont enregistrées." in erreur
    assert Serveur.retrouver(tmp_path / "travail") is None


def test_sans_navigateur_l_adresse_est_donnee(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ouvrir(tmp_path / "travail", navigateur=False, arreter_apres=0)
    assert "Ouvrez cette adresse dans votre navigateur :\nhttp://127.0.0.1:" in capsys.readouterr().err


def test_en_pages_rien_n_est_execute_avant_d_etre_ouvert(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ouvrir(tmp_path / "travail", navigateur=False, arreter_apres=0, pages=True)
    assert "/voila/render/notebooks/00_accueil.ipynb?token=" in capsys.readouterr().err
    assert '"execution_count": 1' not in (tmp_path / "travail" / "notebooks" / "00_accueil.ipynb").read_text("utf-8")


def test_un_carnet_d_accueil_abime_n_empeche_pas_d_ouvrir(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dossier = preparer_espace(tmp_path / "travail").dossier
    (dossier / "notebooks" / "00_accueil.ipynb").write_text("{", encoding="utf-8")
    ouvrir(dossier, navigateur=False, arreter_apres=0)
    erreur = capsys.readouterr().err
    assert "n’est pas lisible" in erreur
    assert "Ouvrez cette adresse" in erreur


def test_un_espace_deja_ouvert_est_montre_de_nouveau(serveur: Serveur, capsys: pytest.CaptureFixture[str]) -> None:
    ouvrir(serveur.dossiers.espace, navigateur=False)
    assert "déjà ouvert" in capsys.readouterr().err
    assert serveur.vivant()


@pytest.mark.skipif(os.name == "nt", reason="les signaux de Windows se testent autrement")
@pytest.mark.parametrize("demande", [signal.SIGINT, signal.SIGTERM])
def test_une_demande_d_arret_ne_laisse_aucun_processus(kit: Path, tmp_path: Path, demande: signal.Signals) -> None:
    code = (
        "import sys; from pathlib import Path; from facturier import contenu; from facturier.lanceur import ouvrir\n"
        "contenu.racine = lambda: Path(sys.argv[1])\n"
        "ouvrir(Path(sys.argv[2]), navigateur=False)"
    )
    lance = subprocess.Popen(
        [sys.executable, "-c", code, str(kit), str(tmp_path / "travail")], stderr=subprocess.PIPE, text=True
    )
    assert lance.stderr is not None
    for ligne in lance.stderr:
        if ligne.startswith("http://"):
            break
    enfants = psutil.Process(lance.pid).children(recursive=True)
    lance.send_signal(demande)
    assert "Vos réponses sont enregistrées." in lance.stderr.read()
    assert lance.wait(15) == 0
    assert psutil.wait_procs(enfants, timeout=5)[1] == []


def test_ctrl_c_ne_se_perd_pas_dans_une_tache_qui_avale_son_annulation() -> None:
    async def avaler() -> None:
        with contextlib.suppress(asyncio.CancelledError):
            signal.raise_signal(signal.SIGINT)
            await asyncio.sleep(5)

    with pytest.raises(KeyboardInterrupt), ouverture._arret_demande():
        asyncio.run(avaler())


def test_les_carnets_se_suivent_dans_l_ordre_de_la_journee(kit: Path, tmp_path: Path) -> None:
    espace = preparer_espace(tmp_path / "travail", kit=kit).dossier
    assert ouverture.carnets(espace) == [
        "notebooks/00_accueil.ipynb",
        "notebooks/01_sans_moe.ipynb",
        "release/sans_moe/exercices.ipynb",
    ]


def test_un_espace_sans_carnet_est_refuse(tmp_path: Path) -> None:
    with pytest.raises(ErreurFacturier, match="Aucun carnet dans") as refus:
        ouverture.premier(tmp_path)
    assert refus.value.code == "aucun-carnet"
