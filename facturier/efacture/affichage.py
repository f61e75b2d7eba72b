"""What ``facturier valider`` shows: one block a file, or the JSON document of the contract."""

from __future__ import annotations

import textwrap
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from facturier.efacture import confrontation, lot, rapports
from facturier.efacture.explications import expliquer
from facturier.efacture.jeux import choisir
from facturier.efacture.resultat import Constat, Resultat, Verdict
from facturier.progression import suivi

if TYPE_CHECKING:
    from rich.console import Console

FORMATS = {"ubl": "UBL 2.1", "cii": "CII", "facturx": "Factur-X", "inconnu": "format inconnu"}
CANAUX = {
    "plateforme_agreee": "plateforme agréée",
    "chorus_historique": "format historique de Chorus Pro",
    "etranger": "vendeur ou acheteur étranger",
}
COULEURS_VERDICT: dict[Verdict, str] = {
    "valide": "green",
    "invalide": "red",
    "illisible": "yellow",
    "erreur_moteur": "magenta",
}
COULEURS_GRAVITE = {"erreur": "red", "avertissement": "yellow", "information": "cyan"}


def valider(
    fichiers: Sequence[Path],
    jeux: str,
    emettre: Callable[[str], None] | None = None,
    rapport: Path | None = None,
    annuaire: str | None = None,
) -> int:
    """Judge files and folders, show the verdicts or emit the JSON document, write the report if one is asked for, and
    return the exit status (the gravest wins). ``annuaire``: « formation » or the path of a directory in TOML."""
    lu = confrontation.lire_annuaire(annuaire) if annuaire is not None else None
    chemins = lot.parcourir(fichiers)
    unicite = confrontation.demande_unicite(choisir(jeux))
    resultats = confrontation.confronter(lot.valider_lot(chemins, jeux), chemins, annuaire=lu, unicite=unicite)
    if len(chemins) > 1:
        resultats = suivi(resultats, "Validation", len(chemins))
    with rapports.ouvrir(rapport) if rapport is not None else nullcontext() as ecrit:
        if ecrit is not None:
            resultats = ecrit.suivre(resultats)
        if emettre is None:
            return _afficher(resultats)
        with rapports.EnJson() as document:
            sortie = max((r.sortie for r in document.suivre(resultats)), default=0)
            for morceau in document.morceaux():
                emettre(morceau)
    return sortie


def _afficher(resultats: Iterator[Resultat]) -> int:
    from rich.console import Console

    ecran = Console(highlight=False, markup=False, emoji=False)
    comptes: Counter[Verdict] = Counter()
    appliques: dict[str, None] = {}
    sortie, facturx = 0, False
    for resultat in resultats:
        _afficher_resultat(ecran, resultat)
        comptes[resultat.verdict] += 1
        appliques.update(dict.fromkeys(f"{jeu.nom} {jeu.version}" for jeu in resultat.jeux_de_regles))
        sortie, facturx = max(sortie, resultat.sortie), facturx or resultat.format == "facturx"
    if comptes.total() > 1:
        ecran.print(f"{comptes.total()} fichiers : {rapports.bilan(comptes)}.")
    if appliques:
        ecran.print("Règles appliquées : " + " ; ".join(appliques) + ".", style="dim")
    if facturx:
        ecran.print("Conteneur PDF/A-3 : structure vérifiée, non certifiée.", style="dim")
    return sortie


def _afficher_resultat(ecran: Console, resultat: Resultat) -> None:
    signe, mot, _ = rapports.VERDICTS[resultat.verdict]
    details = [FORMATS[resultat.format]]
    if resultat.profil:
        details.append(f"profil {resultat.profil}")
    if resultat.canal:
        details.append(CANAUX[resultat.canal])
    ecran.print(f"{signe} {_propre(resultat.fichier)} : {mot}", style=f"bold {COULEURS_VERDICT[resultat.verdict]}")
    ecran.print(f"  {_propre(', '.join(details))}", style="dim")
    gestes: set[str] = set()
    for constat in resultat.constats:
        geste = geste_de(constat)
        _afficher_constat(ecran, constat, geste if geste not in gestes else "")
        gestes.add(geste)


def _afficher_constat(ecran: Console, constat: Constat, geste: str) -> None:
    nom = rapports.GRAVITES[constat.gravite]
    ou = f", ligne {constat.ligne} du fichier" if constat.ligne else ""
    ecran.print(f"  {nom} {_propre(constat.regle)}{ou}", style=COULEURS_GRAVITE[constat.gravite])
    # textwrap, not rich: it never cuts at a no-break space, so that amounts stay whole
    retrait = " " * 4
    largeur = max(40, ecran.width - 1)
    for texte in (constat.phrase, f"→ {geste}" if geste else ""):
        for ligne in textwrap.wrap(_propre(texte), largeur, initial_indent=retrait, subsequent_indent=retrait):
            ecran.print(ligne, soft_wrap=True)


def geste_de(constat: Constat) -> str:
    """What to do about a finding; "" for a rule of the kit, which says it in its own sentence."""
    deja_dit = constat.gravite == "information" or constat.regle.startswith(("CPRO-", "BR-FR-CPRO-"))
    return "" if deja_dit else expliquer(constat).geste


def _propre(texte: str) -> str:
    """Text of someone's file made harmless for a terminal: no control, escape or direction character."""
    return "".join(c for c in texte if not unicodedata.category(c).startswith("C"))
