"""The learner's JupyterLab: alone on 127.0.0.1, discreet about its token, clear when it dies, gone when stopped."""

from __future__ import annotations

import json
import os
import socket
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from facturier.erreurs import ErreurFacturier, ErreurMoteur
from facturier.lanceur.espace import preparer_espace
from facturier.lanceur.preparation import preparer
from facturier.lanceur.reglages import Dossiers, environnement
from facturier.lanceur.serveur import Serveur


@pytest.fixture
def ephemere(kit: Path, tmp_path: Path) -> Iterator[Serveur]:
    with Serveur.demarrer(preparer_espace(tmp_path / "travail", kit=kit).dossier) as demarre:
        yield demarre


def test_il_n_ecoute_que_cette_machine_et_demande_le_jeton(serveur: Serveur) -> None:
    processus = _processus(serveur)
    assert {c.laddr.ip for c in processus.net_connections() if c.status == psutil.CONN_LISTEN} == {"127.0.0.1"}
    assert httpx.get(f"{serveur.url}api/contents", trust_env=False).status_code == 403


def test_le_jeton_n_est_ni_au_journal_ni_sur_la_ligne_de_commande(serveur: Serveur) -> None:
    httpx.get(serveur.adresse("absent.ipynb"), trust_env=False)
    httpx.get(f"{serveur.url}api/contents/absent?token={serveur.jeton}", trust_env=False)
    assert serveur.jeton not in serveur.dossiers.journal.read_text(encoding="utf-8")
    assert serveur.jeton not in " ".join(_processus(serveur).cmdline())
    if os.name != "nt":
        assert serveur.dossiers.racine.stat().st_mode & 0o077 == 0


def test_l_interface_est_en_francais_sans_nouvelles_ni_extension_de_formateur(serveur: Serveur) -> None:
    schemas = {r["id"]: r["schema"] for r in serveur._client.get("lab/api/settings").json()["settings"]}
    assert schemas["@jupyterlab/translation-extension:plugin"]["properties"]["locale"]["default"] == "fr_FR"
    assert schemas["@jupyterlab/apputils-extension:notification"]["properties"]["fetchNews"]["default"] == "false"
    page = serveur._client.get("lab").text
    config = json.loads(
        page.split('<script id="jupyter-config-data" type="application/json">')[1].split("</script>")[0]
    )
    assert config["disabledExtensions"].count("@jupyter/nbgrader") == 1
    assert "facturier-carnets" in [e["name"] for e in config["federated_extensions"]]
    assert config["news"] == {"disabled": True}, config["news"]


@pytest.mark.parametrize("adresse", ["voila/render/notebooks/absent.ipynb", "absente"])
def test_une_page_inconnue_se_dit_en_francais_et_ramene_au_debut(serveur: Serveur, adresse: str) -> None:
    refus = serveur._client.get(adresse)
    assert refus.status_code == 404
    assert "Cette page n’existe pas" in refus.text
    assert "Not Found" not in refus.text
    assert refus.text.startswith('<!doctype html>\n<html lang="fr">')
    assert 'href="/voila/render/notebooks/00_accueil.ipynb"' in refus.text


def test_un_second_lancement_retrouve_le_serveur_deja_ouvert(serveur: Serveur, tmp_path: Path) -> None:
    retrouve = Serveur.retrouver(serveur.dossiers.espace)
    assert retrouve is not None
    with retrouve:
        assert retrouve.adresse("a.ipynb") == serveur.adresse("a.ipynb")
    assert serveur.vivant()
    assert Serveur.retrouver(tmp_path) is None


def test_un_port_deja_pris_est_dit(tmp_path: Path) -> None:
    with socket.socket() as autre:
        autre.bind(("127.0.0.1", 0))
        autre.listen()
        with pytest.raises(ErreurFacturier, match="est déjà pris par un autre programme") as refus:
            Serveur.demarrer(tmp_path, autre.getsockname()[1])
    assert (refus.value.code, refus.value.sortie) == ("port-occupe", 2)


