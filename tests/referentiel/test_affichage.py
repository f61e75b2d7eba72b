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
def test_chaque_table_se_lit_en_fiches_nommees_avec_source_et_fiabilite(nom: str) -> None:
    fiches = affichage.en_fiches(nom)
    assert len(fiches) == len(referentiel.table(nom))
    for fiche in fiches:
        faits = dict(fiche.faits)
        assert fiche.cle
        assert all(faits.values()), "une cellule vide ne se montre pas"
        assert {"source", "fiabilité", "valide du"} <= set(faits)
        assert faits["fiabilité"] in ("établi", "partiel", "à vérifier")


def test_un_debut_inconnu_se_lit_debut_inconnu() -> None:
    assert {dict(fiche.faits)["valide du"] for fiche in affichage.en_fiches("cadres", SESSION)} == {"début inconnu"}


def test_une_colonne_se_nomme_avec_ses_accents() -> None:
    assert [affichage.titre(c) for c in ("duree", "deposant_libelle", "equivalent_pa")] == [
        "durée",
        "déposant libellé",
        "équivalent plateforme agréée",
    ]


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
    assert (cadre["code"], cadre["suites"], cadre["travaux"]) == ("A4", ["A15", "A16", "A19"], True)
    assert (cadre["valide_du"], cadre["valide_au"]) == ("inconnu", None)


def test_une_table_inconnue_ne_s_affiche_pas() -> None:
    for montrer in (affichage.en_fiches, affichage.en_json):
        with pytest.raises(ErreurFacturier, match="cadres, circuits, statuts"):
            montrer("couleurs", None)


def test_un_statut_que_personne_n_atteint_le_dit_avec_sa_raison() -> None:
    faits = {fiche.cle: dict(fiche.faits) for fiche in affichage.en_fiches("statuts", SESSION)}
    assert "technique" in faits["ERREUR_DESTINATAIRE_PD"]["non joué ici"]
    assert "non joué ici" not in faits["SUSPENDUE"]
