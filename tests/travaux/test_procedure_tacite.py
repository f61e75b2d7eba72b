"""The tacit procedure: one case a condition, day by day around each deadline."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facturier.erreurs import ErreurFacturier
from facturier.travaux import FaitsTacites, tacite

J = date.fromisoformat
# Project of final décompte received on 1 and 3 June: 30 days from the later one, until 3 July.
REMIS = FaitsTacites(chorus_pro=True, recu_moe=J("2026-06-01"), recu_moa=J("2026-06-03"))
# Signed project of general décompte on 6 July, copied to the maîtrise d'œuvre: 10 days, until 16 July.
NOTIFIE = replace(REMIS, projet_recu_moa=J("2026-07-06"), projet_copie_moe=J("2026-07-06"))


@pytest.mark.parametrize(
    ("faits", "au", "etat", "manque"),
    [
        (FaitsTacites(chorus_pro=True), "2026-06-01", "en attente", ()),
        (replace(REMIS, recu_moa=None), "2026-09-01", "en attente", ()),
        (REMIS, "2026-07-03", "en attente", ()),
        (REMIS, "2026-07-04", "ouverte", ()),
        (replace(REMIS, general_notifie=J("2026-07-03")), "2026-07-10", "fermée", ("tacite-sans-general",)),
        (replace(REMIS, general_notifie=J("2026-07-05")), "2026-07-10", "fermée", ("tacite-sans-general",)),
        (replace(REMIS, general_notifie=J("2026-07-05")), "2026-07-04", "ouverte", ()),
        (replace(REMIS, chorus_pro=False), "2026-07-04", "fermée", ("tacite-chorus-pro",)),
        (NOTIFIE, "2026-07-05", "ouverte", ()),
        (NOTIFIE, "2026-07-06", "en cours", ()),
        (NOTIFIE, "2026-07-16", "en cours", ()),
        (NOTIFIE, "2026-07-17", "acquise", ()),
        (replace(NOTIFIE, general_notifie=J("2026-07-16")), "2026-07-17", "fermée", ("tacite-silence",)),
        (replace(NOTIFIE, general_notifie=J("2026-07-17")), "2026-07-20", "acquise", ()),
        (replace(NOTIFIE, projet_copie_moe=None), "2026-07-10", "en cours", ()),
        (replace(NOTIFIE, projet_copie_moe=None), "2026-07-17", "fermée", ("tacite-copie-moe",)),
        (replace(NOTIFIE, projet_copie_moe=J("2026-07-17")), "2026-07-17", "fermée", ("tacite-copie-moe",)),
        (replace(NOTIFIE, projet_signe=False), "2026-07-17", "fermée", ("tacite-signe",)),
        (replace(NOTIFIE, projet_recu_moa=J("2026-07-03")), "2026-07-17", "fermée", ("tacite-pas-premature",)),
        (replace(NOTIFIE, projet_recu_moa=J("2026-07-04")), "2026-07-17", "acquise", ()),
        (
            replace(NOTIFIE, recu_moe=None),
            "2026-07-17",
            "fermée",
            ("tacite-deux-remises", "tacite-pas-premature"),
        ),
    ],
)
def test_la_procedure_tacite_depend_de_chaque_condition(
    faits: FaitsTacites, au: str, etat: str, manque: tuple[str, ...]
) -> None:
    lue = tacite(faits, J(au))
    assert lue.etat == etat
    assert tuple(c.code for c in lue.manquantes) == manque
    assert all(c.libelle and c.explication and c.source for c in lue.conditions)


def test_le_paiement_du_solde_part_le_lendemain_du_silence() -> None:
    lue = tacite(NOTIFIE, J("2026-07-17"))
    assert lue.depart_paiement == J("2026-07-17")
    assert lue.etapes[-1].valeur == "17/07/2026"
    assert tacite(NOTIFIE, J("2026-07-16")).depart_paiement is None


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 80), st.integers(0, 120))
def test_le_dgd_tacite_demande_les_deux_silences_entiers(moe: int, moa: int, projet: int, au: int) -> None:
    jour = J("2026-06-01")
    envoi = max(moe, moa) + projet
    faits = FaitsTacites(
        chorus_pro=True,
        recu_moe=jour + timedelta(days=moe),
        recu_moa=jour + timedelta(days=moa),
        projet_recu_moa=jour + timedelta(days=envoi),
        projet_copie_moe=jour + timedelta(days=envoi),
    )
    lue = tacite(faits, jour + timedelta(days=au))
    assert (lue.etat == "acquise") is (projet > 30 and au > envoi + 10)


def test_un_projet_de_decompte_general_avant_le_final_est_une_erreur_de_dates() -> None:
    with pytest.raises(ErreurFacturier) as refus:
        tacite(replace(NOTIFIE, projet_recu_moa=J("2026-05-01")), J("2026-07-17"))
    assert refus.value.code == "dates-incoherentes"
