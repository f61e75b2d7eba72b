"""The command line: open, call, print. Everything heavy is imported by the command that needs it."""

from facturier.cli.banque import banque
from facturier.cli.commandes import facturier, main

facturier.add_command(banque)

__all__ = ["main"]
