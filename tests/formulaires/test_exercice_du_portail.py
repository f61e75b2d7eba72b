"""A drawn situation in a notebook: told, kept with its seed, played by the deposit form, started again alike."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from facturier.annuaire import Annuaire
from facturier.demo import jeu
from facturier.demo.personnages import Personnage
from facturier.erreurs import ErreurFacturier
from facturier.evaluation.bareme import Exercice
from facturier.evaluation.jugement import juger
from facturier.evaluation.reponses import chemin_annexe, lire_annexe
from facturier.formulaires.exercice import ECRANS, preparer
from facturier.formulaires.memoire import Memoire
from facturier.formulaires.modele import ModeleFormulaire
from facturier.formulaires.rendu import _etat
from facturier.situations import commencer, raconter, tirer

CARNET = "essai/exercices"
ENONCE = {"id": "nettoyage", "genre": "portail", "titre": "Essai", "parametres": {}, "situation": "nettoyage_public"}


@pytest.fixture
def ouvrir(tmp_path: Path) -> Callable[[], Memoire]:
    """The notebook's memory, as each new kernel finds it."""
    jetons, graines, secondes = itertools.count(), itertools.count(), itertools.count()
    debut = datetime(2026, 11, 24, 10, 0, tzinfo=timezone(timedelta(hours=1)))
    chemin = tmp_path / "exercices.ipynb"
    chemin.write_text('{"cells": []}', encoding="utf-8")
    return lambda: Memoire(
        CARNET,
        chemin,
        horloge=lambda: debut + timedelta(seconds=next(secondes)),
        jeton=lambda: f"{next(jetons):08x}",
        graine=lambda: f"g{next(graines)}",
    )


def formulaire(memoire: Memoire) -> ModeleFormulaire:
    page, modele = preparer(ENONCE, memoire)
    assert page is not None
    assert modele is not None
    return modele


def test_la_graine_est_tiree_une_fois_et_gardee_aussitot(ouvrir: Callable[[], Memoire], tmp_path: Path) -> None:
    assert ouvrir().graine("nettoyage") == "g0"
    assert lire_annexe(chemin_annexe(tmp_path / "exercices.ipynb"))[0]["nettoyage"].graine == "g0"
    memoire = ouvrir()
    assert memoire.graine("nettoyage") == "g0"
    assert memoire.graine("autre") == "g1"
    memoire.enregistrer("nettoyage", {"cadre": "A1"}, ())
    memoire.oublier(("nettoyage",))
    assert ouvrir().graine("nettoyage") == "g0"


def test_sans_rien_dire_chaque_espace_tire_la_sienne(tmp_path: Path) -> None:
    graines = {Memoire(CARNET, tmp_path / f"{n}.ipynb").graine("nettoyage") for n in range(20)}
    assert len(graines) == 20


def test_le_recit_est_montre_puis_le_formulaire_depose_et_le_journal_est_note(ouvrir: Callable[[], Memoire]) -> None:
    memoire = ouvrir()
    page, modele = preparer(ENONCE, memoire)
    assert page is not None
    assert modele is not None
    situation = tirer("nettoyage_public", "g0", Annuaire.charger())
    assert situation.recit.valeurs["numero"] in page[0]
    assert _etat(ENONCE, memoire.reponses["nettoyage"])[0] == "à faire"
    for champ, texte in situation.saisie[0].champs.items():
        modele.changer(champ, texte)
    assert _etat(ENONCE, memoire.reponses["nettoyage"])[0] == "commencé"
    assert modele.envoyer(), modele.statut
    repris = formulaire(ouvrir())
    assert repris.envoyee == situation.recit.valeurs["numero"]
    gardee = ouvrir().reponses["nettoyage"]
    assert gardee.graine == "g0"
    assert _etat(ENONCE, gardee) == ("fait", "facture envoyée")
    exercice = exercice_de("nettoyage_public", "facture_conforme_a_la_situation", "depot_a_temps")
    assert juger(exercice, gardee).points == 2


def test_recommencer_garde_la_meme_situation(ouvrir: Callable[[], Memoire]) -> None:
    memoire = ouvrir()
    modele = formulaire(memoire)
    modele.changer("cadre", "A1")
    memoire.oublier(("nettoyage",))
    modele.repartir()
    assert modele.pieces == []
    assert memoire.graine("nettoyage") == "g0"


def test_une_situation_qu_aucun_formulaire_ne_joue_est_racontee(ouvrir: Callable[[], Memoire]) -> None:
    memoire = ouvrir()
    enonce = {**ENONCE, "situation": "facture_suspendue"}
    page, modele = preparer(enonce, memoire)
    assert modele is None
    assert page is not None
    assert ECRANS in page[0]
    assert "<strong>suspendue</strong>" in page[0]
    recit = raconter("facture_suspendue", memoire.graine("nettoyage"))
    avant = tuple(dict(e) for e in commencer(recit, Annuaire.charger()).journal)
    memoire.enregistrer("nettoyage", {}, avant)
    assert _etat(enonce, memoire.reponses["nettoyage"])[0] == "à faire"


@pytest.mark.parametrize("enonce", [{**ENONCE, "situation": "ailleurs"}, {**ENONCE, "genre": "quiz"}])
def test_un_exercice_qui_n_est_pas_du_portail_est_refuse(
    ouvrir: Callable[[], Memoire], enonce: dict[str, object]
) -> None:
    with pytest.raises(ErreurFacturier):
        preparer(enonce, ouvrir())


def exercice_de(situation: str, *criteres: str) -> Exercice:
    from decimal import Decimal

    from facturier.evaluation.bareme import Critere

    demandes = tuple(Critere(c, c, Decimal(1), c, "portail", (), "", "") for c in criteres)
    points = Decimal(len(criteres))
    return Exercice("essai", "nettoyage", "portail", "Essai", "O3", points, {}, criteres=demandes, situation=situation)


@pytest.mark.parametrize(("envoie", "statut"), [(True, "fait"), (False, "non_repondu")])
def test_la_classe_jouee_sait_jouer_une_situation(ouvrir: Callable[[], Memoire], envoie: bool, statut: str) -> None:
    memoire, exercice = ouvrir(), exercice_de("facture_a_recycler", "facture_recyclee", "service_de_la_situation")
    qui = Personnage("ama", entree=0, sortie=0, envoie=envoie)
    jeu._jouer_la_situation(qui, exercice, memoire, lambda: datetime(2026, 12, 3, 9, 0))
    jugement = juger(exercice, memoire.reponses["nettoyage"])
    assert jugement.statut == statut
    assert jugement.points == (2 if envoie else None)
