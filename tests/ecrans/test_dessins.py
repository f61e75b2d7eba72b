"""Drawings: right figures, words that say the same, readable sizes, both themes, nothing by colour alone."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from facturier import delais, travaux
from facturier.delais import Frise
from facturier.ecrans import dessins
from facturier.ecrans.dessins import LARGEUR
from facturier.montants import format_euros
from facturier.portail import circuits
from facturier.travaux import Decompte, MarchePrix, PartSousTraitant, Situation
from tests.ecrans.chantier import ANNUAIRE

AU = date(2026, 11, 24)
LISIBLE = 12
COULEURS = {"none", "currentColor", dessins.ACCENT, dessins.ALERTE}


def decompte(cumul: str = "72000.00") -> Decompte:
    marche = MarchePrix(
        montant_ht=Decimal("100000.00"),
        taux_tva=Decimal(20),
        notification=date(2026, 3, 2),
        duree_mois=8,
        retenue_taux=Decimal(5),
        avance_taux=Decimal(5),
    )
    part = PartSousTraitant("Zinc & <Toit>", Decimal("6000.00"), Decimal("18000.00"))
    avant = Situation(date(2026, 9, 30), Decimal("30000.00"))
    return travaux.projet_decompte_mensuel(
        marche, (avant, Situation(date(2026, 10, 30), Decimal(cumul), {}, 0, (part,)))
    )


def en_retard() -> Frise:
    return delais.frise(delais.echeance("moe-etat-acompte", date(2026, 11, 2)), AU, [(date(2026, 11, 2), "Reçue <b>")])


def tous() -> list[tuple[str, str]]:
    marches = [m for m in ANNUAIRE.marches.values() if m.circuit]
    traces = [
        dessins.circuit(m, ANNUAIRE, AU, e) for m in marches for e in (None, *circuits.etapes(m, AU)) if m.circuit
    ]
    return [*(t for t in traces if t[0]), dessins.cascade(decompte()), dessins.frise(en_retard())]


def test_chaque_dessin_est_du_svg_sain_lisible_et_dit_en_mots() -> None:
    for svg, texte in tous():
        racine = ElementTree.fromstring(svg)
        assert racine.get("aria-label")
        assert texte.endswith(".")
        assert "style" not in svg
        assert float(racine.get("font-size", "0")) >= LISIBLE
        largeur = float(racine.get("width", "0"))
        assert largeur == LARGEUR <= 700  # at 768 px it is not reduced
        for element in racine.iter():
            assert float(element.get("font-size", LISIBLE)) >= LISIBLE
            assert {element.get("fill", "none"), element.get("stroke", "none")} <= COULEURS
            if element.tag.endswith("text"):
                assert 0 <= float(element.get("x", "0")) <= LARGEUR
                assert 0 < float(element.get("y", "0")) <= float(racine.get("height", "0"))


def test_l_etape_en_cours_est_nommee_et_non_seulement_coloree() -> None:
    marche = ANNUAIRE.marches["2026-TVX-014"]
    etape = next(e for e in circuits.etapes(marche, AU) if "A15" in e.cadres)
    svg, texte = dessins.circuit(marche, ANNUAIRE, AU, etape)
    assert svg.count(">ICI<") == 1
    assert "Étape 2 (étape en cours) : A15" in texte.replace("\u00a0", " ")


def test_ce_qui_n_est_pas_etabli_est_en_tirets_et_se_dit() -> None:
    svg, texte = dessins.circuit(ANNUAIRE.marches["2026-TVX-051"], ANNUAIRE, AU)
    assert "stroke-dasharray" in svg
    assert "à confirmer avec votre acheteur" in svg
    assert texte.count("à confirmer avec votre acheteur") == 2


def test_la_cascade_part_des_travaux_et_arrive_a_la_somme_a_payer() -> None:
    calcule = decompte()
    svg, texte = dessins.cascade(calcule)
    lus = [_montant(m) for m in re.findall(r"[:−][ \u00a0]([\d\u202f]+,\d\d)\u00a0€", texte)]
    assert texte.index("Travaux faits") < texte.index("À payer")
    marche, faits, *retires, paye = lus
    assert (marche, faits, paye) == (calcule.marche.montant_ttc, calcule.etat.ttc, calcule.a_payer)
    assert faits - sum(retires) == paye
    assert format_euros(calcule.a_payer) in svg


def _montant(texte: str) -> Decimal:
    return Decimal(texte.replace("\u202f", "").replace(",", "."))


@pytest.mark.parametrize("cumul", ["30000.00", "20000.00", "6000.00"])
def test_un_mois_sans_rien_a_payer_se_dessine_aussi(cumul: str) -> None:
    svg, texte = dessins.cascade(decompte(cumul))
    barres = [
        (float(x), float(large)) for x, large in re.findall(r'<rect x="([-\d.]+)" y="\d+" width="([-\d.]+)"', svg)
    ]
    axe = float(re.search(r'<line x1="([\d.]+)"', svg)[1])  # type: ignore[index]
    assert len(barres) > 3
    assert min(x for x, _ in barres) >= axe - 1
    assert min(large for _, large in barres) > 0
    assert "dépasse ce qui est dû" in texte
    assert "À payer, TTC\u00a0: 0,00\u00a0€" in texte


def test_la_frise_dit_le_retard_en_mots_et_echappe_ce_qu_on_lui_donne() -> None:
    svg, texte = dessins.frise(en_retard())
    assert "dépassée de 15 jours" in svg
    assert "dépassée de 15 jours" in texte
    assert "<b>" not in svg
