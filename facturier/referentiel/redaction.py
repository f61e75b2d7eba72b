"""Texts as templates: facts are called, not typed, so that a day can be told as the law stands then.

``{{ delai("paiement-sante") }}``, ``{% if au < effet("reforme-emission-pme") %}``: see ``source/README.md``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from facturier.erreurs import ErreurFacturier
from facturier.referentiel import faits

if TYPE_CHECKING:
    from jinja2 import Template
    from jinja2.sandbox import SandboxedEnvironment

REFERENCE = date(2026, 11, 24)
"""The day of the committed materials: that of the last reading of the sources (``shared/domaine``)."""
DOUTES = ("(point partiel)", "(point à vérifier)", "taux à vérifier")
"""How a fact that is not sure says so in a text: what holds one of these is shown, never graded."""


def elider(mot: str, nom: str) -> str:
    """« d’Aline », « de Bachir », « qu’Yves », « que Yann »: ``mot`` (« de », « que ») before that name."""
    lu = unicodedata.normalize("NFKD", nom.casefold())
    elide = re.match(r"[aeiouhœæ]|y[^aeiou]", lu) is not None
    return f"{mot[:-1]}’{nom}" if elide else f"{mot} {nom}"


def rediger(texte: str, au: date, lieu: str, **propres: Any) -> str:
    """The text with its facts as they stand on that day; ``propres`` are names of its own that it may call.

    Raises:
        ErreurFacturier: a fact that no row holds, or a template that is not one; the sentence names the text.
    """
    from jinja2 import TemplateError

    if "{{" not in texte and "{%" not in texte:
        return texte
    try:
        return str(_modele(texte).render(**_faits(au), **propres))
    except ErreurFacturier as cause:
        raise ErreurFacturier(f"{lieu} : {cause.phrase}", code="source-invalide") from cause
    except (TemplateError, TypeError) as cause:
        raise ErreurFacturier(
            f"{lieu} : un appel entre doubles accolades n’est pas correct ({cause}) : voyez source/README.md.",
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
        "interets": lambda quand=au: faits.interets(_date(quand)),
        "refinancement": lambda quand=au: faits.refinancement(_date(quand)),
        "effet": faits.effet,
        "annonce": faits.annonce,
        "accomplie": lambda code: faits.accomplie(code, au),
        "annoncee": lambda code: faits.annoncee(code, au),
        "parue": lambda code: faits.parue(code, au),
        "le": faits.depuis_le,
        "jour": faits.jour,
        "article": faits.article,
        "source": faits.source,
        "exemple": str,
    }


def _date(quand: date | str) -> date:
    """A day, that a text may give as ISO writes it (the rate of a dated example)."""
    return quand if isinstance(quand, date) else date.fromisoformat(quand)


@lru_cache(maxsize=8192)
def _modele(texte: str) -> Template:
    return _environnement().from_string(texte)


@lru_cache(maxsize=1)
def _environnement() -> SandboxedEnvironment:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    return SandboxedEnvironment(
        undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True, trim_blocks=True
    )
