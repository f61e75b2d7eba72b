"""Printing a table of the référentiel, for people (rich) or for machines (JSON)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any


def lister_tables(ecrire: Callable[[Any], None] | None) -> None:
    """Print the names of the tables."""
    from facturier import referentiel

    if ecrire is not None:
        ecrire({"schema": 1, "tables": list(referentiel.NOMS)})
        return
    print("Tables du référentiel : " + ", ".join(referentiel.NOMS) + ".")
    print("Exemple : facturier referentiel cadres --au 2026-11-24")


def afficher_table(nom: str, au: date | None, ecrire: Callable[[Any], None] | None) -> None:
    """Print one table as of a date; ``au=None`` shows all rows."""
    from facturier.referentiel import affichage

    if ecrire is not None:
        ecrire(affichage.en_json(nom, au))
        return
    from rich.console import Console
    from rich.table import Table

    entetes, lignes = affichage.en_lignes(nom, au)
    titre = f"{nom} au {au:%d/%m/%Y}" if au else f"{nom} (toutes les dates)"
    table = Table(title=titre, show_lines=True)
    for entete in entetes:
        table.add_column(entete, overflow="fold")
    for ligne in lignes:
        table.add_row(*ligne)
    console = Console()
    # a wide table in a pipe or a narrow terminal stays whole: rows fold, nothing is cut
    console.print(table)