@pytest.mark.parametrize("port", [-1, 0, 80, 70000])
def test_un_port_impossible_est_refuse(tmp_path: Path, port: int) -> None:
    with pytest.raises(ErreurFacturier, match="de 1024 à 65535"):
        Serveur.demarrer(tmp_path, port)


def test_le_port_demande_est_celui_de_l_adresse(kit: Path, tmp_path: Path) -> None:
    with socket.socket() as libre:
        libre.bind(("127.0.0.1", 0))
        port = libre.getsockname()[1]
    with Serveur.demarrer(preparer_espace(tmp_path / "travail", kit=kit).dossier, port) as demarre:
        assert demarre.url == f"http://127.0.0.1:{port}/"


def test_un_serveur_tue_le_dit_et_n_abandonne_pas_de_noyau(ephemere: Serveur) -> None:
    preparer(ephemere, "notebooks/00_accueil.ipynb")
    noyaux = _processus(ephemere).children(recursive=True)
    assert noyaux
    _processus(ephemere).kill()
    with pytest.raises(ErreurMoteur, match=r"s’est arrêté de façon inattendue|ne répond plus") as panne:
        ephemere.appeler("GET", "status")
    assert (panne.value.code, panne.value.sortie) == ("serveur-arrete", 3)
    _processus_attendu(ephemere)
    with pytest.raises(ErreurMoteur, match="Vos réponses déjà enregistrées sont intactes"):
        ephemere.verifier()
    assert psutil.wait_procs(noyaux, timeout=10)[1] == []


def test_l_arret_ferme_serveur_et_noyaux_et_se_repete_sans_mal(ephemere: Serveur) -> None:
    preparer(ephemere, "notebooks/00_accueil.ipynb")
    enfants = [_processus(ephemere), *_processus(ephemere).children(recursive=True)]
    ephemere.arreter()
    ephemere.arreter()
    assert psutil.wait_procs(enfants, timeout=5)[1] == []
    assert not ephemere.vivant()


def test_un_serveur_qui_ne_demarre_pas_le_dit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false" if os.name != "nt" else "where.exe")
    with pytest.raises(ErreurMoteur, match=r"journal-serveur\.txt") as panne:
        Serveur.demarrer(tmp_path)
    assert panne.value.code == "serveur-arrete"


def test_l_environnement_ignore_le_jupyter_de_la_personne(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_PATH", "/ailleurs")
    monkeypatch.setenv("JUPYTERLAB_DIR", "/ailleurs")
    monkeypatch.setenv("JPY_SESSION_NAME", "/ailleurs/autre.ipynb")
    monkeypatch.setenv("PATH", "/ailleurs")
    env = environnement(Dossiers(tmp_path), "jeton")
    assert env["PATH"].split(os.pathsep) == [sysconfig.get_path("scripts"), "/ailleurs"]
    assert [nom for nom, valeur in env.items() if "/ailleurs" in valeur and nom != "PATH"] == []
    assert {Path(env[nom]).is_relative_to(tmp_path) for nom in env if nom.startswith("JUPYTER") and "DIR" in nom} == {
        True
    }


def _processus(serveur: Serveur) -> psutil.Process:
    assert serveur._processus is not None
    return psutil.Process(serveur._processus.pid)


def _processus_attendu(serveur: Serveur) -> None:
    assert serveur._processus is not None
    serveur._processus.wait(5)


@pytest.mark.parametrize(
    "url", ["http://mal.example/", "http://127.0.0.1@mal.example/", "http://127.0.0.1:80.mal.example/"]
)
def test_un_espace_recu_ne_mene_pas_ailleurs_que_sur_cette_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    fiche = tmp_path / ".jupyter" / "runtime" / "jpserver-1.json"
    fiche.parent.mkdir(parents=True)
    fiche.write_text(json.dumps({"url": url, "token": "x"}), encoding="utf-8")
    monkeypatch.setattr(Serveur, "_repond", lambda _: True)
    assert Serveur.retrouver(tmp_path) is None
