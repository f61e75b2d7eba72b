"""What is drawn of a place, as records: no widget, no HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from facturier.champs import Champ
from facturier.ecrans.blocs import Bloc, Cible, Lien, Message
from facturier.ecrans.ecran import Ecran, Siege


@dataclass(frozen=True)
class EtatChamp:
    """What a field shows now: value, error, whether it must be filled, choices, help, how an amount is understood.

    ``tu``: its label does not say that it may stay empty.
    """

    champ: Champ
    valeur: str
    erreur: str
    requis: bool
    options: Sequence[tuple[str, str]]
    fichiers: tuple[str, ...] = ()
    aide: str = ""
    lu: str = ""
    longueur_max: int = 200
    tu: bool = False


@dataclass(frozen=True)
class Vue:
    """All that is drawn: the screen, its blocks, the state of its fields, what blocks, what is said.

    ``tente``: a gesture was stopped by what blocks, so what blocks is summed up at the top. ``autre``: what is said of
    another version of these answers, that may be taken instead.
    """

    ecran: Ecran
    lieu: Cible
    titre: str
    blocs: Sequence[Bloc]
    champs: Mapping[str, EtatChamp]
    bloquants: Sequence[tuple[str, str]]
    statut: Message | None
    sieges: Sequence[Siege]
    siege: Siege | None
    menu: Sequence[tuple[str, Sequence[Lien]]]
    focus: str = ""
    tente: bool = False
    maintenant: datetime | None = None
    enregistre: str = ""
    autre: str = ""
