"""Reading what was typed in one field: a value of the trade, or a sentence beside the field."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from facturier import identifiants, montants
from facturier.champs.fiches import Champ
from facturier.champs.listes import longueur_max, options
from facturier.erreurs import ErreurFacturier

_DATE_FR = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_DATE_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_ENTIER = re.compile(r"[0-9]{1,15}")
_NOMBRE = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,6})?", re.ASCII)
OUI = "oui"
"""What a ticked box holds."""
_COURRIEL = re.compile(r"[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+")


def lire(champ: Champ, texte: str, au: date | None = None) -> Any:
    """The value that a field's text means: Decimal, date, int, compact identifier, chosen code or plain text.

    Raises:
        ErreurFacturier: it cannot be read so; the sentence says what is expected, with an example.
    """
    limite = longueur_max(champ, au)
    if champ.genre == "siret" and len(texte) > limite and (siret := identifiants.siret_dans(texte)):
        raise ErreurFacturier(f"Gardez les chiffres seulement : {siret}.", code="siret-forme")
    if len(texte) > limite:
        raise ErreurFacturier(f"{limite} caractères au plus : vous en avez saisi {len(texte)}.", code="trop-long")
    propre = texte.strip()
    if champ.genre == "choix":
        if propre not in dict(options(champ, au)):
            raise ErreurFacturier("Ce choix n’est pas dans la liste.", code="hors-liste")
        return propre
    return _LECTEURS[champ.genre](propre)


def lire_date(texte: str) -> date:
    """A day typed the French way (24/11/2026) or as a computer writes it (2026-11-24)."""
    if trouve := _DATE_FR.fullmatch(texte):
        jour, mois, annee = (int(partie) for partie in trouve.groups())
    elif trouve := _DATE_ISO.fullmatch(texte):
        annee, mois, jour = (int(partie) for partie in trouve.groups())
    else:
        raise ErreurFacturier(
            f"« {texte[:30]} » n’est pas une date : écrivez-la jour/mois/année, par exemple 24/11/2026.",
            code="date-illisible",
        )
    try:
        return date(annee, mois, jour)
    except ValueError as cause:
        raise ErreurFacturier(
            f"« {texte[:30]} » n’existe pas au calendrier : vérifiez le jour et le mois.", code="date-illisible"
        ) from cause


def _montant(texte: str) -> Decimal:
    return montants.euros(texte, negatif=True)


def _entier(texte: str) -> int:
    if not _ENTIER.fullmatch(texte):
        raise ErreurFacturier("Écrivez un nombre entier, en chiffres.", code="entier-illisible")
    return int(texte)


def _nombre(texte: str) -> Decimal:
    """A quantity or a coefficient: up to six decimals, comma or point."""
    propre = texte.replace("\u00a0", "").replace("\u202f", "").replace(" ", "").replace(",", ".")
    if not _NOMBRE.fullmatch(propre):
        raise ErreurFacturier("Écrivez un nombre, par exemple 12,5.", code="nombre-illisible")
    return Decimal(propre)


def _oui(texte: str) -> bool:
    if texte != OUI:
        raise ErreurFacturier("Cochez la case, ou laissez-la vide.", code="hors-liste")
    return True


def _courriel(texte: str) -> str:
    if texte.rstrip(".,;") != texte and _COURRIEL.fullmatch(texte.rstrip(".,;")):
        raise ErreurFacturier(f"Retirez « {texte[-1]} » à la fin de l’adresse.", code="courriel-illisible")
    if not _COURRIEL.fullmatch(texte):
        raise ErreurFacturier(
            "Cette adresse électronique est incomplète : par exemple camille@exemple.fr.", code="courriel-illisible"
        )
    return texte


_LECTEURS: dict[str, Callable[[str], Any]] = {
    "texte": str,
    "texte_long": str,
    "montant": _montant,
    "siret": identifiants.siret,
    "iban": identifiants.iban,
    "date": lire_date,
    "entier": _entier,
    "courriel": _courriel,
    "nombre": _nombre,
    "oui": _oui,
    "choix_ouvert": str,
    "secret": str,
    "fichier": str,
}
