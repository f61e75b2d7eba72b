"""Putting something on the notebook's page. Importing it costs nothing."""

from __future__ import annotations

from typing import Any


def afficher(racine: Any) -> None:
    """Show a screen."""
    from IPython.display import display

    display(racine)


def html(contenu: str, texte: str) -> None:
    """Show HTML, or ``texte`` where there is no browser."""
    from IPython.display import display

    display({"text/html": contenu, "text/plain": texte}, raw=True)


def liens(tous: list[str], texte: str) -> None:
    """Show links side by side."""
    from facturier.formulaires.style import feuille

    html(f'<div class="facturier">{feuille()}<p>{"".join(tous)}</p></div>', texte)


def phrase(dite: str) -> None:
    """Show a sentence, announced to who does not see the screen."""
    from facturier.formulaires.style import feuille, statut

    html(f'<div class="facturier">{feuille()}{statut(dite)}</div>', dite)
