"""What no rule can see in a file, the practice portal sees: it judges the same demand with its directory."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from facturier import referentiel
from facturier.efacture.scenario import Scenario, lire_tous
from facturier.facture import totaux
from facturier.montants import format_euros
from facturier.portail import Acteur, Annuaire, Portail, circuits
from facturier.portail.refus import RefusPortail

LUS = {lu.slug: lu for lu in lire_tous(Path(__file__).parents[2] / "data" / "scenarios")}
REFUSES = [slug for slug, lu in LUS.items() if lu.portail]
MANDATAIRE = "99990017800016"


@pytest.fixture(scope="module")
def annuaire() -> Annuaire:
    return Annuaire.charger()


def demande(lu: Scenario, annuaire: Annuaire) -> dict[str, str]:
    """The form that the supplier of a scenario would fill in."""
    facture, sommes = lu.facture, totaux(lu.facture)
    marche = annuaire.marche(facture.numero_marche)
    mode = facture.paiement.mode if facture.paiement else ""
    etape = circuits.etape(marche, lu.cadre) if marche is not None and referentiel.cadre(lu.cadre).travaux else None
    vers = marche.partie(etape.adresse_a) if marche is not None and etape is not None else facture.acheteur.siret or ""
    valide_par = marche.titulaire if marche is not None else MANDATAIRE
    return {
        "destinataire_siret": vers,
        "code_service": facture.code_service if vers == facture.acheteur.siret else "",
        "numero_engagement": facture.numero_engagement,
        "numero_marche": facture.numero_marche,
        "cadre": lu.cadre,
        "type_facture": facture.type_document,
        "numero_facture": facture.numero,
        "date_facture": f"{facture.date_emission:%d/%m/%Y}",
        "valideur_siret": valide_par if referentiel.cadre(lu.cadre).valideur_requis else "",
        "mode_paiement": next((m.code for m in referentiel.modes_paiement() if m.uncl4461 == mode), ""),
        "iban": facture.paiement.iban if facture.paiement else "",
        "montant_ht": format_euros(sommes.ht),
        "taux_tva": "20",
        "montant_tva": format_euros(sommes.tva),
        "montant_ttc": format_euros(sommes.ttc),
        "commentaire": "",
    }


def deposer(portail: Portail, lu: Scenario, annuaire: Annuaire) -> None:
    portail.deposer(Acteur("fournisseur", lu.facture.vendeur.siret or ""), demande(lu, annuaire))


def portail_au(lu: Scenario, annuaire: Annuaire) -> Portail:
    jour = lu.facture.date_emission
    return Portail(annuaire, lambda: datetime(jour.year, jour.month, jour.day, 10, 42))


@pytest.mark.parametrize("slug", REFUSES)
def test_le_portail_refuse_ce_que_le_scenario_annonce(slug: str, annuaire: Annuaire) -> None:
    lu = LUS[slug]
    portail = portail_au(lu, annuaire)
    if "numero-unique" in lu.portail:
        deposer(portail, LUS[lu.base], annuaire)
    with pytest.raises(RefusPortail) as refus:
        deposer(portail, lu, annuaire)
    assert tuple(refus.value.regles) == lu.portail


@pytest.mark.parametrize(
    "slug",
    [
        "menage_val_fictif",
        "avoir_menage",
        "rectificative_menage",
        "vitres_sous_traitant",
        "peinture_cotraitant",
        "luminaires_fournitures",
        "service_et_siret",
        "historique_travaux",
        "nettoyage_hopital",
        "honoraires_architecte",
        "formation_deja_payee",
    ],
)
def test_le_portail_accepte_les_memes_factures_justes(slug: str, annuaire: Annuaire) -> None:
    portail = portail_au(LUS[slug], annuaire)
    deposer(portail, LUS[slug], annuaire)
    assert len(portail.pieces()) == 1
