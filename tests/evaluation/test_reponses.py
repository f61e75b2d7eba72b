"""Les réponses sont des données : relues strictement, jamais crues sur parole."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facturier.evaluation.reponses import (
    MIME,
    Reponse,
    ReponseAlteree,
    ReponseIllisible,
    charger_json,
    chemin_annexe,
    ecrire_annexe,
    lire_annexe,
    lire_miroirs,
    reunir,
)


def reponse(**changes: Any) -> Reponse:
    base: dict[str, Any] = {
        "carnet": "sans_moe/exercices",
        "formulaire": "depot_sans_moe",
        "valeurs": {"montant_ht": "1 234,56", "choix": ["a", "b"]},
        "journal": ({"n": 1, "action": "deposer", "donnees": {"cadre": "A1"}},),
        "lignee": "abcd",
        "revision": 3,
        "horodatage": "2026-11-24T10:42:00+01:00",
    }
    return Reponse(**{**base, **changes})


def carnet_avec(*contenus: Any) -> dict[str, Any]:
    sorties = [{"output_type": "display_data", "data": {MIME: c, "text/plain": "ok"}} for c in contenus]
    return {"cells": [{"cell_type": "markdown"}, {"cell_type": "code", "outputs": sorties}], "nbformat": 4}


texte = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(st.dictionaries(texte, texte | st.lists(texte, max_size=4), max_size=6), st.integers(0, 9999))
def test_une_reponse_ecrite_se_relit_a_l_identique(valeurs: dict[str, Any], revision: int) -> None:
    ecrite = reponse(valeurs=valeurs, revision=revision)
    assert Reponse.depuis_json(json.loads(json.dumps(ecrite.en_json()))) == ecrite


@pytest.mark.parametrize(
    "abime",
    [
        None,
        [],
        "texte",
        {},
        {"schema": 2},
        {"schema": True},
        {"revision": "3"},
        {"revision": -1},
        {"revision": True},
        {"revision": 1.0},
        {"horodatage": "hier"},
        {"horodatage": 12},
        {"horodatage": "9999-12-31T23:59:59-14:00"},
        {"carnet": None},
        {"carnet": "x" * 300},
        {"valeurs": []},
        {"valeurs": {"a": 1}},
        {"valeurs": {"a": None}},
        {"valeurs": {"a": {"b": "c"}}},
        {"valeurs": {"a": ["b", 3]}},
        {"valeurs": {"a": "x" * 30_000}},
        {"valeurs": {f"c{i}": "" for i in range(500)}},
        {"valeurs": {f"c{i}": "x" * 19_000 for i in range(30)}},
        {"valeurs": {"a": "\ud800"}},
        {"journal": {}},
        {"journal": ["deposer"]},
        {"journal": [{"a": float("nan")}]},
        {"journal": [{}] * 2_000},
        {"journal": [{"a": {"a": {"a": {"a": {"a": {"a": {"a": 1}}}}}}}]},
        {"lignee": "x" * 5_000},
        {"en_trop": 1},
    ],
)
def test_une_reponse_hostile_est_refusee_en_une_phrase(abime: Any) -> None:
    obj: Any = {**reponse().en_json(), **abime} if isinstance(abime, dict) and abime else abime
    with pytest.raises(ReponseIllisible) as refus:
        Reponse.depuis_json(obj)
    assert refus.value.phrase.endswith((".", "apprenant."))


def test_un_mot_change_hors_du_kit_se_voit() -> None:
    obj = copy.deepcopy(reponse().en_json())
    obj["valeurs"]["montant_ht"] = "9 999,00"
    with pytest.raises(ReponseAlteree, match="modifiée hors du kit"):
        Reponse.depuis_json(obj)


def test_une_reponse_trop_grosse_ne_s_ecrit_pas() -> None:
    with pytest.raises(ReponseIllisible, match="256 Kio"):
        reponse(valeurs={f"c{i}": "x" * 10_000 for i in range(30)}).en_json()


def test_l_annexe_se_relit_et_ne_laisse_aucun_fichier_temporaire(tmp_path: Path) -> None:
    path = chemin_annexe(tmp_path / "exercices.ipynb")
    assert path == tmp_path / "reponses" / "exercices.json"
    assert lire_annexe(path) == ({}, [])
    ecrire_annexe(path, "sans_moe/exercices", {"depot_sans_moe": reponse()})
    assert lire_annexe(path) == ({"depot_sans_moe": reponse()}, [])
    assert [p.name for p in path.parent.iterdir()] == ["exercices.json"]
    assert json.loads(path.read_text("utf-8"))["carnet"] == "sans_moe/exercices"


@pytest.mark.parametrize(
    "contenu",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"schema": 1}',
        b'{"schema": 1, "formulaires": []}',
        b'{"schema": 1, "schema": 1, "formulaires": {}}',
        b'{"schema": NaN, "formulaires": {}}',
        b"\xff\xfe{}",
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b'{"schema": 1, "formulaires": {"x": {"schema": 1}}}',
        b" " * (9 * 1024 * 1024),
        b'{"schema": ' + b"9" * 10_000 + b"}",
    ],
)
def test_une_annexe_abimee_est_dite_et_ne_donne_aucune_reponse(tmp_path: Path, contenu: bytes) -> None:
    path = tmp_path / "exercices.json"
    path.write_bytes(contenu)
    reponses, problemes = lire_annexe(path)
    assert reponses == {}
    assert len(problemes) == 1


def test_une_annexe_a_moitie_abimee_garde_la_moitie_saine(tmp_path: Path) -> None:
    path = tmp_path / "exercices.json"
    bonne = reponse()
    formulaires = {"depot_sans_moe": bonne.en_json(), "autre": bonne.en_json(), "vide": {}}
    path.write_text(json.dumps({"schema": 1, "carnet": "x", "formulaires": formulaires}), "utf-8")
    reponses, problemes = lire_annexe(path)
    assert reponses == {"depot_sans_moe": bonne}
    assert len(problemes) == 2


def test_un_lien_n_est_pas_suivi(tmp_path: Path) -> None:
    ailleurs = tmp_path / "secret.json"
    ecrire_annexe(ailleurs, "x", {"depot_sans_moe": reponse()})
    lien = tmp_path / "exercices.json"
    lien.symlink_to(ailleurs)
    reponses, problemes = lire_annexe(lien)
    assert reponses == {}
    assert "fichier ordinaire" in problemes[0]
    with pytest.raises(ReponseIllisible):
        charger_json(tmp_path, 10)


def test_le_miroir_du_carnet_se_relit() -> None:
    assert lire_miroirs(carnet_avec(reponse().en_json())) == ({"depot_sans_moe": reponse()}, [])


@pytest.mark.parametrize(
    "carnet", [None, [], {}, {"cells": None}, {"cells": [None, 3, {"outputs": 1}, {"outputs": [None, {"data": []}]}]}]
)
def test_un_carnet_sans_miroir_ne_donne_rien(carnet: Any) -> None:
    assert lire_miroirs(carnet) == ({}, [])


def test_un_miroir_abime_est_dit() -> None:
    reponses, problemes = lire_miroirs(carnet_avec({"schema": 1}, reponse().en_json()))
    assert list(reponses) == ["depot_sans_moe"]
    assert len(problemes) == 1


def test_une_cellule_dupliquee_garde_la_reponse_la_plus_recente() -> None:
    rivale = reponse(lignee="zzzz", horodatage="2026-11-24T11:00:00+01:00", valeurs={"montant_ht": "2"})
    reponses, problemes = lire_miroirs(carnet_avec(reponse().en_json(), rivale.en_json()))
    assert reponses == {"depot_sans_moe": rivale}
    assert "deux réponses différentes" in problemes[0]


@pytest.mark.parametrize(
    ("changes", "gagne", "conflit"),
    [
        # même lignée : la révision la plus haute, même si l’horloge a reculé
        ({"revision": 4, "horodatage": "2020-01-01T00:00:00"}, "b", False),
        ({"revision": 2, "horodatage": "2030-01-01T00:00:00"}, "a", False),
        # reprise de la révision 3 par une autre session
        ({"lignee": "abcd.3-ffff", "revision": 4}, "b", False),
        ({"lignee": "abcd.3-ffff.6-eeee", "revision": 9}, "b", False),
        # reprise d’une révision antérieure : les deux copies ont continué, chacune de son côté
        ({"lignee": "abcd.2-ffff", "revision": 9, "horodatage": "2026-11-24T11:00:00+01:00"}, "b", True),
        ({"lignee": "abcd.2-ffff", "revision": 9, "horodatage": "2026-11-24T09:00:00+01:00"}, "a", True),
        # lignées étrangères
        ({"lignee": "zzzz", "horodatage": "2026-11-24T10:41:00+00:00"}, "b", True),
        ({"lignee": "zzzz", "horodatage": "2026-11-24T09:00:00+00:00"}, "a", True),
        ({"lignee": "abcdz", "revision": 9, "horodatage": "2026-11-24T09:00:00+00:00"}, "a", True),
    ],
)
def test_la_plus_recente_l_emporte_et_le_conflit_est_rendu(changes: dict[str, Any], gagne: str, conflit: bool) -> None:
    a, b = reponse(), reponse(valeurs={"montant_ht": "autre"}, **changes)
    gagnante, perdante = (a, b) if gagne == "a" else (b, a)
    for paire in ((a, b), (b, a)):
        assert reunir(*paire) == (gagnante, perdante if conflit else None)


def test_deux_copies_de_meme_contenu_ne_sont_pas_en_conflit() -> None:
    a, b = reponse(), reponse(lignee="zzzz", revision=8)
    assert reunir(a, b)[1] is None
