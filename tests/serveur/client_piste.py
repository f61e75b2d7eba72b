"""An integrator's client, as one writes it against PISTE: a token, the technical account, JSON in POST."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from classe_essai import COMMUNE, ELECTRICIEN

from facturier.serveur import Classe
from facturier.serveur.lancement import en_fond

FACTURES, STRUCTURES, TRANSVERSES = "/piste/cpro/factures/v1", "/piste/cpro/structures/v1", "/piste/cpro/transverses/v1"
IBAN = "FR76 3000 1007 9412 3456 7890 185"


@contextmanager
def servie(classe: Classe) -> Iterator[httpx.Client]:
    """A client of that class, served for real."""
    with en_fond(classe) as adresse, httpx.Client(base_url=adresse, trust_env=False, timeout=60) as client:
        yield client


def entrer(classe: Classe, prenom: str) -> tuple[str, str]:
    """Pseudonym and token of somebody who joins."""
    inscription = classe.rejoindre(classe.code, prenom)
    return inscription.participant.pseudonyme, inscription.jeton


def demander_jeton(client: httpx.Client, nom: str, secret: str, **champs: str) -> httpx.Response:
    corps = {"grant_type": "client_credentials", "client_id": nom, "client_secret": secret, "scope": "openid", **champs}
    return client.post("/piste/api/oauth/token", data=corps)


def entetes(client: httpx.Client, nom: str, secret: str, compte: str = "") -> dict[str, str]:
    """The two headers of every call."""
    acces = demander_jeton(client, nom, secret).json()["access_token"]
    technique = base64.b64encode(f"{compte or nom}:{secret}".encode()).decode()
    return {"Authorization": f"Bearer {acces}", "cpro-account": technique}


def soumission(numero: str = "FA-2026-0042", **champs: Any) -> dict[str, Any]:
    """A right A1 invoice, as ``soumettre`` takes it."""
    return {
        "modeDepot": "SAISIE_API",
        "idUtilisateurCourant": 0,
        "numeroFactureSaisi": numero,
        "dateFacture": "2026-11-24",
        "cadreDeFacturation": {"codeCadreFacturation": "A1_FACTURE_FOURNISSEUR"},
        "destinataire": {"codeDestinataire": COMMUNE, "codeServiceExecutant": "ECOLE"},
        "fournisseur": {"idFournisseur": int(ELECTRICIEN), "codeCoordonneesBancairesFournisseur": IBAN},
        "references": {
            "deviseFacture": "EUR",
            "typeFacture": "FACTURE",
            "typeTva": "TVA_SUR_DEBIT",
            "modePaiement": "VIREMENT",
            "numeroMarche": "2026-ENT-007",
        },
        "lignePoste": [
            {
                "lignePosteNumero": 1,
                "lignePosteDenomination": "Dépannage",
                "lignePosteQuantite": 1,
                "lignePosteMontantUnitaireHT": 1000,
            }
        ],
        "ligneTva": [
            {"ligneTvaTauxManuel": 20, "ligneTvaMontantBaseHtParTaux": 1000, "ligneTvaMontantTvaParTaux": 200}
        ],
        "montantTotal": {"montantHtTotal": 1000, "montantTVA": 200, "montantTtcTotal": 1200, "montantAPayer": 1200},
        **champs,
    }
