"""Public holidays: the eleven of the Code du travail, moved by Easter, and those of Alsace-Moselle apart."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facturier.delais import jour_ouvre, jours_feries, prochain_jour_ouvre
from facturier.delais.calendrier import ajouter_jours, ajouter_mois, repos
from facturier.erreurs import ErreurFacturier

ANNEES = st.integers(1900, 2200)


@pytest.mark.parametrize(
    ("annee", "mobiles"),
    [
        (2024, ("2024-04-01", "2024-05-09", "2024-05-20")),
        (2026, ("2026-04-06", "2026-05-14", "2026-05-25")),
        (2027, ("2027-03-29", "2027-05-06", "2027-05-17")),
    ],
)
def test_les_fetes_mobiles_suivent_paques(annee: int, mobiles: tuple[str, ...]) -> None:
    fixes = {date(annee, m, j) for m, j in ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))}
    assert set(jours_feries(annee)) == fixes | {date.fromisoformat(j) for j in mobiles}


def _paques_de_meeus(annee: int) -> date:
    """Easter by another algorithm (Meeus, Jones, Butcher) than the library's."""
    a, (b, c) = annee % 19, divmod(annee, 100)
    d, e = divmod(b, 4)
    h = (19 * a + b - d - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    i, k = divmod(c, 4)
    reste = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * reste) // 451
    mois, jour = divmod(h + reste - 7 * m + 114, 31)
    return date(annee, mois, jour + 1)


@given(ANNEES)
def test_l_ascension_et_la_pentecote_se_recomptent_autrement(annee: int) -> None:
    paques = _paques_de_meeus(annee)
    feries = jours_feries(annee)
    for ecart, nom in ((1, "Lundi de Pâques"), (39, "Ascension"), (50, "Lundi de Pentecôte")):
        assert nom in feries[paques + timedelta(days=ecart)]


def test_deux_fetes_le_meme_jour_sont_nommees_toutes_les_deux() -> None:
    assert jours_feries(2008)[date(2008, 5, 1)] == "Fête du Travail et Ascension"


def test_l_alsace_moselle_a_deux_jours_de_plus() -> None:
    plus = set(jours_feries(2026, "Alsace-Moselle")) - set(jours_feries(2026))
    assert plus == {date(2026, 4, 3), date(2026, 12, 26)}
    assert jour_ouvre(date(2026, 4, 3))
    assert not jour_ouvre(date(2026, 4, 3), "Alsace-Moselle")


@pytest.mark.parametrize(
    ("jour", "raison"),
    [
        ("2026-11-24", ""),
        ("2026-11-28", "samedi"),
        ("2026-11-29", "dimanche"),
        ("2026-11-11", "Armistice de 1918"),
        ("2026-12-26", "samedi"),
    ],
)
def test_un_jour_chome_dit_pourquoi(jour: str, raison: str) -> None:
    assert repos(date.fromisoformat(jour)) == raison
    assert jour_ouvre(date.fromisoformat(jour)) is not bool(raison)


@given(st.dates(date(1900, 1, 1), date(2200, 12, 1)))
def test_le_prochain_jour_ouvre_est_le_premier(jour: date) -> None:
    ouvre = prochain_jour_ouvre(jour)
    assert jour_ouvre(ouvre)
    assert not any(jour_ouvre(jour + timedelta(days=n)) for n in range((ouvre - jour).days))
    assert (ouvre - jour).days <= 5


@pytest.mark.parametrize(
    ("depart", "mois", "arrivee"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-12-15", 1, "2027-01-15"),
    ],
)
def test_un_mois_finit_au_meme_quantieme_ou_au_dernier_jour(depart: str, mois: int, arrivee: str) -> None:
    assert ajouter_mois(date.fromisoformat(depart), mois) == date.fromisoformat(arrivee)


@pytest.mark.parametrize(
    ("appel", "code"),
    [
        (lambda: jours_feries(1500), "annee-hors-calendrier"),
        (lambda: jours_feries(2026, "Bretagne"), "territoire-inconnu"),
        (lambda: ajouter_jours(date.max, 1), "date-hors-calendrier"),
        (lambda: ajouter_mois(date.max, 1), "date-hors-calendrier"),
    ],
)
def test_hors_du_calendrier_on_le_dit(appel, code: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ErreurFacturier) as refus:
        appel()
    assert refus.value.code == code
