"""The end of the market: amounts conserved down to the balance, and how the general décompte becomes definitive."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marches_de_travaux import BT01, suites

from facturier.erreurs import ErreurFacturier
from facturier.travaux import (
    DecompteGeneral,
    MarchePrix,
    PartSousTraitant,
    Reponse,
    Situation,
    SommesAdmises,
    decompte_final,
    decompte_general,
    decompte_general_definitif,
    projet_decompte_final,
    projet_decompte_mensuel,
)

D = Decimal
J = date.fromisoformat


def _exemple() -> DecompteGeneral:
    marche = MarchePrix(
        D(100000), D(20), J("2026-03-02"), 6, revision=BT01, avance_taux=D(5), retenue_taux=D(5), pme=False
    )
    sous = [PartSousTraitant("Toitures Lenoir", D(cumul), D(24000)) for cumul in (0, 10000, 20000)]
    situations = [
        Situation(J("2026-03-01"), D(20000), {"BT01": D(110)}, sous_traitance=(sous[0],)),
        Situation(J("2026-04-01"), D(70000), {"BT01": D("114.4")}, sous_traitance=(sous[1],)),
        Situation(J("2026-05-01"), D(100000), {"BT01": D("112.2")}, 60, (sous[2],)),
    ]
    return decompte_general(projet_decompte_final(marche, situations))


def test_l_exemple_complet_se_recalcule_a_la_main() -> None:
    """Avance 6 000.
    Mars : 20 000 HT, 24 000 TTC, garantie 1 200 : 22 800.
    Avril : 50 000 × 1,034 = 51 700, cumul 71 700 HT, 86 040 TTC, sous-traitant 10 000, garantie 3 802,
    avance remboursée 2 000 : net cumulé 70 238, soit 47 438.
    Mai : 30 000 × 1,017 = 30 510, cumul 102 210 HT, 122 652 TTC, sous-traitant 20 000, garantie 5 132,60,
    avance 6 000, pénalités 60 × 33,33 = 2 000 : net cumulé 89 519,40, soit 19 281,40.
    """
    general = _exemple()
    assert [(v.libelle, v.montant) for v in general.recapitulation] == [
        ("Avance", D(6000)),
        ("Acompte de 03/2026", D(22800)),
        ("Acompte de 04/2026", D(47438)),
    ]
    assert general.total == D("95519.40")
    assert general.solde == D("19281.40")
    assert (general.retenue, general.paye_directement) == (D("5132.60"), D(20000))


@given(suites())
def test_rien_ne_se_perd_entre_les_acomptes_et_le_solde(cas: tuple[MarchePrix, tuple[Situation, ...]]) -> None:
    marche, situations = cas
    general = decompte_general(projet_decompte_final(marche, situations))
    etat = general.decompte.etat
    assert sum((v.montant for v in general.recapitulation), general.solde) == general.total
    assert general.total + general.retenue + general.paye_directement + etat.penalites == etat.ttc
    acomptes = [projet_decompte_mensuel(marche, situations[: n + 1]).a_payer for n in range(len(situations) - 1)]
    assert general.solde == general.total - marche.avance - sum(acomptes)
    assert general.solde == general.decompte.a_payer


@given(suites(croissantes=True))
def test_presenter_le_final_ou_le_rectifier_a_l_identique_donne_le_meme_solde(
    cas: tuple[MarchePrix, tuple[Situation, ...]],
) -> None:
    projet = projet_decompte_final(*cas)
    assert decompte_general(decompte_final(projet).decompte).solde == decompte_general(projet).solde


def test_un_trop_percu_est_un_solde_negatif_explique() -> None:
    marche = MarchePrix(D(100000), D(20), J("2026-03-02"), 6)
    projet = projet_decompte_final(marche, [Situation(J("2026-03-01"), D(50000)), Situation(J("2026-04-01"), D(50000))])
    general = decompte_general(decompte_final(projet, SommesAdmises(cumul_ht=D(45000))).decompte)
    assert general.solde == D(-6000)
    assert general.etapes[-1].libelle.endswith("le titulaire a trop perçu")


def test_le_final_peut_suivre_dans_le_meme_mois_que_le_dernier_acompte() -> None:
    marche = MarchePrix(D(100000), D(20), J("2026-03-02"), 6)
    projet = projet_decompte_final(marche, [Situation(J("2026-03-01"), D(50000)), Situation(J("2026-03-31"), D(60000))])
    assert decompte_general(projet).solde == D(12000)


@pytest.mark.parametrize(
    ("sens", "jour", "moa", "moe", "au", "issue", "depuis"),
    [
        ("", "", "", "", "2026-07-31", "en attente", ""),
        ("", "", "", "", "2026-08-01", "définitif par silence", "2026-08-01"),
        ("sans réserve", "2026-07-10", "", "", "2026-07-10", "définitif", "2026-07-10"),
        ("sans réserve", "2026-07-10", "", "", "2026-07-09", "en attente", ""),
        ("sans réserve", "2026-07-31", "", "", "2026-09-01", "définitif", "2026-07-31"),
        ("sans réserve", "2026-08-02", "", "", "2026-09-01", "définitif par silence", "2026-08-01"),
        ("avec réserves", "2026-07-10", "2026-07-11", "2026-07-12", "2026-07-20", "contesté", "2026-07-12"),
        ("refus", "2026-07-10", "2026-07-31", "2026-07-31", "2026-09-01", "contesté", "2026-07-31"),
        ("refus", "2026-07-10", "2026-07-11", "", "2026-07-20", "en attente", ""),
        ("refus", "2026-07-10", "2026-07-11", "", "2026-09-01", "définitif par silence", "2026-08-01"),
        ("refus", "2026-07-10", "2026-07-11", "2026-08-01", "2026-09-01", "définitif par silence", "2026-08-01"),
    ],
)
def test_le_titulaire_a_trente_jours_pour_repondre(
    sens: str, jour: str, moa: str, moe: str, au: str, issue: str, depuis: str
) -> None:
    def lu(texte: str) -> date | None:
        return J(texte) if texte else None

    reponse = Reponse(J(jour), sens, lu(moa), lu(moe)) if sens else None  # type: ignore[arg-type]
    dgd = decompte_general_definitif(_exemple(), J("2026-07-01"), reponse, J(au))
    assert (dgd.issue, dgd.depuis) == (issue, lu(depuis))
    assert dgd.est_definitif is issue.startswith("définitif")
    assert dgd.echeance.limite == J("2026-07-31")


@given(st.dates(date(2025, 1, 1), date(2030, 1, 1)), st.integers(0, 90))
def test_le_silence_ne_vaut_acceptation_qu_apres_l_echeance(notification: date, jours: int) -> None:
    dgd = decompte_general_definitif(_exemple(), notification, None, notification + timedelta(days=jours))
    assert dgd.est_definitif is (jours > 30)


def test_les_pieces_et_les_dates_incoherentes_sont_refusees() -> None:
    marche = MarchePrix(D(100000), D(20), J("2026-03-02"), 6, revision=BT01)
    mensuel = projet_decompte_mensuel(marche, [Situation(J("2026-03-01"), D(1), {"BT01": D(110)})])
    sans_index = projet_decompte_final(marche, [Situation(J("2026-03-01"), D(1))])
    cas = (
        (lambda: decompte_general(mensuel), "piece-inattendue"),
        (lambda: decompte_general(sans_index), "index-manquant"),
        (lambda: decompte_general_definitif(_exemple(), J("2026-07-02"), None, J("2026-07-01")), "dates-incoherentes"),
        (
            lambda: decompte_general_definitif(
                _exemple(), J("2026-07-02"), Reponse(J("2026-07-01"), "sans réserve"), J("2026-07-03")
            ),
            "dates-incoherentes",
        ),
    )
    for appel, code in cas:
        with pytest.raises(ErreurFacturier) as refus:
            appel()
        assert refus.value.code == code
