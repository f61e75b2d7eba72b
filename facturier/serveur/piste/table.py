"""The table of the API, as routes and schemas need it: fields of an operation, closed lists, what documents a route."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, Field, create_model

from facturier import referentiel
from facturier.referentiel.lignes_api import OperationApi

Arbre = dict[str, "Arbre"]
"""Fields by name, each with those inside it."""
M = TypeVar("M", bound=BaseModel)
SANS_EFFET = "Documenté par la source ; accepté ou prévu ici, sans effet."


@cache
def operation(code: str) -> OperationApi:
    """The row of that operation (LookupError when there is none)."""
    for ligne in referentiel.api():
        if ligne.code == code:
            return ligne
    raise LookupError(code)


def jouees() -> tuple[OperationApi, ...]:
    """The operations that this portal plays."""
    return tuple(ligne for ligne in referentiel.api() if ligne.joue)


def arbre(champs: str) -> Arbre:
    """The tree that a cell of fields writes: ``a b{c d} e[]{f}``."""
    trouve, _ = _lire(iter(champs.replace("[]", "").replace("{", " { ").replace("}", " } ").split()))
    return trouve


def _lire(mots: Iterator[str]) -> tuple[Arbre, bool]:
    trouves: Arbre = {}
    dernier = ""
    for mot in mots:
        if mot == "}":
            return trouves, True
        if mot == "{":
            trouves[dernier], _ = _lire(mots)
        else:
            dernier = mot
            trouves[mot] = {}
    return trouves, False


def documente(code: str, *chemin: str, reponse: bool = False) -> Callable[[type[M]], type[M]]:
    """Class decorator: the model also takes the other fields that the table documents there, without effect here.

    ``chemin``: the fields that lead to the object that the model is, from the top.
    """

    def completer(modele: type[M]) -> type[M]:
        ligne = operation(code)
        champs = arbre(ligne.champs_reponse if reponse else ligne.champs_requete)
        for nom in chemin:
            champs = champs[nom]
        autres: dict[str, Any] = {
            nom: (Any, Field(default=None, description=SANS_EFFET)) for nom in champs if nom not in modele.model_fields
        }
        return create_model(
            modele.__name__, __base__=modele, __module__=modele.__module__, __doc__=modele.__doc__, **autres
        )

    return completer


@cache
def valeurs(enumeration: str) -> tuple[str, ...]:
    """The values of a closed list of the API."""
    return tuple(ligne.valeur for ligne in referentiel.enums_api() if ligne.enumeration == enumeration)


@cache
def syntaxes() -> dict[str, str]:
    """The syntaxes of flows that this portal takes, each with its format."""
    return {ligne.valeur: ligne.format for ligne in referentiel.enums_api() if ligne.format}


def route(code: str, *notes: str) -> dict[str, Any]:
    """What a route of the face is told: its path, and its documentation with its source. ``notes``: French sentences
    on what this portal does of it."""
    ligne = operation(code)
    forme = f"Forme simulée d’après : {ligne.source} ({ligne.fiabilite})."
    if ligne.precision:
        forme += f" {ligne.precision}."
    if ligne.fiabilite != "établi":
        forme += " À vérifier sur PISTE avant de s’y fier."
    return {
        "path": ligne.chemin,
        "operation_id": ligne.code,
        "summary": ligne.objet or ligne.code,
        "description": "\n\n".join((*notes, forme)),
        "tags": [ligne.domaine],
        "response_model_exclude_none": True,
    }
