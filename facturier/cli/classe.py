"""What the store of a class says once the portal is closed, or while it is open: hours (``presences``), journals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from facturier.erreurs import ErreurFacturier

if TYPE_CHECKING:
    from facturier.evaluation.classe import Gardee
    from facturier.registre import RegistreClasse
    from facturier.serveur.presences import Sejour


def ouvrir_base(base: str) -> RegistreClasse:
    """The store of a class that exists: an SQLite file or a PostgreSQL address.

    Raises:
        ErreurFacturier: no such file, a store that cannot be read, another program's database (left as it is).
    """
    from facturier.registre import RegistreClasse

    if "://" in base:
        return RegistreClasse(base, existant=True)
    if not Path(base).is_file():
        raise ErreurFacturier(
            f"La base « {base} » est introuvable : donnez le fichier SQLite de « facturier portail », ou son adresse "
            "postgresql://…",
            code="base-introuvable",
        )
    return RegistreClasse.fichier(Path(base), existant=True)


def lire_classe(base: str | None) -> Gardee | None:
    """What the store of a class holds for grading; None without a class."""
    from facturier.evaluation import classe

    if base is None:
        return None
    with ouvrir_base(base) as registre:
        return classe.lire_classe(registre)


def presences(base: str, emettre: Callable[[Any], None] | None, *, en_csv: bool) -> int:
    """Say the hours; the exit status."""
    from facturier.serveur import presences as heures

    with ouvrir_base(base) as registre:
        prenoms = {ligne.pseudonyme: ligne.prenom for ligne in registre.participants()}
        lignes = heures.sejours(registre.presences(), prenoms, datetime.now())
    if en_csv and emettre is not None:
        raise click.UsageError("--csv et --json ne vont pas ensemble : choisissez l’un des deux.")
    if en_csv:
        click.echo(heures.en_csv(lignes).encode(), nl=False)
    elif emettre is not None:
        emettre({"schema": 1, "presences": [ligne.en_json() for ligne in lignes], "totaux": _totaux(lignes)})
    else:
        _afficher(lignes)
    return 0


def _totaux(lignes: Sequence[Sejour]) -> list[dict[str, Any]]:
    """Minutes of each participant in all, in order of first arrival."""
    minutes: Counter[str] = Counter()
    prenoms: dict[str, str] = {}
    for ligne in lignes:
        minutes[ligne.pseudonyme] += ligne.minutes
        prenoms.setdefault(ligne.pseudonyme, ligne.prenom)
    return [{"pseudonyme": nom, "prenom": prenoms[nom], "minutes": minutes[nom]} for nom in prenoms]


def _afficher(lignes: Sequence[Sejour]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    if not lignes:
        console.print("Personne n’est encore venu.")
        return
    table = Table("Prénom", "Date", "Arrivée", "Départ", "Minutes")
    for ligne in lignes:
        depart = f"{ligne.depart:%H:%M}" if ligne.depart else "présent"
        table.add_row(ligne.prenom, f"{ligne.arrivee:%d/%m/%Y}", f"{ligne.arrivee:%H:%M}", depart, str(ligne.minutes))
    console.print(table)
    for total in _totaux(lignes):
        console.print(f"{total['prenom']} : {total['minutes']} min", markup=False, highlight=False)
