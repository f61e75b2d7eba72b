"""The command line: open, call, print. Everything heavy is imported by the command that needs it."""

from facturier.cli.commandes import main

__all__ = ["main"]
