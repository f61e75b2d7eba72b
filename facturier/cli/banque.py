"""``facturier banque``: the item bank out to a spreadsheet, and back."""

from __future__ import annotations

from pathlib import Path

import click

from facturier.cli.peau import Groupe, ecrire_json, option_json

_FICHIER = click.argument("fichier", type=click.Path(path_type=Path), metavar="FICHIER.xlsx")
_SOURCES = click.option(
    "--sources",
    type=click.Path(path_type=Path),
    default=None,
    metavar="DOSSIER",
    help="Dossier des textes (celui du kit par défaut).",
)


@click.group(cls=Groupe, help="Sort la banque de questions dans un tableur, ou la reprend une fois corrigée.")
def banque() -> None:
    """Root of the two commands."""


@banque.command(help="Écrit la banque de questions dans un classeur, clé comprise : à garder sur votre poste.")
@_FICHIER
@_SOURCES
@option_json
def exporter(fichier: Path, sources: Path | None, en_json: bool) -> int:
    from facturier.evaluation import tableur

    lue = tableur.exporter(fichier, sources)
    if en_json:
        ecrire_json(
            {"schema": 1, "fichier": str(fichier), "themes": len(lue.themes), "items": len(lue.gabarits)},
        )
    else:
        print(f"{len(lue.gabarits)} questions en {len(lue.themes)} thèmes écrites dans {fichier}.")
        print("Ce classeur contient les réponses : ne le donnez pas aux apprenants.")
    return 0


@banque.command(help="Remplace la banque par celle d’un classeur, si tout y est juste ; sinon, dit chaque erreur.")
@_FICHIER
@_SOURCES
@option_json
def importer(fichier: Path, sources: Path | None, en_json: bool) -> int:
    from facturier.evaluation import tableur

    try:
        changes = tableur.importer(fichier, sources)
    except tableur.ErreursDeBanque as refus:
        if not en_json:
            raise
        ecrire_json({"schema": 1, "fichier": str(fichier), "erreurs": list(refus.phrases)})
        return refus.sortie
    if en_json:
        ecrire_json({"schema": 1, "fichier": str(fichier), "changes": changes})
    elif changes:
        print(f"Banque importée : {', '.join(changes)}. Lancez « facturier construire » pour refaire les quiz.")
    else:
        print("Ce classeur dit la même chose que la banque : rien n’a changé.")
    return 0
