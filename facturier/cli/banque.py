"""``facturier banque``: the item bank out to a spreadsheet and back, and the key of a session's quizzes."""

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


@click.group(
    cls=Groupe, help="Sort la banque de questions dans un tableur, la reprend une fois corrigée, montre un corrigé."
)
def banque() -> None:
    """Root of the three commands."""


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


@banque.command(help="Montre le corrigé des deux quiz d’une session : question, réponse juste, source.")
@click.argument("session", type=click.Path(path_type=Path), metavar="SESSION.toml")
@_SOURCES
@option_json
def corrige(session: Path, sources: Path | None, en_json: bool) -> int:
    from facturier import session as sessions
    from facturier.evaluation.graines import Graine
    from facturier.evaluation.tirages import FORMES, lire_banque

    seance = sessions.lire(session)
    lue, graine = lire_banque(sources), Graine(seance.id, seance.jour)
    quiz = {
        forme: [{"id": i.id, "question": i.question, "juste": i.juste, "source": i.source} for i in items]
        for forme, items in ((forme, lue.forme(forme, graine)) for forme in FORMES)
    }
    if en_json:
        ecrire_json({"schema": 1, "session": seance.id, **quiz})
        return 0
    for forme, titre in zip(FORMES, ("Quiz d’entrée", "Quiz de sortie"), strict=True):
        print(f"{titre}, session {seance.id}. À garder sur votre poste.")
        for rang, question in enumerate(quiz[forme], 1):
            print(f"\n{rang}. {question['question']}\n   → {' ; '.join(question['juste'])}\n   {question['source']}")
        print()
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
