"""Printing a table of the référentiel: cards that any terminal can hold, or JSON for machines."""

from __future__ import annotations

import shutil
import textwrap
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
    fiches = affichage.en_fiches(nom, au)
    largeur = shutil.get_terminal_size().columns
    jour = f"au {au:%d/%m/%Y}" if au else "toutes les dates"
    print(f"{nom}, {jour} : {len(fiches)} ligne{'s' if len(fiches) > 1 else ''}")
    for fiche in fiches:
        print(f"\n{fiche.cle}")
        for titre, texte in fiche.faits:
            fait = f"{titre} : {texte}"
            print(textwrap.fill(fait, largeur, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False))
