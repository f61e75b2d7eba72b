"""The differences of two invoices in a terminal."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING

from facturier.efacture.comparaison import Comparaison, Difference, Genre
from facturier.efacture.page_affichage import plier
from facturier.montants import INSECABLE

if TYPE_CHECKING:
    from rich.console import Console

_SIGNES: dict[Genre, tuple[str, str, str]] = {
    "modifie": ("≠", "", "yellow"),
    "ajoute": ("+", "seulement dans la seconde", "green"),
    "retire": ("-", "seulement dans la première", "red"),
}


def afficher(comparaison: Comparaison, ecran: Console | None = None) -> None:
    """Print a comparison: one line a difference, under the rubrique where it is."""
    if ecran is None:
        from rich.console import Console

        ecran = Console(highlight=False, markup=False, emoji=False)
    noms = f"{Path(comparaison.a).name} → {Path(comparaison.b).name}"
    nombre = len(comparaison.differences)
    champs = f"{comparaison.compares} champs comparés"
    if nombre == 0:
        _bloc(ecran, f"= {noms}{INSECABLE}: aucune différence ({champs}).", 0, "bold green")
    else:
        bilan = f"{nombre} différence{'s' if nombre > 1 else ''}"
        _bloc(ecran, f"≠ {noms}{INSECABLE}: {bilan} ({champs})", 0, "bold yellow")
    for ou, differences in itertools.groupby(comparaison.differences, lambda difference: difference.ou):
        ecran.print()
        _bloc(ecran, ou, 0, "bold")
        for difference in differences:
            _bloc(ecran, phrase(difference), 2, _SIGNES[difference.genre][2])
    if not comparaison.hors_norme:
        ecran.print()
        _bloc(
            ecran,
            f"Les deux fichiers n’ont pas la même syntaxe{INSECABLE}: seuls les champs que la norme nomme (BT) sont "
            "comparés, sauf le profil (BT-24), propre à chaque format.",
            0,
            "dim",
        )


def phrase(difference: Difference) -> str:
    """« ≠ Total toutes taxes comprises (BT-112) : 1 200,00 € → 1 260,00 € (+60,00 €) »."""
    signe, mot, _ = _SIGNES[difference.genre]
    nom = difference.nom[:1].upper() + difference.nom[1:]
    terme = f" ({difference.terme})" if difference.terme else ""
    if difference.avant is not None and difference.apres is not None:
        ecart = f" ({difference.ecart})" if difference.ecart else ""
        return f"{signe} {nom}{terme}{INSECABLE}: {difference.avant} → {difference.apres}{ecart}"
    return f"{signe} {nom}{terme}, {mot}{INSECABLE}: {difference.avant or difference.apres or ''}"


def _bloc(ecran: Console, texte: str, retrait: int, style: str) -> None:
    lignes = plier(texte, max(40, ecran.width - 1 - retrait - 2))
    for rang, ligne in enumerate(lignes):
        ecran.print(" " * (retrait + (2 if rang else 0)) + ligne, style=style, soft_wrap=True)
