"""What a lesson shows of a works market: the circuit, the waterfall of a month; a situation to practise on."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from facturier.ecrans.rendu import BANDEAU
from facturier.erreurs import ErreurFacturier
from facturier.evaluation.reponses import chemin_annexe, lire_annexe
from facturier.formulaires.entrainement import entrainement
from facturier.formulaires.memoire import Memoire
from facturier.formulaires.porte import OUVRIR
from facturier.formulaires.travaux import circuit, decompte

ECOLE = "2026-TVX-033"
AU = date(2026, 11, 24)


def test_le_circuit_se_dessine_et_se_dit_en_toutes_lettres() -> None:
    html, dit = circuit(ECOLE, AU)
    assert dit.index("A4") < dit.index("A15") < dit.index("A19")
    assert dit.split(". ", 1)[1] in html
    assert "<svg" in html


def test_le_second_mois_paie_la_difference_retenue_deduite() -> None:
    _, premier = decompte(ECOLE, ["10000"])
    _, second = decompte(ECOLE, ["10000", "16 000,00"])
    assert "Acomptes précédents" not in premier
    assert premier.replace("\u202f", " ").replace("\u00a0", " ").endswith("À payer, TTC : 11 400,00 €.")
    assert second.replace("\u202f", " ").replace("\u00a0", " ").endswith("À payer, TTC : 6 840,00 €.")
    assert "« partielle »" in decompte(ECOLE, ["10000"])[0].replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("marche", "cumuls", "code"),
    [
        ("2026-XXX", ("1",), "marche-inconnu"),
        (ECOLE, (), "decompte-vide"),
        (ECOLE, ("dix mille",), None),
        ("2026-ENT-007", ("1",), "decompte-non-calculable"),
    ],
)
def test_ce_qui_ne_se_calcule_pas_se_dit_en_une_phrase(marche: str, cumuls: tuple[str, ...], code: str | None) -> None:
    with pytest.raises(ErreurFacturier) as refus:
        decompte(marche, cumuls)
    assert code in (None, refus.value.code)
    assert refus.value.phrase.endswith(".")


@pytest.fixture
def carnet(tmp_path: Path) -> Path:
    ecrit = tmp_path / "lecon.ipynb"
    ecrit.write_text('{"cells": []}', encoding="utf-8")
    return ecrit


def test_une_situation_d_entrainement_garde_son_tirage_a_part(carnet: Path) -> None:
    titre = entrainement("sous_traitant_travaux", Memoire("essai/lecon", carnet)).poste.recit
    gardees = lire_annexe(chemin_annexe(carnet))[0]
    assert list(gardees) == ["recit-sous_traitant_travaux"]
    assert entrainement("sous_traitant_travaux", Memoire("essai/lecon", carnet)).poste.recit == titre
    with pytest.raises(ErreurFacturier):
        entrainement("inconnue", Memoire("essai/lecon", carnet))
    assert list(lire_annexe(chemin_annexe(carnet))[0]) == ["recit-sous_traitant_travaux"]


def test_un_entrainement_attend_derriere_sa_porte_puis_se_rouvre_seul(carnet: Path) -> None:
    ferme = entrainement("sous_traitant_travaux", Memoire("essai/lecon", carnet), str)
    page = ferme.conversation.page()
    assert OUVRIR in page
    assert BANDEAU not in page
    assert "J’ai besoin d’aide" not in page
    ferme.repartir()
    assert not chemin_annexe(carnet).exists(), "rien n’est tiré ni gardé tant que personne n’entre"

    ouvert = ferme.conversation.repondre({"type": "agir", "geste": "entrer", "vue": ferme.conversation.vue})
    assert BANDEAU in ouvert["page"]
    assert "J’ai besoin d’aide" in ouvert["page"]
    assert OUVRIR not in ouvert["page"]
    assert ouvert["focus"].endswith("-titre")
    assert ouvert["neuf"]
    encore = entrainement("sous_traitant_travaux", Memoire("essai/lecon", carnet))
    assert OUVRIR in encore.conversation.page(), "entrer sans rien faire n’engage à rien"

    ferme.conversation.repondre({"type": "ouvrir", "ecran": "tableau_de_bord", "vue": ferme.conversation.vue})
    repris = entrainement("sous_traitant_travaux", Memoire("essai/lecon", carnet))
    assert BANDEAU in repris.conversation.page()
    assert repris.poste.lieu.ecran == "tableau_de_bord"
    ferme.repartir()
    assert ferme.poste.lieu.ecran == "recit"


def test_la_porte_dit_ce_qui_n_a_pas_pu_etre_relu(carnet: Path) -> None:
    entrainement("sous_traitant_travaux", Memoire("essai/lecon", carnet)).poste  # noqa: B018 going in keeps a draw
    chemin_annexe(carnet).write_text("{", encoding="utf-8")
    porte = entrainement("sous_traitant_travaux", Memoire("essai/lecon", carnet)).conversation
    assert OUVRIR in porte.page()
    assert porte.poste.statut is not None
    assert carnet.stem in porte.poste.statut.texte
