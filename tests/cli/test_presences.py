"""``facturier presences``: the certified hours, from the store of a class, for people, spreadsheets and programs."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from facturier.cli.commandes import facturier
from facturier.cli.peau import executer
from facturier.portail import Annuaire
from facturier.registre import RegistreClasse
from facturier.serveur import Classe

SCHEMA: dict[str, Any] = json.loads(
    resources.files("facturier.cli").joinpath("schemas/documents.schema.json").read_text("utf-8")
)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A class in which two people came long ago; one of them said that she left."""
    heure = [datetime(2026, 11, 2, 9, 0)]
    fichier = tmp_path / "classe.sqlite"
    classe = Classe(RegistreClasse.fichier(fichier), Annuaire.charger(), graine="essai", horloge=lambda: heure[0])
    lea = classe.rejoindre(classe.code, "Léa").participant
    classe.rejoindre(classe.code, "=cmd Zoe")
    heure[0] = datetime(2026, 11, 2, 12, 30)
    classe.partir(lea)
    classe.fermer()
    return fichier


def test_les_heures_suivent_le_schema_et_se_totalisent(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert executer(facturier, ["presences", str(base), "--json"]) == 0
    lu = json.loads(capsys.readouterr().out)
    jsonschema.validate(lu, SCHEMA)
    assert lu["totaux"] == [
        {"pseudonyme": "cmd-zoe", "prenom": "=cmd Zoe", "minutes": 0},
        {"pseudonyme": "lea", "prenom": "Léa", "minutes": 210},
    ]
    assert [p["depart"] for p in lu["presences"]] == ["2026-11-02T09:00:00", "2026-11-02T12:30:00"]


def test_le_tableau_pour_tableur_ne_contient_aucune_formule(base: Path, capsysbinary: Any) -> None:
    assert executer(facturier, ["presences", str(base), "--csv"]) == 0
    octets = capsysbinary.readouterr().out
    assert octets.startswith(b"\xef\xbb\xbf")
    lignes = list(csv.DictReader(io.StringIO(octets.decode("utf-8-sig")), delimiter=";"))
    assert [ligne["Prénom"] for ligne in lignes] == ["'=cmd Zoe", "Léa"]
    assert lignes[1]["Minutes"] == "210"


def test_les_heures_se_lisent_au_terminal(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert executer(facturier, ["presences", str(base)]) == 0
    assert "Léa\u00a0: 210 min" in capsys.readouterr().out


def test_une_base_introuvable_est_dite_et_n_est_pas_creee(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert executer(facturier, ["presences", str(tmp_path / "rien.sqlite"), "--json"]) != 0
    assert json.loads(capsys.readouterr().out)["erreur"]["code"] == "base-introuvable"
    assert list(tmp_path.iterdir()) == []
