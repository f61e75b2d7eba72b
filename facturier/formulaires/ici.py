"""The notebook that runs: where it is, what it keeps, what it shows. Importing it costs nothing."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facturier.formulaires import page

if TYPE_CHECKING:
    from collections.abc import Callable

    from facturier.formulaires.espace import Espace
    from facturier.formulaires.memoire import Memoire

DEPART = Path.cwd()
modeles: dict[str, Any] = {}
vues: dict[str, Any] = {}
"""What is shown, by form: what holds its answers, what draws it."""


@cache
def espace() -> Espace:
    """Its place."""
    from facturier.formulaires.espace import situer

    return situer(os.environ, DEPART)


@cache
def memoire() -> Memoire:
    """Its answers."""
    from facturier.formulaires.memoire import Memoire
    from facturier.formulaires.miroir import AfficheurIPython

    ici = espace()
    return Memoire(ici.carnet, ici.chemin, afficheur=AfficheurIPython(), page=ici.page, apprenant=ici.apprenant)


def enonce(exercice_id: str) -> dict[str, Any]:
    """The statement of one of its exercises."""
    from facturier.formulaires.espace import exercice

    return exercice(espace(), exercice_id)


def montrer(formulaire: str, modele: Any, vue: Any) -> None:
    """Show a form and its mirror."""
    modeles[formulaire], vues[formulaire] = modele, vue
    page.afficher(vue.racine)
    modele.montrer_miroir()


def vider() -> int:
    """Start every form again; how many there are."""
    memoire().oublier(tuple(memoire().reponses))
    for vue in vues.values():
        vue.repartir()
    return len(vues)


def dossier() -> Path:
    """Its folder."""
    chemin = espace().chemin
    return chemin.parent if chemin else DEPART


def relatif(cible: Path) -> str:
    """The way from its folder to that file, as a link."""
    from urllib.parse import quote

    return quote(Path(os.path.relpath(cible, dossier())).as_posix())


def dire_refus(geste: Callable[[], None]) -> None:
    """Do it, unless nbgrader runs the notebook; a refusal is a sentence on the page, never a traceback."""
    from facturier.erreurs import ErreurFacturier
    from facturier.formulaires.memoire import en_notation

    if en_notation():
        return
    try:
        geste()
    except ErreurFacturier as refus:
        page.phrase(refus.phrase)
