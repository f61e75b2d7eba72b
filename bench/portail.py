"""The portal of a class under load: 200 learners at once on the real server, and the same without shared commits.

What is measured: every request of a closed loop (deposit, draft, recycle, complete, suspend, pay, read), first with
time to think between two, then without, then one deposit each at the same instant, from a screen just read. What is
checked afterwards: every acknowledged act is in the store, once, and every journal is replayed whole. Two baselines:
the same server with one commit an act, and twenty lines of FastAPI over stock sqlite3 that check nothing and only
insert.

Run: ``.venv/bin/python bench/portail.py`` (five minutes); ``--base postgresql+psycopg://…`` (an empty database).
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import multiprocessing
import os
import platform
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

import psutil
import uvloop

from facturier.portail import ANIMATEUR, SIMULE, SYSTEME, Annuaire, Ouverture, Portail
from facturier.registre import RegistreClasse
from facturier.serveur import Animation, Classe

BORNE_MS = 150
TITULAIRE, COMMUNE = "99990011100017", "21990002400015"
SERVEUR = """
import sys
from sqlalchemy import Engine, event
from facturier.cli import main
from facturier.registre import ecrivain
base, lots, *profil = sys.argv[1:]
ecrivain.LOTS_MAX = int(lots)
faits = [0]
def compter(_):
    faits[0] += 1
event.listen(Engine, "commit", compter)
sys.argv = ["facturier", "portail", "--json", "--port", "0", "--base", base]
def servir():
    try:
        main()
    except SystemExit:
        pass
if profil:
    import cProfile
    cProfile.run("servir()", profil[0])
else:
    servir()
print(faits[0], flush=True)
"""
ORDINAIRE = """
import sqlite3, sys, uvicorn
from fastapi import FastAPI, Request
base = sys.argv[1]
with sqlite3.connect(base) as premiere:
    premiere.execute("CREATE TABLE e (n INTEGER PRIMARY KEY, espace TEXT, contenu TEXT)")
app = FastAPI()
@app.post("/api/v1/espaces/{espace}/actes")
def agir(espace: str, corps: dict):
    with sqlite3.connect(base) as connexion:
        n = connexion.execute("INSERT INTO e (espace, contenu) VALUES (?, ?)", (espace, str(corps))).lastrowid
    connexion.close()
    return {"objet": "P0001", "n": n}
@app.get("/api/v1/espaces/{espace}/{quoi}")
def lire(espace: str, quoi: str):
    connexion = sqlite3.connect(base)
    n = connexion.execute("SELECT count(*) FROM e WHERE espace = ?", (espace,)).fetchone()[0]
    connexion.close()
    return {"evenements": [], "n": n}
class Serveur(uvicorn.Server):
    async def startup(self, sockets=None):
        await super().startup(sockets)
        adresse = f"http://127.0.0.1:{self.servers[0].sockets[0].getsockname()[1]}"
        print('{"adresse": "%s"\\n}' % adresse, flush=True)
