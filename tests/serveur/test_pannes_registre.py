"""The store fails under the server: a full disk, a locked database. Nothing is lost, and nobody has to restart."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from service_reel import Demandeur, Service, depot, releve, service
from sqlalchemy import event

from facturier.portail import Annuaire
from facturier.serveur import Classe
from facturier.serveur.lancement import en_fond

REFUS = "Le portail n’a pas pu enregistrer ce geste : rien n’a changé. Recommencez"
PLEIN = "le disque est plein. Libérez de la place, le portail reprendra de lui-même."
OCCUPEE = "un autre programme l’occupe. Fermez-le, le portail reprendra de lui-même."
Monter = Callable[[str], None]


@pytest.fixture
def petit_disque(tmp_path: Path) -> Iterator[tuple[Path, Monter]]:
    """A real file system of one megabyte, and what gives it more room."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("monter un petit disque demande d’être root sous Linux (l’autre façon de le remplir est essayée)")
    lieu = tmp_path / "disque"
    lieu.mkdir()

    def monter(options: str) -> None:
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(lieu)], check=True)

    monter("size=1m")
    yield lieu, monter
    subprocess.run(["umount", str(lieu)], check=True)


def remplir(eleve: Demandeur) -> str:
    """Deposit until the store refuses; the key of the act that it refused."""
    for _ in range(2000):
        if eleve.deposer(commentaire="x" * 1500).status_code != 200:
            return next(reversed(eleve.refus))
    raise AssertionError("the disk never filled")


def tient_bon(portail: Service, eleve: Demandeur, cle: str) -> None:
    """On a full disk: refused in a sentence, read as before, refused again."""
    statut, code, phrase = eleve.refus[cle]
    assert (statut, code) == (503, "registre-illisible")
    assert phrase.startswith(REFUS), "where the store is, and what ails it, is the trainer's business"
    deposes = [e for e in eleve.journal() if e["action"] == "deposer"]
    assert len(deposes) == len(eleve.acquittes)
    assert eleve.agir(eleve.demandes[cle], cle).status_code == 503
    assert portail.processus.poll() is None


def reprend(base: str, annuaire: Annuaire, eleve: Demandeur, cle: str) -> None:
    """Once there is room: the refused act passes under its own key, and is written once."""
    assert eleve.agir(eleve.demandes[cle], cle).status_code == 200
    assert eleve.deposer().status_code == 200
    siens, cles = releve(base, annuaire)[eleve.solo]
    assert len(siens) == len(cles) == len(eleve.acquittes)


def test_un_disque_plein_est_dit_puis_le_portail_reprend_une_fois_la_place_rendue(
    petit_disque: tuple[Path, Monter], annuaire: Annuaire
) -> None:
    lieu, monter = petit_disque
    base = f"sqlite:///{lieu / 'classe.sqlite'}"
    with service(base) as portail:
        eleve = Demandeur.rejoindre(portail.adresse, portail.code, "Léa")
        cle = remplir(eleve)
        tient_bon(portail, eleve, cle)
        monter("remount,size=40m")
        reprend(base, annuaire, eleve, cle)


def test_un_fichier_qui_ne_peut_plus_grandir_n_arrete_pas_le_portail(base: str, annuaire: Annuaire) -> None:
    """The same without being root: the size of the server's files is bounded from outside, then no longer."""
    with service(base) as portail:
        eleve = Demandeur.rejoindre(portail.adresse, portail.code, "Léa")
        assert eleve.deposer().status_code == 200
        pid = portail.processus.pid
        _, dure = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (600_000, dure))
        cle = remplir(eleve)
        tient_bon(portail, eleve, cle)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (dure, dure))
        reprend(base, annuaire, eleve, cle)


