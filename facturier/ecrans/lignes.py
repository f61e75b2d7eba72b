"""The lines of an invoice being entered: how many there are, what they come to, by rate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from facturier.champs import def_facture as defs
from facturier.champs.lecture import lire
from facturier.ecrans.blocs import Bloc, Tableau
from facturier.erreurs import ErreurFacturier
from facturier.montants import arrondi, format_taux

NOMBRE = "nb_lignes"
"""Under which the number of lines is kept, among the answers of the path."""


def nombre_de_lignes(valeurs: Mapping[str, str]) -> int:
    """How many lines the step shows."""
    brut = valeurs.get(NOMBRE, "")
    return min(defs.LIGNES_MAX, max(1, int(brut))) if brut.isdecimal() and len(brut) <= 3 else 1


def totaux(valeurs: Mapping[str, str], nombre: int) -> dict[str, Decimal]:
    """The amount HT of the readable lines by rate; a line that is not whole counts for nothing."""
    par_taux: dict[str, Decimal] = {}
    champs = {champ.id: champ for champ in defs.lignes(nombre).champs}
    for rang in range(1, nombre + 1):
        taux = valeurs.get(f"ligne_{rang}_taux", "").strip()
        try:
            quantite, prix = (
                lire(champs[f"ligne_{rang}_{nom}"], valeurs.get(f"ligne_{rang}_{nom}", ""))
                for nom in ("quantite", "prix")
            )
        except ErreurFacturier:
            continue
        if taux:
            par_taux[taux] = par_taux.get(taux, Decimal(0)) + arrondi(quantite * prix)
    return par_taux


def ventilation(valeurs: Mapping[str, str], nombre: int) -> Sequence[Bloc]:
    """What the readable lines come to, rate by rate; nothing as long as none is whole."""
    par_taux = totaux(valeurs, nombre)
    if not par_taux:
        return []
    rangees = [
        (format_taux(Decimal(taux)), ht, tva(ht, taux), ht + tva(ht, taux)) for taux, ht in sorted(par_taux.items())
    ]
    return [Tableau("D’après vos lignes", ("Taux", "Total HT", "TVA", "Total TTC"), rangees)]


def tva(ht: Decimal, taux: str) -> Decimal:
    """The VAT of that amount, to the cent."""
    return arrondi(ht * Decimal(taux) / 100)
