"""The directory: fictitious parties with right keys, and a file that is read strictly."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from joueurs import COMMUNE, HOPITAL

from facturier import contenu, identifiants
from facturier.erreurs import ErreurFacturier
from facturier.portail import Annuaire
from facturier.portail.recherche import recherche

STRUCTURE = '[[structure]]\nsiret = "26990001500018"\nnom = "Hôpital"\nnature = "publique"\ncategorie = "santé"\n'


def test_chaque_siret_de_l_annuaire_a_une_cle_juste(annuaire: Annuaire) -> None:
    assert len(annuaire.structures) >= 10
    for siret in annuaire.structures:
        assert identifiants.siret(siret) == siret


def test_l_hopital_exige_un_service_et_un_engagement(annuaire: Annuaire) -> None:
    hopital = annuaire.structure(HOPITAL)
    assert hopital.publique
    assert (hopital.service_obligatoire, hopital.engagement_obligatoire) == (True, True)
    assert hopital.service("CH-ACHATS") is not None
    assert hopital.service("CH-ANCIEN") is None


def test_l_ecole_est_un_service_de_la_commune(annuaire: Annuaire) -> None:
    service = annuaire.structure(COMMUNE).service("ECOLE")
    assert service is not None
    assert "École" in service.libelle


def test_une_structure_inconnue_est_dite(annuaire: Annuaire) -> None:
    with pytest.raises(ErreurFacturier, match="Aucune structure") as refus:
        annuaire.structure("00000000000000")
    assert refus.value.code == "structure-inconnue"


def test_un_marche_dit_s_il_vise_le_ccag_travaux(annuaire: Annuaire) -> None:
    travaux, entretien = annuaire.marche("2026-TVX-014"), annuaire.marche("2026-ENT-007")
    assert travaux is not None
    assert travaux.ccag_travaux
    assert entretien is not None
    assert not entretien.ccag_travaux
    assert annuaire.marche("inconnu") is None


@pytest.mark.parametrize(
    ("contenu", "extrait"),
    [
        ("[[structure]\n", "annuaire"),
        ("structure = 3\n", "structure"),
        ('structure = ["a"]\n', "structure"),
        (STRUCTURE + STRUCTURE, "deux fois"),
        (STRUCTURE.replace("00018", "00019"), "SIRET"),
        (STRUCTURE.replace("publique", "mixte"), "nature"),
        (STRUCTURE + "couleur = 1\n", "couleur"),
        (STRUCTURE + 'moa = "oui"\n', "moa"),
        (STRUCTURE.replace('nom = "Hôpital"\n', ""), "nom"),
        (STRUCTURE + '[[structure.service]]\ncode = "A"\n', "libelle"),
        (
            STRUCTURE
            + '[[marche]]\nnumero = "M"\nobjet = "x"\nccag_travaux = true\ntitulaire = "1"\ndestinataire = "2"\n',
            "1",
        ),
    ],
)
def test_un_annuaire_mal_ecrit_est_refuse_par_son_nom(tmp_path: Path, contenu: str, extrait: str) -> None:
    fichier = tmp_path / "annuaire.toml"
    fichier.write_text(contenu, encoding="utf-8")
    with pytest.raises(ErreurFacturier) as refus:
        Annuaire.charger(fichier)
    assert refus.value.code == "annuaire-illisible"
    assert str(fichier) in refus.value.phrase
    assert extrait in refus.value.phrase


def test_un_annuaire_absent_ou_mal_encode_est_refuse(tmp_path: Path) -> None:
    fichier = tmp_path / "annuaire.toml"
    with pytest.raises(ErreurFacturier):
        Annuaire.charger(fichier)
    fichier.write_bytes(STRUCTURE.encode("latin-1"))
    with pytest.raises(ErreurFacturier):
        Annuaire.charger(fichier)


def test_les_parties_des_factures_d_exemple_sont_dans_l_annuaire(annuaire: Annuaire) -> None:
    parties = [
        scenario[cote]
        for fichier in sorted((contenu.racine() / "data" / "scenarios").glob("*.toml"))
        for scenario in [tomllib.loads(fichier.read_text(encoding="utf-8"))]
        for cote, absence in (("vendeur", "CPRO-FOURNISSEUR"), ("acheteur", "CPRO-DESTINATAIRE"), ("beneficiaire", ""))
        if absence not in scenario.get("annuaire", ())  # the one who is missing on purpose
        if cote in scenario and "siret" in scenario[cote]  # a foreign supplier has none
    ]
    assert len(parties) > 10
    for partie in parties:
        assert annuaire.structure(partie["siret"]).nom == partie["nom"]


@pytest.mark.parametrize(
    ("tape", "nom"),
    [("hôpital", "Centre hospitalier de Val-Fictif"), ("HOPITAL fictif", "Centre hospitalier de Val-Fictif")],
)
def test_un_mot_trouve_les_noms_qui_portent_son_synonyme(annuaire: Annuaire, tape: str, nom: str) -> None:
    noms = [structure.nom for structure in recherche(annuaire, tape)]
    assert nom in noms
    assert all("hospitalier" in trouve for trouve in noms)


def test_des_synonymes_mal_ecrits_se_disent(tmp_path: Path) -> None:
    fichier = tmp_path / "annuaire.toml"
    fichier.write_text('synonymes = ["hôpital"]\n' + STRUCTURE, encoding="utf-8")
    with pytest.raises(ErreurFacturier, match="suite de suites de mots"):
        Annuaire.charger(fichier)
