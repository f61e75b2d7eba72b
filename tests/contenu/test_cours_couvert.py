"""Objectives, chapters, exercises, items and frequent mistakes: nothing is left without the others."""

from __future__ import annotations

from dataclasses import replace

from facturier import referentiel
from facturier.fabrique.couverture import Couverture, page

COURS = Couverture.lire()


def test_rien_n_est_laisse_sans_rien() -> None:
    assert COURS.trous() == []


def test_un_trou_se_dit() -> None:
    sans_items = replace(COURS, gabarits=())
    assert "Objectif O1 : aucun item noté ne le sert." in sans_items.trous()
    seul = COURS.chapitres_de("O2")[0]
    amputee = replace(COURS, chapitres=tuple(c for c in COURS.chapitres if "O2" not in {o.ref for o in c.objectifs}))
    assert "Objectif O2 : aucun chapitre ne le sert." in amputee.trous()
    muette = replace(COURS, exercices={**COURS.exercices, seul.slug: ()})
    if seul.exercices is not None:
        assert any(trou.startswith(f"{seul.slug} : ") for trou in muette.trous())
    notees = {g.id for g in COURS.gabarits if "E42" in g.erreurs}
    assert notees
    sans_e42 = replace(COURS, gabarits=tuple(g for g in COURS.gabarits if g.id not in notees))
    assert ("Erreur E42 : personne ne la rencontre." in sans_e42.trous()) is ("E42" not in COURS.erreurs_citees)


def test_la_page_dit_tous_les_chapitres_et_toutes_les_erreurs() -> None:
    lue = page(COURS)
    assert all(f"| {c.titre} | {c.duree} min |" in lue for c in COURS.chapitres)
    assert all(f"| {e.code}" in lue for e in referentiel.erreurs())
