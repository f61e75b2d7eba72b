"""A décompte shared out between members: nothing lost, whatever the months, and what does not fit is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marches_de_travaux import suites

from facturier.erreurs import ErreurFacturier
from facturier.travaux import MarchePrix, Membre, Situation, projet_decompte_final, projet_decompte_mensuel, repartir

CENT = Decimal("0.01")


def membres(marche: MarchePrix, situations: tuple[Situation, ...], part: int) -> tuple[Membre, Membre]:
    """The mandataire, which subcontracts, and another that takes that part of everything."""
    sien = (marche.montant_ht * part / 100).quantize(CENT)
    autres = tuple((s.cumul_ht * part / 200).quantize(CENT) for s in situations)
    travaux = tuple(s.cumul_ht - autre for s, autre in zip(situations, autres, strict=True))
    directs = tuple(s.sous_traite for s in situations)
    return (
        Membre("Mandataire", marche.montant_ht - sien, travaux, directs),
        Membre("Cotraitant", sien, autres, tuple(Decimal("0.00") for _ in situations)),
    )


@given(suites(), st.integers(0, 100), st.booleans())
def test_les_membres_font_toujours_le_decompte_du_marche(
    cas: tuple[MarchePrix, tuple[Situation, ...]], part: int, final: bool
) -> None:
    marche, situations = cas
    decompte = (projet_decompte_final if final else projet_decompte_mensuel)(marche, situations)
    partages = repartir(decompte, membres(marche, situations, part))
    assert sum(m.a_payer for m in partages) == decompte.a_payer
    for ligne in decompte.lignes:
        assert sum(m.ligne(ligne.code).cumul for m in partages) == ligne.cumul
        assert sum(m.ligne(ligne.code).mois for m in partages) == ligne.mois
    assert all(e.fiabilite != "établi" for m in partages for e in m.etapes)


@given(suites())
def test_des_membres_qui_ne_font_pas_le_marche_sont_refuses(cas: tuple[MarchePrix, tuple[Situation, ...]]) -> None:
    marche, situations = cas
    decompte = projet_decompte_mensuel(marche, situations)
    seul, _ = membres(marche, situations, 50)
    with pytest.raises(ErreurFacturier) as refus:
        repartir(decompte, (seul,))
    assert refus.value.code == "groupement-incoherent"
