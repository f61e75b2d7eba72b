"""The skin shared by all commands: French usage, one JSON document on stdout, one sentence for an error, exit codes."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

import click

from facturier.erreurs import SORTIE_MOTEUR, SORTIE_USAGE, ErreurFacturier

option_json = click.option("--json", "en_json", is_flag=True, help="Écrit un seul document JSON, pour une machine.")


class _EnFrancais(click.Command):
    """Mixed into commands and groups: the few words that click prints itself, in French."""

    usage = ""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Affiche cette aide."
        return option

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = self.usage or " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix="Utilisation : ")


class Commande(_EnFrancais):
    """A click command whose help speaks French."""


class Groupe(_EnFrancais, click.Group):
    """The group of commands; ``executer`` turns every failure into a sentence and an exit code of the contract."""

    command_class = Commande
    usage = "[OPTIONS] COMMANDE [ARGUMENTS]…"

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, self.commands[name].get_short_help_str(90)) for name in self.commands]
        with formatter.section("Commandes"):
            formatter.write_dl(rows)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


def executer(groupe: click.Group, arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status; never raises, never prints a traceback (unless asked)."""
    mots = list(sys.argv[1:] if arguments is None else arguments)
    en_json = "--json" in mots
    try:
        resultat = groupe.main(args=mots, prog_name="facturier", standalone_mode=False)
        return resultat if isinstance(resultat, int) else 0
    except click.exceptions.NoArgsIsHelpError as appel:
        click.echo(appel.ctx.get_help() if appel.ctx else "")
        return 0
    except click.UsageError as faute:
        return _dire(en_json, "usage", _phrase_usage(faute), SORTIE_USAGE)
    except ErreurFacturier as erreur:
        return _dire(en_json, erreur.code, erreur.phrase, erreur.sortie)
    except (KeyboardInterrupt, click.Abort):
        return _dire(en_json, "interruption", "Interrompu à votre demande ; ce qui était enregistré l’est resté.", 130)
    except BrokenPipeError:
        # the reader (head, less…) left: nothing to say, and nowhere to say it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as panne:  # the last resort: people get a sentence, developers ask for the trace
        if os.environ.get("FACTURIER_TRACE"):
            raise
        return _dire(
            en_json,
            "panne",
            f"Panne inattendue ({type(panne).__name__} : {panne}). Relancez avec la variable FACTURIER_TRACE=1 "
            "et envoyez-nous le texte affiché.",
            SORTIE_MOTEUR,
        )


def ecrire_json(document: Any) -> None:
    """Print the one JSON document of a command."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def _dire(en_json: bool, code: str, phrase: str, sortie: int) -> int:
    if en_json:
        ecrire_json({"schema": 1, "erreur": {"code": code, "phrase": phrase}})
    else:
        click.echo(phrase, err=True)
    return sortie


def _phrase_usage(faute: click.UsageError) -> str:
    contexte = faute.ctx
    aide = f"Voyez « {contexte.command_path if contexte else 'facturier'} --help »."
    traductions: list[tuple[type[click.UsageError], Callable[[Any], str]]] = [
        (click.NoSuchOption, lambda f: f"L’option « {f.option_name} » n’existe pas."),
        (click.MissingParameter, lambda f: f"Il manque {_nom(f.param)}."),
        (click.BadParameter, lambda f: f"La valeur donnée pour {_nom(f.param)} n’est pas acceptée : {_raison(f)}"),
    ]
    for genre, phrase in traductions:
        if isinstance(faute, genre):
            return f"{phrase(faute)} {aide}"
    if contexte is not None and isinstance(contexte.command, click.Group):
        connues = ", ".join(contexte.command.list_commands(contexte))
        return f"Cette commande n’existe pas. Commandes disponibles : {connues}. {aide}"
    if "extra argument" in faute.message:
        en_trop = faute.message.partition("(")[2].rstrip(")")
        return (
            f"« {en_trop} » est en trop. Si un nom contient des espaces, écrivez-le entre guillemets droits : "
            f'"Copies du 3 décembre". {aide}'
        )
    return f"Les mots de cette commande ne vont pas ensemble ({faute.format_message()}). {aide}"


def _raison(faute: click.BadParameter) -> str:
    if faute.param is not None and faute.param.type is click.INT:
        return "il faut un nombre entier."
    return faute.message


def _nom(parametre: click.Parameter | None) -> str:
    if parametre is None:
        return "une valeur"
    if isinstance(parametre, click.Option):
        return f"l’option « {parametre.opts[0]} »"
    return f"l’argument « {parametre.human_readable_name} »"
