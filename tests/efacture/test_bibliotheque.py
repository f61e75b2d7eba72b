"""The sample files: rebuilt identical, judged as their scenario says."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import pytest

from facturier.efacture import ecrire, valider_fichiers
from facturier.efacture.bibliotheque import Exemple, construire
from facturier.erreurs import ErreurFacturier

RACINE = Path(__file__).parents[2]
FACTURES = RACINE / "data" / "factures"
SCENARIOS = RACINE / "data" / "scenarios"


def test_les_fichiers_livres_sont_ceux_que_l_on_reconstruit(tmp_path: Path) -> None:
    construire(tmp_path, SCENARIOS)
    refaits = {chemin.name: chemin.read_bytes() for chemin in tmp_path.iterdir()}
    livres = {chemin.name: chemin.read_bytes() for chemin in FACTURES.iterdir()}
    assert sorted(refaits) == sorted(livres)
    assert [nom for nom in livres if livres[nom] != refaits[nom]] == []


def test_chaque_fichier_livre_donne_exactement_les_constats_de_son_scenario(exemples: dict[str, Exemple]) -> None:
    resultats = valider_fichiers([FACTURES / nom for nom in exemples])
    obtenus = {Path(r.fichier).name: tuple(sorted(c.regle for c in r.constats)) for r in resultats}
    assert obtenus == {nom: exemple.attendus for nom, exemple in exemples.items()}
    for resultat in resultats:
        attendu = exemples[Path(resultat.fichier).name]
        assert resultat.verdict == ("invalide" if attendu.attendus else "valide")
        assert resultat.format == attendu.format
        assert resultat.canal == "plateforme_agreee"


def test_le_manifeste_dit_le_contenu_de_chaque_fichier(exemples: dict[str, Exemple]) -> None:
    with (FACTURES / "manifeste.csv").open(encoding="utf-8", newline="") as flux:
        lignes = list(csv.DictReader(flux))
    assert [ligne["fichier"] for ligne in lignes] == list(exemples)
    for ligne in lignes:
        assert ligne["sha256"] == hashlib.sha256((FACTURES / ligne["fichier"]).read_bytes()).hexdigest()
        assert ligne["attendu"] == (" ".join(exemples[ligne["fichier"]].attendus) or "valide")


def test_les_fichiers_d_un_ancien_scenario_sont_retires_les_autres_gardes(tmp_path: Path) -> None:
    (tmp_path / "ancien.ubl.xml").write_text("x")
    (tmp_path / "notes.txt").write_text("à moi")
    construire(tmp_path, SCENARIOS)
    assert not (tmp_path / "ancien.ubl.xml").exists()
    assert (tmp_path / "notes.txt").read_text() == "à moi"


def test_une_faute_qui_ne_vise_rien_est_refusee(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_bytes((SCENARIOS / "honoraires_architecte.toml").read_bytes())
    for terme in ("BT-10", "BT-9999"):
        (tmp_path / "faux.toml").write_text(
            f'schema = 1\ntitre = "t"\nrecit = "r"\nbase = "base"\n[[faute]]\nterme = "{terme}"\naction = "supprimer"\n'
        )
        with pytest.raises(ErreurFacturier, match=terme):
            construire(tmp_path / "sortie", tmp_path)
    assert not (tmp_path / "sortie").exists()


def test_un_dossier_sans_scenario_est_refuse(tmp_path: Path) -> None:
    with pytest.raises(ErreurFacturier, match="aucun scénario"):
        construire(tmp_path / "sortie", tmp_path)


def test_un_format_inconnu_est_refuse() -> None:
    from facturier.efacture.scenario import lire

    facture = lire(SCENARIOS / "nettoyage_hopital.toml").facture
    with pytest.raises(ErreurFacturier, match="docx"):
        ecrire(facture, "docx")  # type: ignore[arg-type]
    assert ecrire(facture, "facturx") == (FACTURES / "nettoyage_hopital.facturx.pdf").read_bytes()
