"""A view as HTML: one renderer for a notebook, a Voilà page and the pages of the portal (docs/ecrans.md).

Everything typed or read is escaped by Jinja; a drawing alone is markup, made by ``facturier.ecrans``. What may change
by itself is an *island*: an element that has an id, and whose HTML is compared with what the browser already shows.
"""

from __future__ import annotations

import contextlib
import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

from jinja2 import Environment, FileSystemBytecodeCache, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup, escape

from facturier.ecrans.blocs import (
    Bloc,
    Bouton,
    Boutons,
    Champs,
    Cible,
    Etiquette,
    Grille,
    Lien,
    Message,
    Question,
    Repli,
    Section,
)
from facturier.ecrans.vue import Vue
from facturier.montants import format_euros

BANDEAU = "Portail d’entraînement — aucune donnée n’est transmise"
FILTRE_DES = 12
"""From how many choices a list gets a box to search in it."""
RADIOS_MAX = 5
SIEGES_EN_BOUTONS = 4
TONS = {"info": "Information", "succes": "C’est fait", "alerte": "Attention", "erreur": "Erreur"}

_SCEAU = secrets.token_hex(8)
"""Nobody who types can write the mark of an island: it is drawn at each start."""
_MARQUE = re.compile(f"\x02{_SCEAU}:([^\x03]*)\x03")
_FORT = re.compile(r"\*\*(.+?)\*\*")
PAGE = ""
"""Id of the island that holds all the others."""


@dataclass(frozen=True)
class Cadre:
    """Where the page is shown.

    Attributes:
        prefixe: begins every id, so that several screens live on one page.
        adresse: the address of a place, where links are followed without JavaScript.
        action: where the forms are posted without JavaScript.
        caches: hidden fields of every form (name, value): what proves that it comes from a page of ours.
        aide: whether « J’ai besoin d’aide » is offered.
        bandeau: whether it is a page of the portal, under its banner.
    """

    prefixe: str = "fe"
    adresse: Callable[[Cible], str] | None = None
    action: str = ""
    caches: tuple[tuple[str, str], ...] = ()
    aide: bool = True
    bandeau: bool = True


@dataclass(frozen=True)
class Demande:
    """A gesture that waits for a yes, where no dialog can be opened."""

    question: str
    bouton: Bouton


@dataclass
class Page:
    """A screen once drawn: the HTML of each island, in which the islands inside it are marks."""

    prefixe: str
    ilots: dict[str, str] = field(default_factory=dict)

    def html(self, ilot: str = PAGE) -> str:
        """The HTML of an island, those inside it included."""
        return _MARQUE.sub(lambda marque: self._element(marque[1]), self.ilots[ilot])

    def changes(self, avant: Page) -> dict[str, str] | None:
        """The islands to replace when the browser shows ``avant``: id of the element → HTML; None: all of it."""
        changes: dict[str, str] = {}
        if self.ilots[PAGE] != avant.ilots.get(PAGE):
            return None
        self._comparer(avant, PAGE, changes)
        return changes

    def _comparer(self, avant: Page, ilot: str, changes: dict[str, str]) -> None:
        for dedans in _MARQUE.findall(self.ilots[ilot]):
            if self.ilots[dedans] != avant.ilots.get(dedans):
                changes[f"{self.prefixe}-{dedans}"] = self.html(dedans)
            else:
                self._comparer(avant, dedans, changes)

    def _element(self, ilot: str) -> str:
        return f'<div class="ilot" id="{escape(self.prefixe)}-{escape(ilot)}">{self.html(ilot)}</div>'


def rendre(vue: Vue, cadre: Cadre | None = None, demande: Demande | None = None) -> Page:
    """Draw that view; ``demande``: the page asks for a yes instead of showing the screen."""
    ou = cadre or Cadre()
    page = Page(ou.prefixe)

    def ilot(nom: str, contenu: str) -> Markup:
        page.ilots[nom] = str(contenu)
        return Markup(f"\x02{_SCEAU}:{nom}\x03")  # noqa: S704 a mark of ours, resolved by Page

    page.ilots[PAGE] = (
        _environnement()
        .get_template("ecran.html")
        .render(
            vue=vue,
            cadre=ou,
            demande=demande,
            ilot=ilot,
            p=ou.prefixe,
            adresse=ou.adresse or (lambda _: "#"),
            defaut=_principal(vue.blocs),
            montres=champs_montres(vue.blocs, vue.champs),
        )
    )
    return page


