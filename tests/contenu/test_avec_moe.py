"""The chapter with a maîtrise d’œuvre: its minutes add up, its answers follow from the tables."""

from __future__ import annotations

import re
import tomllib
from datetime import date, timedelta
from pathlib import Path

from facturier import referentiel

ICI = Path(__file__).resolve().parents[2] / "source" / "avec_moe"


def test_les_minutes_des_parties_font_celles_du_chapitre() -> None:
    titres = re.findall(r"^## .*\((\d+) minutes\)$", (ICI / "lecon.md").read_text("utf-8"), flags=re.M)
    carte = tomllib.loads((ICI / "chapitre.toml").read_text("utf-8"))
    assert sum(map(int, titres)) == carte["duree"] == 45
    exercices = re.findall(r"^## .*\((\d+) minutes\)$", (ICI / "exercices.md").read_text("utf-8"), flags=re.M)
    assert sum(map(int, exercices)) == int(titres[-1])
    assert max(map(int, exercices)) <= 10


def test_la_date_limite_part_de_la_maitrise_d_oeuvre_sans_rien_ajouter() -> None:
    items = {i["id"]: i for i in tomllib.loads((ICI / "quiz.toml").read_text("utf-8"))["item"]}
    paiement, moe, sante = (
        timedelta(days=referentiel.delai(code).duree or 0)
        for code in ("paiement-etat", "moe-etat-acompte", "paiement-sante")
    )
    recue = date(2026, 10, 28)
    assert f"{recue:%d/%m/%Y}" in items["am_limite"]["question"]
    assert items["am_limite"]["attendu"] == f"{recue + paiement:%d/%m/%Y}"
    assert (recue + paiement).weekday() < 5  # no Sunday, about which the texts are not read
    pieges = {p["valeur"] for p in items["am_limite"]["piege"]}
    assert {f"{recue + paiement + moe:%d/%m/%Y}", f"{recue + sante:%d/%m/%Y}"} <= pieges


def test_chaque_erreur_frequente_des_travaux_est_rencontree_dans_le_chapitre() -> None:
    rencontrees = "".join(
        fichier.read_text("utf-8")
        for fichier in (ICI / "quiz.toml", ICI.parent / "situations" / "electricien_avec_moe.toml")
    )
    assert {"E20", "E21", "E22", "E31", "E32", "E33", "E34", "E38"} <= set(re.findall(r"\((E\d\d)\)", rencontrees))
