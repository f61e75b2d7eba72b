"""What a text of a chapter holds by hand and should call; the templates themselves are in ``referentiel.redaction``."""

from __future__ import annotations

import re

from facturier.referentiel import faits
from facturier.referentiel.redaction import REFERENCE, rediger

__all__ = ["A_LA_MAIN", "REFERENCE", "a_la_main", "rediger"]

_MOIS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
_UNITE = "jours?|semaines|mois|ans|minutes|heures|points|caractères|Mo|mégaoctets|€|euros?|%|pour cent"
_UNITE_EN_LETTRES = "jours?|semaines|mois|ans|heures|caractères|mégaoctets|euros?|pour cent"
_EN_LETTRES = (
    "deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt|trente|quarante"
    "|cinquante|soixante|cents?|mille|huitaine|dizaine|quinzaine|vingtaine|trentaine|quarantaine|cinquantaine"
)
A_LA_MAIN = re.compile(
    r"(?<![\w-])(?:(?i:[LRD])(?:\.\s?|\s)?\d{4}-\d+|art(?:icles?|\.)\s+[LRD]?\d[\w.-]*|§\s?\d[\d.]*|KB\s?\w*\d\w*"
    r"|(?i:loi|ordonnance|décret|arrêté)\s(?:n°\s?)?\d{2,4}-\d+"
    rf"|\d+(?:,\d+)?\s?(?:{_UNITE})(?!\w)"
    rf"|(?i:{_EN_LETTRES})\s(?:de\s|d’)?(?:{_UNITE_EN_LETTRES})(?!\w)"
    rf"|(?:1er|premier|\d{{1,2}})\s(?:{_MOIS})(?!\w)(?:\s\d{{4}})?|(?:{_MOIS})\s(?:\d{{4}}|prochain|dernier)(?!\w)"
    r"|\d{1,2}/\d{1,2}/\d{2,4}|\d{4}-\d\d-\d\d)"
)
"""An amount, a rate, a delay, a day or an article, as prose would hold it by hand, in figures or in letters."""
_APPELS = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|```.*?```|`[^`]*`|\]\([^)]*\)", re.S)
_DUREES = re.compile(r"^#+ .*\(\d+ minutes\)\s*$|^> \*\*Durée\*\*.*$", re.M)


def a_la_main(texte: str) -> list[str]:
    """What a text holds by hand and should call, as it is written; durations of sections and code are not looked at."""
    prose = _DUREES.sub("", _APPELS.sub("", texte).replace(faits.INSECABLE, " ").replace("\u202f", " "))
    return A_LA_MAIN.findall(prose)
