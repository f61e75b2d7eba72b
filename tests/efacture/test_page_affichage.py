"""The page in a terminal: nothing wider than the screen, nothing told by colour alone, nothing that acts on it."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from facturier.cli.commandes import facturier
from facturier.cli.peau import executer
from facturier.efacture import Constat, Resultat, comparaison, comparaison_affichage, page_affichage
from facturier.efacture.page import Champ, Page, Rubrique, composer

FACTURES = Path(__file__).parents[2] / "data" / "factures"


def imprimer(lue: Page, largeur: int = 80) -> str:
    ecran = Console(file=io.StringIO(), width=largeur, highlight=False, markup=False, emoji=False, color_system=None)
    page_affichage.afficher(lue, ecran)
    assert isinstance(ecran.file, io.StringIO)
    return ecran.file.getvalue()


@pytest.mark.parametrize("largeur", [80, 120])
def test_aucune_ligne_ne_deborde_et_chaque_champ_y_est(verdicts: dict[str, Resultat], largeur: int) -> None:
    for nom in ("remises_et_frais.cii.xml", "menage_avec_piece.ubl.xml", "acompte_mobilier.facturx.pdf"):
        lue = composer(FACTURES / nom, verdicts[nom])
        montre = imprimer(lue, largeur)
        assert max(len(ligne) for ligne in montre.splitlines()) < largeur
        for champ in lue.tous_les_champs():
            if champ.terme not in ("BT-130", "BT-151"):  # by their word, or not at all when the rate says it
                assert (champ.terme or champ.nom[1:]) in montre, (nom, champ)
        plat = " ".join(montre.split())
        for terme in ("BT-1", "BT-27", "BT-112"):
            champ_lu = lue.premier(terme)
            assert champ_lu is not None
            assert " ".join(champ_lu.valeur.split()) in plat


def test_la_remarque_suit_son_champ_avec_un_signe_un_mot_sa_phrase_et_son_geste(verdicts: dict[str, Resultat]) -> None:
    nom = "faux_total_ttc.ubl.xml"
    lignes = imprimer(composer(FACTURES / nom, verdicts[nom])).splitlines()
    rang = next(i for i, ligne in enumerate(lignes) if ligne.startswith("BT-112"))
    assert lignes[rang + 1].strip() == "✘ Erreur BR-CO-15"
    suite = " ".join(" ".join(lignes[rang + 2 : rang + 8]).split())
    assert "soit 72,00 € de trop." in suite
    assert "→ Additionnez le hors taxe et la TVA" in suite
    assert lignes[0] == "✘ faux_total_ttc.ubl.xml\u00a0: invalide (1 erreur)"


def test_les_totaux_sont_alignes_a_droite(verdicts: dict[str, Resultat]) -> None:
    nom = "remises_et_frais.ubl.xml"
    lignes = imprimer(composer(FACTURES / nom, verdicts[nom])).splitlines()
    totaux = [ligne for ligne in lignes if ligne.startswith(("BT-106 ", "BT-107", "BT-108", "BT-112", "BT-115"))]
    assert len(totaux) == 5
    assert len({len(ligne) for ligne in totaux}) == 1


def test_une_remarque_sur_une_case_du_tableau_nomme_la_case(verdicts: dict[str, Resultat]) -> None:
    nom = "tva_mal_calculee.cii.xml"
    montre = " ".join(imprimer(composer(FACTURES / nom, verdicts[nom])).split())
    assert "✘ Erreur BR-CO-17, TVA de ce taux (BT-117)" in montre


def _page(verdicts: dict[str, Resultat], *rubriques: Rubrique) -> Page:
    return Page("x.xml", replace(verdicts["faux_total_ttc.ubl.xml"], constats=()), rubriques)


def test_le_texte_d_un_fichier_n_agit_pas_sur_le_terminal_et_reste_borne(verdicts: dict[str, Resultat]) -> None:
    piege = Champ("BT-27", "nom du vendeur", "\x1b[2J\u202eABC\r\n" + "y" * 5000, "x", "/Invoice[1]/a[1]")
    montre = imprimer(_page(verdicts, Rubrique("Vendeur", (piege,))))
    assert not {"\x1b", "\u202e", "\r"} & set(montre)
    assert "ABC" in montre
    assert montre.count("y") <= page_affichage.TEXTE_MAX
    assert "caractères)" in montre


def test_une_facture_de_mille_lignes_montre_les_premieres_et_celles_qui_ont_une_remarque(
    verdicts: dict[str, Resultat],
) -> None:
    faute = Constat("BR-24", "erreur", "Le montant manque.")
    lignes = tuple(
        Rubrique(f"Ligne {n}", (Champ("BT-153", "nom", f"article{n}.", "x", f"/a[{n}]"),), (), (faute,) * (n == 900))
        for n in range(1, 1001)
    )
    montre = imprimer(_page(verdicts, Rubrique("Lignes", (), lignes)))
    assert [f"article{n}." in montre for n in (200, 201, 900)] == [True, False, True]
    assert "… et 799 autres sans remarque" in montre


def test_la_commande_rend_le_statut_du_verdict(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert executer(facturier, ["lire", str(FACTURES / "faux_total_ttc.cii.xml")]) == 1
    autre = tmp_path / "courrier.xml"
    autre.write_text("<courrier/>", encoding="utf-8")
    capsys.readouterr()
    assert executer(facturier, ["lire", str(autre)]) == 2
    montre = " ".join(capsys.readouterr().out.split())
    assert "? courrier.xml : illisible (1 erreur)" in montre
    assert "ce n’est ni une facture UBL 2.1 ni une facture CII." in montre


def test_les_differences_sont_dites_sous_leur_rubrique() -> None:
    ecran = Console(file=io.StringIO(), width=80, highlight=False, markup=False, color_system=None)
    a, b = FACTURES / "nettoyage_hopital.ubl.xml", FACTURES / "faux_total_ttc.ubl.xml"
    comparaison_affichage.afficher(comparaison.comparer(a, b), ecran)
    assert isinstance(ecran.file, io.StringIO)
    montre = ecran.file.getvalue()
    assert max(len(ligne) for ligne in montre.splitlines()) < 80
    plat = " ".join(montre.split())
    assert "Totaux ≠ Total toutes taxes comprises (BT-112) : 15 880,80 € → 15 952,80 € (+72,00 €)" in plat
