"""The two guides on paper: the Markdown of ``docs/`` read by markdown-it, laid out by Typst as data, never as code."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facturier import contenu
from facturier.impression import imprimer

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

MODELE = Path(__file__).parent / "modeles" / "guide.typ"
_CASE = "[ ] "
GUIDES = ("guide-apprenant", "guide-formateur")

Bloc = dict[str, Any]
Mots = list[dict[str, str]]
"""Runs of text: ``t``, and how it is written in ``g`` (letters out of « gic »: gras, italique, code)."""


def guides(quand: date) -> dict[str, bytes]:
    """The learner's and the trainer's guides, PDF by file name; ``quand`` is the date that the files bear."""
    dossier = contenu.racine() / "docs"
    return {f"{nom}.pdf": imprime((dossier / f"{nom}.md").read_text(encoding="utf-8"), quand) for nom in GUIDES}


def imprime(texte: str, quand: date) -> bytes:
    """A page of Markdown (titles, paragraphs, lists, tables, code) as a PDF.

    Raises:
        ErreurMoteur: Typst refuses it.
    """
    blocs = lire(texte)
    titre = next(("".join(m["t"] for m in b["mots"]) for b in blocs if b["genre"] == "titre"), "Guide")
    return imprimer(MODELE, {"titre": titre, "jour": quand.strftime("%d/%m/%Y"), "blocs": blocs}, quand)


def lire(texte: str) -> list[Bloc]:
    """The blocks of that Markdown, as the template lays them out."""
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

    return _blocs(SyntaxTreeNode(MarkdownIt("commonmark").enable("table").parse(texte)))


def _blocs(parent: SyntaxTreeNode) -> list[Bloc]:
    return [bloc for noeud in parent.children for bloc in _bloc(noeud)]


def _bloc(noeud: SyntaxTreeNode) -> Iterator[Bloc]:
    if noeud.type == "heading":
        yield {"genre": "titre", "niveau": int(noeud.tag[1:]), "mots": _mots(noeud)}
    elif noeud.type == "paragraph":
        yield {"genre": "texte", "mots": _mots(noeud)}
    elif noeud.type in ("bullet_list", "ordered_list"):
        entrees = [_blocs(entree) for entree in noeud.children]
        a_cocher = [_sans_case(entree) for entree in entrees]
        yield {"genre": "liste", "rangee": noeud.type == "ordered_list", "a_cocher": all(a_cocher), "entrees": entrees}
    elif noeud.type in ("fence", "code_block"):
        yield {"genre": "code", "texte": noeud.content.rstrip("\n")}
    elif noeud.type == "blockquote":
        yield {"genre": "avis", "blocs": _blocs(noeud)}
    elif noeud.type == "table":
        rangees = [[_mots(case) for case in rangee.children] for part in noeud.children for rangee in part.children]
        yield {"genre": "tableau", "largeurs": _largeurs(rangees), "entete": rangees[0], "rangees": rangees[1:]}


def _sans_case(entree: list[Bloc]) -> bool:
    """Whether that line of a list begins with a box to tick (« [ ] »), which is taken off: the template draws it."""
    mots: Mots = entree[0].get("mots", []) if entree else []
    if not mots or not mots[0]["t"].startswith(_CASE):
        return False
    mots[0]["t"] = mots[0]["t"].removeprefix(_CASE)
    return True


def _largeurs(rangees: list[list[Mots]]) -> list[int]:
    """Widths that follow what the columns hold, none starved."""
    longueurs = [[sum(len(m["t"]) for m in case) for case in colonne] for colonne in zip(*rangees, strict=True)]
    return [min(60, max(15, *colonne)) for colonne in longueurs]


def _mots(noeud: SyntaxTreeNode, graisse: str = "") -> Mots:
    mots: Mots = []
    for enfant in noeud.children:
        if enfant.type in ("text", "code_inline"):
            mots.append({"t": enfant.content, "g": graisse + ("c" if enfant.type == "code_inline" else "")})
        elif enfant.type in ("softbreak", "hardbreak"):
            mots.append({"t": " ", "g": graisse})
        else:
            mots += _mots(enfant, graisse + {"strong": "g", "em": "i"}.get(enfant.type, ""))
    return mots
