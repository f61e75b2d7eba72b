"""What the commands print with --json is what the package's schema says, failures included."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from facturier import lanceur, referentiel
from facturier.cli.commandes import facturier
from facturier.cli.peau import executer

FACTURES = Path(__file__).resolve().parents[2] / "data/factures"
SCHEMA: dict[str, Any] = json.loads(
    resources.files("facturier.cli").joinpath("schemas/documents.schema.json").read_text("utf-8")
)


def document(capsys: pytest.CaptureFixture[str], *mots: str) -> Any:
    executer(facturier, [*mots, "--json"])
    return json.loads(capsys.readouterr().out)


def conforme(lu: Any, nom: str) -> None:
    jsonschema.validate(lu, SCHEMA)
    jsonschema.validate(lu, {**SCHEMA["$defs"][nom], "$defs": SCHEMA["$defs"]})


@pytest.mark.parametrize("nom", referentiel.NOMS)
def test_chaque_table_suit_le_schema(nom: str, capsys: pytest.CaptureFixture[str]) -> None:
    conforme(document(capsys, "referentiel", nom, "--au", "2026-11-24"), "table")
    conforme(document(capsys, "referentiel", nom, "--tout"), "table")


@pytest.mark.parametrize(
    ("mots", "nom"),
    [
        (["referentiel"], "tables"),
        (["construire", "--verifier"], "ecarts"),
        (["regles", "BR-CO-15"], "regle"),
        (["regles", "--couverture"], "couverture"),
        (["lire", str(FACTURES / "menage_avec_piece.ubl.xml"), "--jeux", "cpro"], "page"),
        (["lire", str(FACTURES / "faux_total_ttc.cii.xml")], "page"),
        (
            ["comparer", str(FACTURES / "faux_total_ttc.ubl.xml"), str(FACTURES / "remises_et_frais.cii.xml")],
            "comparaison",
        ),
        (["comparer", str(FACTURES / "faux_total_ttc.ubl.xml"), "nulle_part.xml"], "erreur"),
        (["regles", "BR-INCONNUE-99"], "erreur"),
        (["referentiel", "inconnue"], "erreur"),
        (["noter", "/nulle/part"], "erreur"),
        (["demoo"], "erreur"),
        (["banque", "corrige", str(FACTURES.parent / "sessions/exemple.toml")], "corrige"),
        (["banque", "importer", "/nulle/part.xlsx"], "erreur"),
    ],
)
def test_les_autres_documents_suivent_le_schema(mots: list[str], nom: str, capsys: pytest.CaptureFixture[str]) -> None:
    conforme(document(capsys, *mots), nom)


def test_les_materiaux_d_une_seance_sont_nommes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exemple = Path(__file__).resolve().parents[2] / "data/sessions/exemple.toml"
    conforme(document(capsys, "construire", "--session", str(exemple), "--sortie", str(tmp_path)), "ecrits")


def test_l_ouverture_dit_son_dossier(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanceur, "ouvrir", lambda *_, **__: None)  # the server itself: tests/lanceur
    conforme(document(capsys, "ouvrir", str(tmp_path)), "ouvrir")


def test_un_champ_de_trop_ou_de_moins_est_vu() -> None:
    for faux in (
        {"schema": 1},
        {"schema": 2, "tables": []},
        {"schema": 1, "erreur": {"code": "Pas Bien", "phrase": "x"}},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(faux, SCHEMA)


def test_la_banque_dit_ce_qu_elle_ecrit_et_ce_qu_elle_refuse(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from openpyxl import load_workbook

    fichier = str(tmp_path / "banque.xlsx")
    conforme(document(capsys, "banque", "exporter", fichier), "banque_exportee")
    conforme(document(capsys, "banque", "importer", fichier), "banque_importee")
    livre = load_workbook(fichier)
    livre["Items"]["C2"] = 9
    livre.save(fichier)
    conforme(document(capsys, "banque", "importer", fichier), "banque_refusee")
