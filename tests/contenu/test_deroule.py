"""The day's run sheet: chapters and times without notebook fill each half-day, in order, and the guide says it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from facturier import contenu
from facturier.erreurs import ErreurFacturier
from facturier.fabrique.couverture import Couverture
from facturier.fabrique.deroule import DEBUT, DEMI_JOURNEES, FIN, deroule, guide, table
from facturier.fabrique.minutes import effort

SOURCE = contenu.racine() / "source"
DEMI_JOURNEE = 210
MOMENTS = ("avant la séance", *DEMI_JOURNEES)
JOURNEE = deroule()


@pytest.mark.parametrize("moment", DEMI_JOURNEES)
def test_une_demi_journee_fait_trois_heures_et_demie(moment: str) -> None:
    temps = {f"{t.ordre} {t.titre}": t.duree for t in JOURNEE if t.moment == moment}
    assert sum(temps.values()) == DEMI_JOURNEE, temps


def test_les_temps_de_la_journee_se_suivent_sans_se_disputer_une_place() -> None:
    ordres = [temps.ordre for temps in JOURNEE]
    assert len(set(ordres)) == len(ordres), JOURNEE
    rangs = [MOMENTS.index(temps.moment) for temps in JOURNEE]
    assert rangs == sorted(rangs), JOURNEE


def test_l_accueil_seul_precede_la_seance() -> None:
    assert [t.chapitre.slug for t in JOURNEE if t.moment == MOMENTS[0] and t.chapitre] == ["accueil"]


def test_le_deroule_dit_l_heure_de_chaque_temps_de_la_journee() -> None:
    lignes = [ligne.strip("| ").split(" | ") for ligne in table(JOURNEE).splitlines()[2:]]
    assert [ligne[2].strip("*") for ligne in lignes] == [temps.titre for temps in JOURNEE]
    heures = {ligne[2]: ligne[0] for ligne in lignes}
    assert heures["Accueil"] == "avant"
    assert heures["*Tour de table*"] == "9 h 00"
    assert heures["*Reprise*"] == "13 h 30"
    assert heures["Quiz de sortie"] == "16 h 30"
    longue = [replace(t, duree=t.duree + 5) if t.titre == "Tour de table" else t for t in JOURNEE]
    assert "| 9 h 20 | 15 | Quiz d’entrée" in table(longue)


def test_le_guide_garde_tout_ce_qui_entoure_son_deroule() -> None:
    texte = f"Avant.\n\n{DEBUT}\nancien\n{FIN}\n\nAprès.\n"
    refait = guide(texte, JOURNEE)
    assert refait.startswith("Avant.\n\n")
    assert refait.endswith(f"{FIN}\n\nAprès.\n")
    assert "ancien" not in refait
    assert guide(refait, JOURNEE) == refait
    for abime in ("Sans repère.", f"{FIN}{DEBUT}", texte + DEBUT + FIN):
        with pytest.raises(ErreurFacturier, match="repères"):
            guide(abime, JOURNEE)


def test_un_deroule_illisible_se_dit(tmp_path: Path) -> None:
    (tmp_path / "deroule.toml").write_text('[[carte]]\ntitre = "Pause"\n', encoding="utf-8")
    with pytest.raises(ErreurFacturier, match=r"deroule\.toml"):
        deroule(tmp_path)


COURS = Couverture.lire()
EFFORTS = {c: effort(c, COURS.exercices.get(c.slug, ())) for c in COURS.chapitres}


@pytest.mark.parametrize("chapitre", EFFORTS, ids=lambda c: c.slug)
def test_ce_qu_un_chapitre_demande_laisse_du_temps_pour_echanger(chapitre: contenu.Chapitre) -> None:
    """A third of its card at least is left over by who reads, types and thinks without ever going back."""
    demande = EFFORTS[chapitre]
    assert demande.mots
    assert demande.minutes * 3 <= chapitre.duree * 2, demande


def test_un_exercice_facultatif_et_ce_qui_va_plus_loin_ne_comptent_pas() -> None:
    suivi = next(c for c in COURS.chapitres if c.slug == "suivi")
    exercices = COURS.exercices["suivi"]
    obligatoires = [replace(e, facultatif=False) for e in exercices]
    assert effort(suivi, obligatoires).champs > EFFORTS[suivi].champs + 10  # the invoice to be made again
    lus = len(suivi.lecon.read_text("utf-8").split("## Pour aller plus loin")[0].split())
    assert EFFORTS[suivi].mots > lus / 2
