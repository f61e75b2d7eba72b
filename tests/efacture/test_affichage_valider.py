"""What the command shows: words for people, JSON for machines, the exit status for both."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from facturier.efacture import affichage
from facturier.erreurs import ErreurFacturier

FACTURES = Path(__file__).parents[2] / "data" / "factures"


def test_les_verdicts_sont_montres_en_francais(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    fichiers = [
        FACTURES / "nettoyage_hopital.facturx.pdf",
        FACTURES / "faux_total_ttc.ubl.xml",
        FACTURES / "faux_total_ttc.cii.xml",
        tmp_path / "absent.xml",
    ]
    assert affichage.valider(fichiers, "auto") == 2
    montre = capsys.readouterr().out
    assert "15\u202f880,80\u00a0€" in montre
    texte = " ".join(montre.split())
    assert "nettoyage_hopital.facturx.pdf : valide" in texte
    assert "Factur-X, profil EN16931, plateforme agréée" in texte
    assert "Erreur BR-CO-15, ligne 2 du fichier" in texte
    assert "4 fichiers : 1 valide, 2 invalides, 1 illisible." in texte
    assert "EN 16931 (UBL) 1.3.16" in texte
    assert "structure vérifiée, non certifiée" in texte


def test_le_json_part_d_un_bloc_et_rien_d_autre_n_est_ecrit(capsys: pytest.CaptureFixture[str]) -> None:
    recus: list[str] = []
    assert affichage.valider([FACTURES / "nettoyage_hopital.ubl.xml"], "auto", recus.append) == 0
    assert [r["verdict"] for r in json.loads("".join(recus))["resultats"]] == ["valide"]
    assert capsys.readouterr().out == ""


def test_ce_qu_il_faut_faire_est_dit_une_fois_par_regle(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    facture = tmp_path / "f.xml"
    juste = (FACTURES / "nettoyage_hopital.ubl.xml").read_text(encoding="utf-8")
    facture.write_text(juste.replace("<cbc:IdentificationCode>FR", "<cbc:IdentificationCode>ZZ"), encoding="utf-8")
    assert affichage.valider([facture], "en16931") == 1
    montre = capsys.readouterr().out
    assert montre.count("Erreur BR-CL-14") == 2
    assert montre.count("→ Écrivez le pays en deux majuscules") == 1


def test_un_texte_de_facture_ne_commande_pas_le_terminal(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, ubl: str
) -> None:
    piege = tmp_path / "f.xml"
    ruse = "\u009b31m[bold]ZZ[/bold]\u202e"
    piege.write_text(ubl.replace("<cbc:ProfileID>S1", f"<cbc:ProfileID>{ruse}"), encoding="utf-8")
    assert affichage.valider([piege], "auto") == 1
    montre = capsys.readouterr().out
    assert "[bold]ZZ[/bold]" in montre
    assert not {"\u009b", "\u202e", "\x1b"} & set(montre)


def test_un_jeu_inconnu_est_une_erreur_d_usage() -> None:
    with pytest.raises(ErreurFacturier, match="inconnu") as refus:
        affichage.valider([FACTURES / "nettoyage_hopital.ubl.xml"], "francais")
    assert refus.value.sortie == 64
