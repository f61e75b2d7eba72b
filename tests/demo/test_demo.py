"""The played class: golden scores, and a hostile copy that earns nothing and delays nobody."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import jsonschema
import pytest

from facturier.cli.commandes import facturier
from facturier.cli.peau import executer
from facturier.demo import jouer
from facturier.erreurs import ErreurFacturier
from facturier.evaluation.resultats import Resultats, schema

RACINE = Path(__file__).resolve().parents[2]

# id: (status, entry /12, without MOE /10 with its status, exit /12)
ATTENDU = {
    "ama": ("ok", 12, (10, "fait"), 12),
    "bruno": ("ok", 8, (8, "fait"), 11),  # the market's number instead of the engagement
    "chloe": ("ok", 6, (7, "fait"), 9),  # a draft never sent, and the total before VAT
    "driss": ("ok", 3, (4, "fait"), 5),  # A9, market number; second exercise not done
    "elsa": ("ok", None, (None, "non_repondu"), None),  # blank everywhere: not a zero
    "farid": ("ok", 7, (10, "fait"), 10),  # duplicated cell, renamed file: graded all the same
    "gwen": ("a_verifier", 2, (None, "a_verifier"), 2),  # forged journal and sidecar: only what was really answered
}


@pytest.fixture(scope="module")
def journee(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Resultats]:
    sortie = tmp_path_factory.mktemp("demo") / "journee"
    return sortie, jouer(sortie)


def test_les_sept_apprenants_ont_les_notes_attendues(journee: tuple[Path, Resultats]) -> None:
    document = journee[1].en_json()
    jsonschema.validate(document, schema())
    obtenu = {
        a["id"]: (
            a["statut"],
            a["entree"],
            (a["exercices"]["sans_moe"]["points"], a["exercices"]["sans_moe"]["statut"]),
            a["sortie"],
        )
        for a in document["apprenants"]
    }
    assert obtenu == ATTENDU


def test_la_copie_hostile_dit_pourquoi_elle_est_a_verifier(journee: tuple[Path, Resultats]) -> None:
    (gwen,) = (a for a in journee[1].apprenants if a.id == "gwen")
    assert any("modifiée hors du kit" in p for p in gwen.problemes)
    assert gwen.chapitres["sans_moe"].points is None


def test_chaque_fichier_annonce_existe_et_ne_charge_rien_du_reseau(journee: tuple[Path, Resultats]) -> None:
    sortie, resultats = journee
    notes = sortie
    pages = [notes / "bilan.html", *(notes / f for f in resultats.fichiers["bilans"].values())]
    pages += [notes / f for retours in resultats.fichiers["retours"].values() for f in retours.values()]
    graded = {p.parent.name for p in (RACINE / "source").glob("*/corrige.toml")}
    assert len(pages) == 1 + 7 + 7 * len(graded)
    for page in pages:
        texte = page.read_text(encoding="utf-8")
        assert '<html lang="fr"' in texte, page
        assert 'src="http' not in texte, page
        assert 'href="http' not in texte.replace("https://facturation.chorus-pro.gouv.fr/annuaire", ""), page
    lignes = list(csv.reader((notes / "bilan.csv").read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))
    assert [ligne[0] for ligne in lignes[1:]] == list(ATTENDU)


def test_le_bilan_montre_la_progression_et_n_invente_pas_de_zero(journee: tuple[Path, Resultats]) -> None:
    bilan = (journee[0] / "bilan.html").read_text(encoding="utf-8")
    assert "<svg" in bilan
    assert "entrée" in bilan
    assert "— Non répondu" in bilan
    elsa = (journee[0] / "bilans/elsa.html").read_text(encoding="utf-8")
    assert "0 / 12" not in elsa
    assert "0 %" not in elsa


def test_rejouer_remplace_la_journee_mais_n_efface_jamais_un_autre_dossier(tmp_path: Path) -> None:
    (tmp_path / "mes-photos").mkdir()
    (tmp_path / "mes-photos/a.txt").write_text("à garder", encoding="utf-8")
    with pytest.raises(ErreurFacturier, match="n’est pas vide"):
        jouer(tmp_path / "mes-photos")
    assert (tmp_path / "mes-photos/a.txt").read_text(encoding="utf-8") == "à garder"


def test_la_commande_refuse_en_json_quand_on_le_demande(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x").write_text("", encoding="utf-8")
    assert executer(facturier, ["demo", "--sortie", str(tmp_path), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["erreur"]["code"] == "dossier-occupe"
