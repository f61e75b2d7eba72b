"""The commands of ``facturier``."""

from __future__ import annotations

import sys
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import click

from facturier import __version__
from facturier.cli.commandes_de_seance import COMMANDES
from facturier.cli.peau import Groupe, ecrire_json, executer, option_json
from facturier.erreurs import SORTIE_INVALIDE

CHEMIN = click.Path(path_type=Path)


class DateIso(click.ParamType[date]):
    """A date typed as 2026-11-24 or 24/11/2026."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        texte = str(value)
        try:
            if "/" in texte:
                jour, mois, annee = texte.split("/")
                return date(int(annee), int(mois), int(jour))
            return date.fromisoformat(texte)
        except ValueError:
            self.fail(f"« {texte} » n’est pas une date ; écrivez par exemple 2026-11-24.", param, ctx)


@click.group(cls=Groupe, help="Le Facturier : former à la facturation du secteur public avec Chorus Pro.")
@click.version_option(__version__, message="facturier %(version)s", help="Affiche la version.")
def facturier() -> None:
    """Root of the commands."""


@facturier.command(help="Joue une journée complète avec une classe de 7 apprenants et note leurs rendus.")
@click.option(
    "--sortie",
    type=CHEMIN,
    metavar="DOSSIER",
    default=Path("build/demo"),
    help="Dossier à remplir (build/demo par défaut).",
)
@option_json
def demo(sortie: Path, en_json: bool) -> int:
    from facturier.cli import bilans
    from facturier.demo import jouer

    resultats = jouer(sortie)
    if en_json:
        ecrire_json(resultats.en_json())
    else:
        bilans.afficher(resultats, "Pour ouvrir les carnets comme un apprenant : facturier ouvrir")
    return 0


@facturier.command(help="Ouvre JupyterLab, en français, sur le carnet d’accueil.")
@click.argument("dossier", type=CHEMIN, default=Path("travail"))
@click.option("--port", type=int, metavar="NUMÉRO", default=None, help="Port à utiliser (le premier libre par défaut).")
@click.option("--sans-navigateur", is_flag=True, help="Affiche l’adresse sans ouvrir le navigateur.")
@click.option("--pages", is_flag=True, help="Montre des pages sans code, au lieu des carnets de JupyterLab.")
@click.option("--classe", metavar="ADRESSE", default="", help="Avec --pages : mène aussi au portail de la classe.")
@option_json
def ouvrir(dossier: Path, port: int | None, sans_navigateur: bool, pages: bool, classe: str, en_json: bool) -> int:
    from facturier import lanceur

    lanceur.ouvrir(dossier, navigateur=not sans_navigateur, port=port, pages=pages, classe=classe)
    if en_json:
        ecrire_json({"schema": 1, "dossier": str(dossier)})
    return 0


@facturier.command(help="Valide des factures (UBL, CII, Factur-X) ou des dossiers avec les règles officielles.")
@click.argument("fichiers", type=CHEMIN, nargs=-1, required=True, metavar="FICHIER…")
@click.option("--jeux", default="auto", metavar="JEUX", help="auto, ou une liste : en16931,brfr,cpro,historique.")
@click.option("--rapport", type=CHEMIN, default=None, help="Écrit aussi un rapport (.csv, .json ou .html).")
@click.option(
    "--annuaire",
    metavar="ANNUAIRE",
    default=None,
    help="Contrôle aussi les parties, le service et l’engagement : « formation » (annuaire fictif du kit) ou un "
    "fichier TOML. Sans cette option, aucun destinataire n’est cherché.",
)
@option_json
def valider(fichiers: tuple[Path, ...], jeux: str, rapport: Path | None, annuaire: str | None, en_json: bool) -> int:
    from facturier.efacture import affichage

    emettre = partial(click.echo, nl=False) if en_json else None
    return affichage.valider(fichiers, jeux, emettre, rapport, annuaire)


@facturier.command(help="Montre une facture électronique comme une page lisible, chaque remarque sous son champ.")
@click.argument("fichier", type=CHEMIN, metavar="FICHIER")
@click.option("--jeux", default="auto", metavar="JEUX", help="auto, ou une liste : en16931,brfr,cpro,historique.")
@option_json
def lire(fichier: Path, jeux: str, en_json: bool) -> int:
    from facturier.efacture import page

    lue = page.lire_page(fichier, jeux)
    if en_json:
        ecrire_json(lue.en_json())
    else:
        from facturier.efacture import page_affichage

        page_affichage.afficher(lue)
    return lue.resultat.sortie


@facturier.command(help="Dit ce qui diffère entre deux factures, en mots du métier, quels que soient leurs formats.")
@click.argument("a", type=CHEMIN, metavar="PREMIÈRE")
@click.argument("b", type=CHEMIN, metavar="SECONDE")
@option_json
def comparer(a: Path, b: Path, en_json: bool) -> int:
    from facturier.efacture import comparaison_isolee

    ecarts = comparaison_isolee.comparer(a, b)
    if en_json:
        ecrire_json(ecarts.en_json())
    else:
        from facturier.efacture import comparaison_affichage

        comparaison_affichage.afficher(ecarts)
    return ecarts.sortie


@facturier.command(help="Note un dossier de travaux rendus (un zip, un carnet ou un dossier par apprenant).")
@click.argument("dossier", type=CHEMIN)
@click.option(
    "--sortie", type=CHEMIN, metavar="DOSSIER", default=None, help="Où écrire les notes (DOSSIER-notes par défaut)."
)
@click.option(
    "--apprenants",
    type=CHEMIN,
    metavar="FICHIER",
    default=None,
    help="Liste de la classe (CSV UTF-8, colonne « prénom » ou « id ») : les absents sont repérés. "
    "Sans cette option, DOSSIER/apprenants.csv s’il existe.",
)
@click.option(
    "--classe",
    metavar="BASE",
    default=None,
    help="Base de « facturier portail » (fichier SQLite ou postgresql://…) : ce qu’elle a gardé du portail compte, pas "
    "la copie rendue.",
)
@option_json
def noter(dossier: Path, sortie: Path | None, apprenants: Path | None, classe: str | None, en_json: bool) -> int:
    from facturier.cli import bilans
    from facturier.cli.classe import lire_classe
    from facturier.fabrique.bilans import noter_et_rapporter

    dossier = dossier.resolve()
    resultats = noter_et_rapporter(
        dossier, sortie or dossier.with_name(f"{dossier.name}-notes"), apprenants, lire_classe(classe)
    )
    if en_json:
        ecrire_json(resultats.en_json())
    else:
        bilans.afficher(resultats, bilans.suite(resultats))
    return SORTIE_INVALIDE if bilans.a_relire(resultats) else 0


@facturier.command(help="Construit les carnets, les exercices et les factures d’exemple depuis les textes.")
@click.option("--sortie", type=CHEMIN, metavar="DOSSIER", default=None, help="Dossier à remplir (le dépôt par défaut).")
@click.option(
    "--session", type=CHEMIN, metavar="FICHIER", default=None, help="Fichier TOML d’une session : ses matériaux datés."
)
@click.option("--verifier", "verification", is_flag=True, help="N’écrit rien : dit seulement ce qui n’est pas à jour.")
@click.option("--au", type=DateIso(), default=None, help="Dit le droit tel qu’il est à cette date (AAAA-MM-JJ).")
@option_json
def construire(sortie: Path | None, session: Path | None, verification: bool, au: date | None, en_json: bool) -> int:
    from facturier.fabrique.ensemble import construire_tout
    from facturier.fabrique.faits import REFERENCE
    from facturier.fabrique.seances import construire_seance
    from facturier.progression import attente

    if session is not None:
        fichiers = construire_seance(session, sortie or Path("build/sessions"))
    else:
        with attente("Construction en cours…"):
            fichiers = construire_tout(sortie, verifier=verification, au=au or REFERENCE)
    if en_json:
        ecrire_json({"schema": 1, "ecarts" if verification else "ecrits": fichiers})
    elif verification and fichiers:
        click.echo("Pas à jour (lancez « make construire ») :\n" + "\n".join(f"  {f}" for f in fichiers))
    elif verification:
        click.echo("Carnets, exercices, factures d’exemple et circuits sont à jour.")
    elif session is not None:
        dossier = (sortie or Path("build/sessions")) / fichiers[0].partition("/")[0]
        click.echo(f"{len(fichiers)} fichiers écrits. Les matériaux de la session : {dossier}")
        click.echo(f'Pour les essayer comme un apprenant : facturier ouvrir "{dossier}"')
    else:
        click.echo(f"{len(fichiers)} fichiers écrits ou remplacés." if fichiers else "Tout était déjà à jour.")
    return SORTIE_INVALIDE if verification and fichiers else 0


@facturier.command(help="Affiche une table du référentiel (cadres, statuts, délais…) à une date donnée.")
@click.argument("table", required=False)
@click.option("--au", type=DateIso(), default=None, help="Date de lecture (aujourd’hui par défaut).")
@click.option("--tout", is_flag=True, help="Montre aussi les lignes qui ne sont plus, ou pas encore, en vigueur.")
@option_json
def referentiel(table: str | None, au: date | None, tout: bool, en_json: bool) -> int:
    from facturier.cli.tables import afficher_table, lister_tables

    if table is None:
        lister_tables(ecrire_json if en_json else None)
    else:
        afficher_table(table, None if tout else au or date.today(), ecrire_json if en_json else None)
    return 0


@facturier.command(help="Explique une règle (BR-CO-15, BR-FR-05…), ou mesure la part des règles expliquées.")
@click.argument("code", required=False)
@click.option("--couverture", is_flag=True, help="Affiche, par famille, les règles connues et expliquées.")
@option_json
def regles(code: str | None, couverture: bool, en_json: bool) -> int:
    from facturier.cli import regles as ecran

    ecrire = ecrire_json if en_json else None
    return ecran.couvrir(ecrire) if couverture or code is None else ecran.expliquer(code, ecrire)


@facturier.command(help="Rejoue le journal d’un portail sur un portail vide : état et critères, ou premier refus.")
@click.argument("journal", type=CHEMIN, metavar="JOURNAL.json")
@click.option("--graine", default=None, metavar="GRAINE", help="Graine de l’exercice (celle du fichier par défaut).")
@click.option("--scenario", default=None, metavar="NOM", help="Scénario de l’exercice (celui du fichier par défaut).")
@click.option(
    "--situation", default=None, metavar="CODE", help="Situation tirée par la graine : ses critères sont jugés."
)
@click.option(
    "--ouverture", type=CHEMIN, default=None, metavar="FICHIER", help="Tous les réglages du portail, en JSON."
)
@option_json
def rejouer(
    journal: Path,
    graine: str | None,
    scenario: str | None,
    situation: str | None,
    ouverture: Path | None,
    en_json: bool,
) -> int:
    from facturier.cli.rejeu import rejouer as lancer

    return lancer(journal, graine, scenario, situation, ouverture, ecrire_json if en_json else None)


for commande in COMMANDES:
    facturier.add_command(commande)


def main() -> NoReturn:
    """Entry point of the ``facturier`` script."""
    sys.exit(executer(facturier))
