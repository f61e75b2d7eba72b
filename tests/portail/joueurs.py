"""A portal with a clock that the test moves, the real directory, and the actors of the trade."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from facturier.efacture import Resultat, valider_fichiers
from facturier.portail import Acteur, Annuaire, Piece, Portail

HOPITAL = "26990001500018"
COMMUNE = "21990002400015"
COMMUNE_MOA = "21990002400023"
DEPARTEMENT = "22990003000011"
ELECTRICIEN = "99990011100017"
ARCHITECTE = "99990012900019"
NETTOYAGE = "99990013700012"
COUVREUR = "99990014500015"
VITRIER = "99990015200011"
LYCEE = "19990128100014"
CAISSE = "26990005600012"
JARDINS = "99990031900016"
MENUISIER = "99990032700019"
ZINGUEUR = "99990033500012"
PAPIERS = "99990034300016"
MOE_HORS_OUTIL = "99990035000011"
MOAD = "99990036800013"
PEINTRE = "99990016000014"
MANDATAIRE = "99990017800016"
MARCHE_TRAVAUX = "2026-TVX-014"
MARCHE_NETTOYAGE = "2026-NET-015"
MARCHE_PEINTURE = "2026-ENT-019"


class Horloge:
    """A clock that only moves when it is told to."""

    def __init__(self) -> None:
        self.heure = datetime(2026, 11, 24, 10, 42)

    def __call__(self) -> datetime:
        return self.heure

    def passe(self, **duree: float) -> None:
        self.heure += timedelta(**duree)


@pytest.fixture(scope="session")
def annuaire() -> Annuaire:
    return Annuaire.charger()


@pytest.fixture
def horloge() -> Horloge:
    return Horloge()


@pytest.fixture
def portail(annuaire: Annuaire, horloge: Horloge) -> Portail:
    return Portail(annuaire, horloge)


def facture(cadre: str = "A1", numero: str = "FA-2026-0042", **champs: str) -> dict[str, str]:
    """A demand that breaks no rule, addressed to the school of the commune (which works on the portal)."""
    return {
        "destinataire_siret": COMMUNE,
        "code_service": "ECOLE",
        "numero_engagement": "",
        "numero_marche": "2026-ENT-007",
        "cadre": cadre,
        "type_facture": "380",
        "numero_facture": numero,
        "date_facture": "24/11/2026",
        "valideur_siret": "",
        "mode_paiement": "VIREMENT",
        "iban": "FR76 3000 1007 9412 3456 7890 185",
        "montant_ht": "1 000,00",
        "taux_tva": "20",
        "montant_tva": "200,00",
        "montant_ttc": "1 200,00",
        "commentaire": "",
        **champs,
    }


def piece_travaux(cadre: str, destinataire: str, numero: str, **champs: str) -> dict[str, str]:
    """A works piece of the school's roof, one link of A4 → A15 → A19."""
    base = facture(
        cadre,
        numero,
        destinataire_siret=destinataire,
        numero_marche=MARCHE_TRAVAUX,
        code_service="",
        mode_paiement="",
        iban="",
    )
    return {**base, **champs}


def chantier(annuaire: Annuaire, numero_marche: str, cadre: str, destinataire: str, **champs: str) -> dict[str, str]:
    """A piece of any works market that breaks no rule, its copy, signature and services as the card wants them."""
    marche = annuaire.marches[numero_marche]
    services = {marche.partie("payeur"): marche.payeur_service, marche.moe: marche.moe_service}
    copies = {"A7": marche.partie("moa") if marche.moe else "", "A22": marche.moe}
    if cadre not in ("A4", "A7", "A10", "A13", "A14"):
        services = {marche.partie("payeur"): marche.payeur_service}
    engagement = marche.engagement if destinataire == marche.partie("payeur") else ""
    return piece_travaux(
        cadre,
        destinataire,
        champs.pop("numero", f"{cadre}-{numero_marche[-3:]}"),
        numero_marche=numero_marche,
        code_service=services.get(destinataire, ""),
        numero_engagement=engagement,
        copie_siret=copies.get(cadre, ""),
        signature={"A8": "sans_reserve", "A18": "signe", "A20": "signe", "A22": "signe"}.get(cadre, ""),
        **champs,
    )


PARTIES: dict[str, tuple[str, dict[str, str]]] = {
    "A1": (ELECTRICIEN, {}),
    "A2": (ELECTRICIEN, {"mode_paiement": "AUTRE", "iban": ""}),
    "A9": (VITRIER, {"valideur_siret": NETTOYAGE, "numero_marche": MARCHE_NETTOYAGE}),
    "A12": (PEINTRE, {"valideur_siret": MANDATAIRE, "numero_marche": MARCHE_PEINTURE}),
    "A3": (ELECTRICIEN, {}),
    "A21": (ELECTRICIEN, {}),
}


def acteurs(piece: Piece) -> Callable[[str], Acteur]:
    """The actor that holds each role on that piece."""
    return lambda role: Acteur(role, piece.structure_du(role) or ELECTRICIEN)


def deposer(portail: Portail, cadre: str = "A1", numero: str = "FA-2026-0042", **champs: str) -> Piece:
    """Deposit a simple invoice of that cadre by who may."""
    deposant, propres = PARTIES[cadre]
    return portail.deposer(Acteur("fournisseur", deposant), facture(cadre, numero, **{**propres, **champs}))


def deposer_a4(portail: Portail, numero: str = "SIT-01") -> Piece:
    return portail.deposer(Acteur("fournisseur", COUVREUR), piece_travaux("A4", ARCHITECTE, numero))


def deposer_a15(portail: Portail, precedente: str, numero: str = "EA-01", **champs: str) -> Piece:
    demande = piece_travaux("A15", COMMUNE_MOA, numero, **champs)
    return portail.deposer_suivante(Acteur("moe", ARCHITECTE), precedente, demande)


def deposer_a19(portail: Portail, precedente: str, numero: str = "EAV-01", **champs: str) -> Piece:
    demande = piece_travaux("A19", COMMUNE, numero, **{"code_service": "FINANCES", **champs})
    return portail.deposer_suivante(Acteur("moa", COMMUNE_MOA), precedente, demande)


def valideur(chemins: Sequence[Path], jeux: str) -> list[Resultat]:
    """Judge files here rather than in a worker process: quicker, and the verdicts are the same."""
    return valider_fichiers(chemins, jeux)
