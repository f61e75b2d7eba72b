"""What a lesson shows: HTML and the same in words, or a button. Each loads only what it needs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path


def tableau(nom: str, codes: tuple[str, ...]) -> tuple[str, str]:
    """A table of the referentiel as it stands today, or some of its rows."""
    from facturier.formulaires.tableau import TITRES, html_tableau

    return html_tableau(nom, date.today(), codes), TITRES.get(nom, nom)


def apercu(fichier: str, dossier: Path) -> tuple[str, str]:
    """An invoice as a page."""
    from facturier.formulaires.apercu import apercu as composer

    return composer(fichier, dossier)


def circuit(marche: str) -> tuple[str, str]:
    """The monthly circuit of a works market, as it stands today."""
    from facturier.formulaires.travaux import circuit as dessiner

    return dessiner(marche, date.today())


def decompte(marche: str, cumuls: Sequence[str]) -> tuple[str, str]:
    """What the last of those months makes payable."""
    from facturier.formulaires.travaux import decompte as dessiner

    return dessiner(marche, cumuls)


def vie(cadre: str, statuts: Sequence[str]) -> tuple[str, str]:
    """The life of a piece of that cadre, as it stands today."""
    from facturier.formulaires.vie import html_vie

    return html_vie(cadre, date.today(), statuts)
