"""Draws from the bank: parallel forms for every session, nothing asked twice in a day, nothing uncertain."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from facturier import contenu
from facturier.erreurs import ErreurFacturier
from facturier.evaluation.bareme import Bareme, lire_bareme
from facturier.evaluation.graines import Graine
from facturier.evaluation.tirages import lire_banque

BANQUE = lire_banque()
GRILLE = {
    ("O1", 1): 2,
    ("O1", 2): 2,
    ("O1", 3): 1,
    ("O2", 1): 2,
    ("O2", 2): 1,
    ("O3", 1): 2,
    ("O3", 2): 1,
    ("O3", 3): 1,
}
SEANCES = [Graine(f"seance-{n}") for n in range(200)]


def test_les_deux_quiz_sont_paralleles_et_sans_rien_de_commun_pour_200_sessions() -> None:
    vus: Counter[str] = Counter()
    for graine in SEANCES:
        paires = BANQUE.paires(graine)
        entree, sortie = ([paire[rang] for paire in paires] for rang in (0, 1))
        assert Counter((g.objectif, g.niveau) for g in entree) == GRILLE
        assert [(g.objectif, g.niveau, g.genre) for g in entree] == [(g.objectif, g.niveau, g.genre) for g in sortie]
        assert len({g.fait for g in (*entree, *sortie)}) == 24
        assert all(g.fiabilite == "établi" for g in (*entree, *sortie))
        vus.update(g.id for g in (*entree, *sortie))
    assert len(vus) > 120
    assert max(vus.values()) < 150


def test_un_tirage_se_refait_a_l_identique_et_change_avec_la_session() -> None:
    une, autre = Graine("lyon-decembre"), Graine("brest-janvier")
    assert BANQUE.forme("entree", une) == BANQUE.forme("entree", Graine.lire(une.texte()))
    assert BANQUE.forme("entree", une) != BANQUE.forme("entree", autre)
    chiffres = {BANQUE.par_id["de_interets"].poser(g).attendu for g in SEANCES[:20]}
    assert len(chiffres) > 15


def test_un_choix_garde_son_identifiant_quand_ses_mots_suivent_le_droit() -> None:
    gabarit = BANQUE.par_id["qe_o1_taux_interets"]
    une, autre = (gabarit.poser(g) for g in SEANCES[:2])
    assert [c.id for c in une.choix] == [c.id for c in autre.choix]
    assert une.question != autre.question


def test_les_series_d_un_chapitre_evitent_les_quiz_du_jour() -> None:
    for graine in SEANCES[:40]:
        pris = {g.fait for paire in BANQUE.paires(graine) for g in paire}
        for chapitre in ("echeances", "avec_moe", "suivi"):
            serie = BANQUE.serie(chapitre, 4, graine)
            assert len(serie) == 4
            assert not {BANQUE.par_id[i.id].fait for i in serie} & pris
            assert [i.niveau for i in serie] == sorted(i.niveau for i in serie)


def test_un_fait_dont_la_valeur_n_est_pas_connue_ce_jour_la_ne_se_note_pas() -> None:
    avant = Graine("ancienne", date(2020, 6, 1))
    assert not BANQUE.par_id["ge_delai_final"].posable(avant.au)  # the CCAG of 2021 was not there
    assert BANQUE.par_id["ge_delai_final"].posable(date(2026, 11, 24))
    with pytest.raises(ErreurFacturier, match="n’existe pas à cette date"):
        BANQUE.par_id["ge_delai_final"].poser(avant)
    assert len(BANQUE.forme("sortie", Graine("plus-tard", date(2027, 9, 1)))) == 12


def test_une_serie_trop_longue_est_refusee() -> None:
    with pytest.raises(ErreurFacturier, match="n’a que 4 items"):
        BANQUE.serie("assistance", 40, Graine())


@pytest.mark.parametrize("texte", ["", "lyon", "2026-13-01 lyon", "2026-12-03 ../..", "2026-12-03  lyon"])
def test_ce_qui_n_est_pas_une_graine_est_refuse(texte: str) -> None:
    assert not Graine.est_une(texte) or texte.startswith("2026-13")
    with pytest.raises(ErreurFacturier, match="graine"):
        Graine.lire(texte)


def _entrainement(tmp_path: Path, tirage: str, objectif: str = "O1") -> Bareme:
    racine = tmp_path / "source"
    shutil.copytree(contenu.racine() / "source/banque", racine / "banque")
    shutil.copy(contenu.racine() / "source/formes.toml", racine)
    dossier = racine / "echeances"
    dossier.mkdir()
    (dossier / "chapitre.toml").write_text(
        'ordre = 30\ntitre = "Échéances"\nduree = 25\nmoment = "matin"\nprogramme = ["M2"]\n'
        f'objectifs = [{{ ref = "{objectif}", texte = "calculer une échéance" }}]\n',
        encoding="utf-8",
    )
    (dossier / "corrige.toml").write_text(
        f'[[exercice]]\nid = "serie"\ngenre = "quiz"\ntitre = "Pour s’exercer"\n{tirage}\n', encoding="utf-8"
    )
    return lire_bareme(contenu.chapitres(racine)[0], Graine("lyon"))


def test_un_chapitre_tire_sa_serie_et_la_retire_avec_une_autre_graine(tmp_path: Path) -> None:
    (exercice,) = _entrainement(tmp_path, 'tirage = { chapitre = "echeances", nombre = 5 }').exercices
    assert len(exercice.items) == exercice.points == 5
    assert exercice.public()["graine"] == "2026-11-24 lyon"
    autre = exercice.tire("2026-11-24 brest")
    assert autre.items != exercice.items
    assert autre.points == exercice.points
    assert exercice.tire(exercice.graine) is exercice


@pytest.mark.parametrize(
    ("tirage", "phrase"),
    [
        ('tirage = { forme = "milieu" }', "valeurs admises"),
        ('tirage = { chapitre = "echeances", nombre = 0 }', "entre 1 et 40"),
        ('tirage = { chapitre = "echeances" }', "entre 1 et 40"),
        ('tirage = { chapitre = "inconnu", nombre = 3 }', "n’a que 0 items"),
        ('tirage = "entree"', "doit être une table"),
        ('tirage = { forme = "entree", nombre = 3 }', "champ inconnu"),
    ],
)
def test_un_tirage_mal_ecrit_est_refuse(tmp_path: Path, tirage: str, phrase: str) -> None:
    with pytest.raises(ErreurFacturier) as refus:
        _entrainement(tmp_path, tirage)
    assert phrase in refus.value.phrase


def test_un_tirage_hors_des_objectifs_de_la_carte_est_refuse(tmp_path: Path) -> None:
    with pytest.raises(ErreurFacturier, match="évalue O1, que la carte"):
        _entrainement(tmp_path, 'tirage = { chapitre = "legislation", nombre = 3 }', objectif="O2")
