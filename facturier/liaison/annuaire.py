"""The directory on the wire: written by the server, read back by its clients, by one and the same adapter."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import TypeAdapter

from facturier.portail import Annuaire


def en_json(annuaire: Annuaire) -> dict[str, Any]:
    """The directory, ready for JSON."""
    document: dict[str, Any] = _adaptateur().dump_python(annuaire, mode="json")
    return document


def depuis_json(document: object) -> Annuaire:
    """The directory that :func:`en_json` wrote (ValueError when it is not one)."""
    return _adaptateur().validate_python(document)


@cache
def _adaptateur() -> TypeAdapter[Annuaire]:
    return TypeAdapter(Annuaire)
