"""An act and what falls due just before it bear one date, even when the clock moves on between the two."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain, repeat

from facturier.annuaire import Annuaire
from facturier.portail import Acteur, Ouverture, Portail

ELECTRICIEN, COMMUNE = "99990011100017", "21990002400015"
DEPART = datetime(2026, 11, 24, 10, 42)


def facture(numero: str) -> dict[str, str]:
    return {
        "destinataire_siret": COMMUNE,
        "code_service": "ECOLE",
        "cadre": "A1",
        "type_facture": "380",
        "numero_facture": numero,
        "date_facture": "24/11/2026",
        "mode_paiement": "VIREMENT",
        "iban": "FR76 3000 1007 9412 3456 7890 185",
        "montant_ht": "1 000,00",
        "taux_tva": "20",
        "montant_tva": "200,00",
        "montant_ttc": "1 200,00",
    }


def test_un_geste_pendant_lequel_une_echeance_tombe_se_rejoue() -> None:
    annuaire = Annuaire.charger()
    ouverture = Ouverture(graine="tic", partenaires={f"destinataire:{COMMUNE}": "prompt"})
    heures: Iterator[datetime] = repeat(DEPART)
    portail = Portail(annuaire, lambda: next(heures), ouverture)
    portail.accomplir(Acteur("fournisseur", ELECTRICIEN), "deposer", "", facture("FA-1"))
    due = min(du.quand for du in portail._prevus.values())
    heures = chain([due - timedelta(seconds=1)], repeat(due))
    portail.accomplir(Acteur("fournisseur", ELECTRICIEN), "deposer", "", facture("FA-2"))
    journal = [dict(evenement) for evenement in portail.journal]
    assert Portail.rejouer(journal, annuaire, ouverture=ouverture).longueur == len(journal)