def test_l_animateur_lit_que_le_disque_est_plein(classe: Classe) -> None:
    moteur = classe.registre._engine

    def borner(pages: int) -> None:
        event.listen(moteur, "connect", lambda connexion, _: connexion.execute(f"PRAGMA max_page_count={pages}"))
        moteur.dispose()

    with en_fond(classe) as adresse:
        eleve = Demandeur.rejoindre(adresse, classe.code, "Léa")
        borner(1)  # the size that it already has
        cle = remplir(eleve)
        assert eleve.refus[cle][2].startswith(REFUS)
        assert classe.avis[-1].endswith(PLEIN)
        borner(1_000_000)
        assert eleve.agir(eleve.demandes[cle], cle).status_code == 200


@pytest.fixture
def presse(classe: Classe) -> Classe:
    """A class whose store waits half a second for a lock, not ten."""
    moteur = classe.registre._engine
    event.listen(moteur, "connect", lambda connexion, _: connexion.execute("PRAGMA busy_timeout=500"))
    moteur.dispose()
    return classe


@contextlib.contextmanager
def verrou_tenu(base: str) -> Iterator[None]:
    """Another program that holds the database."""
    with contextlib.closing(sqlite3.connect(base.removeprefix("sqlite:///"), isolation_level=None)) as autre:
        autre.execute("BEGIN IMMEDIATE")
        yield
        autre.execute("ROLLBACK")


def test_une_base_verrouillee_est_dite_on_peut_lire_et_tout_reprend(presse: Classe, base: str) -> None:
    with en_fond(presse) as adresse:
        eleve = Demandeur.rejoindre(adresse, presse.code, "Léa")
        assert eleve.deposer().status_code == 200
        with verrou_tenu(base):
            assert eleve.deposer().status_code == 503
            cle, (_, code, phrase) = eleve.refus.popitem()
            assert code == "registre-illisible"
            assert phrase.startswith(REFUS)
            assert presse.avis[-1].endswith(OCCUPEE)
            assert len([e for e in eleve.journal() if e["action"] == "deposer"]) == 1
        assert eleve.agir(eleve.demandes[cle], cle).status_code == 200
        assert len([e for e in eleve.journal() if e["action"] == "deposer"]) == 2


@pytest.mark.parametrize("geste", ["aide", "deposer", "rejoindre"])
def test_qui_ne_fait_que_regarder_n_attend_pas_la_base_verrouillee(presse: Classe, base: str, geste: str) -> None:
    with en_fond(presse) as adresse:
        lea, tom = (Demandeur.rejoindre(adresse, presse.code, prenom) for prenom in ("Léa", "Tom"))
        gestes = {
            "aide": lambda: lea.demander("POST", "aide", {"demande": True}),
            "deposer": lambda: lea.agir(depot()),
            "rejoindre": lambda: lea.demander("POST", "rejoindre", {"code": presse.code, "prenom": "Zoé"}),
        }
        with verrou_tenu(base):
            statuts: list[int] = []
            fil = threading.Thread(target=lambda: statuts.append(gestes[geste]().status_code))
            fil.start()
            vus = 0
            while fil.is_alive():
                assert tom.demander("GET", f"espaces/{tom.solo}/journal").status_code == 200
                vus += fil.is_alive()
            assert statuts == [503]
            assert vus >= 5, "readers waited for the writer"
        assert gestes[geste]().status_code == 200


def test_deux_serveurs_ouverts_par_erreur_sur_une_base_ne_perdent_rien(
    ouvrir: Callable[[str], Classe], base: str
) -> None:
    """The slower one is refused, reads again, then goes on."""
    un = ouvrir(base)
    with en_fond(un) as ici:
        lea = Demandeur.rejoindre(ici, un.code, "Léa")
        assert lea.deposer().status_code == 200
        autre = ouvrir(base)
        with en_fond(autre) as la_bas:
            lea_ailleurs = Demandeur(la_bas, lea.nom, lea.jeton, lea.solo)
            assert lea_ailleurs.deposer().status_code == 200
            assert lea.deposer().status_code == 503
            assert lea.refus.popitem()[1][1] == "registre-refuse"
            assert lea.deposer().status_code == 200
            assert len([e for e in lea.journal() if e["action"] == "deposer"]) == 3