Serveur(uvicorn.Config(app, port=0, log_level="critical", access_log=False, backlog=1024)).run()
print(0, flush=True)
"""
SUITES = {
    "fournisseur": {"A_RECYCLER": ("recycler",), "SUSPENDUE": ("completer",)},
    "destinataire": {
        "MISE_A_DISPOSITION": ("suspendre", "demander_recyclage", "attester_service_fait"),
        "COMPLETEE": ("attester_service_fait",),
        "SERVICE_FAIT": ("mandater",),
        "MANDATEE": ("transmettre_comptable",),
    },
    "comptable": {
        "MISE_A_DISPOSITION_COMPTABLE": ("comptabiliser",),
        "COMPTABILISEE": ("mettre_en_paiement",),
    },
}
DEVIENT = {
    "deposer": "DEPOSEE",
    "enregistrer": "BROUILLON",
    "envoyer": "DEPOSEE",
    "recycler": "DEPOSEE",
    "mettre_a_disposition": "MISE_A_DISPOSITION",
    "demander_recyclage": "A_RECYCLER",
    "suspendre": "SUSPENDUE",
    "completer": "COMPLETEE",
    "attester_service_fait": "SERVICE_FAIT",
    "mandater": "MANDATEE",
    "transmettre_comptable": "MISE_A_DISPOSITION_COMPTABLE",
    "comptabiliser": "COMPTABILISEE",
    "mettre_en_paiement": "MISE_EN_PAIEMENT",
}
DONNEES = {
    "suspendre": {"motif": "PORTAIL_JUSTIFICATIF"},
    "demander_recyclage": {"motif": "PORTAIL_IMPUTATION"},
    "completer": {"commentaire": "Bon de livraison joint"},
}
FACTURE = {
    "destinataire_siret": COMMUNE,
    "code_service": "ECOLE",
    "cadre": "A1",
    "type_facture": "380",
    "mode_paiement": "VIREMENT",
    "iban": "FR76 3000 1007 9412 3456 7890 185",
    "montant_ht": "1 000,00",
    "taux_tva": "20",
    "montant_tva": "200,00",
    "montant_ttc": "1 200,00",
}


@dataclass(frozen=True)
class Place:
    """A learner: their token, their own space, their group, the role that they hold there and for whom."""

    nom: str
    jeton: str
    solo: str
    groupe: str
    role: str
    structure: str


@dataclass
class Bilan:
    """What one run has seen."""

    durees: dict[str, list[float]] = field(default_factory=dict)
    acquittes: list[tuple[str, str, str, int]] = field(default_factory=list)  # space, key, object, n
    refus: list[str] = field(default_factory=list)


class Eleve:
    """One learner on one connection; requests are written by hand, so that the client costs little."""

    def __init__(self, adresse: str, place: Place, rang: int, bilan: Bilan, essai: str) -> None:
        self.hote, port = adresse.removeprefix("http://").split(":")
        self.port = int(port)
        self.place, self.bilan, self.essai = place, bilan, essai
        self.hasard = random.Random(rang)
        self.vus: dict[str, int] = {}
        self.statuts: dict[str, dict[str, str]] = {}
        self.recycles: dict[str, int] = {}
        self.faits = 0

    async def ouvrir(self) -> None:
        """Connect."""
        self.lire, self.ecrire = await asyncio.open_connection(self.hote, self.port, limit=2**22)

    async def appeler(self, quoi: str, methode: str, chemin: str, corps: Any = None, cle: str = "") -> Any:
        """One request, timed under the name ``quoi``."""
        octets = json.dumps(corps).encode() if corps is not None else b""
        tete = (
            f"{methode} /api/v1/{chemin} HTTP/1.1\r\nHost: {self.hote}\r\nAuthorization: Bearer {self.place.jeton}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(octets)}\r\nIdempotency-Key: {cle}\r\n\r\n"
        )
        debut = time.perf_counter()
        try:
            self.ecrire.write(tete.encode() + octets)
            entetes = await self.lire.readuntil(b"\r\n\r\n")
            longueur = int(entetes.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            recu = await self.lire.readexactly(longueur)
        except (ConnectionError, asyncio.IncompleteReadError):  # the server hung up
            self.bilan.refus.append(f"connexion rompue, {quoi}")
            await self.ouvrir()
            return None
        self.bilan.durees.setdefault(quoi, []).append(time.perf_counter() - debut)
        document = json.loads(recu) if recu.startswith(b"{") else {"phrase": recu.decode()}
        if entetes[9:12] != b"200":
            self.bilan.refus.append(f"{entetes[9:12].decode()} {quoi} : {document.get('phrase')}")
            return None
        return document

    async def voir(self, espace: str) -> dict[str, str]:
        """Read what is new in that space: the statuses of its pieces."""
        nouveau = await self.appeler("lire", "GET", f"espaces/{espace}/journal?depuis={self.vus.get(espace, 0)}")
        statuts = self.statuts.setdefault(espace, {})
        if nouveau is not None:
            self.vus[espace] = nouveau["n"]
            for un in nouveau["evenements"]:
                statuts[un["objet"]] = DEVIENT.get(un["action"], statuts.get(un["objet"], ""))
        return statuts

    async def agir(self, espace: str, role: str, structure: str, action: str, objet: str, donnees: Any) -> None:
        """One act, under a key of its own."""
        self.faits += 1
        cle = f"{self.essai}-{self.place.nom}-{self.faits}"
        corps = {"role": role, "structure": structure, "action": action, "objet": objet, "donnees": donnees}
        fait = await self.appeler(action, "POST", f"espaces/{espace}/actes", corps, cle)
        if fait is not None:
            self.bilan.acquittes.append((espace, cle, fait["objet"], fait["n"]))

    async def pas(self) -> None:
        """Look, then do what one's role has to do; else work in one's own space."""
        p = self.place
        if p.groupe and self.hasard.random() < 0.5:
            statuts = await self.voir(p.groupe)
            suites = SUITES.get(p.role, {})
            for objet, statut in statuts.items():
                if statut in suites:
                    action = self.hasard.choice(suites[statut])
                    donnees = DONNEES.get(action, {})
                    if action == "recycler":  # to the other service, each time
                        fois = self.recycles[objet] = self.recycles.get(objet, 0) + 1
                        donnees = {"code_service": ("ECOLE", "MAIRIE")[fois % 2]}
                    await self.agir(p.groupe, p.role, p.structure, action, objet, donnees)
                    return
            en_cours = sum(statut != "MISE_EN_PAIEMENT" for statut in statuts.values())
            if p.role == "fournisseur" and en_cours < 10:
                await self.agir(p.groupe, p.role, p.structure, "deposer", "", self.facture())
            return
        statuts = await self.voir(p.solo)
        brouillon = next((objet for objet, statut in statuts.items() if statut == "BROUILLON"), "")
        if brouillon:
            await self.agir(p.solo, "fournisseur", TITULAIRE, "envoyer", brouillon, {})
        else:
            action = self.hasard.choice(("deposer", "enregistrer"))
            await self.agir(p.solo, "fournisseur", TITULAIRE, action, "", self.facture())

    def facture(self) -> dict[str, str]:
        """A demand that breaks no rule, under a number of its own."""
        jour = time.strftime("%d/%m/%Y")
        return {**FACTURE, "numero_facture": f"{self.essai}-{self.faits}", "date_facture": jour}

    async def vivre(self, fin: float, pense: float) -> None:
        """Act until ``fin``, thinking ``pense`` seconds on average between two steps."""
        if pense:
            await asyncio.sleep(self.hasard.uniform(0, 2 * pense))
        while time.perf_counter() < fin:
            await self.pas()
            if pense:
                await asyncio.sleep(self.hasard.uniform(0, 2 * pense))

    async def geste(self) -> None:
        """One deposit in one's own space."""
        await self.agir(self.place.solo, "fournisseur", TITULAIRE, "deposer", "", self.facture())


