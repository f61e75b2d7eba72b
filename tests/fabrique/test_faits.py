"""The facts that texts call: as they stand on a day, refused when no row holds them, never typed by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from facturier import referentiel
from facturier.erreurs import ErreurFacturier
from facturier.fabrique.carnets import Source, carnet_lecon
from facturier.fabrique.faits import REFERENCE, a_la_main, rediger

SOURCE = Path(__file__).resolve().parents[2] / "source"
TEXTES = sorted(SOURCE.glob("*/lecon.md")) + sorted(SOURCE.glob("*/exercices.md"))


@pytest.mark.parametrize(
    ("appel", "attendu"),
    [
        ('delai("paiement-sante")', "50\u00a0jours"),
        ('delai("indemnite-forfaitaire")', "40\u00a0€"),
        ('delai("avance-seuil")', "50\u202f000\u00a0€"),
        ('delai("retenue-garantie")', "5\u00a0%"),
        ('delai("acompte-periodicite-pme")', "1\u00a0mois"),
        ('delai("avance-pme-collectivites")', "10\u00a0% (point à vérifier)"),
        ('limite("numero_facture_b2g")', "20\u00a0caractères"),
        ('texte("paiement-avant-execution")', "CCP, articles R2192-12 à R2192-15"),
        ('texte("moe-etat-acompte")', "CCAG-Travaux 2021, article 12.2.2"),
        ('article("CCP D2192-2")', "CCP, article D2192-2"),
        ('article("DSE FE Chorus Pro v1.0 §3.2.1.4")', "spécifications Chorus Pro v1.0, §3.2.1.4"),
        ('le("reforme-emission-pme")', "1er\u00a0septembre 2027"),
        ('statut("A_RECYCLER")', "À recycler"),
        ("interets()", "10,40\u00a0%"),
        ('annonce("arret-recyclage")', "30\u00a0avril 2026"),
        ("aujourd_hui", "24\u00a0novembre 2026"),
    ],
)
def test_un_fait_se_dit_comme_on_l_ecrit(appel: str, attendu: str) -> None:
    assert rediger("{{ " + appel + " }}", REFERENCE, "essai") == attendu


@pytest.mark.parametrize(
    "appel", ['delai("zut")', 'article("CCP R9999-1")', 'article("CCP R2192-1")', "zut", 'source("X")']
)
def test_un_fait_qu_aucune_ligne_ne_porte_est_refuse_avec_le_nom_du_texte(appel: str) -> None:
    with pytest.raises(ErreurFacturier, match=r"essai/lecon\.md"):
        rediger("{{ " + appel + " }}", REFERENCE, "essai/lecon.md")


def test_un_taux_d_un_semestre_a_venir_se_dit_inconnu_et_a_qui_le_demander() -> None:
    assert "auprès de l’acheteur" in rediger("{{ interets() }}", date(2028, 1, 3), "essai")


def test_la_lecon_du_suivi_change_le_jour_ou_le_recyclage_s_arrete(monkeypatch: pytest.MonkeyPatch) -> None:
    texte = (SOURCE / "suivi" / "lecon.md").read_text(encoding="utf-8")
    arret = replace(referentiel.bascule("arret-recyclage"), effet=date(2027, 3, 1))
    monkeypatch.setattr(referentiel, "bascule", lambda code: {"arret-recyclage": arret}[code])
    veille, apres = (rediger(texte, jour, "suivi") for jour in (date(2027, 2, 28), date(2027, 3, 1)))
    assert "recycler, même numéro" in veille
    assert "recycler, même numéro" not in apres
    assert "Le recyclage des factures simples est arrêté" in apres
    assert "\n\n\n\n" not in apres


@pytest.mark.parametrize(
    ("jour", "dit"), [(date(2026, 8, 31), "avant"), (date(2026, 9, 1), "entre"), (date(2027, 9, 1), "après")]
)
def test_un_texte_change_avec_la_date_de_la_reforme(jour: date, dit: str, tmp_path: Path) -> None:
    lecon = tmp_path / "essai" / "lecon.md"
    lecon.parent.mkdir()
    lecon.write_text(
        "# Essai\n\n```python\nfrom facturier import lecon\n```\n\nCe jour :\n"
        '{% if au < effet("reforme-reception") %}\navant\n{% elif au < effet("reforme-emission-pme") %}\nentre\n'
        "{% else %}\naprès\n{% endif %}\n",
        encoding="utf-8",
    )
    fait = carnet_lecon(Source(lecon, "essai/lecon", jour))
    assert fait["cells"][-1]["source"].split() == ["Ce", "jour", ":", dit]


@pytest.mark.parametrize("texte", TEXTES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_aucun_montant_taux_delai_date_ni_article_n_est_tape_a_la_main(texte: Path) -> None:
    assert a_la_main(texte.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "phrase",
    [
        "Vous avez 30 jours.",
        "C’est 40\u00a0€ de plus.",
        "Le taux est de 10,40\u00a0%.",
        "Depuis le 1er septembre 2026.",
        "Lisez l’article 12.3.2.",
        "Voyez R2192-11.",
        "Voyez §4.2.",
        "Avant le 01/09/2027.",
        "20 caractères au plus.",
        "Une indemnité de quarante euros.",
        "L’acheteur a Trente jours pour payer.",
        "Il a une trentaine de jours.",
        "Le taux est de dix pour cent, ou de 10 pour cent.",
        "Voyez l’article L. 2192-10.",
        "Voyez R 2192-11.",
        "Depuis le premier septembre, ou septembre prochain.",
        "À partir de septembre 2027.",
        "Le décret n° 2026-677.",
        "La loi 2023-1322.",
        "Depuis le 2026-09-01.",
    ],
)
def test_ce_qui_est_tape_a_la_main_se_trouve(phrase: str) -> None:
    assert a_la_main(phrase)
    assert not a_la_main('Vous avez {{ delai("paiement-etat") }} ; la facture porte {{ exemple("40 €") }}.')
