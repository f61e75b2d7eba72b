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
    situation: str | None,
    ouverture: Path | None,
    emettre: Callable[[Any], None] | None,
) -> int:
    """Replay and say; the exit status (0 accepted, 1 refused)."""
    from facturier.evaluation.rejeu import (
        JournalAbime,
        compte_rendu,
        lire_journal,
        lire_ouverture,
        situation_du_journal,
    )
    from facturier.portail.criteres import CRITERES

    try:
        annoncee, evenements = lire_journal(journal)
    except JournalAbime as cause:  # what is not a journal any more is refused as a journal is, as a whole
        if emettre is not None:
            emettre({"schema": 1, "refus": {"rang": 0, "evenement": None, "phrase": cause.phrase}})
        else:
            click.echo(cause.phrase)
        return SORTIE_INVALIDE
    reglages = lire_ouverture(ouverture) if ouverture is not None else annoncee
    if graine is not None:
        reglages = replace(reglages, graine=graine)
    if scenario is not None or situation is not None:
        reglages = replace(reglages, scenario=situation or scenario or "")
    tiree = situation_du_journal(situation or "", reglages, evenements, imposee=ouverture is not None)
    document = compte_rendu(evenements, reglages, tiree)
    refus = document.get("refus")
    if emettre is not None:
        emettre(document)
    elif refus:
        click.echo(refus["phrase"])
    else:
        click.echo(f"Le journal se rejoue : {len(document['etat']['pieces'])} pièce(s) sur le portail.")
        if tiree is not None:
            _dire_la_situation(document["situation"])
        for nom in CRITERES if tiree is None else ():
            click.echo(f"  {'oui' if document['criteres'][nom] else 'non'}  {CRITERES[nom].libelle} ({nom})")
    return SORTIE_INVALIDE if refus else 0


def _dire_la_situation(situation: dict[str, Any]) -> None:
    click.echo(f"Situation « {situation['titre']} », graine « {situation['graine']} ».")
    if situation["classe"]:
        click.echo("Journal d’un espace de classe : la base du portail fait foi (facturier noter … --classe BASE).")
    for critere in situation["criteres"]:
        suite = f" {critere['manque']}" if critere["manque"] else ""
        click.echo(f"  {'oui' if critere['rempli'] else 'non'}  {critere['libelle']} ({critere['nom']}){suite}")