async def jouer(adresse: str, places: Sequence[Place], essai: str, secondes: float, pense: float) -> Bilan:
    """All those learners at once; without ``secondes``, each reads its screen, then all deposit at the same instant."""
    bilan = Bilan()
    eleves = [Eleve(adresse, place, rang, bilan, essai) for rang, place in enumerate(places)]
    await asyncio.gather(*(eleve.ouvrir() for eleve in eleves))
    if secondes:
        fin = time.perf_counter() + secondes
        await asyncio.gather(*(eleve.vivre(fin, pense) for eleve in eleves))
    else:
        await asyncio.gather(
            *(eleve.voir(eleve.place.solo) for eleve in eleves)
        )  # nobody acts from a page not shown yet
        bilan.durees.clear()
        await asyncio.gather(*(eleve.geste() for eleve in eleves))
    for eleve in eleves:
        eleve.ecrire.close()
    return bilan


def _client(adresse: str, places: Sequence[Place], essai: str, secondes: float, pense: float, vers: Any) -> None:
    bilan = uvloop.run(jouer(adresse, places, essai, secondes, pense))
    usage = resource.getrusage(resource.RUSAGE_SELF)
    vers.send((bilan, usage.ru_utime + usage.ru_stime))


def charger(adresse: str, places: Sequence[Place], essai: str, secondes: float, pense: float) -> tuple[Bilan, float]:
    """The load, from a process of its own; what it saw, and the processor that it took."""
    contexte = multiprocessing.get_context("spawn")
    ici, la_bas = contexte.Pipe()
    fils = contexte.Process(target=_client, args=(adresse, places, essai, secondes, pense, la_bas))
    fils.start()
    la_bas.close()  # so that a client that dies is heard
    bilan, cpu = ici.recv()
    fils.join()
    return bilan, cpu


def preparer(base: str, nombre: int) -> list[Place]:
    """A class where everybody has joined, in groups of five that hold the five roles of a circuit."""
    classe = Classe(RegistreClasse(base), Annuaire.charger(), graine="bench")
    inscrits = [classe.rejoindre(classe.code, f"apprenant{rang:03d}") for rang in range(nombre)]
    postes = classe.montage.postes
    noms = [i.participant.pseudonyme for i in inscrits]
    Animation(classe).repartir([noms[d : d + len(postes)] for d in range(0, nombre, len(postes))])
    places = []
    for inscrit in inscrits:
        p = classe.participants.participant(inscrit.participant.pseudonyme)
        attributions = classe.espace(p.groupe).lire(lambda portail: portail.etat.attributions)
        role, structure = next((qui for qui, tenant in attributions.items() if tenant == p.pseudonyme), ("", ""))
        places.append(Place(p.pseudonyme, inscrit.jeton, p.solo, p.groupe, role, structure))
    classe.fermer()
    return places


