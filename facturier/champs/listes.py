"""The lists that fields choose from, drawn from the referentiel: a new row there is a new choice here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from facturier import referentiel
from facturier.champs.fiches import Champ
from facturier.montants import format_taux, sans_zeros

Options = tuple[tuple[str, str], ...]


def options(champ: Champ, au: date | None = None) -> Options:
    """The (code, label) pairs a field offers on that day, in the order to show them; none is ever preselected."""
    return LISTES[champ.choix](au) if isinstance(champ.choix, str) else champ.choix


def libelle_choix(champ: Champ, code: str, au: date | None = None) -> str:
    """The label of a chosen code, or the code itself when the list does not know it."""
    return dict(options(champ, au)).get(code, code)


def longueur_max(champ: Champ, au: date | None = None) -> int:
    """How many characters a field takes on that day."""
    if isinstance(champ.longueur_max, int):
        return champ.longueur_max
    return int(referentiel.limite(champ.longueur_max, au).valeur)


def aide(champ: Champ, au: date | None = None) -> str:
    """The help of a field: what it is, and its limit when it comes from the referentiel."""
    if isinstance(champ.longueur_max, int):
        return champ.aide
    limite = referentiel.limite(champ.longueur_max, au)
    doute = "" if limite.fiabilite == "établi" else f" (fait « {limite.fiabilite} »)"
    return " ".join(filter(None, (champ.aide, f"{limite.valeur} {limite.unite} au plus{doute}.")))


def _cadres_fournisseur(au: date | None) -> Options:
    """The cadres of a simple invoice: works start from a projet de décompte, A3 and A21 have screens of their own."""
    return tuple(
        (c.code, f"{c.code} — {c.libelle}")
        for c in referentiel.cadres(au)
        if c.joue and c.actif and c.plateforme_agreee and c.deposant == "fournisseur"
    )


def _cadres_deposes(au: date | None) -> Options:
    """All that a supplier deposits, works included; what is not certain says so."""
    return tuple(
        (c.code, f"{c.code} — {c.libelle}" + ("" if c.fiabilite == "établi" else f" (point {c.fiabilite})"))
        for c in referentiel.cadres(au)
        if c.joue and c.actif and c.deposant == "fournisseur"
    )


def _types_facture(au: date | None) -> Options:
    return tuple((t.code, f"{t.code} — {t.libelle}") for t in referentiel.types_facture(au))


def _modes_paiement(au: date | None) -> Options:
    """One choice per Chorus Pro code; the rows that share it (one per UNCL code) are named in brackets."""
    par_code: dict[str, list[str]] = {}
    for mode in referentiel.modes_paiement(au):
        if mode.uncl4461:
            par_code.setdefault(mode.code, []).append(mode.libelle)
    return tuple((code, _libelle_mode(code, libelles)) for code, libelles in par_code.items())


def _libelle_mode(code: str, libelles: list[str]) -> str:
    if len(libelles) == 1:
        return libelles[0]
    titre = code.capitalize()
    return f"{titre} ({', '.join(libelle[0].lower() + libelle[1:] for libelle in libelles if libelle != titre)})"


def _taux_tva(au: date | None) -> Options:
    """One choice per admitted rate; a rate used in several territories names them all."""
    par_taux: dict[str, list[str]] = {}
    for ligne in referentiel.taux_tva(au):
        if ligne.taux is not None and ligne.admis and ligne.fiabilite == "établi":
            code = str(sans_zeros(ligne.taux))
            par_taux.setdefault(code, [format_taux(ligne.taux)]).append(f"{ligne.usage} ({ligne.territoire})")
    return tuple((code, f"{taux} — {' ; '.join(usages)}") for code, (taux, *usages) in par_taux.items())


LISTES: dict[str, Callable[[date | None], Options]] = {
    "cadres_fournisseur": _cadres_fournisseur,
    "cadres_deposes": _cadres_deposes,
    "types_facture": _types_facture,
    "modes_paiement": _modes_paiement,
    "taux_tva": _taux_tva,
}
