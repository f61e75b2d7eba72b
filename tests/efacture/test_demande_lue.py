"""The demand that a structured file carries: the form's own fields, whatever the syntax."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from facturier import champs
from facturier.efacture.demande import cadre_de_chorus, lire_demande
from facturier.efacture.lecture import Illisible
from facturier.portail import demande

FACTURES = Path(__file__).parents[2] / "data" / "factures"
JUSTES = [
    ligne["scenario"]
    for ligne in csv.DictReader((FACTURES / "manifeste.csv").open(encoding="utf-8"))
    if ligne["rayon"] == "juste" and ligne["format"] == "facturx"
]


def _lire(nom: str) -> dict[str, str]:
    return dict(lire_demande((FACTURES / nom).read_bytes()).champs)


def test_les_champs_sont_ceux_du_formulaire_et_du_portail() -> None:
    lus = set(_lire("menage_val_fictif.ubl.xml"))
    assert lus == set(demande.CHAMPS) - {"valideur_siret", "commentaire"}
    assert {champ.id for champ in champs.DEPOT_FACTURE.champs} == set(demande.CHAMPS)


def test_une_facture_se_lit_champ_par_champ() -> None:
    lue = lire_demande((FACTURES / "nettoyage_hopital.cii.xml").read_bytes())
    assert lue.champs == {
        "destinataire_siret": "26640318700013",
        "code_service": "SERV-LOG",
        "numero_engagement": "EJ2026-118734",
        "numero_marche": "2025-M-041",
        "cadre": "A1",
        "type_facture": "380",
        "numero_facture": "PROP-2026-1107",
        "date_facture": "30/11/2026",
        "mode_paiement": "VIREMENT",
        "iban": "FR7630099012340004567890105",
        "montant_ht": "13\u202f234,00",
        "taux_tva": "20",
        "montant_tva": "2\u202f646,80",
        "montant_ttc": "15\u202f880,80",
    }
    assert (lue.emetteur, lue.cadre_norme, lue.jointes) == ("90415277400017", "S1", ())


@pytest.mark.parametrize("scenario", sorted(set(JUSTES)))
def test_les_trois_syntaxes_d_une_facture_disent_la_meme_demande(scenario: str) -> None:
    formes = [f"{scenario}.{suite}" for suite in ("ubl.xml", "cii.xml", "facturx.pdf")]
    presents = [nom for nom in formes if (FACTURES / nom).is_file()]
    assert len(presents) > 1
    lues = [_lire(nom) for nom in presents]
    if scenario.startswith("historique"):  # where the historic UBL puts its cadre is not established: it says none
        assert [lue.pop("cadre") for lue in lues] == ["", "A1", "A1"]
    assert len({tuple(sorted(lue.items())) for lue in lues}) == 1


def test_plusieurs_taux_ne_font_pas_un_taux_et_une_piece_jointe_est_pesee() -> None:
    assert _lire("epicerie_multi_tva.ubl.xml")["taux_tva"] == ""
    (jointe,) = lire_demande((FACTURES / "menage_avec_piece.ubl.xml").read_bytes()).jointes
    assert jointe[0] == "releve-heures-2026-11.csv"
    assert jointe[1] > 0


@pytest.mark.parametrize(
    ("norme", "cadre"), [("S1", "A1"), ("B2", "A2"), ("S3", "A9"), ("S6", "A12"), ("A4", "A4"), ("B4", ""), ("zz", "")]
)
def test_le_cadre_de_la_norme_devient_celui_de_chorus_pro(norme: str, cadre: str) -> None:
    assert cadre_de_chorus(norme) == cadre


@pytest.mark.parametrize("nom", ["pdf_sans_xml.facturx.pdf", "fichier_tronque.cii.xml", "pdf_chiffre.facturx.pdf"])
def test_un_fichier_sans_facture_lisible_est_dit_illisible(nom: str) -> None:
    with pytest.raises(Illisible):
        _lire(nom)