def envelopper(page: str, *, adresse: str = "", preuve: str = "", vue: str = "") -> str:
    """The element that holds a screen in a page of the portal; ``adresse``: where ``ecran.js`` posts its events."""
    attributs = {"adresse": adresse, "preuve": preuve, "vue": vue} if adresse else {}
    donnees = "".join(f' data-{nom}="{escape(texte)}"' for nom, texte in attributs.items())
    return f'<div class="facturier-ecran"{donnees}><div class="page">{page}</div></div>'


def coder_geste(geste: str, valeurs: Mapping[str, str]) -> str:
    """A gesture and its values as the value of a button."""
    return f"{geste}?{urlencode(valeurs)}" if valeurs else geste


def lire_geste(texte: str) -> tuple[str, dict[str, str]]:
    """The gesture and the values of :func:`coder_geste`."""
    geste, _, valeurs = texte.partition("?")
    return geste, dict(parse_qsl(valeurs, keep_blank_values=True, max_num_fields=50))


def boutons(blocs: Iterable[Any]) -> Iterable[Bouton]:
    """Every button of these blocks, wherever it is: in tables, in sections."""
    for bloc in blocs:
        if isinstance(bloc, Bouton):
            yield bloc
        elif isinstance(bloc, Boutons):
            yield from bloc.boutons
        elif isinstance(bloc, (Section, Repli)):
            yield from boutons(bloc.blocs)
        else:
            for rangee in getattr(bloc, "rangees", getattr(bloc, "paires", ())):
                yield from boutons(c for c in rangee if isinstance(c, Bouton))


def champs_montres(blocs: Iterable[Any], champs: Mapping[str, object]) -> set[str]:
    """The fields that these blocks draw, among those of the form."""
    montres: set[str] = set()
    for bloc in blocs:
        if isinstance(bloc, Champs):
            montres |= set(bloc.ids or champs)
        elif isinstance(bloc, Grille):
            montres |= {champ for _, ids in bloc.rangees for champ in ids}
        elif isinstance(bloc, Question):
            montres |= set(bloc.champs)
        elif isinstance(bloc, (Section, Repli)):
            montres |= champs_montres(bloc.blocs, champs)
    return montres


def _principal(blocs: Iterable[Bloc]) -> Bouton | None:
    """The button that Enter presses."""
    return next((bouton for bouton in boutons(blocs) if bouton.genre == "principal"), None)


def _texte(texte: str) -> Markup:
    """A text of one paragraph, « **fort** » marked."""
    return Markup(_FORT.sub(r"<strong>\1</strong>", str(escape(texte))))  # noqa: S704 escaped on the same line


def _paragraphes(texte: str) -> list[Markup]:
    return [_texte(p) for p in re.split(r"\n\s*\n", texte.strip()) if p.strip()]


def _genre(bloc: object) -> str:
    """The name of the macro that draws it."""
    return type(bloc).__name__.lower()


def _cellule(cellule: object) -> str:
    """What a plain cell says."""
    if isinstance(cellule, Decimal):
        return format_euros(cellule)
    if isinstance(cellule, datetime):
        return f"{cellule:%d/%m/%Y %H:%M}"
    if isinstance(cellule, date):
        return f"{cellule:%d/%m/%Y}"
    return str(cellule)


def _riche(cellule: object) -> str:
    """The kind of a cell: lien, bouton, etiquette, message, montant, or texte."""
    if isinstance(cellule, (Lien, Bouton, Etiquette, Message)):
        return type(cellule).__name__.lower()
    return "montant" if isinstance(cellule, Decimal) else "texte"


class _Cache(FileSystemBytecodeCache):
    """Templates compiled once for all the kernels of a person: compiling them is half of a first paint. Jinja's own
    folder, refused when another could write there; a disk that cannot be written only costs that time again."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        with contextlib.suppress(OSError):
            super().dump_bytecode(bucket)


def _cache() -> _Cache | None:
    try:
        return _Cache()
    except (OSError, RuntimeError):
        return None


@lru_cache(maxsize=1)
def _environnement() -> Environment:
    env = Environment(
        bytecode_cache=_cache(),
        loader=PackageLoader("facturier.ecrans", "modeles"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters.update(
        texte=_texte,
        paragraphes=_paragraphes,
        genre=_genre,
        cellule=_cellule,
        riche=_riche,
        code=lambda bouton: coder_geste(bouton.geste, bouton.valeurs),
    )
    env.globals.update(
        BANDEAU=BANDEAU,
        FILTRE_DES=FILTRE_DES,
        RADIOS_MAX=RADIOS_MAX,
        SIEGES_EN_BOUTONS=SIEGES_EN_BOUTONS,
        TONS=TONS,
        coder_geste=coder_geste,
    )
    return env
