"""The real command in a process of its own, to be killed or starved, and learners who ask it plainly."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
from classe_essai import ELECTRICIEN, facture

from facturier.portail import ANIMATEUR, SIMULE, SYSTEME, Annuaire, Ouverture, Portail
from facturier.registre import RegistreClasse

COMMANDE = "from facturier.cli import main; main()"
_LOCAL = threading.local()


def client() -> httpx.Client:
    """This thread's own: a pool shared by forty threads closes an old connection under the feet of who took it.

    Nothing is verified: reading the machine's authorities, which plain http never asks, costs more than a request.
    """
    if not hasattr(_LOCAL, "client"):
        _LOCAL.client = httpx.Client(timeout=60, trust_env=False, verify=False)  # plain http, on the loopback
    ouvert: httpx.Client = _LOCAL.client
    return ouvert


class Service:
    """``facturier portail`` on that store."""

    def __init__(self, base: str) -> None:
        mots = ["portail", "--json", "--port", "0", "--base", base]
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        self.processus = subprocess.Popen(
            [sys.executable, "-c", COMMANDE, *mots], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env
        )
        assert self.processus.stdout is not None
        lu = "".join(iter(self.processus.stdout.readline, "}\n")) if self.processus.poll() is None else ""
        try:
            document = json.loads(lu + "}")
        except ValueError:
            self.processus.kill()
            raise AssertionError(f"the server did not start: {lu} {self.processus.communicate()[1]}") from None
        self.adresse: str = document["adresse"]
        self.code: str = document["code"]

    def tuer(self) -> None:
        """``kill -9``."""
        self.processus.send_signal(signal.SIGKILL)
        self.processus.wait(20)

    def arreter(self) -> None:
        """Ctrl+C, or the last resort."""
        if self.processus.poll() is None:
            self.processus.send_signal(signal.SIGINT)
            try:
                self.processus.wait(20)
            except subprocess.TimeoutExpired:
                self.tuer()
                raise


@contextlib.contextmanager
def service(base: str) -> Iterator[Service]:
    ouvert = Service(base)
    try:
        yield ouvert
    finally:
        ouvert.arreter()


@dataclass
class Demandeur:
    """A learner, their token, and every act that they asked for: key → body, and the answer when there was one."""

    adresse: str
    nom: str
    jeton: str
    solo: str
    demandes: dict[str, dict[str, Any]] = field(default_factory=dict)
    acquittes: dict[str, dict[str, Any]] = field(default_factory=dict)
    refus: dict[str, tuple[int, str, str]] = field(default_factory=dict)

    @classmethod
    def rejoindre(cls, adresse: str, code: str, prenom: str) -> Demandeur:
        reponse = client().post(f"{adresse}/api/v1/rejoindre", json={"code": code, "prenom": prenom})
        assert reponse.status_code == 200, reponse.text
        recu = reponse.json()
        return cls(adresse, recu["moi"]["pseudonyme"], recu["jeton"], recu["moi"]["solo"])

    def demander(self, methode: str, chemin: str, corps: Any = None, cle: str = "") -> httpx.Response:
        entetes = {"Authorization": f"Bearer {self.jeton}", "Idempotency-Key": cle}
        return client().request(methode, f"{self.adresse}/api/v1/{chemin}", json=corps, headers=entetes)

    def agir(self, corps: dict[str, Any], cle: str = "", espace: str = "") -> httpx.Response:
        """Ask for that act; what was answered is remembered."""
        cle = cle or uuid4().hex
        self.demandes[cle] = corps
        reponse = self.demander("POST", f"espaces/{espace or self.solo}/actes", corps, cle)
        if reponse.status_code == 200:
            self.acquittes[cle] = reponse.json()
        else:
            document = reponse.json()
            self.refus[cle] = (reponse.status_code, document["code"], document["phrase"])
        return reponse

    def deposer(self, **champs: str) -> httpx.Response:
        """One deposit: several events at once, because the portal routes it by itself."""
        return self.agir(depot(**champs))

    def journal(self) -> list[dict[str, Any]]:
        recus: list[dict[str, Any]] = self.demander("GET", f"espaces/{self.solo}/journal").json()["evenements"]
        return recus

    def ecrire_sans_fin(self, fin: threading.Event) -> None:
        """Deposit until the server dies or ``fin``."""
        with contextlib.suppress(httpx.HTTPError):
            while not fin.is_set():
                self.deposer()


def depot(**champs: str) -> dict[str, Any]:
    """The body of a deposit that breaks no rule, under a number of its own."""
    donnees = facture(uuid4().hex[:16], **{"date_facture": "02/01/2026", **champs})
    return {"role": "fournisseur", "structure": ELECTRICIEN, "action": "deposer", "donnees": donnees}


def releve(base: str, annuaire: Annuaire) -> dict[str, tuple[list[dict[str, Any]], dict[str, dict[str, Any]]]]:
    """What the store holds, by space: people's events, and answers by key. Each journal must be whole: its replay
    checks the seals and would add what is missing of an act, so that the lengths would differ."""
    lus = {}
    with RegistreClasse(base) as registre:
        for espace, brut in registre.espaces():
            evenements = registre.lire(espace)
            rejoue = Portail.rejouer(evenements, annuaire, None, Ouverture.depuis_json(brut))
            assert rejoue.longueur == len(evenements), f"half an act in {espace}"
            siens = [e for e in evenements if e["role"] != SYSTEME and e["par"] not in (SIMULE, ANIMATEUR)]
            cles = {cle.partition("|")[2]: json.loads(r) for cle, (_, r) in registre.cles(espace).items()}
            lus[espace] = (siens, cles)
    return lus
