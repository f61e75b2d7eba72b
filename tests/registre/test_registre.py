"""The store of journals: what is acknowledged is there, in order, once."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from facturier.portail import Acteur, Annuaire, Portail
from facturier.registre import Registre, RegistreRefuse


def evenement(n: int, **donnees: str) -> dict[str, Any]:
    return {
        "n": n,
        "quand": "2026-11-24T10:42:00",
        "role": "fournisseur",
        "structure": "99990011100017",
        "par": "",
        "action": "deposer",
        "objet": f"P{n:04d}",
        "donnees": donnees,
    }


@pytest.fixture
def fichier(tmp_path: Path) -> Path:
    return tmp_path / "registre" / "portail.sqlite"


def test_ce_qui_est_ajoute_est_relu_a_l_identique(fichier: Path) -> None:
    attendus = [evenement(1, commentaire="« Réserve levée » – 100 €"), evenement(2)]
    with Registre.fichier(fichier) as registre:
        for un in attendus:
            registre.ajouter("classe/lea", un)
    with Registre.fichier(fichier) as registre:
        assert list(registre.lire("classe/lea")) == attendus
        assert registre.dernier("classe/lea") == 2


def test_les_journaux_sont_separes(fichier: Path) -> None:
    with Registre.fichier(fichier) as registre:
        registre.ajouter("zoe", evenement(1))
        registre.ajouter("adam", evenement(1))
        assert registre.journaux() == ("adam", "zoe")
        assert registre.lire("inconnu") == ()


@pytest.mark.parametrize("n", [0, 1, 3, -1])
def test_un_numero_hors_suite_est_refuse(fichier: Path, n: int) -> None:
    with Registre.fichier(fichier) as registre:
        registre.ajouter("j", evenement(1))
        with pytest.raises(RegistreRefuse, match="le numéro attendu est 2"):
            registre.ajouter("j", evenement(n))
        assert registre.lire("j") == (evenement(1),)


def test_une_suite_entre_entiere_ou_pas_du_tout(fichier: Path) -> None:
    with Registre.fichier(fichier) as registre:
        with pytest.raises(RegistreRefuse):
            registre.ajouter_tous("j", [evenement(1), evenement(2), evenement(4)])
        assert registre.lire("j") == ()


def test_deux_registres_ouverts_n_ecrivent_pas_le_meme_numero(fichier: Path) -> None:
    with Registre.fichier(fichier) as un, Registre.fichier(fichier) as autre:
        un.ajouter("j", evenement(1))
        with pytest.raises(RegistreRefuse):
            autre.ajouter("j", evenement(1))
        autre.ajouter("j", evenement(2))
        assert len(un.lire("j")) == 2


def test_sqlite_ecrit_en_wal_et_synchrone(fichier: Path) -> None:
    with Registre.fichier(fichier) as registre, registre._engine.connect() as connexion:
        assert connexion.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connexion.execute(text("PRAGMA synchronous")).scalar() == 2


def test_un_fichier_abime_est_dit_en_une_phrase(fichier: Path) -> None:
    fichier.parent.mkdir(parents=True)
    fichier.write_bytes(b"ceci n'est pas une base" * 100)
    with pytest.raises(RegistreRefuse, match="ne peut pas être lu") as refus:
        Registre.fichier(fichier)
    assert refus.value.code == "registre-illisible"


@pytest.mark.parametrize("contenu", ["{", "[1]", ""])
def test_un_evenement_abime_est_nomme(fichier: Path, contenu: str) -> None:
    with Registre.fichier(fichier) as registre:
        registre.ajouter("j", evenement(1))
    with sqlite3.connect(fichier) as base:
        base.execute("UPDATE evenements SET contenu = ?", (contenu,))
    base.close()
    with Registre.fichier(fichier) as registre, pytest.raises(RegistreRefuse, match=r"n° 1 du journal «.j.»"):
        registre.lire("j")


@pytest.mark.parametrize("url", ["", "pas une adresse", "inconnu://x/y"])
def test_une_adresse_inutilisable_est_refusee(url: str) -> None:
    with pytest.raises(RegistreRefuse, match="adresse"):
        Registre(url)


def test_un_emplacement_impossible_est_dit_en_une_phrase(tmp_path: Path) -> None:
    (tmp_path / "fichier").write_text("")
    with pytest.raises(RegistreRefuse, match="ne peut pas être créé"):
        Registre.fichier(tmp_path / "fichier" / "registre.sqlite")


def test_un_chemin_a_caracteres_speciaux_est_suivi_a_la_lettre(tmp_path: Path) -> None:
    fichier = tmp_path / "élève n° 1 ? 100% #" / "registre.sqlite"
    with Registre.fichier(fichier) as registre:
        registre.ajouter("j", evenement(1))
    assert fichier.is_file()


@pytest.mark.parametrize("nom", ["", "j" * 201])
def test_un_nom_de_journal_demesure_est_refuse(fichier: Path, nom: str) -> None:
    with Registre.fichier(fichier) as registre, pytest.raises(RegistreRefuse, match="de 1 à 200"):
        registre.ajouter(nom, evenement(1))


def test_un_pilote_absent_est_dit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)  # as where the driver was never installed
    with pytest.raises(RegistreRefuse, match="pilote de cette base"):
        Registre("postgresql+psycopg://serveur/base")


def test_un_portail_reprend_depuis_son_registre(fichier: Path) -> None:
    annuaire = Annuaire.charger()
    portail = Portail(annuaire, lambda: datetime(2026, 11, 24, 10, 42))
    brouillon = portail.enregistrer(Acteur("fournisseur", "99990011100017"), {"cadre": "A1", "numero_facture": "FA-1"})
    with Registre.fichier(fichier) as registre:
        registre.ajouter_tous("lea", portail.journal)
        portail.agir(Acteur("fournisseur", "99990011100017"), brouillon.id, "supprimer")
        registre.ajouter_tous("lea", portail.journal[registre.dernier("lea") :])
        repris = Portail.rejouer(registre.lire("lea"), annuaire)
    assert repris.pieces() == portail.pieces()
    assert repris.journal == portail.journal


ECRIVAIN = """
import sys
from datetime import datetime
from pathlib import Path
from facturier.portail import Acteur, Annuaire, Portail
from facturier.registre import Registre
registre = Registre.fichier(Path(sys.argv[1]))
n = registre.dernier("j")
while True:
    n += 1
    registre.ajouter("j", {"n": n, "quand": "2026-11-24T10:42:00", "role": "systeme", "structure": "",
                           "action": "acheminer", "objet": "P0001", "donnees": {"remplissage": "x" * 500}})
    print(n, flush=True)
"""


@pytest.mark.parametrize("arrets", [4, pytest.param(200, marks=pytest.mark.endurance)])
def test_tout_evenement_acquitte_survit_a_un_arret_brutal(fichier: Path, arrets: int) -> None:
    hasard = random.Random(20261124)
    for _ in range(arrets):
        ecrivain = subprocess.Popen(
            [sys.executable, "-c", ECRIVAIN, str(fichier)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        assert ecrivain.stdout is not None
        acquittes = [int(ecrivain.stdout.readline()) for _ in range(hasard.randint(3, 60))]
        ecrivain.send_signal(signal.SIGKILL)
        reste, _ = ecrivain.communicate(timeout=20)
        acquittes += [int(ligne) for ligne in reste.split(b"\n")[:-1]]
        with Registre.fichier(fichier) as registre:
            presents = [un["n"] for un in registre.lire("j")]
        assert set(acquittes) <= set(presents)
        assert presents == list(range(1, len(presents) + 1))
