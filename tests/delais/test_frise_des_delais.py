"""The timeline that views draw: marks in order, a place for each, one sentence."""

from __future__ import annotations

from datetime import date

import pytest

from facturier.delais import Suspension, delai_de_paiement, frise

J = date.fromisoformat


@pytest.mark.parametrize(
    ("au", "retard", "phrase"),
    [
        ("2026-03-01", 0, "Il reste 30 jours avant l’échéance."),
        ("2026-03-30", 0, "Il reste 1 jour avant l’échéance."),
        ("2026-03-31", 0, "L’échéance est aujourd’hui."),
        ("2026-04-01", 1, "L’échéance est dépassée de 1 jour."),
        ("2026-04-10", 10, "L’échéance est dépassée de 10 jours."),
    ],
)
def test_la_frise_dit_ou_en_est_le_delai(au: str, retard: int, phrase: str) -> None:
    vue = frise(delai_de_paiement("commune", J("2026-03-01")), J(au))
    assert (vue.retard, vue.phrase) == (retard, phrase)


def test_les_reperes_sont_dans_l_ordre_et_a_leur_place() -> None:
    limite = delai_de_paiement("commune", J("2026-03-01"))
    vue = frise(limite, J("2026-04-10"), [(J("2026-03-21"), "Service fait"), (J("2026-02-19"), "Facture émise")])
    assert [(r.jour, r.libelle) for r in vue.reperes] == [
        (J("2026-02-19"), "Facture émise"),
        (J("2026-03-01"), "Départ du délai"),
        (J("2026-03-21"), "Service fait"),
        (J("2026-03-31"), "Échéance"),
        (J("2026-04-10"), "Aujourd’hui"),
    ]
    assert [r.position for r in vue.reperes] == pytest.approx([0, 0.2, 0.6, 0.8, 1])


def test_un_delai_interrompu_n_a_pas_de_repere_d_echeance() -> None:
    limite = delai_de_paiement("commune", J("2026-03-01"), suspensions=[Suspension(J("2026-03-11"), "pièce")])
    vue = frise(limite, J("2026-03-01"))
    assert [r.genre for r in vue.reperes] == ["départ", "aujourd’hui", "suspension"]
    assert vue.phrase.startswith("Le délai est interrompu depuis le 11/03/2026")


@pytest.mark.parametrize(
    ("fait", "dit"),
    [
        ("2026-03-28", "C’est fait, 3 jours avant l’échéance."),
        ("2026-03-31", "C’est fait, le dernier jour du délai."),
        ("2026-04-02", "C’est fait, 2 jours après l’échéance."),
    ],
)
def test_ce_qui_est_fait_ne_se_dit_plus_au_present(fait: str, dit: str) -> None:
    limite = delai_de_paiement("commune", J("2026-03-01"))
    vue = frise(limite, J(fait), fini=True)
    assert vue.phrase == dit
    assert [r.libelle for r in vue.reperes if r.genre == "aujourd’hui"] == ["C’est fait"]
