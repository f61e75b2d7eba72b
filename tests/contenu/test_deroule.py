"""The day's run sheet: chapters and cards without notebook fill each half-day, in order."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from facturier import contenu

SOURCE = Path(__file__).resolve().parents[2] / "source"
DEMI_JOURNEE = 210
MOMENTS = ("avant la séance", "matin", "après-midi")

DEROULE: dict[str, list[dict[str, Any]]] = tomllib.loads((SOURCE / "deroule.toml").read_text(encoding="utf-8"))
CHAPITRES = contenu.chapitres(SOURCE)
ECRITS = {c.slug: (c.ordre, c.moment, c.duree) for c in CHAPITRES}
A_VENIR = DEROULE.get("a_venir", [])


def _journee() -> list[tuple[int, str, int, str]]:
    """Each time of the day: place, moment, minutes, name."""
    temps = [(c.ordre, c.moment, c.duree, c.slug) for c in CHAPITRES]
    temps += [(c["ordre"], c["moment"], c["duree"], c["titre"]) for c in DEROULE["carte"]]
    temps += [(c["ordre"], c["moment"], c["duree"], c["chapitre"]) for c in A_VENIR if c["chapitre"] not in ECRITS]
    return sorted(temps)


@pytest.mark.parametrize("moment", ["matin", "après-midi"])
def test_une_demi_journee_fait_trois_heures_et_demie(moment: str) -> None:
    temps = {f"{ordre} {nom}": duree for ordre, place, duree, nom in _journee() if place == moment}
    assert sum(temps.values()) == DEMI_JOURNEE, temps


def test_les_temps_de_la_journee_se_suivent_sans_se_disputer_une_place() -> None:
    journee = _journee()
    ordres = [ordre for ordre, *_ in journee]
    assert len(set(ordres)) == len(ordres), journee
    rangs = [MOMENTS.index(moment) for _, moment, *_ in journee]
    assert rangs == sorted(rangs), journee


def test_l_accueil_seul_precede_la_seance() -> None:
    assert [c.slug for c in CHAPITRES if c.moment == MOMENTS[0]] == ["accueil"]


def test_un_chapitre_ecrit_tient_la_place_qui_lui_etait_gardee() -> None:
    gardees = {c["chapitre"]: (c["ordre"], c["moment"], c["duree"]) for c in A_VENIR}
    assert {slug: place for slug, place in gardees.items() if ECRITS.get(slug, place) != place} == {}
