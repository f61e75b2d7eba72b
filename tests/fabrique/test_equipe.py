"""The workers: one that loops or dies harms only its own task."""

from __future__ import annotations

import os
import time

import pytest

from facturier.erreurs import ErreurFacturier
from facturier.fabrique.equipe import Echec, repartir


def travail(tache: str) -> str:
    if tache == "boucle":
        while True:
            time.sleep(0.01)
    if tache == "mort":
        os._exit(9)
    if tache == "refus":
        raise ErreurFacturier("Refusé.")
    if tache == "erreur":
        raise RuntimeError("x")
    print("bavard")
    return tache.upper()


def test_une_tache_bloquee_ou_morte_ne_retient_pas_les_autres(capfd: pytest.CaptureFixture[str]) -> None:
    taches = ["a", "boucle", "b", "mort", "refus", "c", "erreur", "d"]
    resultats = dict(repartir(travail, taches, delai=6))
    assert [resultats[i] for i in (0, 2, 5, 7)] == ["A", "B", "C", "D"]
    assert resultats[1] == Echec("La correction n’a pas abouti en 6 secondes.")
    assert resultats[3] == Echec("La correction s’est arrêtée brutalement.")
    assert resultats[4] == Echec("Refusé.")
    assert resultats[6].phrase.startswith("Erreur inattendue")
    assert "bavard" not in capfd.readouterr().out


def test_sans_tache_personne_nest_embauche() -> None:
    assert list(repartir(travail, [])) == []
