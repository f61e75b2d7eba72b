"""The command contract: one JSON document, one French sentence, the right exit code, for every command."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest

from facturier.cli.commandes import facturier
from facturier.cli.peau import executer

COMMANDES = list(facturier.commands)
SOUS_COMMANDES = [
    *([nom] for nom, commande in facturier.commands.items() if not isinstance(commande, click.Group)),
    *([nom, sous] for nom, groupe in facturier.commands.items() for sous in getattr(groupe, "commands", ())),
]


def lancer(capsys: pytest.CaptureFixture[str], *mots: str) -> tuple[int, str, str]:
    code = executer(facturier, mots)
    sorties = capsys.readouterr()
    return code, sorties.out, sorties.err


@pytest.mark.parametrize("mots", SOUS_COMMANDES, ids=" ".join)
def test_chaque_commande_offre_json_et_une_aide_en_francais(
    mots: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, aide, _ = lancer(capsys, *mots, "--help")
    assert code == 0
    assert "--json" in aide
    assert "Utilisation :" in aide
    for anglais in ("Usage", "Show this", "exit."):
        assert anglais not in aide
    assert aide.splitlines()[2].strip(), "chaque commande dit ce qu’elle fait"
    assert facturier.commands[mots[0]].help


def test_sans_mot_la_commande_montre_ce_qu_elle_sait_faire(capsys: pytest.CaptureFixture[str]) -> None:
    code, sortie, _ = lancer(capsys)
    assert code == 0
    for nom in COMMANDES:
        assert nom in sortie


@pytest.mark.parametrize(
    ("mots", "phrase"),
    [
        (["demoo"], "n’existe pas"),
        (["valider"], "Il manque"),
        (["valider", "--zz", "a"], "--zz"),
        (["referentiel", "cadres", "--au", "hier"], "n’est pas une date"),
        (["ouvrir", "--port", "mille"], "un nombre entier"),
        (["noter", "Copies", "du", "3"], "du 3\u00a0» est en trop"),
    ],
)
def test_des_mots_faux_valent_64_et_une_phrase(
    mots: list[str], phrase: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, sortie, erreur = lancer(capsys, *mots)
    assert code == 64
    assert phrase in erreur
    assert sortie == ""
    code, sortie, erreur = lancer(capsys, *mots, "--json")
    assert code == 64
    assert json.loads(sortie)["erreur"]["code"] == "usage"
    assert erreur == ""


@pytest.mark.parametrize(
    ("mots", "code_attendu"),
    [
        (["noter", "/nulle/part"], 2),
        (["construire", "--session", "/nulle/part.toml"], 2),
        (["referentiel", "inconnue"], 64),
        (["valider", "/nulle/part.xml"], 2),
    ],
)
def test_une_mauvaise_entree_est_refusee_sans_trace(
    mots: list[str], code_attendu: int, capsys: pytest.CaptureFixture[str]
) -> None:
    code, sortie, erreur = lancer(capsys, *mots)
    assert code == code_attendu
    assert "Traceback" not in sortie + erreur
    assert (sortie + erreur).strip()
    code, sortie, _ = lancer(capsys, *mots, "--json")
    assert code == code_attendu
    assert json.loads(sortie)["schema"] == 1


def test_une_panne_inattendue_reste_une_phrase_et_vaut_3(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    @click.command()
    def casse() -> None:
        raise RuntimeError("boum")

    monkeypatch.setitem(facturier.commands, "casse", casse)
    code, _, erreur = lancer(capsys, "casse")
    assert code == 3
    assert "boum" in erreur
    assert "Traceback" not in erreur


def test_une_date_s_ecrit_a_la_francaise_ou_en_iso(capsys: pytest.CaptureFixture[str]) -> None:
    _, iso, _ = lancer(capsys, "referentiel", "cadres", "--au", "2026-11-24", "--json")
    _, francaise, _ = lancer(capsys, "referentiel", "cadres", "--au", "24/11/2026", "--json")
    assert json.loads(iso) == json.loads(francaise)
    assert json.loads(iso)["au"] == "2026-11-24"


def test_le_referentiel_se_lit_a_une_date(capsys: pytest.CaptureFixture[str]) -> None:
    taux = {}
    for jour in ("2026-03-01", "2026-11-24"):
        _, sortie, _ = lancer(capsys, "referentiel", "taux_bce", "--au", jour, "--json")
        (ligne,) = json.loads(sortie)["lignes"]
        taux[jour] = ligne["interets"]
    assert taux == {"2026-03-01": "10.15", "2026-11-24": "10.40"}


@pytest.mark.parametrize("colonnes", [40, 80, 200])
def test_une_table_reste_lisible_dans_un_terminal_etroit(
    colonnes: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(colonnes))
    code, sortie, _ = lancer(capsys, "referentiel", "delais", "--au", "2026-11-24")
    assert code == 0
    assert sortie.startswith("delais, au 24/11/2026")
    assert "fiabilité : établi" in sortie.replace("\u00a0", " ")
    assert max(len(ligne) for ligne in sortie.splitlines()) <= max(colonnes, 60)


def test_l_aide_ne_charge_rien_de_lourd() -> None:
    programme = """
import sys
from facturier.cli.commandes import facturier
from facturier.cli.peau import executer
executer(facturier, ["--help"])
lourds = {"pandas", "nbgrader", "lxml", "saxonche", "papermill", "ipywidgets", "jupytext", "rich", "sqlalchemy"}
sys.exit(", ".join(sorted(lourds & set(sys.modules))))
"""
    fini = subprocess.run([sys.executable, "-c", programme], capture_output=True, text=True)
    assert fini.stderr.strip() == "", "modules chargés pour rien"


def test_la_commande_installee_repond(tmp_path: Path) -> None:
    fini = subprocess.run(
        [Path(sys.executable).with_name("facturier"), "--version"], capture_output=True, text=True, cwd=tmp_path
    )
    assert fini.returncode == 0
    assert fini.stdout.startswith("facturier ")
