"""The lookup: what the table allows is given, all the rest is refused in a sentence."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facturier import cycle, referentiel
from facturier.erreurs import ErreurFacturier
from facturier.referentiel import CREATION

SESSION = date(2026, 11, 24)
CADRES = [c.code for c in referentiel.cadres()]
VIVANTS = [c for c in CADRES if cycle.transitions_du_cadre(c)]
STATUTS = [CREATION, *(s.code for s in referentiel.statuts())]
ACTIONS = sorted({t.action for t in referentiel.transitions()})
ROLES = [r.code for r in referentiel.roles()]


def atteints(cadre: str, au: date | None = None) -> set[str]:
    vus, file = {CREATION}, [CREATION]
    while file:
        for t in cycle.transitions_possibles(cadre, file.pop(), au=au):
            if t.vers not in vus:
                vus.add(t.vers)
                file.append(t.vers)
    return vus


@pytest.mark.parametrize("cadre", ["A1", "A9", "A12", "A4", "A15", "A19"])
def test_tout_triplet_hors_de_la_table_est_refuse_en_disant_ce_qui_est_possible(cadre: str) -> None:
    permis = {(t.de, t.action, t.role): t for t in cycle.transitions_du_cadre(cadre)}
    assert permis
    for statut in atteints(cadre):
        suites = cycle.transitions_possibles(cadre, statut)
        for action in ACTIONS:
            for role in ROLES:
                if (statut, action, role) in permis:
                    assert cycle.franchir(cadre, statut, action, role) is permis[statut, action, role]
                    continue
                with pytest.raises(cycle.ActionRefusee) as capture:
                    cycle.franchir(cadre, statut, action, role)
                phrase = capture.value.phrase
                assert all(t.libelle in phrase for t in suites)
                assert referentiel.role(role).designation in phrase
                assert any(t.libelle in phrase for t in referentiel.transitions() if t.action == action)
                assert suites or "Rien n’est possible" in phrase
                if statut != CREATION:
                    assert referentiel.statut(statut).libelle in phrase


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(CADRES),
    st.sampled_from(STATUTS),
    st.sampled_from(ACTIONS) | st.text(max_size=20),
    st.sampled_from(ROLES) | st.text(max_size=20),
    st.none() | st.dates(date(2017, 1, 1), date(2030, 1, 1)),
)
def test_un_geste_est_soit_dans_la_table_soit_refuse(
    cadre: str, statut: str, action: str, role: str, au: date | None
) -> None:
    permis = [t for t in cycle.transitions_possibles(cadre, statut, au=au) if (t.action, t.role) == (action, role)]
    if permis:
        assert [cycle.franchir(cadre, statut, action, role, au)] == permis
    else:
        with pytest.raises(cycle.ActionRefusee):
            cycle.franchir(cadre, statut, action, role, au)


@pytest.mark.parametrize("cadre", VIVANTS)
@pytest.mark.parametrize("au", [None, SESSION, date(2024, 1, 1)])
def test_un_geste_ne_mene_qu_a_un_seul_statut(cadre: str, au: date | None) -> None:
    triplets = [(t.de, t.action, t.role) for t in cycle.transitions_du_cadre(cadre, au)]
    assert len(set(triplets)) == len(triplets)


@pytest.mark.parametrize("cadre", VIVANTS)
def test_tout_statut_atteint_est_final_ou_a_une_issue(cadre: str) -> None:
    for statut in atteints(cadre, SESSION):
        issues = [t for t in cycle.transitions_possibles(cadre, statut, au=SESSION) if t.vers != statut]
        assert bool(issues) != cycle.terminal(cadre, statut), statut


@pytest.mark.parametrize("cadre", VIVANTS)
def test_toute_ligne_du_cadre_peut_servir(cadre: str) -> None:
    vus = atteints(cadre)
    assert [t.id for t in cycle.transitions_du_cadre(cadre) if t.de not in vus] == []


@pytest.mark.parametrize("cadre", VIVANTS)
def test_au_plus_un_passage_automatique_sans_garde_part_d_un_statut(cadre: str) -> None:
    gestes = cycle.transitions_du_cadre(cadre)
    for statut in atteints(cadre):
        assert len([t for t in gestes if t.de == statut and t.automatique and not t.garde]) <= 1, statut


@pytest.mark.parametrize("cadre", VIVANTS)
def test_les_passages_automatiques_ne_tournent_pas_en_rond(cadre: str) -> None:
    automatiques = {t.de: t.vers for t in cycle.transitions_du_cadre(cadre) if t.automatique and not t.garde}
    for depart in automatiques:
        vus, statut = {depart}, automatiques[depart]
        while statut in automatiques:
            assert statut not in vus
            vus.add(statut)
            statut = automatiques[statut]


def test_seul_chorus_pro_agit_automatiquement() -> None:
    assert {t.role for t in referentiel.transitions() if t.automatique} == {"systeme"}
    assert {t.automatique for t in referentiel.transitions() if t.role == "systeme"} == {True}


def test_seul_le_deposant_du_cadre_cree_la_piece() -> None:
    for t in referentiel.transitions():
        if t.de == CREATION:
            assert {referentiel.cadre(c).deposant for c in t.cadres} == {t.role}, t.id


def test_une_attente_nomme_le_delai_qui_la_compte() -> None:
    for t in referentiel.transitions():
        if t.garde == "delai_ecoule":
            assert referentiel.delai(t.delai).unite == "jours", t.id


def test_le_refus_pour_un_montant_est_ferme_depuis_fevrier_2025() -> None:
    gestes = [
        cycle.franchir("A4", "MISE_A_DISPOSITION_MOE", "refuser", "moe", au).garde
        for au in (date(2025, 2, 18), date(2025, 2, 19), None)
    ]
    assert gestes == ["motif_obligatoire", "motif_hors_montant", "motif_hors_montant"]


def test_un_role_ne_voit_que_ses_gestes() -> None:
    gestes = cycle.transitions_possibles("A1", "SUSPENDUE", "fournisseur")
    assert [t.action for t in gestes] == ["completer"]


def test_un_statut_peut_etre_final_pour_un_cadre_et_pas_pour_un_autre() -> None:
    assert cycle.terminal("A12", "REFUSEE_1")
    assert not cycle.terminal("A9", "REFUSEE_1")
    assert not cycle.terminal("A1", CREATION)


def test_un_cadre_un_statut_ou_un_cycle_inconnus_sont_refuses() -> None:
    for appel in (
        lambda: cycle.franchir("A99", "DEPOSEE", "recycler", "fournisseur"),
        lambda: cycle.transitions_possibles("A1", "ENVOYEE"),
        lambda: cycle.transitions_du_cycle("lunaire"),
    ):
        with pytest.raises(ErreurFacturier, match="n’existe pas"):
            appel()
