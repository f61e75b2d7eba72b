"""What a PDF would do by itself when it is opened: scripts, programs, triggers, which PDF/A-3 forbids."""

from __future__ import annotations

from typing import Any

_ACTIONS = frozenset({"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition", "/Sound", "/Movie", "/URI"})
"""Actions that an invoice has no reason to start at its opening; a link to a page (/GoTo) is none."""


def agit_seul(catalogue: Any) -> bool:
    """Whether the document's catalogue starts an action at opening, holds scripts, or sets triggers (/AA)."""
    ouverture = _objet(catalogue.get("/OpenAction"))
    if isinstance(ouverture, dict) and _objet(ouverture.get("/S")) in _ACTIONS:
        return True
    noms = _objet(catalogue.get("/Names"))
    return "/AA" in catalogue or (isinstance(noms, dict) and "/JavaScript" in noms)


def _objet(reference: Any) -> Any:
    return reference.get_object() if reference is not None else None
