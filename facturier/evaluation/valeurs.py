"""Values as learners type them: numbers, days, texts; compared with what is expected."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal

from facturier.erreurs import ErreurFacturier
from facturier.evaluation.items import Piege

_NOMBRE_LONG = re.compile(r"-?[0-9]{1,15}(?:[.,][0-9]{1,30})?")
_JOUR = re.compile(r"([0-9]{1,2})(?:[/. -]([0-9]{1,2})[/. -]|(?:er)? +([a-zéûô.]+) +)([0-9]{4})")
_JOUR_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_MOIS = ("janv", "fev", "mars", "avr", "mai", "juin", "juil", "aout", "sept", "oct", "nov", "dec")


def lire_nombre(texte: str, unite: str = "") -> Decimal | None:
    """A number as typed by a learner (``1 234,56 €``, ``30 jours`` when « jours » is the unit), or None."""
    from facturier.montants import euros

    propre = unicodedata.normalize("NFKC", texte[:200]).strip()
    if unite and propre.casefold().endswith(unite.casefold()):
        propre = propre[: -len(unite)].strip()
    try:
        return euros(propre, negatif=True)
    except ErreurFacturier:
        return Decimal(propre.replace(",", ".")) if _NOMBRE_LONG.fullmatch(propre) else None


def lire_jour(texte: str) -> date | None:
    """A day as typed by a learner (``24/11/2026``, ``1er mars 2027``, ``2026-11-24``), or None."""
    propre = " ".join(unicodedata.normalize("NFKC", texte[:60]).casefold().split())
    if iso := _JOUR_ISO.fullmatch(propre):
        annee, mois, jour = (int(n) for n in iso.groups())
    elif lu := _JOUR.fullmatch(propre):
        jour, annee = int(lu[1]), int(lu[4])
        mois = int(lu[2]) if lu[2] else _rang_du_mois(lu[3])
    else:
        return None
    try:
        return date(annee, mois, jour)
    except ValueError:
        return None


def _rang_du_mois(nom: str) -> int:
    nu = unicodedata.normalize("NFD", nom).encode("ascii", "ignore").decode()
    return next((rang for rang, debut in enumerate(_MOIS, 1) if nu.startswith(debut)), 0)


def retour_piege(pieges: tuple[Piege, ...], valeur: str, unite: str = "") -> str:
    """What to say of a value that a known mistake gives, "" if none does."""
    return next((p.retour for p in pieges if vaut(valeur, p.valeur, Decimal(0), unite)), "")


def vaut_jour(valeur: str, attendu: str) -> bool:
    """Whether two texts say the same day."""
    jour = lire_jour(valeur)
    return jour is not None and jour == lire_jour(attendu)


def vaut(valeur: str, attendu: str, tolerance: Decimal, unite: str = "") -> bool:
    """Numbers are compared as numbers, anything else as text; identifiers with a leading zero stay text."""
    nombre_attendu = None if re.match(r"0[0-9]", attendu) else lire_nombre(attendu, unite)
    if nombre_attendu is None:
        return plat(valeur) == plat(attendu)
    nombre = lire_nombre(valeur, unite)
    return nombre is not None and abs(nombre - nombre_attendu) <= tolerance


def plat(texte: str) -> str:
    """Case and spaces ignored: ``1er  Étage`` and ``1ER étage`` are the same, ``FR76 3000`` and ``FR763000`` too."""
    return "".join(unicodedata.normalize("NFKC", texte).casefold().split())
