"""What ``facturier valider`` shows: one block a file, or the JSON document of the contract."""

from __future__ import annotations

import textwrap
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facturier.efacture.resultat import Constat, Resultat, Verdict, document, sortie
from facturier.efacture.validation import valider_fichiers

if TYPE_CHECKING:
    from rich.console import Console

_VERDICTS: dict[Verdict, tuple[str, str, str, str]] = {
    "valide": ("✔", "valide", "valides", "green"),
    "invalide": ("✘", "invalide", "invalides", "red"),
    "illisible": ("?", "illisible", "illisibles", "yellow"),
    "erreur_moteur": ("!", "non jugé (panne du moteur)", "non jugés (panne du moteur)", "magenta"),
}
_FORMATS = {"ubl": "UBL 2.1", "cii": "CII", "facturx": "Factur-X", "inconnu": "format inconnu"}
_CANAUX = {
    "plateforme_agreee": "plateforme agréée",
    "chorus_historique": "format historique de Chorus Pro",
    "etranger": "vendeur ou acheteur étranger",
}
_GRAVITES = {"erreur": ("Erreur", "red"), "avertissement": ("Avertissement", "yellow"), "information": ("Note", "cyan")}


def valider(fichiers: Sequence[Path], jeux: str, emettre: Callable[[Any], None] | None = None) -> int:
    """Judge the files, show or emit the verdicts, and return the exit status (the gravest wins)."""
    resultats = valider_fichiers(fichiers, jeux)
    if emettre is not None:
        emettre(document(resultats))
    else:
        _afficher(resultats)
    return sortie(resultats)


def _afficher(resultats: list[Resultat]) -> None:
    from rich.console import Console

    ecran = Console(highlight=False, markup=False, emoji=False)
    for resultat in resultats:
        _afficher_resultat(ecran, resultat)
    comptes = Counter(resultat.verdict for resultat in resultats)
    if len(resultats) > 1:
        bilan = [
            f"{comptes[verdict]} {singulier if comptes[verdict] == 1 else pluriel}"
            for verdict, (_, singulier, pluriel, _) in _VERDICTS.items()
            if comptes[verdict]
        ]
        ecran.print(f"{len(resultats)} fichiers : {', '.join(bilan)}.")
    appliques = dict.fromkeys(f"{jeu.nom} {jeu.version}" for r in resultats for jeu in r.jeux_de_regles)
    if appliques:
        ecran.print("Règles appliquées : " + " ; ".join(appliques) + ".", style="dim")
    if any(resultat.format == "facturx" for resultat in resultats):
        ecran.print("Conteneur PDF/A-3 : structure vérifiée, non certifiée.", style="dim")


def _afficher_resultat(ecran: Console, resultat: Resultat) -> None:
    signe, mot, _, couleur = _VERDICTS[resultat.verdict]
    details = [_FORMATS[resultat.format]]
    if resultat.profil:
        details.append(f"profil {resultat.profil}")
    if resultat.canal:
        details.append(_CANAUX[resultat.canal])
    ecran.print(f"{signe} {_propre(resultat.fichier)} : {mot}", style=f"bold {couleur}")
    ecran.print(f"  {_propre(', '.join(details))}", style="dim")
    for constat in resultat.constats:
        _afficher_constat(ecran, constat)


def _afficher_constat(ecran: Console, constat: Constat) -> None:
    nom, couleur = _GRAVITES[constat.gravite]
    ou = f", ligne {constat.ligne}" if constat.ligne else ""
    ecran.print(f"  {nom} {_propre(constat.regle)}{ou}", style=couleur)
    # textwrap, not rich: it never cuts at a no-break space, so that amounts stay whole
    retrait = " " * 4
    largeur = max(40, ecran.width - 1)
    for ligne in textwrap.wrap(_propre(constat.phrase), largeur, initial_indent=retrait, subsequent_indent=retrait):
        ecran.print(ligne, soft_wrap=True)


def _propre(texte: str) -> str:
    """Text of someone's file made harmless for a terminal: no control, escape or direction character."""
    return "".join(c for c in texte if not unicodedata.category(c).startswith("C"))
