"""What the command line shows of a table."""

from __future__ import annotations

import json
from datetime import date

import pytest

from facturier import referentiel
from facturier.erreurs import ErreurFacturier
from facturier.referentiel import affichage

SESSION = date(2026, 11, 24)


@pytest.mark.parametrize("nom", referentiel.NOMS)
def test_chaque_table_s_affiche_en_lignes_de_meme_longueur(nom: str) -> None:
    entetes, lignes = affichage.en_lignes(nom)
    assert len(lignes) == len(referentiel.table(nom))
    assert {len(ligne) for ligne in lignes} == {len(entetes)}
    assert entetes[-5:] == ("source", "fiabilité", "précision", "valide du", "valide au")
    assert all(isinstance(cellule, str) for ligne in lignes for cellule in ligne)


def test_un_debut_inconnu_se_lit_debut_inconnu() -> None:
    entetes, lignes = affichage.en_lignes("cadres", SESSION)
    assert {ligne[entetes.index("valide du")] for ligne in lignes} == {"début inconnu"}


@pytest.mark.parametrize("nom", referentiel.NOMS)
def test_chaque_table_s_ecrit_en_json(nom: str) -> None:
    objet = affichage.en_json(nom, SESSION)
    assert list(objet) == ["schema", "table", "au", "lignes"]
    assert (objet["schema"], objet["table"], objet["au"]) == (1, nom, "2026-11-24")
    assert json.loads(json.dumps(objet, ensure_ascii=False)) == objet
    assert len(objet["lignes"]) == len(referentiel.table(nom, SESSION))
    assert affichage.en_json(nom)["au"] is None


def test_un_taux_est_ecrit_en_texte_et_une_absence_en_null() -> None:
    (taux,) = affichage.en_json("taux_bce", SESSION)["lignes"]
    assert taux["interets"] == "10.40"
    assert (taux["valide_du"], taux["valide_au"]) == ("2026-07-01", "2026-12-31")
    cadre = affichage.en_json("cadres")["lignes"][3]
    assert (cadre["code"], cadre["suites"], cadre["travaux"]) == ("A4", ["A15", "A16"], True)
    assert (cadre["valide_du"], cadre["valide_au"]) == ("inconnu", None)


def test_une_table_inconnue_ne_s_affiche_pas() -> None:
    for montrer in (affichage.en_lignes, affichage.en_json):
        with pytest.raises(ErreurFacturier, match="cadres, circuits, statuts"):
            montrer("couleurs", None)
