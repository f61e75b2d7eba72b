"""What a story has a simulated partner notice: a field of a piece that says something else, and what it then does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

REMARQUES_MAX = 20
_MOT = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}")
_SIRET = re.compile(r"[0-9]{14}")
_TEXTE_MAX = 500


@dataclass(frozen=True)
class Remarque:
    """While ``champ`` of a piece is not ``valeur``, that role of that structure makes ``action``, once on each piece.

    ``motif`` and ``commentaire`` go with the act: what a learner reads of it is all that they are told.
    """

    role: str
    structure: str
    champ: str
    valeur: str
    action: str
    motif: str
    commentaire: str

    def __post_init__(self) -> None:
        mots = (self.role, self.champ, self.action, self.motif)
        if not all(_MOT.fullmatch(mot) for mot in mots) or not _SIRET.fullmatch(self.structure):
            raise ValueError("une remarque nomme un rôle, un SIRET, un champ, une action et un motif")
        if not 1 <= len(self.commentaire) <= _TEXTE_MAX or len(self.valeur) > _TEXTE_MAX:
            raise ValueError(f"le commentaire d’une remarque a de 1 à {_TEXTE_MAX} caractères")


def lire(brutes: object) -> tuple[Remarque, ...]:
    """The remarks of an opening, read strictly.

    Raises:
        ValueError: they are not a list of them; the sentence says what is wrong.
    """
    connues = {f.name for f in fields(Remarque)}
    if not isinstance(brutes, (list, tuple)) or len(brutes) > REMARQUES_MAX:
        raise ValueError(f"« remarques » est une liste de {REMARQUES_MAX} remarques au plus")
    lues = []
    for brute in brutes:
        table: Mapping[str, Any] = vars(brute) if isinstance(brute, Remarque) else brute
        if not isinstance(table, Mapping) or set(table) != connues:
            raise ValueError(f"une remarque a exactement ces clés : {', '.join(sorted(connues))}")
        if not all(isinstance(texte, str) for texte in table.values()):
            raise ValueError("les valeurs d’une remarque sont des textes")
        lues.append(Remarque(**table))
    return tuple(lues)
