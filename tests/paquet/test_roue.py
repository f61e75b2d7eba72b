"""The wheel that people install holds its content and plays the whole day outside the repository."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def roue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    dist = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(dist), str(TOP)],
        check=True,
        capture_output=True,
    )
    (unique,) = dist.glob("*.whl")
    return unique


def test_la_roue_contient_le_contenu_et_ses_licences(roue: Path) -> None:
    noms = set(zipfile.ZipFile(roue).namelist())
    assert "facturier/py.typed" in noms
    assert "facturier/_contenu/nbgrader_config.py" in noms
    assert any(n.startswith("facturier/_contenu/source/sans_moe/") for n in noms)
    assert any(n.startswith("facturier/_contenu/notebooks/") and n.endswith(".ipynb") for n in noms)
    assert any(n.endswith("licenses/LICENSE") for n in noms)
    assert not any("/tests/" in n or ".ipynb_checkpoints" in n for n in noms)


def test_la_roue_joue_la_journee_dans_un_environnement_vide_hors_du_depot(roue: Path, tmp_path: Path) -> None:
    # the wheel goes into an environment of its own; its locked dependencies are lent by the running one through a .pth
    # file, since installing 190 packages again would test pip, not us
    env = tmp_path / "env"
    venv.create(env, with_pip=True, symlinks=os.name != "nt")
    python = env / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    subprocess.run([python, "-m", "pip", "install", "-q", "--no-deps", "--no-index", roue], check=True)
    (paquets,) = env.glob("lib/python*/site-packages" if os.name != "nt" else "Lib/site-packages")
    preteur = next(p for p in sys.path if p.endswith("site-packages"))
    (paquets / "pret.pth").write_text(preteur + "\n", encoding="utf-8")

    ou = subprocess.run(
        [python, "-c", "import facturier; print(facturier.__file__)"],
        check=True,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    ).stdout
    assert str(env) in ou, "le paquet essayé doit être celui de la roue"

    jouee = subprocess.run(
        [python.parent / "facturier", "demo", "--json"], capture_output=True, text=True, cwd=tmp_path, timeout=240
    )
    assert jouee.returncode == 0, jouee.stderr[-2000:]
    document = json.loads(jouee.stdout)
    assert len(document["apprenants"]) == 7
    assert (tmp_path / "build/demo/bilan.html").is_file()
