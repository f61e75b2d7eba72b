"""Values on the wire of the API face, read strictly: an amount is a number, a day a text, an identifier an integer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, core_schema

from facturier import referentiel
from facturier.serveur.piste.table import valeurs

PLAFOND = Decimal("9999999999.99")
"""Beyond it no amount is read, either way."""


def _montant(brut: object) -> Decimal:
    if isinstance(brut, Decimal):
        return brut
    if isinstance(brut, bool) or not isinstance(brut, int | float):
        raise ValueError("amount")
    lu = Decimal(repr(brut)) if abs(brut) <= PLAFOND else Decimal("NaN")
    if not lu.is_finite() or abs(lu) > PLAFOND or lu != round(lu, 2):
        raise ValueError("amount")
    return round(lu, 2)


def _jour(brut: object) -> date:
    if isinstance(brut, date):
        return brut
    if not isinstance(brut, str) or len(brut) != len("2026-11-24"):
        raise ValueError("day")
    return date.fromisoformat(brut)


class Parmi:
    """Metadata of a text that must be one of a closed list."""

    def __init__(self, admises: tuple[str, ...]) -> None:
        self._admises = admises

    def __get_pydantic_core_schema__(self, source: Any, suite: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._controler, suite(source))

    def __get_pydantic_json_schema__(self, _: CoreSchema, __: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "enum": list(self._admises)}

    def _controler(self, valeur: str) -> str:
        if valeur not in self._admises:
            raise ValueError("not of the list")
        return valeur


Montant = Annotated[
    Decimal,
    BeforeValidator(_montant),
    PlainSerializer(float, return_type=float, when_used="json"),
    WithJsonSchema({"type": "number", "minimum": float(-PLAFOND), "maximum": float(PLAFOND)}),
]
"""Euros, two decimals at most, written as a JSON number."""
Jour = Annotated[date, BeforeValidator(_jour), WithJsonSchema({"type": "string", "format": "date"})]
Entier = Annotated[int, Field(strict=True, ge=0, le=99_999_999_999_999)]
Drapeau = Annotated[bool, Field(strict=True)]
Texte = Annotated[str, StringConstraints(max_length=2000)]
Court = Annotated[str, StringConstraints(max_length=100)]
IdFacture = Annotated[int, Field(strict=True, ge=1, le=99_999)]

CodeCadre = Annotated[str, Parmi(valeurs("CodeCadreFacturation"))]
ModePaiement = Annotated[str, Parmi(valeurs("ModePaiement"))]
ModeDepot = Annotated[str, Parmi(valeurs("ModeDepot"))]
TypeFacture = Annotated[str, Parmi(valeurs("TypeFacture"))]
TypeTva = Annotated[str, Parmi(valeurs("TypeTva"))]
TypeStructure = Annotated[str, Parmi(valeurs("TypeStructure"))]
TypeIdentifiant = Annotated[str, Parmi(valeurs("TypeIdentifiantStructure"))]
SyntaxeFlux = Annotated[str, Parmi(valeurs("SyntaxeFlux"))]
CodeStatut = Annotated[str, Parmi(tuple(s.code for s in referentiel.statuts()))]
