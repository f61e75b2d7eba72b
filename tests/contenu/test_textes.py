"""The written chapters: what a trainer and a learner are entitled to find in every text."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from stdnum import iban
from stdnum.fr import siret

from facturier import contenu

SOURCE = Path(__file__).resolve().parents[2] / "source"
CHAPITRES = contenu.chapitres(SOURCE)
TEXTES = sorted(SOURCE.glob("*/*.md")) + sorted(SOURCE.glob("*/*.toml"))
GRILLE = {
    ("O1", 1): 2,
    ("O1", 2): 2,
    ("O1", 3): 1,
    ("O2", 1): 2,
    ("O2", 2): 1,
    ("O3", 1): 2,
    ("O3", 2): 1,
    ("O3", 3): 1,
}
SIRET = re.compile(r"(?<![\dA-Za-z])\d{14}(?![\dA-Za-z])")
IBAN = re.compile(r"FR\d{2}(?: ?\d{4}){5} ?\d{3}")
INSECABLE = "\u00a0"


def _items(forme: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = tomllib.loads((SOURCE / forme / "quiz.toml").read_text(encoding="utf-8"))["item"]
    return items


def _exercice(chapitre: str, identifiant: str) -> dict[str, Any]:
    lus = tomllib.loads((SOURCE / chapitre / "corrige.toml").read_text(encoding="utf-8"))["exercice"]
    trouve: dict[str, Any] = next(e for e in lus if e["id"] == identifiant)
    return trouve


def _hors_code(texte: str) -> str:
    return re.sub(r"`[^`]*`", "", re.sub(r"^```.*?^```", "", texte, flags=re.S | re.M))


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


@pytest.mark.parametrize("forme", ["quiz_entree", "quiz_sortie"])
def test_un_quiz_suit_la_grille_des_objectifs_et_des_niveaux(forme: str) -> None:
    items = _items(forme)
    assert len(items) == 12
    assert Counter((i["objectif"], i["niveau"]) for i in items) == GRILLE
    assert all(i["fiabilite"] == "établi" and i["source"] for i in items)


def test_les_deux_quiz_sont_paralleles_et_n_ont_rien_en_commun() -> None:
    entree, sortie = _items("quiz_entree"), _items("quiz_sortie")
    assert [(i["objectif"], i["niveau"], i["genre"]) for i in entree] == [
        (i["objectif"], i["niveau"], i["genre"]) for i in sortie
    ]
    assert not {i["id"] for i in entree} & {i["id"] for i in sortie}
    assert not {i["question"] for i in entree} & {i["question"] for i in sortie}


@pytest.mark.parametrize("forme", ["quiz_entree", "quiz_sortie"])
def test_ni_la_place_ni_la_longueur_ne_trahissent_la_bonne_reponse(forme: str) -> None:
    places: Counter[int] = Counter()
    longues = uniques = 0
    for item in _items(forme):
        choix = item.get("choix", [])
        if item["genre"] != "unique" or len(choix) != 4:
            continue
        rang = next(n for n, c in enumerate(choix) if c["juste"])
        longueurs = [len(c["texte"]) for c in choix]
        places[rang] += 1
        uniques += 1
        longues += longueurs[rang] > max(n for k, n in enumerate(longueurs) if k != rang)
        assert max(longueurs) <= 2 * min(longueurs) + 4, item["id"]
    assert all(places[rang] == uniques // 4 for rang in range(4)), places
    assert longues <= uniques // 3
    vrai_faux = [c["texte"] for i in _items(forme) for c in i.get("choix", []) if c["juste"] and len(i["choix"]) == 2]
    assert sorted(vrai_faux) == ["Faux", "Vrai"]


@pytest.mark.parametrize("fichier", TEXTES, ids=lambda f: f"{f.parent.name}/{f.name}")
def test_les_identifiants_cites_ont_une_cle_juste(fichier: Path) -> None:
    texte = fichier.read_text(encoding="utf-8")
    assert all(siret.is_valid(trouve) for trouve in SIRET.findall(texte))
    assert all(iban.is_valid(trouve) for trouve in IBAN.findall(texte))


@pytest.mark.parametrize("fichier", TEXTES, ids=lambda f: f"{f.parent.name}/{f.name}")
def test_la_typographie_est_francaise(fichier: Path) -> None:
    texte = fichier.read_text(encoding="utf-8")
    lu = _hors_code(texte) if fichier.suffix == ".md" else re.sub(r"^#.*$", "", texte, flags=re.M)
    assert "'" not in lu
    assert not re.findall(r"« |[^\u00a0] ?»", lu.replace(f"{INSECABLE}»", ""))
    assert not re.findall(r"\w [:;!?%€](?=\s|$)", lu)


def test_l_enonce_du_depot_donne_tout_ce_que_le_corrige_attend() -> None:
    enonce = (SOURCE / "sans_moe" / "exercices.md").read_text(encoding="utf-8")
    depot = _exercice("sans_moe", "depot_sans_moe")
    attendus = {c["champ"]: c["attendu"] for c in depot["critere"]}
    assert depot["points"] == sum(c["points"] for c in depot["critere"]) == 8
    for champ in ("destinataire_siret", "code_service", "numero_engagement", "numero_facture"):
        assert attendus[champ] in enonce
    assert depot["fournisseur_siret"] in enonce
    assert len(attendus["numero_facture"]) <= 20
    assert Decimal("3860.50") * Decimal("1.20") == Decimal(attendus["montant_ttc"])
    assert attendus["montant_ttc"].replace(".", ",") not in enonce.replace(INSECABLE, "")


def test_le_montant_attendu_est_celui_des_trois_lignes() -> None:
    exercice = _exercice("sans_moe", "total_ttc")
    lignes = [(Decimal(1), Decimal("3240.00")), (Decimal(2), Decimal("187.45")), (Decimal("12.5"), Decimal("31.60"))]
    ht = sum((quantite * prix for quantite, prix in lignes), Decimal(0))
    assert Decimal(exercice["attendu"]) == ht * Decimal("1.20")
    pieges = {p["valeur"] for p in exercice["piege"]}
    assert {f"{ht:.2f}", f"{ht * Decimal('0.20'):.2f}"} <= pieges
    assert exercice["attendu"] not in pieges
