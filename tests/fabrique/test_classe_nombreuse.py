"""Sixty learners at once: nobody is lost, nobody is mixed up with a neighbour, nobody waits for ever."""

from __future__ import annotations

from pathlib import Path

import pytest
from rendus_de_classe import CHAPITRES, QUIZ_PARFAIT, Classe, journal_de_depot

from facturier.fabrique.correction import noter

APPRENANTS = 60


@pytest.mark.endurance
def test_soixante_apprenants_recoivent_chacun_leur_note(classe: Classe, tmp_path: Path) -> None:
    for rang in range(APPRENANTS):
        nom = f"apprenant-{rang:02d}"
        classe.rend(nom, classe.quiz({**QUIZ_PARFAIT, "q_nombre": "37" if rang % 2 else "0"}), "quiz_entree.ipynb")
        classe.rend(nom, classe.calcul("1481.47" if rang % 3 else "0"), "calcul.ipynb")
        classe.rend(nom, classe.depot(journal_de_depot()), "depot.ipynb")
    resultats = noter(classe.rendus, tmp_path / "notes", sources=CHAPITRES)
    assert [a.id for a in resultats.apprenants] == [f"apprenant-{rang:02d}" for rang in range(APPRENANTS)]
    for rang, apprenant in enumerate(resultats.apprenants):
        assert apprenant.statut == "ok", apprenant.problemes
        obtenus = {slug: float(note.points or 0) for slug, note in apprenant.chapitres.items()}
        assert obtenus == {"quiz_entree": 3 if rang % 2 else 2, "calcul": 2 if rang % 3 else 0, "depot": 2.5}
