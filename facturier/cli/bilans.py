"""Showing a class's results in the terminal: the table, and where to look next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path

from facturier import contenu
from facturier.evaluation.resultats import MOTS, NoteChapitre, Resultats, nombre


def afficher(resultats: Resultats, suite: str) -> None:
    """Print the table of the class on stdout, what asks for the trainer's eye, then ``suite``."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(title="Résultats de la classe")
    for entete in ("Apprenant", "Copie", "Points", "Sans note"):
        table.add_column(entete, overflow="fold")
    for apprenant in resultats.apprenants:
        notes = apprenant.chapitres
        table.add_row(escape(apprenant.id), MOTS[apprenant.statut], _total(notes.values()), _sans_note(notes))
    console = Console()
    console.print(table)
    for apprenant in resultats.apprenants:
        for phrase in (*apprenant.problemes, *apprenant.remarques):
            console.print(f"• {apprenant.id} : {phrase}", markup=False, highlight=False)
    for avis in resultats.avis:
        console.print(avis, markup=False, highlight=False)
    dossier = Path(str(resultats.fichiers["dossier"]))
    console.print(
        f"\nBilan de la classe, à ouvrir d’abord : {dossier / 'bilan.html'}",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )
    console.print(f"Le même, pour un tableur : {dossier / 'bilan.csv'}", markup=False, highlight=False, soft_wrap=True)
    console.print(
        f"Un bilan par apprenant, à lui remettre : {dossier / 'bilans'}", markup=False, highlight=False, soft_wrap=True
    )
    console.print(
        f"Les copies commentées : {dossier / 'grading/feedback'}", markup=False, highlight=False, soft_wrap=True
    )
    console.print(f"\n{suite}", markup=False, highlight=False, soft_wrap=True)


def a_relire(resultats: Resultats) -> list[str]:
    """The learners whose copy the trainer must look at."""
    return [a.id for a in resultats.apprenants if a.statut in ("a_verifier", "erreur_technique")]


def suite(resultats: Resultats) -> str:
    """What to do next, in one sentence."""
    if noms := a_relire(resultats):
        return f"Regardez d’abord : {', '.join(noms)} (la raison est sous le tableau et en tête du bilan)."
    return "Toutes les copies reçues sont notées : rien n’attend votre relecture."


def _total(notes: Iterable[NoteChapitre]) -> str:
    """Points over those that could be had in what is graded; a blank is not a zero."""
    gradees = [(note.points, note.sur) for note in notes if note.points is not None]
    if not gradees:
        return "–"
    points, sur = (sum(un, Decimal(0)) for un in zip(*gradees, strict=True))
    return f"{nombre(points)} / {nombre(sur)}".replace(".", ",")


def _sans_note(notes: Mapping[str, NoteChapitre]) -> str:
    """The chapters that have no mark, or one to look at; the page of the class says the rest."""
    titres = {c.slug: c.titre for c in contenu.chapitres()}
    vides = [slug for slug, note in notes.items() if note.points is None or note.statut != "fait"]
    if len(vides) == len(notes):
        return "tous les chapitres" if notes else "–"
    return ", ".join(titres.get(slug, slug) for slug in vides) or "–"
