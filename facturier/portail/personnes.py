"""Records of the portal that are not pieces: accounts and requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

RoleCompte = Literal["gestionnaire", "utilisateur"]


@dataclass(frozen=True)
class Compte:
    """A person's account: the structures it is attached to, and the spaces opened to it in each of them.

    ``rattachements`` says the account's role in each structure, by SIRET; ``habilitations`` the codes of its spaces
    (table ``espaces``).
    """

    id: str
    courriel: str
    nom: str
    actif: bool = False
    rattachements: Mapping[str, RoleCompte] = field(default_factory=dict)
    habilitations: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Sollicitation:
    """A request for help: who asked, about what, in which state."""

    id: str
    auteur: str
    structure: str
    sujet: str
    statut: str
