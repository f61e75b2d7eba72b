"""Written invoices: whatever the right invoice, the official rules accept it in every syntax."""

from __future__ import annotations

import dataclasses
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from facturier.efacture import ecrire, valider
from facturier.efacture.ecriture import FORMATS, Format, termes
from facturier.efacture.scenario import lire
from facturier.facture import EcartLigne, Exoneration, Facture, FactureAnterieure, Ligne, RemiseOuCharge, totaux

MODELE = lire(Path(__file__).parents[2] / "data" / "scenarios" / "nettoyage_hopital.toml").facture
MOTIF = Exoneration("AE", "VATEX-FR-AE", "Autoliquidation")

LIGNES = st.lists(
    st.tuples(
        st.decimals("0.001", "500", places=3),
        st.decimals("0.0001", "999", places=4),
        st.sampled_from([("S", "20"), ("S", "10"), ("S", "5.5"), ("AE", "0")]),
        st.text(st.characters(min_codepoint=33, max_codepoint=0x2FFF, exclude_categories=("C", "Z", "S")), min_size=1),
        st.lists(st.tuples(st.sampled_from(["remise", "charge"]), st.decimals("0.01", "40", places=2)), max_size=2),
    ),
    min_size=1,
    max_size=5,
)


def juger(dossier: Path, facture: Facture, format_voulu: Format) -> list[tuple[str, str]]:
    chemin = dossier / f"essai.{format_voulu}"
    chemin.write_bytes(ecrire(facture, format_voulu))
    resultat = valider(chemin)
    assert resultat.format == format_voulu
    return [(constat.regle, constat.phrase) for constat in resultat.constats]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LIGNES, st.booleans(), st.sampled_from(["ubl", "cii"]))
def test_toute_facture_juste_est_acceptee_par_les_regles_officielles(
    tmp_path: Path, lignes: list[tuple[Any, ...]], remise: bool, syntaxe: Format
) -> None:
    faites = tuple(
        Ligne(
            numero=str(rang),
            designation=texte,
            quantite=quantite,
            unite="C62",
            unite_libelle="unité",
            prix_unitaire=prix,
            categorie_tva=categorie,
            taux_tva=Decimal(taux),
            ecarts=tuple(EcartLigne(genre, montant, "Écart") for genre, montant in ecarts),
        )
        for rang, (quantite, prix, (categorie, taux), texte, ecarts) in enumerate(lignes, start=1)
    )
    premiere = faites[0]
    ecart = RemiseOuCharge("charge", Decimal("12.34"), "Frais", premiere.categorie_tva, premiere.taux_tva)
    facture = dataclasses.replace(
        MODELE,
        lignes=faites,
        remises_et_charges=(ecart,) if remise else (),
        exonerations=(MOTIF,) if any(ligne.categorie_tva == "AE" for ligne in faites) else (),
    )
    assert juger(tmp_path, facture, syntaxe) == []


@pytest.mark.parametrize("format_voulu", FORMATS)
def test_un_avoir_rappelle_la_facture_d_origine(tmp_path: Path, format_voulu: Format) -> None:
    avoir = dataclasses.replace(
        MODELE, type_document="381", anterieure=FactureAnterieure("PROP-2026-1001", date(2026, 10, 31))
    )
    assert juger(tmp_path, avoir, format_voulu) == []
    contenu = ecrire(avoir, format_voulu)
    if format_voulu == "ubl":
        assert b"<CreditNote " in contenu
    if format_voulu != "facturx":
        assert b"PROP-2026-1001" in contenu


@pytest.mark.parametrize("format_voulu", FORMATS)
def test_une_facture_sans_date_d_execution_ni_marche_reste_juste(tmp_path: Path, format_voulu: Format) -> None:
    nue = dataclasses.replace(MODELE, date_livraison=None, numero_marche="", code_service="", numero_engagement="")
    gravites = {regle for regle, _ in juger(tmp_path, nue, format_voulu)}
    assert gravites <= {"PEPPOL-EN16931-R008"}  # a warning on the empty CII delivery block


@pytest.mark.parametrize("format_voulu", FORMATS)
def test_la_meme_facture_donne_les_memes_octets(format_voulu: Format) -> None:
    assert ecrire(MODELE, format_voulu) == ecrire(MODELE, format_voulu)


def test_les_termes_de_la_norme_portent_les_references_de_l_acheteur() -> None:
    dico = termes(MODELE)
    assert (dico["BT-10"], dico["BT-12"], dico["BT-13"], dico["BT-23"]) == (
        "SERV-LOG",
        "2025-M-041",
        "EJ2026-118734",
        "S1",
    )
    assert dico["BG-7"]["identifiers"] == {"0009": "26640318700013"}
    assert dico["BT-112"] == f"{totaux(MODELE).ttc:f}" == "15880.80"
