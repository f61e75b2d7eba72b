"""The command that serves a class: what it says, how it stops, and what a brutal stop loses (nothing acknowledged)."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import resources
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
from classe_essai import ELECTRICIEN, facture

from facturier.cli.commandes import facturier
from facturier.cli.peau import executer
from facturier.portail import Annuaire, Ouverture, Portail
from facturier.registre import RegistreClasse

COMMANDE = "from facturier.cli import main; main()"


@contextmanager
def servi(base: Path, *mots: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    processus = subprocess.Popen(
        [sys.executable, "-c", COMMANDE, "portail", "--json", "--port", "0", "--base", str(base), *mots],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    try:
        assert processus.stdout is not None
        lignes = []
        for ligne in processus.stdout:
            lignes.append(ligne)
            if ligne.rstrip() == "}":
                break
        else:
            assert processus.stderr is not None
            pytest.fail("".join(lignes) + processus.stderr.read())
        yield processus, json.loads("".join(lignes))
    finally:
        processus.kill()
        processus.communicate(timeout=20)


def entrer(client: httpx.Client, code: str, prenom: str) -> dict[str, str]:
    inscrit = client.post("/api/v1/rejoindre", json={"code": code, "prenom": prenom}).json()
    return {"Authorization": f"Bearer {inscrit['jeton']}"}


def geste(numero: str) -> dict[str, Any]:
    return {"role": "fournisseur", "structure": ELECTRICIEN, "action": "deposer", "donnees": facture(numero)}


@pytest.mark.parametrize("comment", [signal.SIGINT, signal.SIGTERM])
def test_la_commande_dit_ou_aller_et_s_arrete_proprement(tmp_path: Path, comment: signal.Signals) -> None:
    seance = Path(__file__).resolve().parents[2] / "data/sessions/exemple.toml"
    base = tmp_path / "classe.sqlite"
    with servi(base, "--seance", str(seance), "--situation", "nettoyage_public") as (processus, dit):
        schema = json.loads(
            resources.files("facturier.cli").joinpath("schemas/documents.schema.json").read_text("utf-8")
        )
        jsonschema.validate(dit, {**schema["$defs"]["portail"], "$defs": schema["$defs"]})
        with httpx.Client(base_url=dit["adresse"], trust_env=False) as client:
            lea = entrer(client, dit["code"], "Léa")
            assert client.get("/api/v1/moi", headers=lea).json()["pseudonyme"] == "lea"
            recit = client.get("/api/v1/espaces/solo-lea/recit", headers=lea).json()
            assert recit["code"] == "nettoyage_public"
            assert client.get(dit["animateur"]).status_code == 303
        processus.send_signal(comment)
        _, erreurs = processus.communicate(timeout=20)
        assert processus.returncode in (0, -signal.SIGTERM)
        assert erreurs == ""
    with RegistreClasse.fichier(base) as registre:
        assert [p.participant for p in registre.presences()] == ["lea"]


@pytest.mark.parametrize("arrets", [2, pytest.param(50, marks=pytest.mark.endurance)])
def test_un_arret_brutal_ne_perd_rien_d_acquitte_et_ne_laisse_rien_a_moitie(tmp_path: Path, arrets: int) -> None:
    base, hasard = tmp_path / "classe.sqlite", random.Random(20261124)
    acquittes: dict[str, set[str]] = {}
    for tour in range(arrets):
        with servi(base) as (processus, dit):

            def deposer(qui: str, adresse: str = dit["adresse"], code: str = dit["code"], tour: int = tour) -> None:
                with httpx.Client(base_url=adresse, trust_env=False) as client, suppress(httpx.HTTPError):
                    lea = entrer(client, code, f"{qui} {chr(97 + tour // 26)}{chr(97 + tour % 26)}")
                    espace = client.get("/api/v1/moi", headers=lea).json()["solo"]
                    acquittes[espace] = set()
                    for n in range(10_000):
                        reponse = client.post(f"/api/v1/espaces/{espace}/actes", json=geste(f"F{n}"), headers=lea)
                        assert reponse.status_code == 200
                        acquittes[espace].add(f"F{n}")

            fils = [threading.Thread(target=deposer, args=(qui,)) for qui in ("Ada", "Bea", "Cid")]
            for fil in fils:
                fil.start()
            fils[0].join(hasard.uniform(0.4, 1.2))
            processus.kill()
            for fil in fils:
                fil.join()
    assert sum(map(len, acquittes.values())) > 0
    with RegistreClasse.fichier(base) as registre:
        ouvertures = dict(registre.espaces())
        for espace, numeros in acquittes.items():
            journal = registre.lire(espace)
            portail = Portail.rejouer(journal, Annuaire.charger(), ouverture=Ouverture.depuis_json(ouvertures[espace]))
            presents = [piece.numero for piece in portail.pieces()]
            assert numeros <= set(presents)
            assert len(presents) == len(set(presents))
            assert portail.longueur == len(journal), "aucun geste n’est là sans ce qui le suit"


def test_un_port_deja_pris_est_dit_en_une_phrase(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as occupe:
        occupe.bind(("127.0.0.1", 0))
        occupe.listen()
        port = str(occupe.getsockname()[1])
        sortie = executer(facturier, ["portail", "--port", port, "--base", str(tmp_path / "b.sqlite")])
    assert sortie == 2
    assert "déjà pris" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("mots", "phrase"),
    [
        (["--base", "inconnu://x"], "adresse"),
        (["--seance", "/nulle/part.toml"], "n’existe pas"),
        (["--marche", "INCONNU"], "marché"),
        (["--situation", "ailleurs"], "Situation inconnue"),
        (["--certificat", "/nulle/part.pem"], "vont ensemble"),
        (["--certificat", "/nulle/part.pem", "--cle", "/nulle/part.pem"], "certificat"),
        (["--port", "99999"], "ne peut pas s’ouvrir"),
        (["--hote", "203.0.113.77"], "ne peut pas s’ouvrir"),
    ],
)
def test_un_mauvais_reglage_est_dit_en_une_phrase(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], mots: list[str], phrase: str
) -> None:
    assert executer(facturier, ["portail", "--port", "0", "--base", str(tmp_path / "b.sqlite"), *mots]) == 2
    dit = capsys.readouterr().err
    assert phrase in dit
    assert "Traceback" not in dit
