"""The written chapters: what a trainer and a learner are entitled to find in every text."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from stdnum import iban
from stdnum.fr import siret

from facturier import contenu
from facturier.formulaires.exercice import depot as preparer_depot
from facturier.formulaires.memoire import Memoire

SOURCE = Path(__file__).resolve().parents[2] / "source"
CHAPITRES = contenu.chapitres(SOURCE)
TEXTES = sorted(SOURCE.glob("*/*.md")) + sorted(SOURCE.glob("*/*.toml"))
HORS_BANQUE = [f for f in TEXTES if f.parent.name != "banque"]  # the bank's texts: test_banque.py
SIRET = re.compile(r"(?<![\dA-Za-z])\d{14}(?![\dA-Za-z])")
IBAN = re.compile(r"FR\d{2}(?: ?\d{4}){5} ?\d{3}")
INSECABLE = "\u00a0"


def _exercice(chapitre: str, identifiant: str) -> dict[str, Any]:
    lus = tomllib.loads((SOURCE / chapitre / "corrige.toml").read_text(encoding="utf-8"))["exercice"]
    trouve: dict[str, Any] = next(e for e in lus if e["id"] == identifiant)
    return trouve


def _hors_code(texte: str) -> str:
    return re.sub(r"`[^`]*`", "", re.sub(r"^```.*?^```", "", texte, flags=re.S | re.M))


def _valeurs(lu: Any) -> Iterator[str]:
    """The texts of a TOML file, without the facts that they call."""
    if isinstance(lu, str):
        yield re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", lu)
    for enfant in lu.values() if isinstance(lu, dict) else lu if isinstance(lu, list) else ():
        yield from _valeurs(enfant)


@pytest.mark.parametrize("chapitre", CHAPITRES, ids=lambda c: c.slug)
def test_le_bandeau_de_la_lecon_redit_sa_carte(chapitre: contenu.Chapitre) -> None:
    lignes = chapitre.lecon.read_text(encoding="utf-8").splitlines()
    bandeau = next(ligne for ligne in lignes if ligne.startswith("> **Durée**")).replace(INSECABLE, " ")
    assert lignes[0] == f"# {chapitre.titre}"
    assert f"**Durée** : {chapitre.duree} minutes" in bandeau
    assert "**Prérequis** : " in bandeau
    assert all(prerequis in bandeau for prerequis in chapitre.prerequis)
    assert "**Objectifs** : " in bandeau


@pytest.mark.parametrize("chapitre", CHAPITRES, ids=lambda c: c.slug)
def test_une_lecon_finit_par_ce_qu_il_faut_retenir(chapitre: contenu.Chapitre) -> None:
    texte = chapitre.lecon.read_text(encoding="utf-8")
    assert "\n## À retenir\n" in texte
    if chapitre.exercices is not None:
        assert f'lecon.vers_exercice("{chapitre.slug}")' in texte
        assert "\n## Sources\n" in texte


@pytest.mark.parametrize("chapitre", [c for c in CHAPITRES if c.exercices is not None], ids=lambda c: c.slug)
def test_un_carnet_d_exercices_finit_par_la_suite(chapitre: contenu.Chapitre) -> None:
    assert chapitre.exercices is not None
    fin = chapitre.exercices.read_text(encoding="utf-8").rpartition("\n## ")[2]
    assert fin.startswith("La suite\n")
    assert "\nlecon.suite()\n" in fin


def test_l_accueil_mene_au_quiz_d_entree_sous_son_vrai_nom() -> None:
    par_slug = {c.slug: c for c in CHAPITRES}
    nom = contenu.nom_carnet(par_slug["quiz_entree"])
    assert f"[suite]: {nom}\n" in par_slug["accueil"].lecon.read_text(encoding="utf-8")


@pytest.mark.parametrize("fichier", TEXTES, ids=lambda f: f"{f.parent.name}/{f.name}")
def test_les_identifiants_cites_ont_une_cle_juste(fichier: Path) -> None:
    texte = fichier.read_text(encoding="utf-8")
    assert all(siret.is_valid(trouve) for trouve in SIRET.findall(texte))
    assert all(iban.is_valid(trouve) for trouve in IBAN.findall(texte))


@pytest.mark.parametrize("fichier", HORS_BANQUE, ids=lambda f: f"{f.parent.name}/{f.name}")
def test_la_typographie_est_francaise(fichier: Path) -> None:
    texte = fichier.read_text(encoding="utf-8")
    lu = _hors_code(texte) if fichier.suffix == ".md" else "\n".join(_valeurs(tomllib.loads(texte)))
    assert "'" not in lu
    assert not re.findall(r"« |[^\u00a0] ?»", lu.replace(f"{INSECABLE}»", ""))
    assert not re.findall(r"\w [:;!?%€](?=\s|$)", lu)


def test_l_enonce_du_depot_donne_tout_ce_que_le_corrige_attend() -> None:
    enonce = (SOURCE / "sans_moe" / "exercices.md").read_text(encoding="utf-8")
    depot = _exercice("sans_moe", "depot_sans_moe")
    attendus = {c["champ"]: c["attendu"] for c in depot["critere"]}
    assert depot["points"] == sum(c["points"] for c in depot["critere"]) == 8
    for champ in ("destinataire_siret", "code_service", "numero_engagement"):
        assert attendus[champ] in enonce
    assert not set(depot["parametres"]["remplis"]) & set(attendus), "ce qui est donné n’est pas noté"
    assert depot["fournisseur_siret"] in enonce
    assert Decimal("3860.50") * Decimal("1.20") == Decimal(attendus["montant_ttc"])
    assert attendus["montant_ttc"].replace(".", ",") not in enonce.replace(INSECABLE, "")


def test_ce_que_le_logiciel_remplit_et_ce_que_l_enonce_donne_suffisent_a_envoyer() -> None:
    depot = _exercice("sans_moe", "depot_sans_moe")
    enonce = {**depot, "parametres": {**depot["parametres"], "fournisseur_siret": depot["fournisseur_siret"]}}
    modele = preparer_depot(enonce, Memoire("essai/exercices", None))
    remplis = {champ: texte for champ, texte in modele.valeurs.items() if texte}
    assert remplis == depot["parametres"]["remplis"]
    assert modele.erreurs == {}
    for critere in depot["critere"]:
        if critere["regle"] != "statut":
            modele.changer(critere["champ"], critere["attendu"])
    modele.changer("montant_ht", "3860,50")
    modele.changer("montant_tva", "772,10")
    assert modele.envoyer(), modele.statut
    modele.repartir()
    assert {champ: texte for champ, texte in modele.valeurs.items() if texte} == remplis


def test_le_montant_attendu_est_celui_des_trois_lignes() -> None:
    exercice = _exercice("sans_moe", "total_ttc")
    lignes = [(Decimal(1), Decimal("3240.00")), (Decimal(2), Decimal("187.45")), (Decimal("12.5"), Decimal("31.60"))]
    ht = sum((quantite * prix for quantite, prix in lignes), Decimal(0))
    assert Decimal(exercice["attendu"]) == ht * Decimal("1.20")
    feuille = openpyxl.load_workbook(SOURCE / "sans_moe" / "fichiers" / "facture_novembre.xlsx").active
    assert [(Decimal(str(feuille[f"B{n}"].value)), Decimal(str(feuille[f"D{n}"].value))) for n in (5, 6, 7)] == lignes
    assert [feuille[f"E{n}"].value for n in (5, 6, 7, 9, 10, 11)] == [None] * 6  # left to fill
    pieges = {p["valeur"] for p in exercice["piege"]}
    assert {f"{ht:.2f}", f"{ht * Decimal('0.20'):.2f}"} <= pieges
    assert exercice["attendu"] not in pieges
