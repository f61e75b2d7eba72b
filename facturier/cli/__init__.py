"""The command line: open, call, print. Everything heavy is imported by the command that needs it."""

from facturier.cli.banque import banque
from facturier.cli.commandes import facturier, main
from facturier.cli.satisfaction import satisfaction

facturier.add_command(banque)
facturier.add_command(satisfaction)

__all__ = ["main"]
