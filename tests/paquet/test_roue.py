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


@pytest.mark.parametrize(
    "installation",
    [
        # the locked dependencies are lent by the running environment through a .pth file (pip itself is not on trial)
        "prêt",
        # everything installed anew from requirements.lock, as README says: minutes and a network
        pytest.param("verrou", marks=pytest.mark.endurance),
    ],
)
def test_la_roue_joue_la_journee_dans_un_environnement_vide_hors_du_depot(
    roue: Path, tmp_path: Path, installation: str
) -> None:
    scripts = "Scripts" if os.name == "nt" else "bin"
    env = tmp_path / "env"
    venv.create(env, with_pip=True, symlinks=os.name != "nt")
    python = env / scripts / Path(sys.executable).name
    pip = [python, "-m", "pip", "install", "-q", "--no-deps"]
    milieu = dict(os.environ)
    if installation == "verrou":
        subprocess.run([*pip, "--require-hashes", "-r", TOP / "requirements.lock"], check=True)
    else:
        (paquets,) = env.glob("[Ll]ib/**/site-packages")
        preteur = next(p for p in sys.path if p.endswith("site-packages"))
        (paquets / "pret.pth").write_text(preteur + "\n", encoding="utf-8")
        # lent too: alembic, which nbgrader calls by name, and Jupyter's own templates
        milieu["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), milieu["PATH"]])
        milieu["JUPYTER_PATH"] = str(Path(sys.prefix) / "share/jupyter")
    subprocess.run([*pip, "--no-index", roue], check=True)

    ou = subprocess.run(
        [python, "-c", "import facturier; print(facturier.__file__)"],
        check=True,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    ).stdout
    assert str(env) in ou, "le paquet essayé doit être celui de la roue"

    jouee = subprocess.run(
        [env / scripts / "facturier", "demo", "--json"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=240,
        env=milieu,
    )
    assert jouee.returncode == 0, jouee.stdout + jouee.stderr[-2000:]
    document = json.loads(jouee.stdout)
    assert len(document["apprenants"]) == 7
    assert (tmp_path / "build/demo/bilan.html").is_file()
