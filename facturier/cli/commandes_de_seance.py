"""The commands of a session: the portal of its class, its hours, its key."""

from __future__ import annotations

from pathlib import Path

import click

from facturier.cli.peau import Commande, ecrire_json, option_json

CHEMIN = click.Path(path_type=Path)


@click.command(cls=Commande, help="Ouvre le portail partagé d’une classe, jusqu’à Ctrl + C.")
@click.option("--hote", default="127.0.0.1", metavar="ADRESSE", help="Adresse d’écoute (0.0.0.0 : tout le réseau).")
@click.option("--port", type=int, default=8765, metavar="NUMÉRO", help="Port d’écoute (8765 par défaut).")
@click.option(
    "--base",
    default="",
    envvar="FACTURIER_BASE",
    metavar="BASE",
    help="Fichier SQLite, ou postgresql://… (build/portail par défaut ; variable FACTURIER_BASE).",
)
@click.option("--seance", type=CHEMIN, default=None, metavar="FICHIER.toml", help="Fichier TOML de la session.")
@click.option("--marche", default="", metavar="NUMÉRO", help="Marché que jouent les groupes (le premier avec MOE).")
@click.option("--situation", default=None, metavar="CODE", help="Situation que chacun joue seul (« » : dépôts libres).")
@click.option(
    "--bascule",
    "bascules",
    multiple=True,
    nargs=2,
    metavar="CODE AAAA-MM-JJ",
    help="Jour d’un changement annoncé, pour montrer l’après (arret-recyclage), hors situation.",
)
@click.option("--certificat", type=CHEMIN, default=None, metavar="PEM", help="Certificat, pour https.")
@click.option("--cle", type=CHEMIN, default=None, metavar="PEM", help="Clé du certificat.")
@option_json
def portail(
    hote: str,
    port: int,
    base: str,
    seance: Path | None,
    marche: str,
    situation: str | None,
    bascules: tuple[tuple[str, str], ...],
    certificat: Path | None,
    cle: Path | None,
    en_json: bool,
) -> int:
    from facturier.cli.portail import portail as ouvrir_portail
    from facturier.serveur.lancement import Ecoute

    ecoute = Ecoute(hote, port, certificat, cle)
    return ouvrir_portail(ecoute, base, seance, marche, situation, ecrire_json if en_json else None, dict(bascules))


@click.command(cls=Commande, help="Donne les heures d’arrivée et de départ d’une classe du portail.")
@click.argument("base", metavar="BASE")
@click.option("--csv", "en_csv", is_flag=True, help="Pour un tableur : CSV français, une ligne par venue.")
@option_json
def presences(base: str, en_csv: bool, en_json: bool) -> int:
    from facturier.cli.classe import presences as dire

    return dire(base, ecrire_json if en_json else None, en_csv=en_csv)


@click.command("cle-usb", cls=Commande, help="Fait la clé d’une session : un dossier et un zip, sans connexion.")
@click.argument("session", type=CHEMIN)
@click.option("--sortie", type=CHEMIN, metavar="DOSSIER", default=Path("build/cles"), help="Où écrire la clé.")
@option_json
def cle_usb(session: Path, sortie: Path, en_json: bool) -> int:
    from facturier.cle.paquet import construire
    from facturier.cli.documents import pour_la_cle

    dossier = construire(session, sortie, pour_la_cle(session))
    if en_json:
        ecrire_json({"schema": 1, "dossier": str(dossier), "archive": f"{dossier}.zip"})
    else:
        click.echo(f"La clé est prête : {dossier} (et {dossier}.zip). Ouvrez index.html avec un navigateur.")
    return 0


@click.command(cls=Commande, help="Fait les documents d’une session : convocations, émargements, attestations (PDF).")
@click.argument("session", type=CHEMIN)
@click.option("--noms", type=CHEMIN, required=True, metavar="CSV", help="pseudonyme;prenom;nom;entreprise")
@click.option("--emargements", type=CHEMIN, default=None, metavar="CSV", help="pseudonyme;matin;apres_midi, en heures.")
@click.option("--resultats", type=CHEMIN, default=None, metavar="JSON", help="resultats_detail.json, fait par noter.")
@click.option("--gros", is_flag=True, help="En gros caractères.")
@click.option("--sortie", type=CHEMIN, metavar="DOSSIER", default=Path("build/documents"), help="Où les écrire.")
@option_json
def documents(
    session: Path,
    noms: Path,
    emargements: Path | None,
    resultats: Path | None,
    gros: bool,
    sortie: Path,
    en_json: bool,
) -> int:
    from facturier.cli.documents import produire

    faits, remarques = produire(session, noms, emargements, resultats, sortie, gros=gros)
    if en_json:
        ecrire_json({"schema": 1, "dossier": str(sortie), "fichiers": faits, "remarques": remarques})
    else:
        click.echo(f"{len(faits)} documents écrits dans {sortie}.")
        for remarque in remarques:
            click.echo(remarque)
    return 0


COMMANDES: tuple[click.Command, ...] = (portail, presences, cle_usb, documents)
