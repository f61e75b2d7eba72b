"""A page as cells: lines cut where the layout leaves two spaces, so that a label finds its value beside or under it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import islice
from typing import TypeVar

from facturier.efacture.graphies import Lu, en_euros, plier, propre, serrer
from facturier.efacture.texte_pdf import TextePdf

_T = TypeVar("_T")
_CELLULE = re.compile(r"\S+(?: \S+)*")
_RIEN = re.compile(r"[\W_]*|eur|euros?")
_DEUX_POINTS = re.compile(r"\s*[:=.]?\s*")
LIGNES_MAX, CELLULES_MAX = 5_000, 100
"""Lines of a document and cells of a line that are looked at: forty full pages make less than half of it."""
_SOUS = 3
"""Lines under a heading where its value is looked for."""


@dataclass(frozen=True)
class Cellule:
    """A piece of a line: clean text, the same folded, and the columns it covers."""

    texte: str
    plie: str
    ligne: int
    debut: int
    fin: int

    def ecart(self, autre: Cellule) -> int:
        """Columns between two cells, 0 when one is above the other."""
        return max(0, autre.debut - self.fin, self.debut - autre.fin)


class Feuille:
    """All the pages of a PDF, one after the other."""

    def __init__(self, texte: TextePdf) -> None:
        self.flux = propre("\n".join(texte.flux))
        self.plie = plier(self.flux)
        self.serre = serrer(self.flux)
        self.lignes: list[tuple[Cellule, ...]] = []
        for flux, mise_en_page in zip(texte.flux, texte.mises_en_page, strict=True):
            for ligne in propre(mise_en_page or flux).splitlines()[: LIGNES_MAX - len(self.lignes)]:
                self.lignes.append(_couper(ligne, len(self.lignes)))
        self.toutes = tuple(cellule for ligne in self.lignes for cellule in ligne)

    @cached_property
    def montants(self) -> list[Lu[frozenset[Decimal]]]:
        """Every amount of the text."""
        return en_euros(self.flux)

    @cached_property
    def serrees(self) -> list[tuple[Cellule, str]]:
        """Cells with their letters and digits alone, for those that have any."""
        return [(cellule, serre) for cellule in self.toutes if (serre := serrer(cellule.texte))]

    def contient(self, motif: re.Pattern[str]) -> str:
        """What of the text fits that pattern, "" if nothing does."""
        trouve = motif.search(self.flux)
        return trouve[0] if trouve else ""

    def etiquetes(self, etiquette: re.Pattern[str], lire: Callable[[str], list[Lu[_T]]]) -> list[Lu[_T]]:
        """Values that bear that label, in the same cell or in the next one. ``lire`` reads a value that starts a
        text; the label is matched folded."""
        trouves = []
        for cellule in self.toutes:
            trouve = etiquette.match(cellule.plie)
            if trouve is None:
                continue
            reste = cellule.texte[trouve.end() :]
            if _RIEN.fullmatch(plier(reste).strip()):
                suivante = self.a_droite(cellule)
                trouves += lire(suivante.texte)[:1] if suivante else []
            elif not reste[0].isalnum():
                trouves += _au_debut(lire, reste)
        return trouves

    def sous(self, etiquette: re.Pattern[str], lire: Callable[[str], list[Lu[_T]]]) -> list[Lu[_T]]:
        """Values alone under a heading that bears that label."""
        trouves = []
        for cellule in self.toutes:
            trouve = etiquette.match(cellule.plie)
            if trouve is None or not _RIEN.fullmatch(cellule.plie[trouve.end() :].strip()):
                continue
            dessous = [lire(autre.texte)[:1] for autre in self.dessous(cellule)]
            if sum(map(bool, dessous)) == 1:
                trouves += [lu for lus in dessous for lu in lus]
        return trouves

    def a_droite(self, cellule: Cellule) -> Cellule | None:
        """The next cell of the line that says something."""
        suivantes = (c for c in self.lignes[cellule.ligne] if c.debut > cellule.debut)
        return next((c for c in suivantes if not _RIEN.fullmatch(c.plie)), None)

    def dessous(self, cellule: Cellule) -> list[Cellule]:
        """Cells under that one, in the next lines that have any."""
        trouves, vues = [], 0
        for ligne in self.lignes[cellule.ligne + 1 :]:
            vues += bool(ligne)
            trouves += [autre for autre in ligne if autre.ecart(cellule) == 0][:1]
            if vues >= _SOUS:
                break
        return trouves


def _couper(ligne: str, rang: int) -> tuple[Cellule, ...]:
    trouvees = islice(_CELLULE.finditer(ligne), CELLULES_MAX)
    return tuple(Cellule(t[0], plier(t[0]), rang, t.start(), t.end()) for t in trouvees)


def _au_debut(lire: Callable[[str], list[Lu[_T]]], reste: str) -> list[Lu[_T]]:
    """The value that starts a text, after a colon or nothing."""
    deux_points = _DEUX_POINTS.match(reste)
    debut = deux_points.end() if deux_points else 0
    return [lu for lu in lire(reste[debut:])[:1] if lu.place == 0]
