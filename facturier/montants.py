"""Amounts: text parsed strictly, money kept in Decimal, rounding and French formatting in one place."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from facturier.erreurs import ErreurFacturier

CENTIME = Decimal("0.01")
LONGUEUR_MAX = 40
"""Longest text read as an amount; more is not an amount but a paste gone wrong."""
CHIFFRES_MAX = 13
"""Most digits before the decimal mark: thousands of billions of euros."""

FINE_INSECABLE = "\u202f"
INSECABLE = "\u00a0"
_ESPACE = "[ \u00a0\u202f\u2009]"
_SIGNE = "[-\u2212]"
_MONTANT = re.compile(
    rf"(?P<signe>{_SIGNE}{_ESPACE}?)?"
    rf"(?P<entiers>[0-9]+|[0-9]{{1,3}}(?:{_ESPACE}[0-9]{{3}})+)"
    rf"(?:[.,](?P<decimales>[0-9]{{1,2}}))?"
    rf"(?:{_ESPACE}*€)?"
)
_DECIMAL = re.compile(r"[+-]?(?=\.?[0-9])[0-9]{0,15}(?:\.[0-9]{0,10})?")
_MILLIERS_EQUIVOQUES = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{3})+")
_ATTENDU = f"écrivez-le comme 1{FINE_INSECABLE}234,56"


@lru_cache(maxsize=4096)
def euros(texte: str, *, negatif: bool = False) -> Decimal:
    """Read an amount typed the French way (``1 234,56``, ``1234,5 €``) or with one decimal point (``1234.56``).

    A sign is accepted only with ``negatif=True``. What could be read in two ways is refused, never guessed.

    Raises:
        ErreurFacturier: ``montant-vide``, ``-illisible``, ``-equivoque``, ``-negatif``; the sentence says what to type.
    """
    propre = texte.strip(f" \t{INSECABLE}{FINE_INSECABLE}\u2009")
    if not propre:
        raise ErreurFacturier(f"Le montant est vide : {_ATTENDU}.", code="montant-vide")
    if len(propre) > LONGUEUR_MAX:
        raise ErreurFacturier(
            f"Le montant compte {len(propre)} caractères : c’est trop long, {_ATTENDU}.", code="montant-illisible"
        )
    trouve = _MONTANT.fullmatch(propre)
    if trouve is None:
        raise _refus(propre)
    if trouve["signe"] and not negatif:
        raise ErreurFacturier(
            f"Le montant «{INSECABLE}{propre}{INSECABLE}» est négatif : un montant positif est attendu ici.",
            code="montant-negatif",
        )
    entiers = re.sub(_ESPACE, "", trouve["entiers"])
    if len(entiers) > CHIFFRES_MAX:
        raise ErreurFacturier(
            f"Le montant «{INSECABLE}{propre}{INSECABLE}» est démesuré : vérifiez le nombre de chiffres.",
            code="montant-illisible",
        )
    valeur = Decimal(f"{entiers}.{trouve['decimales'] or '0'}").quantize(CENTIME)
    return -valeur if trouve["signe"] and valeur else valeur


def lire_decimal(texte: str) -> Decimal | None:
    """A number as XML writes it (``-1234.56``), or None: no exponent, and few enough digits to compute exactly."""
    propre = texte.strip()
    return Decimal(propre) if _DECIMAL.fullmatch(propre) else None


def arrondi(valeur: Decimal) -> Decimal:
    """Round to the cent, half away from zero (« arrondi commercial »), as EN 16931 examples and Chorus Pro do.
    Zero has no sign: « -0.00 » in an invoice is not equal to its total for every engine."""
    arrondie = valeur.quantize(CENTIME, rounding=ROUND_HALF_UP)
    return arrondie if arrondie else arrondie.copy_abs()


def format_euros(valeur: Decimal) -> str:
    """``1234.56`` → ``1 234,56 €``: narrow no-break space between thousands, no-break space before the sign."""
    return f"{format_nombre(arrondi(valeur))}{INSECABLE}€"


def format_nombre(valeur: Decimal) -> str:
    """A number as the French write it, with the decimals it carries (``1 234,5``)."""
    signe = "-" if valeur < 0 else ""
    entiers, _, decimales = f"{abs(valeur):f}".partition(".")
    groupes = f"{int(entiers):,}".replace(",", FINE_INSECABLE)
    return f"{signe}{groupes},{decimales}" if decimales else f"{signe}{groupes}"


def format_taux(valeur: Decimal) -> str:
    """A rate in percent without useless zeros: ``20 %``, ``5,5 %``."""
    return f"{format_nombre(sans_zeros(valeur))}{INSECABLE}%"


def sans_zeros(valeur: Decimal) -> Decimal:
    """The same number without trailing zeros and never in exponent form (``20.00`` → ``20``, ``100`` → ``100``)."""
    reduit = valeur.normalize()
    exposant = reduit.as_tuple().exponent
    return reduit.quantize(Decimal(1)) if isinstance(exposant, int) and exposant > 0 else reduit


def _refus(propre: str) -> ErreurFacturier:
    if _MILLIERS_EQUIVOQUES.fullmatch(propre):
        return ErreurFacturier(
            f"Le montant «{INSECABLE}{propre}{INSECABLE}» peut se lire de deux façons (milliers ou décimales ?) : "
            f"{_ATTENDU}.",
            code="montant-equivoque",
        )
    return ErreurFacturier(
        f"«{INSECABLE}{propre}{INSECABLE}» n’est pas un montant : {_ATTENDU}.", code="montant-illisible"
    )
