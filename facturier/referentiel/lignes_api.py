"""The rows of the tables about the public API of Chorus Pro (PISTE): its operations, their fields, its closed lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from facturier.referentiel.socle import LigneSourcee, cle, facultatif


@dataclass(frozen=True, kw_only=True)
class OperationApi(LigneSourcee):
    """An operation of the API: its path, and the fields of what is asked and answered.

    Fields are names apart by spaces; ``a{b c}`` is an object, ``a[]`` a list, ``a[]{b c}`` a list of objects.
    ``joue``: whether the training portal plays it, which says nothing of the API.
    """

    code: str = cle()
    methode: Literal["GET", "POST"]
    chemin: str
    domaine: Literal["factures", "factures travaux", "structures", "transverses", "utilisateurs", "authentification"]
    objet: str = facultatif()
    champs_requete: str = facultatif()
    champs_reponse: str = facultatif()
    joue: bool


@dataclass(frozen=True, kw_only=True)
class EnumApi(LigneSourcee):
    """A value of a closed list of the API. ``format``: the syntax of a flow that the training portal takes."""

    enumeration: str = cle()
    valeur: str = cle()
    format: Literal["ubl", "cii", "facturx", ""] = facultatif()
