"""Showing progress on stderr whenever a wait passes a second (rich); silent when nobody watches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")


@contextmanager
def attente(phrase: str) -> Iterator[None]:
    """Show a sentence with a moving sign while something lasts; a log or a pipe stays clean."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(phrase):
        yield


def suivi(etapes: Iterable[T], titre: str, total: int | None = None) -> Iterator[T]:
    """Iterate with a progress bar on stderr, in a terminal only (a log or a pipe stays clean). ``total``: how many
    there are, when ``etapes`` cannot say it."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    yield from track(
        etapes, description=titre, total=total, console=console, transient=True, disable=not console.is_terminal
    )
