"""Monthly décomptes: worked examples recomputed by hand, and what no sequence of months may break."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marches_de_travaux import BT01, marches, suites

from facturier.erreurs import ErreurFacturier
from facturier.travaux import (
    Decompte,
    MarchePrix,
    PartSousTraitant,
    Revision,
    Situation,
    SommesAdmises,
    TermeRevision,
    etat_acompte,
    projet_decompte_final,
    projet_decompte_mensuel,
)

D = Decimal
MARS, AVRIL, MAI = date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)


def marche(**autres: Any) -> MarchePrix:
    return MarchePrix(
        **{"montant_ht": D(100000), "taux_tva": D(20), "notification": date(2026, 3, 2), "duree_mois": 12} | autres
    )


def mois(decompte: Decompte, code: str) -> Decimal:
    return decompte.ligne(code).mois


def test_l_exemple_du_metier_se_retrouve_au_centime() -> None:
    """100 000 € HT, cumuls 20 000 puis 50 000, index 110 puis 114,4, TVA 20 %, garantie 5 % : net 35 362,80 €."""
    du_mois = projet_decompte_mensuel(
        marche(revision=BT01, retenue_taux=D(5)),
        [Situation(MARS, D(20000), {"BT01": D(110)}), Situation(AVRIL, D(50000), {"BT01": D("114.4")})],
    )
    assert {code: mois(du_mois, code) for code in ("travaux", "revision", "ht", "tva", "ttc", "retenue", "net")} == {
        "travaux": D(30000),
        "revision": D("1020.00"),
        "ht": D("31020.00"),
        "tva": D("6204.00"),
        "ttc": D("37224.00"),
        "retenue": D("1861.20"),
        "net": D("35362.80"),
    }
    assert du_mois.a_payer == D("35362.80")


def test_le_projet_ne_revise_pas_les_prix_et_l_etat_d_acompte_le_fait() -> None:
    situations = [Situation(MARS, D(20000), {"BT01": D(110)}), Situation(AVRIL, D(50000))]
    projet = projet_decompte_mensuel(marche(revision=BT01, retenue_taux=D(5)), situations)
    assert mois(projet, "revision") == 0
    assert "à calculer" in {e.valeur for e in projet.etapes}
    piece = etat_acompte(projet, SommesAdmises(index={"BT01": D("114.4")}))
    assert piece.decompte.a_payer == D("35362.80")
    assert piece.ecarts == ()
    with pytest.raises(ErreurFacturier) as refus:
        etat_acompte(projet)
    assert refus.value.code == "index-manquant"


def test_la_moe_admet_moins_et_le_mois_suivant_repart_de_ce_qu_elle_admet() -> None:
    projet = projet_decompte_mensuel(marche(), [Situation(MARS, D(20000))])
    piece = etat_acompte(projet, SommesAdmises(cumul_ht=D(18000)))
    assert piece.decompte.a_payer == D("21600.00")
    ((ecart),) = piece.ecarts
    assert (ecart.presente, ecart.admis) == (D(20000), D(18000))
    assert piece.difference == D("2400.00")
    assert piece.etapes[0].source == "CCP R2192-34"
    suivant = projet_decompte_mensuel(marche(), (*piece.decompte.situations, Situation(AVRIL, D(45000))))
    assert mois(suivant, "travaux") == D(27000)
    assert suivant.acomptes == (D("21600.00"),)


@pytest.mark.parametrize(
    ("avance", "cumuls", "rembourse"),
    [
        # 5 % of 120 000 TTC = 6 000, from 65 % to 80 %: a third at 70 %, everything at 80 %
        ("5", (60000, 65000, 70000, 80000, 100000), ("0", "0", "2000", "6000", "6000")),
        # 40 % = 48 000, more than 30 %: from the first request, in proportion up to 80 %
        ("40", (10000, 40000, 80000), ("6000", "24000", "48000")),
        ("30", (10000, 65000, 72500), ("0", "0", "18000")),
    ],
)
def test_l_avance_se_rembourse_entre_ses_deux_seuils(
    avance: str, cumuls: tuple[int, ...], rembourse: tuple[str, ...]
) -> None:
    situations = [Situation(date(2026, 3 + rang, 1), D(cumul)) for rang, cumul in enumerate(cumuls)]
    lu = [
        projet_decompte_mensuel(marche(avance_taux=D(avance)), situations[: n + 1]).etat.avance
        for n in range(len(situations))
    ]
    assert lu == [D(r) for r in rembourse]


@pytest.mark.parametrize(
    ("montant", "jours", "penalites"),
    [
        (100000, 0, "0"),
        (100000, 30, "0"),  # 33,33 × 30 = 1 000,00: exempted up to there, included
        (100000, 31, "1033.33"),  # beyond, all of it
        (100000, 299, "9966.67"),
        (100000, 300, "10000"),
        (100000, 500, "10000"),  # ceiling of 10 %
        (300000, 10, "0"),
        (300000, 11, "1100"),
    ],
)
def test_les_penalites_ont_une_exoneration_et_un_plafond(montant: int, jours: int, penalites: str) -> None:
    du_mois = projet_decompte_mensuel(marche(montant_ht=D(montant)), [Situation(MARS, D(50000), jours_retard=jours)])
    assert du_mois.etat.penalites == D(penalites)
    assert du_mois.a_payer == D(60000) - D(penalites)


def test_la_penalite_du_ccap_remplace_celle_du_ccag() -> None:
    du_mois = projet_decompte_mensuel(marche(penalite_par_jour=D(250)), [Situation(MARS, D(50000), jours_retard=10)])
    assert du_mois.etat.penalites == D(2500)


def test_le_sous_traitant_est_paye_hors_taxe_et_le_titulaire_porte_toute_la_tva() -> None:
    """50 000 HT dont 10 000 sous-traités : TVA 10 000 sur le tout, titulaire 50 000, garantie 5 % de 50 000."""
    part = PartSousTraitant("Toitures Lenoir", D(10000), D(25000))
    du_mois = projet_decompte_mensuel(marche(retenue_taux=D(5)), [Situation(MARS, D(50000), sous_traitance=(part,))])
    assert mois(du_mois, "tva") == D(10000)
    assert mois(du_mois, "sous_traitance") == D(10000)
    assert mois(du_mois, "retenue") == D(2500)
    assert du_mois.a_payer == D(47500)


def test_une_caution_remplace_la_retenue() -> None:
    du_mois = projet_decompte_mensuel(marche(retenue_taux=D(5), garantie_substituee=True), [Situation(MARS, D(50000))])
    assert du_mois.a_payer == D(60000)
    assert "caution" in next(e.libelle for e in du_mois.etapes if "retenue" in e.libelle)


def test_un_net_negatif_s_impute_sur_les_mois_suivants() -> None:
    situations = [Situation(MARS, D(50000)), Situation(AVRIL, D(40000)), Situation(MAI, D(55000))]
    avril = projet_decompte_mensuel(marche(), situations[:2])
    assert (mois(avril, "net"), avril.a_payer) == (D(-12000), D(0))
    assert projet_decompte_mensuel(marche(), situations).a_payer == D(6000)


def test_des_travaux_retires_le_sont_au_prix_auquel_ils_avaient_ete_comptes() -> None:
    """Mars 20 000 × 1, avril 30 000 × 1,034 = 31 020 ; en mai, 10 000 d’avril sont retirés : révision 1 020 - 340."""
    situations = [
        Situation(MARS, D(20000), {"BT01": D(110)}),
        Situation(AVRIL, D(50000), {"BT01": D("114.4")}),
        Situation(MAI, D(40000), {"BT01": D(150)}),
    ]
    mai = projet_decompte_mensuel(marche(revision=BT01), situations)
    assert (mai.etat.revision, mois(mai, "ht")) == (D(680), D(-10340))
    tout_retire = projet_decompte_mensuel(
        marche(revision=BT01), [*situations[:2], Situation(MAI, D(0), {"BT01": D(9)})]
    )
    assert (tout_retire.etat.revision, tout_retire.etat.net, tout_retire.a_payer) == (0, 0, 0)


@pytest.mark.parametrize(
    ("termes", "fixe", "decimales", "valeurs", "coefficient"),
    [
        ([("BT01", "0.85", "110")], "0.15", None, {"BT01": "114.4"}, "1.034"),
        ([("BT01", "0.85", "110")], "0.15", None, {"BT01": "110"}, "1"),
        ([("BT01", "0.5", "100"), ("TP02", "0.35", "120")], "0.15", None, {"BT01": "104", "TP02": "126"}, "1.0375"),
        ([("BT01", "0.5", "100"), ("TP02", "0.35", "120")], "0.15", 3, {"BT01": "104", "TP02": "126"}, "1.038"),
        ([("BT01", "0.85", "115")], "0.15", 4, {"BT01": "112"}, "0.9778"),
    ],
)
def test_le_coefficient_suit_la_formule_du_ccap(
    termes: list[tuple[str, str, str]], fixe: str, decimales: int | None, valeurs: dict[str, str], coefficient: str
) -> None:
    formule = Revision(D(fixe), tuple(TermeRevision(i, D(p), D(z)) for i, p, z in termes), decimales)
    assert formule.coefficient({i: D(v) for i, v in valeurs.items()}) == D(coefficient)


@given(suites())
def test_chaque_mois_est_la_difference_de_deux_cumuls(cas: tuple[MarchePrix, tuple[Situation, ...]]) -> None:
    marche_, situations = cas
    decomptes = [projet_decompte_mensuel(marche_, situations[: n + 1]) for n in range(len(situations))]
    for code in (ligne.code for ligne in decomptes[-1].lignes):
        assert sum(mois(d, code) for d in decomptes) == decomptes[-1].ligne(code).cumul
    assert [d.a_payer for d in decomptes] == list(decomptes[-1].etat.verses)


@given(suites())
def test_le_net_est_la_somme_de_ses_lignes_comptees_une_fois(cas: tuple[MarchePrix, tuple[Situation, ...]]) -> None:
    decompte = projet_decompte_mensuel(*cas)
    for lire in (lambda x: x.cumul, lambda x: x.anterieur, lambda x: x.mois):
        total = D(0)
        for ligne in decompte.lignes:
            if ligne.sens == "total":
                assert lire(ligne) == total
            else:
                total += lire(ligne) if ligne.sens == "plus" else -lire(ligne)


@given(suites())
def test_un_acompte_n_est_jamais_negatif_ni_paye_deux_fois(cas: tuple[MarchePrix, tuple[Situation, ...]]) -> None:
    etat = projet_decompte_mensuel(*cas).etat
    assert all(v >= 0 for v in etat.verses)
    plus_haut = max(projet_decompte_mensuel(cas[0], cas[1][: n + 1]).etat.net for n in range(len(cas[1])))
    assert sum(etat.verses) == max(D(0), plus_haut)


@given(suites(croissantes=True))
def test_les_deductions_restent_dans_leurs_bornes(cas: tuple[MarchePrix, tuple[Situation, ...]]) -> None:
    marche_, situations = cas
    etats = [projet_decompte_mensuel(marche_, situations[: n + 1]).etat for n in range(len(situations))]
    avances = [e.avance for e in etats]
    assert avances == sorted(avances)
    assert all(0 <= e.avance <= marche_.avance for e in etats)
    assert all(0 <= e.penalites <= marche_.montant_ht / 10 + D("0.01") for e in etats)
    assert all(0 <= e.retenue <= e.ttc * marche_.retenue_taux / 100 + D("0.01") for e in etats)
    montants = [getattr(e, n) for e in etats for n in ("revision", "tva", "retenue", "avance", "penalites")]
    assert all(m == m.quantize(D("0.01")) for m in montants)


@given(suites(croissantes=True))
def test_revision_et_tva_se_recalculent_mois_par_mois(cas: tuple[MarchePrix, tuple[Situation, ...]]) -> None:
    """Another path: prices revised month by month (P × C), VAT on each month; a cent of rounding a month at most."""
    marche_, situations = cas
    etat = projet_decompte_mensuel(marche_, situations).etat
    avant, ht, tva = D(0), D(0), D(0)
    for situation in situations:
        coefficient = marche_.revision.coefficient(situation.index) if marche_.revision else D(1)
        du_mois = ((situation.cumul_ht - avant) * coefficient).quantize(D("0.01"), ROUND_HALF_UP)
        ht, tva = ht + du_mois, tva + du_mois * marche_.taux_tva / 100
        avant = situation.cumul_ht
    assert abs(etat.ht - ht) <= D("0.01") * len(situations)
    assert abs(etat.tva - tva) <= D("0.01") * len(situations)


@given(suites())
def test_chaque_etape_se_lit_et_dit_ce_qui_reste_a_verifier(cas: tuple[MarchePrix, tuple[Situation, ...]]) -> None:
    for etape in projet_decompte_final(*cas).etapes:
        textes = (etape.libelle, etape.formule, etape.valeur, etape.source)
        assert all(textes)
        assert bool(etape.precision) == (etape.fiabilite != "établi"), etape
        assert not any(faute in texte for texte in textes for faute in (" €", " %", " :", " ;", "'", "E+", "NaN"))


@given(suites(), st.integers(0, 100))
def test_ce_qui_est_admis_et_la_difference_refont_ce_qui_etait_presente(
    cas: tuple[MarchePrix, tuple[Situation, ...]], part: int
) -> None:
    projet = projet_decompte_mensuel(*cas)
    if projet.etat.sous_traitance:
        part = max(part, 60)  # what is paid directly stays within what is admitted
    admis = (projet.situation.cumul_ht * part / 100).quantize(D("0.01"))
    piece = etat_acompte(projet, SommesAdmises(cumul_ht=admis))
    assert piece.decompte.a_payer + piece.difference == projet.a_payer
    assert bool(piece.ecarts) is (admis != projet.situation.cumul_ht)
    assert etat_acompte(projet).decompte.lignes == projet.lignes


@given(marches(), st.sampled_from(["etat", "grand-acheteur"]), st.decimals("3.01", 100, places=2))
def test_la_retenue_ne_depasse_pas_son_plafond(marche_: MarchePrix, acheteur: str, taux: Decimal) -> None:
    with pytest.raises(ErreurFacturier) as refus:
        MarchePrix(**{**vars(marche_), "pme": True, "acheteur": acheteur, "retenue_taux": taux})
    assert refus.value.code == "retenue-excessive"


@pytest.mark.parametrize(
    ("clauses", "due", "taux"),
    [
        ({"montant_ht": D(50000)}, False, ""),
        ({"duree_mois": 2}, False, ""),
        ({"montant_ht": D("50000.01"), "duree_mois": 3}, True, "5\u00a0%"),
        ({"pme": True, "acheteur": "etat"}, True, "30\u00a0%"),
        ({"pme": True, "acheteur": "grand-acheteur"}, True, "10\u00a0%"),
    ],
)
def test_l_avance_obligatoire_depend_du_montant_de_la_duree_et_de_l_acheteur(
    clauses: dict[str, Any], due: bool, taux: str
) -> None:
    obligatoire, etapes = marche(**clauses).avance_obligatoire()
    assert obligatoire is due
    assert etapes[-1].valeur == (taux or "non")


@pytest.mark.parametrize(
    ("appel", "code"),
    [
        (lambda: marche(montant_ht=D(0)), "marche-incoherent"),
        (lambda: marche(montant_ht=D("NaN")), "montant-incoherent"),
        (lambda: marche(montant_ht=D("10.001")), "montant-incoherent"),
        (lambda: marche(taux_tva=D(17)), "marche-incoherent"),
        (lambda: marche(notification=date(2020, 1, 1)), "marche-incoherent"),
        (lambda: marche(retenue_taux=D(6)), "retenue-excessive"),
        (lambda: marche(avance_montant=D(200000)), "marche-incoherent"),
        (lambda: Revision(D("0.2"), (TermeRevision("BT01", D("0.85"), D(110)),)), "revision-incoherente"),
        (lambda: BT01.coefficient({"TP02": D(1)}), "index-manquant"),
        (lambda: BT01.coefficient({"BT01": D(0)}), "index-incoherent"),
        (lambda: BT01.coefficient({"BT01": D("1E+30")}), "index-incoherent"),
        (lambda: BT01.coefficient({"BT01": D("sNaN")}), "index-incoherent"),
        (lambda: Situation(MARS, D(1), jours_retard=10**40), "situation-incoherente"),
        (lambda: Situation(MARS, D("1E+30")), "montant-incoherent"),
        (lambda: PartSousTraitant("Lenoir", D(100), D("599.99")), "paiement-direct-impossible"),
        (lambda: Situation(MARS, D(-1)), "montant-incoherent"),
        (lambda: projet_decompte_mensuel(marche(), []), "situation-incoherente"),
        (lambda: projet_decompte_mensuel(marche(), [Situation(date(2026, 2, 1), D(1))]), "situation-incoherente"),
        (
            lambda: projet_decompte_mensuel(marche(), [Situation(MARS, D(1)), Situation(date(2026, 3, 31), D(2))]),
            "situation-incoherente",
        ),
        (
            lambda: projet_decompte_mensuel(
                marche(), [Situation(MARS, D(10), sous_traitance=(PartSousTraitant("Lenoir", D(11), D(900)),))]
            ),
            "situation-incoherente",
        ),
        (lambda: etat_acompte(projet_decompte_final(marche(), [Situation(MARS, D(1))])), "piece-inattendue"),
    ],
)
def test_une_donnee_impossible_est_refusee(appel: Any, code: str) -> None:
    with pytest.raises(ErreurFacturier) as refus:
        appel()
    assert refus.value.code == code
