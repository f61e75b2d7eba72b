"""The exercise on deadlines: what its key expects is what the package computes from the situation."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from facturier import referentiel
from facturier.montants import arrondi

QUIZ = Path(__file__).resolve().parents[2] / "source" / "echeances" / "quiz.toml"
RECEPTION, EXECUTION, PAIEMENT, TTC = date(2026, 9, 25), date(2026, 9, 30), date(2026, 12, 8), Decimal("8400.00")


def test_le_corrige_des_echeances_est_celui_du_calcul() -> None:
    items = {item["id"]: item for item in tomllib.loads(QUIZ.read_text(encoding="utf-8"))["item"]}
    delai = referentiel.delai("paiement-sante").duree
    base = referentiel.delai("interets-base-annee").duree
    indemnite = referentiel.delai("indemnite-forfaitaire").duree
    assert delai
    assert base
    assert indemnite
    limite = max(RECEPTION, EXECUTION) + timedelta(days=delai)
    assert next(c["texte"] for c in items["ec_limite"]["choix"] if c["juste"]) == "Le 19 novembre 2026"
    assert limite == date(2026, 11, 19)
    jours = (PAIEMENT - limite).days
    (taux,) = referentiel.taux_bce(limite + timedelta(days=1))
    interets = arrondi(TTC * taux.interets / 100 * jours / base)
    assert Decimal(items["ec_jours"]["attendu"]) == jours
    assert Decimal(items["ec_interets"]["attendu"]) == interets
    assert Decimal(items["ec_total"]["attendu"]) == interets + indemnite
