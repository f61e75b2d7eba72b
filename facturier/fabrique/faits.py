"""The texts of chapters as templates: facts are called, not typed, so that a day can be told as the law stands then.

``{{ delai("paiement-sante") }}``, ``{% if au < effet("reforme-emission-pme") %}``: see ``source/README.md``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from facturier.erreurs import ErreurFacturier
from facturier.referentiel import faits

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

REFERENCE = date(2026, 11, 24)
"""The day of the committed notebooks: that of the last reading of the sources (``shared/domaine``)."""


def rediger(texte: str, au: date, lieu: str) -> str:
    """The text with its facts as they stand on that day.

    Raises:
        ErreurFacturier: a fact that no row holds, or a template that is not one; the sentence names the text.
    """
    from jinja2 import TemplateError

    if "{{" not in texte and "{%" not in texte:
        return texte
    try:
        return str(_environnement().from_string(texte).render(**_faits(au)))
    except ErreurFacturier as cause:
        raise ErreurFacturier(f"{lieu} : {cause.phrase}", code="source-invalide") from cause
    except (TemplateError, TypeError) as cause:
        raise ErreurFacturier(
            f"{lieu} : un appel entre doubles accolades n’est pas correct ({cause}) : voyez source/README.md.",
            code="source-invalide",
        ) from cause


def _faits(au: date) -> dict[str, Any]:
    """What a text may call; what depends on the day is given it."""

    def du_jour(fait: Callable[[str, date], str]) -> Callable[[str], str]:
        return lambda code: fait(code, au)

    return {
        "au": au,
        "aujourd_hui": faits.jour(au),
        "delai": du_jour(faits.delai),
        "texte": du_jour(faits.texte),
        "limite": du_jour(faits.limite),
        "statut": du_jour(faits.statut),
        "cadre": du_jour(faits.cadre),
        "interets": lambda quand=au: faits.interets(quand),
        "refinancement": lambda quand=au: faits.refinancement(quand),
        "effet": faits.effet,
        "le": lambda code: faits.jour(faits.effet(code)),
        "jour": faits.jour,
        "article": faits.article,
        "source": faits.source,
        "exemple": str,
    }


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


@lru_cache(maxsize=1)
def _environnement() -> SandboxedEnvironment:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    return SandboxedEnvironment(
        undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True, trim_blocks=True
    )
