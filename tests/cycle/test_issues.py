"""No dead end: from each status that a piece reaches, somebody can act or a delay runs, until a final status."""

from __future__ import annotations

from datetime import date

import pytest

from facturier import cycle, referentiel
from facturier.referentiel import CREATION, Transition

SESSION = date(2026, 11, 24)
JOUES = [c.code for c in referentiel.cadres() if c.joue]


def graphe(cadre: str) -> dict[str, list[Transition]]:
    """What leaves each status that is reached from the creation."""
    vus: dict[str, list[Transition]] = {}
    file = [CREATION]
    while file:
        statut = file.pop()
        if statut not in vus:
            vus[statut] = list(cycle.transitions_possibles(cadre, statut, au=SESSION))
            file += [t.vers for t in vus[statut]]
    return vus


def test_chaque_statut_est_atteint_par_une_piece_ou_dit_pourquoi_il_ne_l_est_jamais() -> None:
    """On both sides of the announced changes."""
    atteints = {t.vers for cadre in JOUES for t in cycle.transitions_du_cadre(cadre) if _ouvert(cadre, t)}
    assert {s.code for s in referentiel.statuts() if not s.non_joue} == atteints
    assert all(s.non_joue.endswith(tuple("abcdefghijklmnopqrstuvwxyz»")) for s in referentiel.statuts() if s.non_joue)


def _ouvert(cadre: str, transition: Transition) -> bool:
    """Whether a piece of that cadre may come to where that gesture starts from."""
    vus, file = {CREATION}, [CREATION]
    while file:
        for suite in cycle.transitions_possibles(cadre, file.pop()):
            if suite.vers not in vus:
                vus.add(suite.vers)
                file.append(suite.vers)
    return transition.de in vus


def test_tous_les_cadres_actifs_sont_joues_et_l_obsolete_jamais() -> None:
    assert {c.code for c in referentiel.cadres() if c.actif} == set(JOUES)
    assert len(JOUES) == 24
    assert "A11" not in JOUES


@pytest.mark.parametrize("cadre", JOUES)
def test_de_chaque_statut_on_sort_ou_il_est_final(cadre: str) -> None:
    for statut, gestes in graphe(cadre).items():
        sorties = [t for t in gestes if t.vers != statut]
        sures = [t for t in sorties if not t.automatique or t.garde in ("", "delai_ecoule")]
        assert bool(sures) != cycle.terminal(cadre, statut), statut


@pytest.mark.parametrize("cadre", JOUES)
def test_de_chaque_statut_un_statut_final_est_encore_atteignable(cadre: str) -> None:
    restants = graphe(cadre)
    finissent = {s for s in restants if s != CREATION and cycle.terminal(cadre, s)}
    assert finissent
    while nouveaux := {s for s, g in restants.items() if s not in finissent and {t.vers for t in g} & finissent}:
        finissent |= nouveaux
    assert finissent == set(restants)


PAYES = [c for c in JOUES if referentiel.cadre(c).destinataire == "destinataire"]


@pytest.mark.parametrize("cadre", PAYES)
def test_toute_piece_adressee_a_qui_paie_peut_etre_mise_en_paiement(cadre: str) -> None:
    assert "MISE_EN_PAIEMENT" in graphe(cadre)
    assert cycle.terminal(cadre, "MISE_EN_PAIEMENT")


def test_un_circuit_incertain_le_dit_dans_sa_ligne() -> None:
    incertains = {"A3", "A21", "A16", "A18", "A24"}
    for t in referentiel.transitions():
        if set(t.cadres) <= incertains and not t.automatique:
            assert t.fiabilite != "établi", t.id


def test_le_recyclage_garde_le_numero_et_le_rejet_le_consomme() -> None:
    for t in referentiel.transitions():
        if t.action in ("recycler", "completer", "demander_recyclage", "suspendre"):
            assert t.meme_numero == "oui", t.id
        if t.action in ("rejeter", "rejeter_aiguillage", "convertir_en_rejet", "traiter_rejet", "refaire"):
            assert t.meme_numero == "non", t.id
