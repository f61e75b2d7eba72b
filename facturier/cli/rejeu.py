"""``facturier rejouer``: a journal replayed on an empty portal, in words or as one JSON document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from facturier.erreurs import SORTIE_INVALIDE


def rejouer(
    journal: Path,
    graine: str | None,
    scenario: str | None,
    ouverture: Path | None,
    emettre: Callable[[Any], None] | None,
) -> int:
    """Replay and say; the exit status (0 accepted, 1 refused)."""
    from facturier.evaluation.rejeu import compte_rendu, lire_journal, lire_ouverture
    from facturier.portail.criteres import CRITERES

    annoncee, evenements = lire_journal(journal)
    reglages = lire_ouverture(ouverture) if ouverture is not None else annoncee
    if graine is not None:
        reglages = replace(reglages, graine=graine)
    if scenario is not None:
        reglages = replace(reglages, scenario=scenario)
    document = compte_rendu(evenements, reglages)
    refus = document.get("refus")
    if emettre is not None:
        emettre(document)
    elif refus:
        click.echo(refus["phrase"])
    else:
        click.echo(f"Le journal se rejoue : {len(document['etat']['pieces'])} pièce(s) sur le portail.")
        for nom, rempli in document["criteres"].items():
            click.echo(f"  {'oui' if rempli else 'non'}  {CRITERES[nom].libelle} ({nom})")
    return SORTIE_INVALIDE if refus else 0
