"""What a page without code asks of the server that shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from facturier.erreurs import ErreurFacturier

ACCUEIL = "notebooks/00_accueil.ipynb"
"""Where the day begins."""
CONFIGURATION = """\
from facturier.lanceur.pages import accueillir

c.VoilaConfiguration.prelaunch_hook = accueillir  # noqa: F821 given by traitlets
"""
"""The file ``voila.py``: a function cannot be said in JSON."""


def adresse_de_classe(saisie: str) -> str:
    """Where the portal of the class shows its screens; "" for none.

    Raises:
        ErreurFacturier: it is not the address of a class.
    """
    if not saisie:
        return ""
    try:
        lue = urlsplit(saisie.strip())
        bonne = lue.scheme in ("http", "https") and bool(lue.hostname) and (lue.port or 1) > 0
    except ValueError:
        bonne = False
    if not bonne:
        raise ErreurFacturier(
            f"« {saisie[:60]} » n’est pas l’adresse d’une classe : recopiez celle que montre le formateur, "
            "http:// ou https:// compris.",
            code="adresse-invalide",
        )
    return f"{lue.scheme}://{lue.netloc}/poste"


def accueillir(requete: Any, notebook: Any, cwd: str) -> Any:
    """The notebook as a page reads it; and the page is given, before its first byte, the proof by which it stops its
    kernel when it is closed."""
    _ = requete.xsrf_token  # reading it sets the cookie; Voilà's script sends it back
    notebook.cells = [cellule for cellule in map(_en_page, notebook.cells) if cellule is not None]
    return notebook


def _en_page(cellule: Any) -> Any:
    """The cell with the words of a page, when it has some; None when they are none."""
    propre = cellule.metadata.get("facturier")
    mots = propre.get("page") if isinstance(propre, Mapping) else None
    if cellule.cell_type != "markdown" or not isinstance(mots, str):
        return cellule
    cellule.source = mots
    return cellule if mots.strip() else None
