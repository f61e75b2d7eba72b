"""What a screen is made of: plain records, drawn by one renderer in a notebook, a Voilà page, a page of the portal.

A text is plain text: ``**fort**`` is the only mark, a blank line parts two paragraphs. Nothing here is HTML; a drawing
alone carries markup of ours (SVG), beside the words that say the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

Ton = Literal["info", "succes", "alerte", "erreur"]


@dataclass(frozen=True)
class Cible:
    """A place to go to: a screen, the object that it is about (« P0001 »), the seat to take there ("" = one’s own).

    ``champ``: the field of that screen that receives the focus.
    """

    ecran: str
    objet: str = ""
    siege: str = ""
    champ: str = ""


@dataclass(frozen=True)
class Lien:
    """A way to another screen. ``precision``: heard by screen readers only (« de la pièce P0001 »)."""

    texte: str
    cible: Cible
    precision: str = ""


@dataclass(frozen=True)
class Bouton:
    """A gesture of this screen. ``valeurs`` go with it; ``confirmer``: the question asked before it is made."""

    geste: str
    texte: str
    genre: Literal["principal", "second", "danger"] = "principal"
    valeurs: Mapping[str, str] = field(default_factory=dict)
    precision: str = ""
    confirmer: str = ""


@dataclass(frozen=True)
class Etiquette:
    """A word in a frame, for a status. The word says everything, the tone only helps."""

    texte: str
    ton: Ton = "info"


Cellule = str | Decimal | date | datetime | Lien | Bouton | Etiquette
"""An amount is a Decimal, in euros; a cell that is None does not exist, an empty one is ""."""


@dataclass(frozen=True)
class Titre:
    """A heading inside the screen, whose own title is of level 2."""

    texte: str
    niveau: Literal[3, 4] = 3


@dataclass(frozen=True)
class Paragraphe:
    """A text. ``note``: printed smaller (a source, a help)."""

    texte: str
    note: bool = False


@dataclass(frozen=True)
class Message:
    """A framed message, with lines of detail."""

    ton: Ton
    texte: str
    lignes: Sequence[str | Lien] = ()


@dataclass(frozen=True)
class Liste:
    """Lines, numbered or not."""

    lignes: Sequence[str | Lien]
    ordonnee: bool = False


@dataclass(frozen=True)
class Tableau:
    """A table: its caption, its columns, its rows (the first cell of a row is its heading)."""

    legende: str
    colonnes: Sequence[str]
    rangees: Sequence[Sequence[Cellule]]
    vide: str = "Rien à afficher."


@dataclass(frozen=True)
class Definitions:
    """Names and values, in two columns."""

    legende: str
    paires: Sequence[tuple[str, Cellule]]


@dataclass(frozen=True)
class Champs:
    """These fields of the screen's form, one under the other (all of them when none is named)."""

    ids: Sequence[str] = ()
    legende: str = ""


@dataclass(frozen=True)
class Grille:
    """Fields of the screen's form as a table: ``rangees`` are (heading of the row, ids of fields)."""

    legende: str
    colonnes: Sequence[str]
    rangees: Sequence[tuple[str, Sequence[str]]]


@dataclass(frozen=True)
class Question:
    """A question of a quiz as one group: its text names it, its fields answer it.

    A field « choix » in radios shows all its choices, « oui » is a box to tick, the others keep their own label.
    ``etat``: whether it is answered; ``bouton``: what takes the answer back.
    """

    id: str
    rang: str
    etat: str
    texte: str
    champs: Sequence[str]
    consigne: str = ""
    bouton: Bouton | None = None


@dataclass(frozen=True)
class Bloquants:
    """What still blocks the form, each line a link to its field; ``pret``: what is said when nothing does."""

    pret: str = "Tout est rempli : relisez, puis validez."


@dataclass(frozen=True)
class Boutons:
    """Buttons, side by side."""

    boutons: Sequence[Bouton]


@dataclass(frozen=True)
class Liens:
    """Links, side by side."""

    liens: Sequence[Lien]


@dataclass(frozen=True)
class Dessin:
    """A picture of ours (SVG made by ``facturier.ecrans``), and the words that say the same."""

    svg: str
    texte: str
    legende: str = ""


@dataclass(frozen=True)
class Etapes:
    """Where one stands in a path of several screens; ``courante`` counts from 0."""

    titres: Sequence[str]
    courante: int


@dataclass(frozen=True)
class Telechargement:
    """A file handed out: ``geste`` of the screen makes it when it is asked for (``Suite.fichier``)."""

    geste: str
    texte: str
    valeurs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Repli:
    """Blocks behind a title that opens (details)."""

    titre: str
    blocs: Sequence[Bloc]
    ouvert: bool = False


@dataclass(frozen=True)
class Section:
    """Blocks under a heading, as one region. ``id`` makes it a place that only changes by itself (an island)."""

    titre: str
    blocs: Sequence[Bloc]
    id: str = ""


Bloc = (
    Titre
    | Paragraphe
    | Message
    | Liste
    | Tableau
    | Definitions
    | Champs
    | Grille
    | Question
    | Bloquants
    | Boutons
    | Liens
    | Dessin
    | Etapes
    | Telechargement
    | Repli
    | Section
)


@dataclass(frozen=True)
class Fichier:
    """Bytes handed to the person."""

    nom: str
    mime: str
    octets: bytes


def a_remplir(pret: str, *boutons: Bouton, liens: Sequence[Lien] = ()) -> list[Bloc]:
    """A form: its fields, what still blocks (``pret`` when nothing does), its buttons, and where else to go."""
    return [Champs(), Bloquants(pret), Boutons(boutons), *([Liens(liens)] if liens else [])]
