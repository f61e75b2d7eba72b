"""What a page without code asks of the server that shows it."""

from __future__ import annotations

from typing import Any

CONFIGURATION = """\
from facturier.lanceur.pages import accueillir

c.VoilaConfiguration.prelaunch_hook = accueillir  # noqa: F821 given by traitlets
"""
"""The file ``voila.py``: a function cannot be said in JSON."""


def accueillir(requete: Any, notebook: Any, cwd: str) -> None:
    """Give the page, before its first byte, the proof by which it stops its kernel when it is closed."""
    _ = requete.xsrf_token  # reading it sets the cookie; Voilà's script sends it back
