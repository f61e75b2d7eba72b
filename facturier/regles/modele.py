"""A rule is one record; a view is what it sees of an invoice: texts by business term, whatever the syntax was."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from facturier import referentiel
from facturier.montants import format_euros, lire_decimal
from facturier.referentiel import Limite
from facturier.referentiel.socle import Fiabilite

Gravite = Literal["erreur", "avertissement"]

_LONGUEUR_MONTREE = 60
_ORDRE: tuple[Fiabilite, ...] = ("établi", "partiel", "à vérifier")
_RESERVES: dict[Fiabilite, str] = {
    "établi": "",
    "partiel": " Source partielle : à confirmer avant de s’y fier.",
    "à vérifier": " Fait à vérifier : à confirmer avant de s’y fier.",
}


@dataclass(frozen=True)
class Valeur:
    """One occurrence of a term: its text as written, its identifier scheme, its rank among those of that term.

    ``rang`` is None for a value that ought to be there and is not; ``detail`` is what is known of it elsewhere than in
    the invoice (the name of a structure, of another file), ready to be written in a sentence.
    """

    terme: str
    texte: str
    schema: str = ""
    rang: int | None = None
    detail: str = ""


@dataclass(frozen=True)
class Vue:
    """The flat view: occurrences by term. ``BT-125`` holds the attachment's size in bytes, ``BG-25`` the line count."""

    valeurs: Mapping[str, tuple[Valeur, ...]] = field(default_factory=dict)

    def toutes(self, *termes: str) -> tuple[Valeur, ...]:
        """Every occurrence of these terms, in the order asked."""
        return tuple(valeur for terme in termes for valeur in self.valeurs.get(terme, ()))

    def premiere(self, terme: str) -> Valeur | None:
        """The first occurrence of a term, or None."""
        return next(iter(self.toutes(terme)), None)

    def montant(self, terme: str) -> Decimal | None:
        """The first occurrence read as an amount; None when absent or not a number."""
        valeur = self.premiere(terme)
        return lire_decimal(valeur.texte) if valeur is not None else None


Predicat = Callable[[Vue, int], tuple[Valeur, ...]]
"""Pure: the values of the view that break the rule (none: respected). The number is the rule's limit, 0 without one."""


@dataclass(frozen=True)
class Regle:
    """A rule. ``phrase`` is a French sentence with slots: {terme}, {valeur}, {longueur}, {limite}, {detail},
    {euros[BT-…]}.

    ``limite`` names a row of the table « limites », where the number comes from.
    """

    code: str
    terme: str
    phrase: str
    source: str
    fiabilite: Fiabilite
    predicat: Predicat
    limite: str | None = None

    @property
    def borne(self) -> Limite | None:
        """The row that holds the rule's number."""
        return referentiel.limite(self.limite) if self.limite is not None else None

    @property
    def certitude(self) -> Fiabilite:
        """The weaker of what is known of the rule and of its number."""
        borne = self.borne
        return max(self.fiabilite, borne.fiabilite if borne else "établi", key=_ORDRE.index)

    @property
    def gravite(self) -> Gravite:
        """Only an established fact makes an error; an uncertain one warns."""
        return "erreur" if self.certitude == "établi" else "avertissement"


@dataclass(frozen=True)
class Manquement:
    """A rule broken by one value."""

    regle: Regle
    valeur: Valeur
    gravite: Gravite
    phrase: str


def controler(regles: Iterable[Regle], vue: Vue) -> tuple[Manquement, ...]:
    """Ask every rule; one finding for each value at fault, in the order of the rules."""
    return tuple(manquement for regle in regles for manquement in _demander(regle, vue))


def _demander(regle: Regle, vue: Vue) -> Iterator[Manquement]:
    borne = regle.borne
    limite = borne.valeur if borne is not None else 0
    gravite, reserve = regle.gravite, _RESERVES[regle.certitude]
    for valeur in regle.predicat(vue, limite):
        yield Manquement(regle, valeur, gravite, _phrase(regle, vue, valeur, limite) + reserve)


class _Euros:
    """Amounts of the view by term, written the French way, for a sentence's slots."""

    def __init__(self, vue: Vue) -> None:
        self._vue = vue

    def __getitem__(self, terme: str) -> str:
        return format_euros(self._vue.montant(terme) or Decimal(0))


def _phrase(regle: Regle, vue: Vue, valeur: Valeur, limite: int) -> str:
    return regle.phrase.format(
        terme=valeur.terme,
        valeur=court(valeur.texte),
        longueur=len(valeur.texte),
        limite=limite,
        detail=valeur.detail,
        euros=_Euros(vue),
    )


def court(texte: str) -> str:
    """A text of somebody's file, on one line and short enough to be quoted in a sentence."""
    propre = " ".join(texte.split())
    return propre if len(propre) <= _LONGUEUR_MONTREE else propre[:_LONGUEUR_MONTREE] + "…"
