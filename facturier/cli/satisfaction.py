"""``facturier satisfaction``: the sheet to type paper answers in, and what all the opinions add up to."""

from __future__ import annotations

from pathlib import Path

import click

from facturier.cli.peau import Groupe, ecrire_json, option_json

CHEMIN = click.Path(path_type=Path)


@click.group(cls=Groupe, help="Réunit les avis de fin de journée, remis sans nom, et en fait la synthèse.")
def satisfaction() -> None:
    """Root of the two commands."""


@satisfaction.command(help="Écrit la feuille où saisir les avis reçus sur papier (.xlsx ou .csv).")
@click.argument("fichier", type=CHEMIN, metavar="FICHIER.xlsx")
@option_json
def saisie(fichier: Path, en_json: bool) -> int:
    from facturier.ecriture import write_bytes
    from facturier.enquete.saisie import modele
    from facturier.erreurs import ErreurFacturier

    octets = modele(fichier)
    if fichier.exists():
        raise ErreurFacturier(
            f"{fichier} existe déjà, et contient peut-être des avis : choisissez un autre nom.", code="fichier-existant"
        )
    write_bytes(fichier, octets)
    if en_json:
        ecrire_json({"schema": 1, "fichier": str(fichier)})
    else:
        click.echo(f"Feuille de saisie écrite : {fichier}. Une ligne par feuille de papier.")
    return 0


@satisfaction.command(help="Fait la synthèse des avis d’une session : PDF, XLSX, CSV.")
@click.argument("session", type=CHEMIN, metavar="SESSION.toml")
@click.argument("avis", type=CHEMIN, metavar="DOSSIER…", nargs=-1, required=True)
@click.option("--participants", type=int, default=None, metavar="NOMBRE", help="Combien ont suivi la journée.")
@click.option("--sortie", type=CHEMIN, metavar="DOSSIER", default=Path("build/satisfaction"), help="Où l’écrire.")
@option_json
def synthese(session: Path, avis: tuple[Path, ...], participants: int | None, sortie: Path, en_json: bool) -> int:
    from facturier import session as sessions
    from facturier.documents import enquete
    from facturier.ecriture import write_bytes
    from facturier.enquete import collecter, depouiller
    from facturier.enquete.tableaux import en_classeur, en_csv
    from facturier.erreurs import ErreurFacturier

    seance = sessions.lire(session)
    if participants is not None and participants < 1:
        raise ErreurFacturier("Donnez à --participants un nombre d’au moins 1.", code="participants-refuses")
    collecte = collecter(avis)
    lue = depouiller(collecte.avis, participants or len(seance.apprenants) or None)
    faits = {
        f"{enquete.SYNTHESE}.pdf": enquete.synthese(seance, lue),
        f"{enquete.SYNTHESE}.xlsx": en_classeur(seance, lue),
        f"{enquete.SYNTHESE}.csv": en_csv(seance, lue).encode(),
    }
    for nom, octets in faits.items():
        write_bytes(sortie / nom, octets)
    if en_json:
        ecrire_json(
            {
                "schema": 1,
                "session": seance.id,
                "avis": lue.avis,
                "participants": lue.effectif,
                "taux": None if lue.taux is None else int(lue.taux),
                "notes": list(lue.notes),
                "remarques": list(collecte.remarques),
                "dossier": str(sortie),
                "fichiers": sorted(faits),
            }
        )
        return 0
    sur = f" sur {lue.effectif} participants ({lue.taux}\u00a0%)" if lue.effectif else ""
    click.echo(f"{lue.avis} avis{sur}. Synthèse écrite dans {sortie} : {', '.join(sorted(faits))}.")
    for phrase in (*lue.notes, *collecte.remarques):
        click.echo(phrase)
    return 0
