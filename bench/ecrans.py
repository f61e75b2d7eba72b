"""How long a key stroke and an opening take on the screens: ``python bench/ecrans.py`` (a minute, two cores)."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from facturier.champs import Champ, FormulaireDef
from facturier.ecrans import garde
from facturier.ecrans.blocs import Bloquants, Bouton, Boutons, Cible, Grille
from facturier.ecrans.conversation import Conversation
from facturier.ecrans.ecran import Ecran, Siege
from facturier.ecrans.poste import Poste
from facturier.formulaires.memoire import Memoire
from facturier.portail import Acteur
from facturier.portail.guichet import GuichetLocal

LIGNES, FRAPPES, OUVERTURES, TOURS = 60, 200, 4, 8
PRET = "document.querySelector('.facturier-ecran h2')"
PREMIERS = (
    ("a quiz", "quiz_entree", "quiz:quiz_entree"),
    ("a deposit form", "sans_moe", "exercice:depot_sans_moe"),
    ("the portal's screens", "compte_creer", "exercice:compte_a_creer"),
)
PROCESSUS = """
import ipykernel.kernelapp, IPython.display, sys, time
IPython.display.display = lambda *_, **__: None
debut = time.process_time()
from facturier import lecon
from facturier.formulaires import page
page.afficher = lambda racine: racine._repondre({"type": "bonjour"})
verbe, exercice = sys.argv[1].split(":")
getattr(lecon, verbe)(exercice)
print((time.process_time() - debut) * 1000)
"""
FOURNISSEUR = "99990013700012"
COLONNES = (
    ("libelle", "Désignation", "texte", ()),
    ("quantite", "Quantité", "nombre", ()),
    ("prix", "Prix unitaire HT", "montant", ()),
    ("taux", "Taux de TVA", "choix", "taux_tva"),
    ("montant", "Montant HT", "montant", ()),
)


def frappe() -> list[tuple[str, list[float], int]]:
    """Milliseconds from an event to its answer, and the characters of the last answer: in memory, then kept."""
    champs = [
        Champ(f"l{n}.{nom}", titre, genre=genre, obligatoire=True, choix=choix)  # type: ignore[arg-type]  # genres are literals, a table of texts loses it
        for n in range(LIGNES)
        for nom, titre, genre, choix in COLONNES
    ]
    definition = FormulaireDef("lignes", "Lignes", tuple(champs))
    rangees = [(f"Ligne {n + 1}", [f"l{n}.{nom}" for nom, *_ in COLONNES]) for n in range(LIGNES)]
    ecran = Ecran(
        "lignes",
        "Lignes",
        lambda p, o: [
            Grille("Lignes", [titre for _, titre, *_ in COLONNES], rangees),
            Bloquants(),
            Boutons([Bouton("envoyer", "Envoyer")]),
        ],
        formulaire=definition,
    )
    mesures = []
    for nom, garder in (("answered", False), ("answered and kept on disk", True)):
        with tempfile.TemporaryDirectory() as dossier:
            memoire = Memoire("essai/portail", Path(dossier) / "essai.ipynb")

            def conserver(poste: Poste, ou: Memoire = memoire) -> str:
                return ou.enregistrer("essai", dict(garde.aplatir(poste.en_json())), poste.guichet.journal).phrase

            poste = Poste(
                GuichetLocal(FOURNISSEUR),
                {"lignes": ecran},
                lambda _: [Siege(Acteur("fournisseur", FOURNISSEUR), "Fournisseur")],
                accueil=Cible("lignes"),
                garder=conserver if garder else None,
            )
            poste.saisir({c.id: "20" if c.genre == "choix" else "12,5" for c in champs[: len(champs) // 2]})
            conversation = Conversation(poste)
            conversation.repondre({"type": "bonjour"})
            durees, taille = [], 0
            for n in range(FRAPPES):
                evenement = {"type": "changer", "champ": "l30.prix", "texte": f"{n},5", "vue": conversation.vue}
                debut = time.perf_counter()
                reponse = conversation.repondre(evenement)
                durees.append((time.perf_counter() - debut) * 1000)
                taille = sum(map(len, reponse["ilots"].values()))
            mesures.append((nom, durees, taille))
    return mesures


def ouverture() -> list[float]:
    """Seconds from running the cell, in a stock kernel that has imported nothing, to a screen that takes a click."""
    import nbformat
    from playwright.sync_api import sync_playwright

    from facturier.lanceur.serveur import Serveur

    espace = _espace()
    durees = []
    with Serveur.demarrer(espace) as serveur, sync_playwright() as pilote:
        navigateur = pilote.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for n in range(OUVERTURES):
            nom = f"notebooks/9{n}_portail.ipynb"
            nb = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
            nb.cells = [nbformat.v4.new_code_cell("from facturier import lecon\nlecon.portail()")]
            (espace / nom).write_text(nbformat.writes(nb), "utf-8")
            page = navigateur.new_context(locale="fr-FR", viewport={"width": 1280, "height": 900}).new_page()
            serveur.disposer()  # no tab of the turn before
            page.goto(serveur.adresse(nom))
            durees.append(_chronometrer(page))
            page.context.close()
        navigateur.close()
    return durees


def _chronometrer(page: Any) -> float:
    """The launcher runs a notebook that was not; it is restarted, so that the kernel is a new one."""
    page.wait_for_function(PRET)  # asks at each frame; Locator.wait_for asks every second, and rounds all up
    page.evaluate("document.querySelector('.facturier-ecran').remove()")
    page.get_by_role("button", name="Redémarrer le noyau et exécuter toutes les cellules").click()
    page.locator(".jp-Dialog .jp-mod-accept").click()
    debut = time.perf_counter()
    page.wait_for_function(PRET)
    return time.perf_counter() - debut


def premier() -> list[tuple[str, list[float]]]:
    """Milliseconds of processor from the import of ``lecon`` to the HTML of a first form, in a process that has what a
    kernel has. The first turn, which compiles, is thrown away."""
    espace = _espace()
    mesures = []
    for nom, chapitre, appel in PREMIERS:
        commande = [sys.executable, "-c", PROCESSUS, appel]
        env = {cle: v for cle, v in os.environ.items() if cle != "PYTHONDONTWRITEBYTECODE"}
        dossier = espace / "release" / chapitre
        tours = [subprocess.run(commande, cwd=dossier, env=env, capture_output=True, check=True) for _ in range(TOURS)]
        mesures.append((nom, [float(tour.stdout) for tour in tours[1:]]))
    return mesures


def _espace() -> Path:
    from facturier.lanceur import preparer_espace

    return preparer_espace(Path(tempfile.mkdtemp()) / "travail").dossier


def main() -> None:
    """Print the table of RESULTS.md."""
    print("| Measure | Median | 95 % | Worst |\n|---|---|---|---|")
    for nom, durees, taille in frappe():
        quantiles = statistics.quantiles(durees, n=20)
        print(
            f"| key stroke, {LIGNES} lines × {len(COLONNES)}, {nom} ({taille} characters back) "
            f"| {statistics.median(durees):.0f} ms | {quantiles[18]:.0f} ms | {max(durees):.0f} ms |"
        )
    for nom, durees in premier():
        print(f"| processor to a first form: {nom} | {statistics.median(durees):.0f} ms | | {max(durees):.0f} ms |")
    if "--sans-navigateur" not in sys.argv:
        durees = ouverture()
        print(
            f"| kernel restarted → screen usable, in JupyterLab | {statistics.median(durees):.1f} s | "
            f"| {max(durees):.1f} s |"
        )


if __name__ == "__main__":
    main()
