"""``facturier rejouer``: the state and its criteria, or the first bad event; the documents follow the schema."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from facturier.cli.commandes import facturier
from facturier.cli.peau import executer
from facturier.portail import Acteur, Annuaire, Ouverture, Portail, etat_json
from facturier.portail.evenements import sceller

SCHEMA: dict[str, Any] = json.loads(
    resources.files("facturier.cli").joinpath("schemas/documents.schema.json").read_text("utf-8")
)
ELECTRICIEN = "99990011100017"
LEA = Ouverture(graine="lea", scenario="ecole")


def portail(ouverture: Ouverture | None = None) -> Portail:
    ouvert = Portail(Annuaire.charger(), lambda: datetime(2026, 11, 24, 10, 42), ouverture)
    fournisseur = Acteur("fournisseur", ELECTRICIEN)
    brouillon = ouvert.enregistrer(fournisseur, {"cadre": "A1", "numero_facture": "FA-1"})
    ouvert.avancer(3)
    ouvert.agir(fournisseur, brouillon.id, "supprimer")
    return ouvert


def ecrire(path: Path, contenu: Any) -> Path:
    path.write_text(contenu if isinstance(contenu, str) else json.dumps(contenu), encoding="utf-8")
    return path


def lancer(capsys: pytest.CaptureFixture[str], *mots: str) -> tuple[int, Any]:
    code = executer(facturier, ["rejouer", *mots, "--json"])
    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, SCHEMA)
    return code, document


def test_un_journal_accepte_donne_l_etat_et_les_criteres(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    joue = portail()
    code, document = lancer(capsys, str(ecrire(tmp_path / "journal.json", list(joue.journal))))
    assert (code, list(document)) == (0, ["schema", "etat", "criteres"])
    assert document["etat"] == etat_json(joue.etat)
    assert document["criteres"]["facture_deposee"] is False


def test_l_exercice_d_un_autre_est_refuse_des_le_premier_evenement(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    joue = portail(LEA)
    fichier = str(ecrire(tmp_path / "journal.json", joue.document()))
    assert lancer(capsys, fichier)[0] == 0
    assert lancer(capsys, fichier, "--graine", "lea", "--scenario", "ecole")[0] == 0
    reglages = str(ecrire(tmp_path / "ouverture.json", LEA.en_json()))
    seul = str(ecrire(tmp_path / "liste.json", list(joue.journal)))
    assert lancer(capsys, seul, "--ouverture", reglages)[0] == 0
    for mots in ([fichier, "--graine", "zoe"], [fichier, "--scenario", "mairie"], [seul]):
        code, document = lancer(capsys, *mots)
        assert (code, document["refus"]["rang"]) == (1, 1)
        assert document["refus"]["evenement"] == joue.journal[0]


def test_un_journal_retouche_est_refuse_a_son_rang(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    journal = list(portail().journal)
    journal[1]["donnees"]["jours"] = "300"
    code, document = lancer(capsys, str(ecrire(tmp_path / "journal.json", journal)))
    assert (code, document["refus"]["rang"]) == (1, 2)
    assert document["refus"]["evenement"]["donnees"] == {"jours": "300"}
    assert "n° 2" in document["refus"]["phrase"]


@pytest.mark.parametrize("fautif", ["\ud800", "x" * 100_000, {"a": ["\udfff"]}])
def test_un_evenement_que_rien_ne_peut_afficher_est_tu(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], fautif: object
) -> None:
    code, document = lancer(capsys, str(ecrire(tmp_path / "journal.json", [fautif])))
    assert (code, document["refus"]["rang"], document["refus"]["evenement"]) == (1, 1, None)


@pytest.mark.parametrize(
    "contenu",
    [
        "{",
        "",
        '"texte"',
        "{}",
        '{"schema": 2, "ouverture": {}, "evenements": []}',
        '{"schema": 1, "ouverture": {"graine": 3}, "evenements": []}',
        '{"schema": 1, "ouverture": {}, "evenements": [], "note": 20}',
        "[" * 100_000,
        "[NaN]",
        "[-Infinity]",
        '[{"n": 1, "n": 1}]',
        "[" + "9" * 5000 + "]",
        "[" + "[]," * 2_000_001 + "[]]",
        '{"schema": 1, "ouverture": {"chantiers": [1]}, "evenements": []}',
        '{"schema": 1, "ouverture": {"depart": "9990-01-01T00:00:00"}, "evenements": []}',
        '[{"n": 1e999}]',
        '[{"n": 1, "donnees": {"a": -1e400}}]',
    ],
)
def test_ce_qui_n_est_plus_un_journal_est_refuse_en_entier(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], contenu: str
) -> None:
    fichier = ecrire(tmp_path / "journal.json", contenu)
    code, document = lancer(capsys, str(fichier))
    assert (code, document["refus"]["rang"], document["refus"]["evenement"]) == (1, 0, None)
    assert str(fichier) in document["refus"]["phrase"]
    assert executer(facturier, ["rejouer", str(fichier)]) == 1
    assert str(fichier) in capsys.readouterr().out


def test_des_octets_qui_ne_sont_pas_de_l_utf_8_sont_refuses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fichier = tmp_path / "journal.json"
    for octets in (b'["\xff\xfe"]', b"\xef\xbb\xbf[]", "[]".encode("utf-16"), b"\x00" * 64):
        fichier.write_bytes(octets)
        code, document = lancer(capsys, str(fichier))
        assert (code, document["refus"]["rang"], document["refus"]["evenement"]) == (1, 0, None)


@pytest.mark.parametrize("profondeur", [19, 20, 400])
def test_un_evenement_profond_est_refuse_sans_epuiser_la_pile(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], profondeur: int
) -> None:
    profond = '{"donnees":' * (profondeur - 1) + "{}" + "}" * (profondeur - 1)
    code, document = lancer(capsys, str(ecrire(tmp_path / "journal.json", f"[{profond}]")))
    assert (code, document["refus"]["rang"]) == (1, 1)
    assert (document["refus"]["evenement"] is None) == (profondeur > 20)


FAUX = (None, True, 0, -1, 1.5, 10**30, [], [1], {}, {"a": 1}, "", "x", "\ud800", "é" * 3_000, "2060-12-31T23:59:59")


@pytest.mark.parametrize("champ", [*portail().journal[0], "inconnu"])
def test_un_champ_d_un_autre_type_scelle_a_nouveau_reste_dans_le_contrat(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], champ: str
) -> None:
    """Whoever edits a journal can seal it again: its form and its meaning are judged all the same."""
    ouverture = Ouverture()
    for faux in FAUX:
        evenements = [dict(e) for e in portail().journal]
        evenements[1][champ] = faux
        if champ != "empreinte":
            with suppress(ValueError):  # what has no UTF-8 form keeps its former seal
                evenements = [dict(e) for e in sceller(ouverture.genese(), evenements)]
        fichier = ecrire(tmp_path / "journal.json", {**portail().document(), "evenements": evenements})
        code, document = lancer(capsys, str(fichier))
        if code == 0:
            assert (champ, faux) in {("structure", ""), ("par", ""), ("par", "x"), ("objet", "")}, (
                "ce que le portail aurait pu écrire"
            )
            continue
        assert (code, document["refus"]["rang"]) == (1, 2), (champ, faux)
        assert document["refus"]["phrase"].endswith(".")
        json.dumps(document, allow_nan=False)


def test_un_journal_coupe_en_pleine_ecriture_est_refuse(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entier = json.dumps(portail().document())
    fichier = str(ecrire(tmp_path / "journal.json", entier[: len(entier) // 2]))
    assert lancer(capsys, fichier)[0] == 1


def test_un_fichier_absent_est_une_erreur_et_non_un_refus(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for chemin in (tmp_path / "absent.json", tmp_path):
        code, document = lancer(capsys, str(chemin))
        assert (code, document["erreur"]["code"]) == (2, "journal-illisible")


def test_sans_json_les_criteres_se_lisent_en_francais(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fichier = str(ecrire(tmp_path / "journal.json", list(portail().journal)))
    assert executer(facturier, ["rejouer", fichier]) == 0
    sortie = capsys.readouterr().out
    assert "non  Une pièce a été déposée (facture_deposee)" in sortie
    ecrire(tmp_path / "journal.json", [1])
    assert executer(facturier, ["rejouer", fichier]) == 1
    assert "refusé à l’événement n° 1" in capsys.readouterr().out
