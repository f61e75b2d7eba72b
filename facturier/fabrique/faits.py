"""What a text of a chapter holds by hand and should call; the templates themselves are in ``referentiel.redaction``."""

from __future__ import annotations

import re

from facturier.referentiel import faits
from facturier.referentiel.redaction import REFERENCE, rediger

__all__ = ["A_LA_MAIN", "REFERENCE", "a_la_main", "rediger"]

A_LA_MAIN = re.compile(
    r"(?<![\w-])(?:[LRD]\d{4}-\d+|art(?:icles?|\.)\s+\d[\w.-]*|§\s?\d[\d.]*|KB\s?\w*\d\w*"
    r"|\d+(?:,\d+)?\s(?:jours|mois|ans|minutes|heures|points|caractères|Mo|€|%)(?!\w)"
    r"|(?:1er|\d{1,2})\s(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)\s\d{4}"
    r"|\d{2}/\d{2}/\d{4})"
)
"""An amount, a rate, a delay, a day or an article, as prose would hold it by hand."""
_APPELS = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|```.*?```|`[^`]*`|\]\([^)]*\)", re.S)
_DUREES = re.compile(r"^#+ .*\(\d+ minutes\)\s*$|^> \*\*Durée\*\*.*$", re.M)


def a_la_main(texte: str) -> list[str]:
    """What a text holds by hand and should call, as it is written; durations of sections and code are not looked at."""
    prose = _DUREES.sub("", _APPELS.sub("", texte).replace(faits.INSECABLE, " ").replace("\u202f", " "))
    return A_LA_MAIN.findall(prose)
