"""What the portal of a class refuses, outside the rules of the portal itself."""

from __future__ import annotations

from facturier.erreurs import ErreurFacturier


class RefusClasse(ErreurFacturier):
    """The class's portal refuses; ``code`` says why to machines (``jeton-refuse``, ``interdit``…)."""

    code = "refus-classe"


def interdit(phrase: str) -> RefusClasse:
    """Somebody else's."""
    return RefusClasse(phrase, code="interdit")


def inconnu(phrase: str) -> RefusClasse:
    """There is no such thing."""
    return RefusClasse(phrase, code="introuvable")
