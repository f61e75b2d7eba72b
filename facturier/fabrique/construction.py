"""Building what learners receive: lessons, masters, releases and public statements; or checking they are up to date."""

from __future__ import annotations

import tempfile
from collections.abc import Collection
from datetime import date
from pathlib import Path

from facturier import contenu
from facturier.ecriture import write_bytes
from facturier.erreurs import ErreurFacturier
from facturier.evaluation.bareme import lire_bareme
from facturier.evaluation.graines import Graine
from facturier.fabrique.carnets import Source, carnet_lecon, carnet_maitre, en_octets
from facturier.fabrique.faits import REFERENCE


def construire(
    sortie: Path | None = None,
    slugs: Collection[str] | None = None,
    *,
    sources: Path | None = None,
    verifier: bool = False,
    au: date = REFERENCE,
) -> list[str]:
    """Build ``notebooks/``, ``grading/source/`` and ``release/`` in ``sortie``; only files that change are written.

    Folders that no chapter names (a trainer's own assignments) and files beside ours are left alone.

    Args:
        sortie: the checkout or workspace; the content's root when left out.
        slugs: the chapters to build; all when left out.
        sources: folder of the chapters' texts; that of the content when left out.
        verifier: write nothing, only compare. ``grading/`` is not compared: it is not handed to anybody.
        au: the day on which the law is told.

    Returns:
        The files written (or, with ``verifier``, the files that a build would change), relative to ``sortie``.
    """
    racine = sortie.resolve() if sortie is not None else contenu.racine()
    voulus = _chapitres(sources, slugs)
    with tempfile.TemporaryDirectory(prefix="facturier-") as brouillon:
        produits = {
            **lecons(voulus, au),
            **distributions(voulus, Path(brouillon), racine=None if verifier else racine, au=au),
        }
    if verifier:
        produits = {nom: octets for nom, octets in produits.items() if not nom.startswith("grading/")}
    perimes = [] if slugs is not None else _perimes(racine, set(produits))
    changes = sorted(nom for nom, octets in produits.items() if not _identique(racine / nom, octets))
    if not verifier:
        for nom in changes:
            write_bytes(racine / nom, produits[nom])
        for nom in perimes:
            (racine / nom).unlink()
    return sorted([*changes, *perimes])


def construire_devoirs(sortie: Path, *, sources: Path | None = None) -> None:
    """Only what grading needs in a session's workspace: masters, releases and the gradebook that knows them."""
    with tempfile.TemporaryDirectory(prefix="facturier-") as brouillon:
        produits = distributions(_chapitres(sources, None), Path(brouillon), racine=sortie)
    for nom, octets in produits.items():
        if not _identique(sortie / nom, octets):
            write_bytes(sortie / nom, octets)


def lecons(chapitres: Collection[contenu.Chapitre], au: date = REFERENCE) -> dict[str, bytes]:
    """The lessons' notebooks by their place in the tree."""
    return {
        f"notebooks/{contenu.nom_carnet(c)}": en_octets(carnet_lecon(Source(c.lecon, f"{c.slug}/lecon", au)))
        for c in chapitres
    }


def distributions(
    chapitres: Collection[contenu.Chapitre], brouillon: Path, *, racine: Path | None, au: date = REFERENCE
) -> dict[str, bytes]:
    """Masters, releases and statements by their place in the tree, made in a draft folder by nbgrader itself.

    The gradebook of ``racine`` learns the assignments; without ``racine``, none does.
    """
    from facturier.ecriture import write_json
    from facturier.evaluation.notation.atelier import distribuer
    from facturier.evaluation.notation.enonces import ENONCES

    if racine is not None:
        (racine / "grading").mkdir(parents=True, exist_ok=True)
    produits: dict[str, bytes] = {}
    for chapitre in chapitres:
        if chapitre.exercices is None:
            continue
        bareme = lire_bareme(chapitre, Graine(au=au))
        maitre = f"grading/source/{chapitre.slug}/exercices.ipynb"
        produits[maitre] = en_octets(carnet_maitre(Source(chapitre.exercices, bareme.carnet, au), bareme))
        write_bytes(brouillon / maitre, produits[maitre])
        dossier = distribuer(brouillon, chapitre.slug, carnet_de_notes=racine)
        write_json(dossier / ENONCES, bareme.enonces())
        for nom in ("exercices.ipynb", ENONCES):
            produits[f"release/{chapitre.slug}/{nom}"] = (dossier / nom).read_bytes()
        for fichier in chapitre.fichiers:
            produits[f"release/{chapitre.slug}/{fichier.name}"] = fichier.read_bytes()
    return produits


def _chapitres(sources: Path | None, slugs: Collection[str] | None) -> list[contenu.Chapitre]:
    tous = contenu.chapitres(sources)
    inconnus = sorted(set(slugs or ()) - {c.slug for c in tous})
    if inconnus:
        connus = ", ".join(c.slug for c in tous)
        raise ErreurFacturier(
            f"Chapitre inconnu : « {inconnus[0]} ». Chapitres disponibles : {connus}.", code="chapitre-inconnu"
        )
    return [c for c in tous if slugs is None or c.slug in slugs]


def _identique(fichier: Path, octets: bytes) -> bool:
    return fichier.is_file() and fichier.read_bytes() == octets


def _perimes(racine: Path, produits: set[str]) -> list[str]:
    """Lessons of a former build that no chapter makes any more (a chapter renamed or moved)."""
    return [
        f"notebooks/{f.name}"
        for f in sorted((racine / "notebooks").glob("[0-9][0-9]_*.ipynb"))
        if f"notebooks/{f.name}" not in produits and _est_derive(f)
    ]


def _est_derive(fichier: Path) -> bool:
    import json

    try:
        carnet = json.loads(fichier.read_text(encoding="utf-8"))["metadata"]["facturier"]["carnet"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return isinstance(carnet, str) and carnet.endswith("/lecon")
