"""An e-invoice as a page that people read: rubriques of fields, each finding pinned to the field it is about.

A pure model: the terminal (``page_affichage``), a notebook and the comparison of two invoices are built on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from facturier.efacture.resultat import Constat, Resultat

if TYPE_CHECKING:
    from facturier.efacture.lot import Ouvrier

Nature = Literal["montant", "nombre", "taux", "date", "code", "texte", "fichier"]


@dataclass(frozen=True)
class Champ:
    """One piece of information of the invoice.

    Attributes:
        terme: business term (BT-…), None for what the norm does not name.
        nom: its French name, without article.
        valeur: what people read (« 1 234,56 € », « 24/11/2026 », « 380 – Facture commerciale »).
        brut: the text of the file, trimmed; for an attached file, its SHA-256 digest (``sha256:…``).
        xpath: its place, local names and ranks (``/Invoice[1]/ID[1]``).
        precision: what qualifies the value: scheme of an identifier, currency of an amount other than the invoice's.
    """

    terme: str | None
    nom: str
    valeur: str
    brut: str
    xpath: str
    constats: tuple[Constat, ...] = ()
    nature: Nature = "texte"
    precision: str = ""

    def en_json(self) -> dict[str, Any]:
        """The field as ``facturier lire --json`` writes it."""
        return {
            "terme": self.terme,
            "nom": self.nom,
            "valeur": self.valeur,
            "brut": self.brut,
            "nature": self.nature,
            "precision": self.precision,
            "xpath": self.xpath,
            "constats": [constat.en_json() for constat in self.constats],
        }


@dataclass(frozen=True)
class Rubrique:
    """A titled part of the page; parts that repeat (lines, VAT rates…) are rubriques of their own inside it.

    ``constats``: those that are about the part and no field of it, something that misses for instance.
    """

    titre: str
    champs: tuple[Champ, ...] = ()
    rubriques: tuple[Rubrique, ...] = ()
    constats: tuple[Constat, ...] = ()

    def tous_les_champs(self) -> Iterator[Champ]:
        """Its fields and those of its parts, in order."""
        yield from self.champs
        for partie in self.rubriques:
            yield from partie.tous_les_champs()

    def tous_les_constats(self) -> Iterator[Constat]:
        """All findings pinned in it, those of its fields first."""
        for champ in self.champs:
            yield from champ.constats
        for partie in self.rubriques:
            yield from partie.tous_les_constats()
        yield from self.constats

    def valeur(self, terme: str) -> str:
        """Value of the first field of the part itself that carries a term, "" if there is none."""
        return next((champ.valeur for champ in self.champs if champ.terme == terme), "")

    def en_json(self) -> dict[str, Any]:
        """The part as ``facturier lire --json`` writes it."""
        return {
            "titre": self.titre,
            "champs": [champ.en_json() for champ in self.champs],
            "rubriques": [partie.en_json() for partie in self.rubriques],
            "constats": [constat.en_json() for constat in self.constats],
        }


@dataclass(frozen=True)
class Page:
    """The whole invoice. ``rubriques``: empty for a file that is not read; ``non_places``: findings about the file."""

    fichier: str
    resultat: Resultat
    rubriques: tuple[Rubrique, ...] = ()
    non_places: tuple[Constat, ...] = ()

    def rubrique(self, titre: str) -> Rubrique | None:
        """A rubrique by its title, or None."""
        return next((rubrique for rubrique in self.rubriques if rubrique.titre == titre), None)

    def tous_les_champs(self) -> Iterator[Champ]:
        """All fields, in the order of the page."""
        for rubrique in self.rubriques:
            yield from rubrique.tous_les_champs()

    def tous_les_constats(self) -> Iterator[Constat]:
        """All findings of the result, each once."""
        for rubrique in self.rubriques:
            yield from rubrique.tous_les_constats()
        yield from self.non_places

    def premier(self, terme: str) -> Champ | None:
        """The first field that carries a term, or None."""
        return next((champ for champ in self.tous_les_champs() if champ.terme == terme), None)

    def en_json(self) -> dict[str, Any]:
        """The document of ``facturier lire --json``."""
        resultat = self.resultat.en_json()
        del resultat["constats"]  # each is told once, where it is pinned
        return {
            "schema": 1,
            "resultat": resultat,
            "rubriques": [rubrique.en_json() for rubrique in self.rubriques],
            "non_places": [constat.en_json() for constat in self.non_places],
        }


def lire_page(chemin: Path, jeux: str = "auto", ouvrier: Ouvrier | None = None) -> Page:
    """Judge a file, in a worker process as ``facturier valider`` does (``ouvrier``, if one is there already), and lay
    it out. A file that cannot be read gives a page without rubriques: its findings say why.

    Raises:
        ErreurFacturier: the rule set asked for does not exist (never about the file itself).
    """
    from facturier.efacture import lot

    return composer(chemin, ouvrier.juger(chemin) if ouvrier else next(lot.valider_lot([chemin], jeux)))


def composer(chemin: Path, resultat: Resultat) -> Page:
    """The page of a file that has been judged."""
    from facturier.efacture import lecture, page_arbre, page_constats

    if resultat.verdict not in ("valide", "invalide"):
        return Page(str(chemin), resultat, (), resultat.constats)
    try:
        lu = page_arbre.ouvrir(chemin)
    except lecture.Illisible as refus:
        deja_dit = any(constat.regle == refus.constat.regle for constat in resultat.constats)
        note = () if deja_dit else (replace(refus.constat, gravite="information"),)
        return Page(str(chemin), resultat, (), (*resultat.constats, *note))
    non_places = page_constats.epingler(lu, resultat.constats)
    return Page(str(chemin), resultat, lu.figer(), non_places)
