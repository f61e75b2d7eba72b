"""The materials of a session: the same chapters, with what the session file says, byte for byte each time."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Literal

import pytest

from facturier import contenu
from facturier.erreurs import ErreurFacturier
from facturier.evaluation.graines import Graine
from facturier.evaluation.tirages import lire_banque
from facturier.fabrique import seances
from facturier.formulaires.espace import lire_enonces

RACINE = Path(__file__).resolve().parents[2]

EXEMPLE = contenu.racine() / "data/sessions/exemple.toml"
ID = "demo-2026-12-03"


@pytest.fixture(scope="module")
def seance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    sortie = tmp_path_factory.mktemp("sessions")
    seances.construire_seance(EXEMPLE, sortie)
    return sortie / ID


def test_l_accueil_porte_la_seance_et_rien_n_est_execute(seance: Path) -> None:
    carnet = json.loads((seance / "notebooks/00_accueil.ipynb").read_text(encoding="utf-8"))
    (parametres,) = (c for c in carnet["cells"] if c["metadata"].get("tags") == ["parameters"])
    valeurs: dict[str, str] = {}
    exec("".join(parametres["source"]), {}, valeurs)  # our own cell: three assignments
    assert valeurs["jour"] == "2026-12-03"
    assert valeurs["seance"].startswith("CHORUS")
    assert not any(c.get("outputs") for c in carnet["cells"])
    assert "papermill" not in json.dumps(carnet)


def test_tous_les_carnets_nomment_leur_session(seance: Path) -> None:
    carnets = sorted(seance.rglob("*.ipynb"))
    publies = [p for d in ("notebooks", "release") for p in (RACINE / d).rglob("*.ipynb")]
    assert len(carnets) == len(publies) > 7
    for carnet in carnets:
        assert json.loads(carnet.read_text(encoding="utf-8"))["metadata"]["facturier"]["session"] == ID


@pytest.mark.parametrize("forme", ["entree", "sortie"])
def test_les_quiz_sont_tires_pour_la_session(seance: Path, forme: Literal["entree", "sortie"]) -> None:
    (exercice,) = lire_enonces(seance / f"release/quiz_{forme}/enonces.json")["exercices"]
    assert exercice["graine"] == f"2026-12-03 {ID}"
    tires = lire_banque().forme(forme, Graine.lire(exercice["graine"]))
    assert exercice["items"] == [item.public() for item in tires]
    assert exercice["items"] != [item.public() for item in lire_banque().forme(forme, Graine())]


def test_le_manifeste_dit_l_empreinte_de_chaque_fichier(seance: Path) -> None:
    manifeste = json.loads((seance / "manifeste.json").read_text(encoding="utf-8"))
    trouves = {f.relative_to(seance).as_posix() for f in seance.rglob("*") if f.is_file()} - {"manifeste.json"}
    assert set(manifeste["fichiers"]) == trouves
    for nom, empreinte in manifeste["fichiers"].items():
        assert hashlib.sha256((seance / nom).read_bytes()).hexdigest() == empreinte


def test_deux_fabrications_donnent_les_memes_octets(seance: Path, tmp_path: Path) -> None:
    seances.construire_seance(EXEMPLE, tmp_path)
    for f in seance.rglob("*"):
        if f.is_file():
            assert (tmp_path / ID / f.relative_to(seance)).read_bytes() == f.read_bytes(), f


def test_un_parametre_que_la_session_ne_donne_pas_est_refuse(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    racine = tmp_path / "kit"
    (racine / "notebooks").mkdir(parents=True)
    texte = (contenu.racine() / "notebooks/00_accueil.ipynb").read_text(encoding="utf-8")
    (racine / "notebooks/00_accueil.ipynb").write_text(
        texte.replace('jour = \\"\\"', 'meteo = \\"\\"'), encoding="utf-8"
    )
    monkeypatch.setattr(contenu, "racine", lambda: racine)
    with pytest.raises(ErreurFacturier, match="meteo"):
        seances.construire_seance(EXEMPLE, tmp_path / "sortie")
    assert not (tmp_path / "sortie").exists()


def test_l_incident_du_cas_pratique_est_celui_que_le_formateur_choisit(seance: Path, tmp_path: Path) -> None:
    (libre,) = lire_enonces(seance / "release/cas_pratique/enonces.json")["exercices"]
    assert "variante" not in libre
    texte = EXEMPLE.read_text(encoding="utf-8").replace("[session]\n", '[session]\nincident = "silence"\n')
    fichier = tmp_path / "s.toml"
    fichier.write_text(texte, encoding="utf-8")
    enonces = seances._enonces(RACINE / "release/cas_pratique/enonces.json", Graine(), "silence")
    assert json.loads(enonces)["exercices"][0]["variante"] == "silence"
    fichier.write_text(texte.replace("silence", "tempete"), encoding="utf-8")
    with pytest.raises(ErreurFacturier, match=r"tempete.*choisissez parmi.: rejet, recyclage, suspension"):
        seances.construire_seance(fichier, tmp_path / "rien")
    assert not (tmp_path / "rien").exists()