@contextlib.contextmanager
def service(programme: str, *mots: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """That server in a process of its own: its address, and the process."""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    serveur = subprocess.Popen([sys.executable, "-c", programme, *mots], stdout=subprocess.PIPE, text=True, env=env)
    assert serveur.stdout is not None
    lignes_lues = list(iter(serveur.stdout.readline, "}\n"))  # the document that says where it serves
    adresse = json.loads("".join([*lignes_lues, "}"]))["adresse"]
    try:
        yield adresse, serveur
    finally:
        if serveur.poll() is None:
            serveur.send_signal(signal.SIGINT)
            serveur.wait(30)


def personnels(base: str) -> int:
    """How many events people wrote, in all the journals; each is replayed whole on the way."""
    annuaire = Annuaire.charger()
    nombre = 0
    with RegistreClasse(base) as registre:
        for espace, brut in registre.espaces():
            evenements = registre.lire(espace)
            Portail.rejouer(evenements, annuaire, None, Ouverture.depuis_json(brut))
            nombre += sum(un["role"] != SYSTEME and un["par"] not in (SIMULE, ANIMATEUR) for un in evenements)
    return nombre


def verifier(base: str, acquittes: Sequence[tuple[str, str, str, int]], avant: int) -> str:
    """A sentence: acts acknowledged, stored, lost, doubled."""
    gardees: dict[tuple[str, str], tuple[str, int]] = {}
    with RegistreClasse(base) as registre:
        for espace, _ in registre.espaces():
            for cle, (_, reponse) in registre.cles(espace).items():
                dite = json.loads(reponse)
                gardees[(espace, cle.partition("|")[2])] = (dite["objet"], dite["n"])
    trouves = sum(gardees.get((espace, cle)) == (objet, n) for espace, cle, objet, n in acquittes)
    ecrits = personnels(base) - avant
    perdus, doubles = len(acquittes) - min(trouves, ecrits), max(0, ecrits - len(acquittes))
    return f"{len(acquittes)} acquittés, {ecrits} dans les journaux, {perdus} perdus, {doubles} en double"


def centile(durees: Sequence[float], part: float) -> float:
    """That centile, in milliseconds."""
    rangees = sorted(durees)
    return 1000 * rangees[min(len(rangees) - 1, int(part * len(rangees)))]


def lignes(titre: str, bilan: Bilan, secondes: float, detail: bool) -> Iterator[str]:
    """Rows of the table: all requests, acts alone, then each kind of them."""
    actes = [d for quoi, siens in bilan.durees.items() if quoi != "lire" for d in siens]
    groupes = {"toute demande": [d for siens in bilan.durees.values() for d in siens], "un geste": actes}
    if detail:
        groupes |= dict(sorted(bilan.durees.items()))
    for nom, siens in groupes.items():
        p50, p95, p99 = (centile(siens, part) for part in (0.5, 0.95, 0.99))
        yield f"| {titre} | {nom} | {len(siens)} | {p50:.0f} | {p95:.0f} | {p99:.0f} | {len(siens) / secondes:.0f} |"


def essayer(mode: str, base: str, lots: int, choix: argparse.Namespace) -> None:
    """Every scenario on one server, printed as rows, then what the store says of it."""
    print(f"  {mode} : préparation de la classe…", file=sys.stderr)
    ordinaire = lots == 0
    places = [Place(f"a{rang}", "", f"solo-{rang}", "", "", "") for rang in range(choix.apprenants)]
    avant = 0
    if not ordinaire:
        places = preparer(base, choix.apprenants)
        avant = personnels(base)
    mots = [base, str(lots), *([choix.profil] if choix.profil and lots > 1 else [])]
    acquittes: list[tuple[str, str, str, int]] = []
    refus: list[str] = []
    notes: list[str] = []
    rythmes = (
        ("pense", f"{choix.pense:g} s entre deux pas", choix.secondes, choix.pense),
        ("vite", f"{choix.pense / 2:g} s entre deux pas", choix.secondes, choix.pense / 2),
        ("serre", "sans attente", choix.secondes, 0.0),
    )
    scenarios = (
        *(rythmes if choix.rythmes else ()),
        *((f"instant{i}", "tous au même instant", 0.0, 0.0) for i in range(choix.instants)),
    )
    ensemble = Bilan()
    rafales: list[tuple[float, float]] = []  # p95 in ms, then processor of the server in ms an act
    with service(ORDINAIRE if ordinaire else SERVEUR, *mots) as (adresse, serveur):
        acquittes += charger(adresse, places[:5], f"{lots}-tiede", 2.0, 0.0)[0].acquittes
        processus = psutil.Process(serveur.pid)
        for essai, titre, secondes, pense in scenarios:
            debut, t0 = time.perf_counter(), processus.cpu_times()
            bilan, cpu = charger(adresse, places, f"{lots}-{essai}", secondes, pense)
            duree, t1 = time.perf_counter() - debut, processus.cpu_times()
            acquittes += bilan.acquittes
            refus += bilan.refus
            occupe = t1.user + t1.system - t0.user - t0.system
            if secondes:
                for ligne in lignes(f"{mode}, {titre}", bilan, secondes, choix.detail):
                    print(ligne, flush=True)
                demandes = sum(map(len, bilan.durees.values()))
                notes.append(
                    f"{titre} : serveur {occupe / duree:.0%} d’un cœur, {1000 * occupe / demandes:.2f} ms par "
                    f"demande ; clients {cpu / duree:.0%}"
                )
            else:
                for quoi, siennes in bilan.durees.items():
                    ensemble.durees.setdefault(quoi, []).extend(siennes)
                actes = [d for siennes in bilan.durees.values() for d in siennes]
                rafales.append((centile(actes, 0.95), 1000 * occupe / len(actes)))
        p95s, cpus = zip(*rafales, strict=True)
        notes.append(
            f"tous au même instant : p95 de chaque rafale {', '.join(f'{p:.0f}' for p in sorted(p95s))} ms, médiane "
            f"{median(p95s):.0f} ms ; serveur, médiane {median(cpus):.2f} ms par geste"
        )
        for ligne in list(
            lignes(f"{mode}, tous au même instant ({choix.instants} fois)", ensemble, float("inf"), False)
        )[1:]:
            print(ligne.rsplit("|", 2)[0] + "| – |", flush=True)
        serveur.send_signal(signal.SIGINT)
        commits = (serveur.stdout.read() if serveur.stdout else "").split()
        serveur.wait(60)
    if ordinaire:
        with sqlite3.connect(base) as connexion:
            garde = connexion.execute("SELECT count(*) FROM e").fetchone()[0]
        compte = f"{len(acquittes)} acquittés, {garde} lignes gardées"
    else:
        compte = verifier(base, acquittes, avant)
        compte += f", {commits[0] if commits else '?'} validations (fsync) chauffe comprise"
    sortes = ", ".join(f"{n} × « {phrase.rstrip('.')} »" for phrase, n in Counter(refus).most_common(3))
    print(f"\n{mode} : {compte} ; {len(refus)} refus {f'({sortes})' if refus else ''}. {' ; '.join(notes)}.\n")


def main() -> None:
    """Print the machine, then the tables."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--base", default="", help="une base PostgreSQL vide, au lieu de SQLite")
    options.add_argument("--apprenants", type=int, default=200)
    options.add_argument("--secondes", type=float, default=30.0, help="durée de chaque essai")
    options.add_argument("--pense", type=float, default=2.0, help="secondes de réflexion moyennes entre deux pas")
    options.add_argument("--instants", type=int, default=5, help="combien de fois tous au même instant")
    options.add_argument("--rythmes", action=argparse.BooleanOptionalAction, default=True, help="les essais qui durent")
    options.add_argument("--seul", action="store_true", help="sans les deux points de comparaison")
    options.add_argument("--detail", action="store_true", help="une ligne par genre de geste")
    options.add_argument("--profil", default="", help="fichier où cProfile écrit (mesures faussées)")
    choix = options.parse_args()
    versions = ", ".join(
        f"{nom} {version(nom)}" for nom in ("fastapi", "uvicorn", "httptools", "uvloop", "sqlalchemy", "pydantic")
    )
    print(
        f"{time.strftime('%d/%m/%Y %H:%M')}, {os.cpu_count()} cœurs, {platform.platform()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {versions}. Charge au départ : "
        f"{os.getloadavg()[0]:.1f} (machine partagée). {choix.apprenants} apprenants.\n"
    )
    print("| Serveur, rythme | Quoi | n | p50, ms | p95, ms | p99, ms | par seconde |\n|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="facturier-portail-") as dossier:
        essayer("facturier", choix.base or f"sqlite:///{dossier}/classe.sqlite", 256, choix)
        if not choix.seul:
            essayer("un commit par geste", f"sqlite:///{dossier}/seul.sqlite", 1, choix)
            essayer("sqlite3 nu, sans règle", str(Path(dossier) / "nu.sqlite"), 0, choix)


if __name__ == "__main__":
    main()
