"""Speed of the e-invoice validation, side by side with its peers, in one run. Writes its section of bench/RESULTS.md.

python bench/efacture.py              # everything (several minutes)
python bench/efacture.py --rapide     # fewer repetitions, nothing written
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from importlib.metadata import version
from pathlib import Path

from facturier.ecriture import write_text
from facturier.efacture import jeux, valider
from facturier.efacture.lot import Ouvrier, valider_lot

ICI = Path(__file__).parent
FACTURES = ICI.parent / "data" / "factures"
MODELES = {nom: FACTURES / f"nettoyage_hopital.{nom}" for nom in ("cii.xml", "ubl.xml", "facturx.pdf")}
DEBUT, FIN = "<!-- efacture : début -->", "<!-- efacture : fin -->"
LIGNES = {"cii.xml": "ram:IncludedSupplyChainTradeLineItem", "ubl.xml": "cac:InvoiceLine"}
PAR_APPEL = """
import sys
from saxonche import PySaxonProcessor
with PySaxonProcessor(license=False) as saxon:
    for feuille in sys.argv[2:]:
        compilee = saxon.new_xslt30_processor().compile_stylesheet(stylesheet_file=feuille)
        compilee.transform_to_string(source_file=sys.argv[1])
"""


def processeur() -> float:
    """Processor seconds of this process and of those that it started and that have ended."""
    temps = os.times()
    return temps.user + temps.system + temps.children_user + temps.children_system


def mediane(faire: Callable[[], object], fois: int) -> tuple[float, float]:
    """Median wall and processor milliseconds, children included."""
    murs, cpus = [], []
    for _ in range(fois):
        mur, cpu, fin = time.perf_counter(), processeur(), time.process_time()
        faire()
        murs.append(time.perf_counter() - mur)
        enfants = processeur() - cpu
        cpus.append(enfants if enfants > 0.05 else time.process_time() - fin)  # os.times() counts by 10 ms
    return statistics.median(murs) * 1000, statistics.median(cpus) * 1000


def commande(*mots: str | Path) -> Callable[[], subprocess.CompletedProcess[bytes]]:
    """Run a command from a cold process; its exit status is its own affair."""
    return lambda: subprocess.run([str(mot) for mot in mots], capture_output=True, check=False)


def allonger(modele: Path, lignes: int, dossier: Path, *, fausses: bool = False) -> Path:
    """The invoice with its first line repeated (totals no longer agree: every rule on them fires). ``fausses``: each
    line has no name and an unknown unit, two findings a line."""
    nom = LIGNES[modele.name.split(".", 1)[1]]
    texte = modele.read_text(encoding="utf-8")
    ligne = re.search(rf"<{nom}>.*?</{nom}>", texte, re.DOTALL)
    assert ligne is not None
    repetee = ligne[0]
    if fausses:
        repetee = re.sub(r'unitCode="[^"]*"', 'unitCode="ZZ9"', re.sub(r"<(cbc|ram):Name>[^<]*</\1:Name>", "", repetee))
    chemin = dossier / f"{lignes}{'-fausses' if fausses else ''}-{modele.name}"
    chemin.write_text(texte.replace(ligne[0], repetee * lignes, 1), encoding="utf-8")
    return chemin


def regime(fois: int) -> list[str]:
    lignes = ["| File | wall, ms | processor, ms |", "|---|---|---|"]
    for nom, chemin in MODELES.items():
        for _ in range(5):
            valider(chemin)
        mur, cpu = mediane(lambda: valider(chemin), fois)  # noqa: B023 - called at once
        lignes.append(f"| {nom}, {chemin.stat().st_size / 1000:.0f} kB | {mur:.1f} | {cpu:.1f} |")
    return lignes


def a_froid(fois: int, dossier: Path) -> list[str]:
    lignes = [
        "| First verdict, cold process, seconds: wall (processor) | CII | UBL | on a wrong total |",
        "|---|---|---|---|",
    ]
    faux = FACTURES / "faux_total_ttc.cii.xml"
    cen = jeux.cen_cii()
    feuilles = {
        "cii.xml": [cen.chemin if cen else jeux.profil_cii(jeux.EN16931, False).feuilles[0].chemin],
        "ubl.xml": [jeux.feuilles_ubl(jeux.EN16931)[1][0].chemin],
    }
    for genre, toutes in feuilles.items():
        toutes.append(jeux.feuille_brfr(genre[:3]).chemin)
    bibliotheque = Path(sys.executable).parent
    xmlcheck = shutil.which("facturx-xmlcheck", path=str(bibliotheque)) or "facturx-xmlcheck"
    essais: dict[str, Callable[[Path], Callable[[], subprocess.CompletedProcess[bytes]]]] = {
        "`facturier valider --json` (XSD, EN 16931, BR-FR)": lambda f: commande(
            sys.executable, "-c", "from facturier.cli import main; main()", "valider", "--json", f
        ),
        "plain saxonche, compiling per call (EN 16931, BR-FR; no XSD)": lambda f: commande(
            sys.executable, "-c", PAR_APPEL, f, *feuilles[f.name.split(".", 1)[1]]
        ),
        "`facturx-xmlcheck` (XSD; its Schematron asks a server)": lambda f: commande(xmlcheck, f),
    }
    for nom, faire in essais.items():
        temps = [mediane(faire(MODELES[genre]), fois) for genre in ("cii.xml", "ubl.xml")]
        cii, ubl = (f"{mur / 1000:.2f} ({cpu / 1000:.2f})" for mur, cpu in temps)
        verdict = f"exit {faire(faux)().returncode}"
        lignes.append(f"| {nom} | {cii} | {ubl} | {verdict} |")
    return lignes


def lot(nombre: int, dossier: Path) -> list[str]:
    chemins = []
    for rang in range(nombre):
        modele = list(MODELES.values())[rang % 2]
        copie = dossier / f"{rang:05d}-{modele.name}"
        os.link(modele, copie)
        chemins.append(copie)
    debut, cpu = time.perf_counter(), processeur()
    verdicts = sum(r.verdict == "valide" for r in valider_lot(chemins, ouvriers=2))
    duree = time.perf_counter() - debut
    return [
        f"{nombre} files (CII and UBL in turn), two workers, start included: **{duree:.1f} s** wall, "
        f"{processeur() - cpu:.1f} s of processor in all (half of it on each core), {verdicts} valid."
    ]


def longueur(dossier: Path, tailles: tuple[tuple[int, bool, int], ...]) -> list[str]:
    """Each size: number of lines, whether each of them is at fault, repetitions."""
    lignes = ["| Lines | n | CII, ms (ms a line) | UBL, ms (ms a line) |", "|---|---|---|---|"]
    for taille, fausses, fois in tailles:
        cellules = []
        for genre in ("cii.xml", "ubl.xml"):
            chemin = allonger(MODELES[genre], taille, dossier, fausses=fausses)
            cpu = mediane(lambda: valider(chemin), fois)[1]  # noqa: B023 - called at once
            cellules.append(f"{cpu:.0f} ({cpu / taille:.2f})")
        nom = f"{taille}, each at fault twice" if fausses else f"{taille}"
        lignes.append(f"| {nom} | {fois} | {cellules[0]} | {cellules[1]} |")
    return lignes


def memoire(nombre: int) -> list[str]:
    chemins = list(MODELES.values())
    mesures = []
    with Ouvrier() as ouvrier:
        for tour in range(nombre):
            ouvrier.juger(chemins[tour % 3])
            if tour in (nombre // 10, nombre // 2, nombre - 1):
                processus = ouvrier._processus
                statut = Path(f"/proc/{processus.pid if processus else 'self'}/status").read_text(encoding="ascii")
                mesures.append(f"{int(statut.split('VmRSS:')[1].split()[0]) / 1024:.0f} MB after {tour + 1}")
    return [f"Resident memory of one worker over {nombre} files of the three kinds: {', '.join(mesures)}."]


def main() -> None:
    analyseur = argparse.ArgumentParser(description=__doc__)
    analyseur.add_argument("--rapide", action="store_true")
    rapide = analyseur.parse_args().rapide
    charge = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as temporaire:
        dossier = Path(temporaire)
        paquets = ", ".join(f"{p} {version(p)}" for p in ("factur-x", "saxonche", "lxml", "pypdf"))
        cen = jeux.cen_cii()
        fois = 20 if rapide else 200
        machine = f"{os.cpu_count()} cores, {platform.platform()}, CPython {platform.python_version()}"
        corps = [
            "## E-invoice validation (`bench/efacture.py`)",
            f"{date.today():%d/%m/%Y}, {machine}, {paquets}, CEN for CII: {cen.jeu.version if cen else 'absent'}. "
            f"Load average at the start: {charge:.1f} (the machine is shared: processor time is the steadier figure).",
            f"**Steady state**, whole chain, one process, median of {fois} (bound: 20 ms a file a core):",
            *regime(fois),
            f"**Cold start**, median of {2 if rapide else 7} (bound: 1.5 s):",
            *a_froid(2 if rapide else 7, dossier),
            "**Many files** (bound: 15 s for 1,000 on two cores):",
            *lot(100 if rapide else 1000, dossier),
            "**Length**, processor time, median of n:",
            *longueur(
                dossier,
                ((1, False, 3), (10, False, 3), (100, False, 3), (100, True, 3))
                if rapide
                else (
                    *((taille, False, 3) for taille in (1, 10, 100, 1000)),
                    *((taille, True, 1) for taille in (1000, 10_000)),
                ),
            ),
            "**Memory**:",
            *memoire(300 if rapide else 10_000),
        ]
    section = "\n".join(f"{'' if ligne.startswith('|') else chr(10)}{ligne}" for ligne in corps)
    section = re.sub(r"\n(\|[^\n]*\n\|---)", r"\n\n\1", section).strip()
    print(section)
    if not rapide:
        resultats = ICI / "RESULTS.md"
        avant = resultats.read_text(encoding="utf-8") if resultats.exists() else "# Measurements\n"
        hors = re.sub(rf"{DEBUT}.*?{FIN}\n?", "", avant, flags=re.DOTALL).rstrip()
        write_text(resultats, f"{hors}\n\n{DEBUT}\n{section}\n{FIN}\n")


if __name__ == "__main__":
    main()
