"""The folder and the zip of a key: pages, forms, notebooks, invoices, documents, and the fingerprint of each."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from facturier import contenu
from facturier import session as sessions
from facturier.cle import pages
from facturier.ecriture import write_bytes
from facturier.erreurs import ErreurFacturier
from facturier.evaluation.graines import Graine
from facturier.progression import suivi

CARNETS = ("notebooks", "release")
FACTURES = "data/factures"
DITS = {
    "fiche-methode.pdf": "Fiche méthode, à remplir à la main (PDF)",
    "guide-apprenant.pdf": "Guide de l’apprenant (PDF)",
    "visioconference.pdf": "Se connecter à la visioconférence (PDF)",
}
"""What people read of the documents that every key carries."""
DATE_ZIP = (2026, 1, 1, 0, 0, 0)
"""Every entry of the zip: two builds give the same bytes."""
HTML_MAX = 20 * 1024 * 1024


def construire(session: Path, sortie: Path, documents: dict[str, bytes] | None = None) -> Path:
    """Write ``sortie/cle-<session>/`` and the zip beside it; the folder's path.

    ``documents``: PDFs of the session, by name. Files that are there and are not of the key are left alone.

    Raises:
        ErreurFacturier: the session file is refused, or a chapter cannot be read.
    """
    seance = sessions.lire(session)
    fichiers = contenus(Graine(seance.id, seance.jour), seance.intitule, documents or {})
    empreintes = {nom: hashlib.sha256(octets).hexdigest() for nom, octets in sorted(fichiers.items())}
    manifeste = {"schema": 1, "session": seance.id, "au": seance.jour.isoformat(), "fichiers": empreintes}
    fichiers["manifeste.json"] = (json.dumps(manifeste, ensure_ascii=False, indent=1) + "\n").encode()
    dossier = sortie / f"cle-{seance.id}"
    for nom, octets in suivi(sorted(fichiers.items()), "Écriture de la clé"):
        write_bytes(dossier / nom, octets)
    write_bytes(sortie / f"cle-{seance.id}.zip", _zip(f"cle-{seance.id}", fichiers))
    return dossier


def contenus(graine: Graine, titre: str, documents: dict[str, bytes]) -> dict[str, bytes]:
    """Everything on the key, by its place; ``graine`` says the day of its facts and draws its quizzes."""
    au = graine.au
    chapitres = contenu.chapitres()
    suites = [(f"lecons/{pages.nom_page(c)}", c.titre) for c in chapitres]
    fichiers: dict[str, bytes] = {}
    lecons: list[pages.Entree] = []
    for rang, chapitre in enumerate(chapitres):
        suite = suites[rang + 1] if rang + 1 < len(suites) else None
        faite = pages.lecon(chapitre, au, suite)
        fichiers[faite.chemin] = faite.octets
        exercice = pages.exercices(chapitre, au, suite, graine)
        if exercice is not None:
            fichiers[exercice.chemin] = exercice.octets
        lecons.append(
            pages.Entree(
                faite.chemin,
                f"{chapitre.titre} ({chapitre.duree} minutes)",
                ((exercice.chemin, "Les exercices"),) if exercice is not None else (),
            )
        )
    racine = contenu.racine()
    for dossier in CARNETS:
        for fichier in sorted((racine / dossier).rglob("*")):
            if fichier.is_file() and ".ipynb_checkpoints" not in fichier.parts and "reponses" not in fichier.parts:
                fichiers[f"carnets/{fichier.relative_to(racine).as_posix()}"] = fichier.read_bytes()
    for fichier in sorted((racine / FACTURES).iterdir()):
        fichiers[f"factures/{fichier.name}"] = fichier.read_bytes()
    for nom, octets in documents.items():
        fichiers[f"documents/{nom}"] = octets
    sections = [
        ("La journée", lecons),
        ("Documents", [pages.Entree(f"documents/{nom}", DITS.get(nom, nom)) for nom in sorted(documents)]),
        (
            "Factures d’exemple",
            [pages.Entree("factures/manifeste.csv", "Liste des factures, avec ce que chacune a de faux (tableau CSV)")],
        ),
        ("Carnets, pour qui a JupyterLab", [pages.Entree("carnets/notebooks", "Dossier des carnets")]),
    ]
    fichiers["index.html"] = pages.index(titre, [(nom, liens) for nom, liens in sections if liens])
    if trop := [nom for nom, octets in fichiers.items() if nom.endswith(".html") and len(octets) > HTML_MAX]:
        raise ErreurFacturier(f"La page {trop[0]} est trop lourde pour un navigateur : allégez son chapitre.")
    return fichiers


def _zip(racine: str, fichiers: dict[str, bytes]) -> bytes:
    import io
    import zipfile

    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED) as archive:
        for nom, octets in sorted(fichiers.items()):
            archive.writestr(zipfile.ZipInfo(f"{racine}/{nom}", DATE_ZIP), octets, zipfile.ZIP_DEFLATED)
    return tampon.getvalue()
