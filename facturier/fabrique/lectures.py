"""Two readings of one text: in a notebook, whose lines of code are seen, and in a page without code.

``{{ carnet("Exécutez la ligne suivante.") }}`` is read in a notebook only, ``{{ page("Remplissez le champ.") }}`` in a
page only. What they hold is marked while the text is cut into cells: both readings have the same cells. The sentences
around the import, the same in every chapter, need no call.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_MARQUES = {"carnet": ("\ue000", "\ue001"), "page": ("\ue002", "\ue003")}
_IMPORT = re.compile(r"^(?:La (?:ligne suivante|première ligne) prépare la page|Elle n’affiche rien)[^\n]*$", re.M)


def appels() -> dict[str, Callable[[str], str]]:
    """What a text may call."""
    return {nom: _marquer(*bornes) for nom, bornes in _MARQUES.items()}


def deux_lectures(marque: str) -> tuple[str, str]:
    """The text of a cell as read in a notebook, and in a page."""
    return _lire(marque, "carnet", "page"), _lire(_IMPORT.sub("", marque), "page", "carnet")


def _marquer(debut: str, fin: str) -> Callable[[str], str]:
    return lambda texte: f"{debut}{texte}{fin}"


def _lire(marque: str, gardee: str, autre: str) -> str:
    debut, fin = _MARQUES[autre]
    sans = re.sub(f"{debut}.*?{fin}", "", marque, flags=re.S)
    for borne in _MARQUES[gardee]:
        sans = sans.replace(borne, "")
    return re.sub(r"\n{3,}", "\n\n", sans).strip("\n")
