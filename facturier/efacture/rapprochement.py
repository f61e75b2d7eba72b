"""What a PDF shows beside what its XML says, one term at a time: same, different, or not shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, TypeVar

from lxml import etree

from facturier.efacture import fiches
from facturier.efacture.graphies import Lu, bruts
from facturier.efacture.lecture import texte_court
from facturier.efacture.termes import PREFIXES
from facturier.montants import INSECABLE, format_euros, format_nombre, lire_decimal, sans_zeros

_T = TypeVar("_T")
Etat = Literal["identique", "différent", "absent du PDF"]


@dataclass(frozen=True)
class Rapprochement:
    """One term. ``xml`` and ``pdf`` as people write them, "" where nothing is said; ``phrase`` says the whole."""

    terme: str
    nom: str
    xml: str
    pdf: str
    etat: Etat
    phrase: str


@dataclass(frozen=True)
class Sujet:
    """A term to compare: its code, its name ("" for the catalogue's), what the XML says (None: nothing)."""

    terme: str
    xml: str | None
    nom: str = ""

    @property
    def titre(self) -> str:
        """The name people read."""
        fiche = fiches.terme(self.terme)
        return self.nom or (fiche.nom if fiche else self.terme)


def juger(
    sujet: Sujet,
    egal: Callable[[_T], bool],
    forts: Sequence[Lu[_T]] = (),
    faibles: Sequence[Lu[_T]] = (),
    ailleurs: str = "",
) -> Rapprochement | None:
    """Compare a term with what the page shows under its labels.

    ``forts`` are values whose label names the term without a doubt: one of them contradicts. ``faibles`` contradict
    only if the XML's value is nowhere else on the page; ``ailleurs`` is how it is written there, "" for nowhere. None
    if neither the XML nor the PDF says anything.
    """
    memes = [lu for lu in (*forts, *faibles) if egal(lu.valeur)]
    if sujet.xml is None:
        return different(sujet, bruts(forts)) if forts else None
    if memes:
        return identique(sujet, memes[0].brut)
    if forts:
        return different(sujet, bruts(forts))
    if ailleurs:
        return identique(sujet, ailleurs)
    return different(sujet, bruts(faibles)) if faibles else absent(sujet)


def identique(sujet: Sujet, pdf: str) -> Rapprochement:
    """Both say the same."""
    return _dit(sujet, pdf, "identique", "Le PDF et le XML disent la même chose.")


def different(sujet: Sujet, pdf: str) -> Rapprochement:
    """The PDF shows something else."""
    pdf = _montre(pdf)
    if sujet.xml is None:
        phrase = f"Le PDF montre «\u00a0{pdf}\u00a0», le XML n’en dit rien : faites refaire la facture."
    else:
        phrase = (
            f"Le PDF montre «\u00a0{pdf}\u00a0», le XML dit «\u00a0{sujet.xml}\u00a0» : "
            "faites refaire la facture, les deux doivent dire la même chose."
        )
    return _dit(sujet, pdf, "différent", phrase)


def absent(sujet: Sujet, phrase: str = "") -> Rapprochement:
    """The PDF does not show it."""
    phrase = phrase or f"Le XML dit «\u00a0{sujet.xml}\u00a0», le PDF ne le montre pas, ou pas sous cette forme."
    return _dit(sujet, "", "absent du PDF", phrase)


def _dit(sujet: Sujet, pdf: str, etat: Etat, phrase: str) -> Rapprochement:
    return Rapprochement(sujet.terme, sujet.titre, sujet.xml or "", _montre(pdf), etat, phrase)


def _montre(pdf: str) -> str:
    """What the page shows, fit to be quoted: amounts do not break at the end of a line."""
    return re.sub(r"(?<=\d) (?=\d{3}\b[ \d]*[.,€]|[€%])", INSECABLE, texte_court(pdf))


def montants_egaux(voulu: Decimal | None, *, absolu: bool = False) -> Callable[[frozenset[Decimal]], bool]:
    """Whether one of a number's readings is that amount; ``absolu`` forgets the sign (credit notes, deductions)."""
    if voulu is None:
        return lambda _: False
    return lambda lus: voulu in lus or (absolu and abs(voulu) in {abs(lu) for lu in lus})


def xml_montant(texte: str | None) -> str | None:
    """An amount of the XML as people write it; as it is when it is not a number."""
    valeur = lire_decimal(texte or "")
    if valeur is None:
        return texte_court(texte) if texte else None
    return format_euros(valeur) if valeur == round(valeur, 2) else f"{format_nombre(valeur)}\u00a0€"


def xml_nombre(texte: str | None) -> str | None:
    """A quantity or a rate as people write it."""
    valeur = lire_decimal(texte or "")
    return format_nombre(sans_zeros(valeur)) if valeur is not None else (texte_court(texte) if texte else None)


def jour_cii(texte: str | None) -> date | None:
    """A day as CII writes it (20261124), or as others do (2026-11-24)."""
    chiffres = (texte or "").replace("-", "")
    try:
        return date(int(chiffres[:4]), int(chiffres[4:6]), int(chiffres[6:])) if len(chiffres) == 8 else None
    except ValueError:
        return None


def valeur(noeud: etree._Element, chemin: str) -> str | None:
    """Text of the first element on that path, None if there is none or nothing in it."""
    trouves: Any = noeud.xpath(f"string({chemin})", namespaces=PREFIXES)
    return str(trouves).strip() or None
