"""Usual French writings of amounts, dates and identifiers, recognised in the text of a page."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Generic, TypeVar

from facturier import identifiants
from facturier.erreurs import ErreurFacturier

_T = TypeVar("_T")
_ESPACES = dict.fromkeys(map(ord, "\t\u00a0\u2007\u2009\u200a\u202f"), " ")
_SIGNES = {ord("\u2212"): "-", ord("\u2010"): "-", ord("\u2011"): "-", ord("\u2019"): "'", ord("\u02bc"): "'"}
_INVISIBLES = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\ufeff"))
_LIGATURES = {0xFB00 + rang: forme for rang, forme in enumerate(("ff", "fi", "fl", "ffi", "ffl"))}
_TABLE = {**_ESPACES, **_SIGNES, **_INVISIBLES, **_LIGATURES}

_NOMBRE = re.compile(
    r"(?<![\w.,/])(?P<signe>-\s?)?(?P<entiers>\d{1,3}(?:(?P<groupe>[ .,'])\d{3})(?:(?P=groupe)\d{3})*|\d{1,15})"
    r"(?:(?P<marque>[.,])(?P<decimales>\d{1,6}))?(?!\w|[.,/-]\d|\s?%)(?: ?€)?"
)
_TAUX = re.compile(r"(?<![\w.,/])(\d{1,2})(?:[.,](\d{1,3}))?\s?%")
_JOUR = re.compile(r"(?<![\d/])(\d{1,2})(?P<sep>[/.-])(\d{1,2})(?P=sep)(\d{4}|\d{2})(?![\d/])")
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_LETTRES = re.compile(r"(?<!\d)(\d{1,2})(?:er)? ([a-z]{3,9})\.? (\d{4})(?!\d)")
_SIRET = re.compile(r"(?<!\d)(?:\d[ .]?){13}\d(?!\d)")
_IBAN = re.compile(r"(?<![A-Z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Z0-9])")
_TVA = re.compile(r"(?<![A-Z0-9])(?:FR ?[A-Z0-9]{2} ?\d{3} ?\d{3} ?\d{3}|(?!FR)[A-Z]{2} ?\d[\dA-Z]{7,11})(?! ?\d)")
_IBAN_FR = 27


@dataclass(frozen=True)
class Lu(Generic[_T]):
    """Something read on a page: what it means, how it is written there, where it stands in the text."""

    valeur: _T
    brut: str
    place: int = 0


def propre(texte: str) -> str:
    """Text with one kind of space, of minus and of apostrophe, and no ligature; everything else as it is."""
    return unicodedata.normalize("NFC", texte).translate(_TABLE)


def plier(texte: str) -> str:
    """Clean text without capitals nor accents, character for character (places stay the same)."""
    return "".join(_plie(signe) for signe in texte)


@cache
def _plie(signe: str) -> str:
    nu = unicodedata.normalize("NFD", signe)[0].casefold()
    return nu if len(nu) == 1 else signe


def serrer(texte: str) -> str:
    """Letters and digits alone, folded: what is left of a text however it is cut into lines."""
    return "".join(signe for signe in plier(propre(texte)) if signe.isalnum())


def nombres(texte: str) -> list[Lu[frozenset[Decimal]]]:
    """Numbers of a clean text, in order; « 1,234 » has two readings, both are given. Rates (%) are left aside."""
    return [Lu(_lectures(trouve), trouve[0].strip(), trouve.start()) for trouve in _NOMBRE.finditer(texte)]


def _lectures(trouve: re.Match[str]) -> frozenset[Decimal]:
    signe = "-" if trouve["signe"] else ""
    entiers = re.sub(r"[ .,']", "", trouve["entiers"])
    lectures = {Decimal(f"{signe}{entiers}.{trouve['decimales'] or 0}")}
    if trouve["groupe"] in (".", ",") and not trouve["decimales"] and len(trouve["entiers"]) <= 7:
        lectures.add(Decimal(signe + trouve["entiers"].replace(",", ".")))
    return frozenset(lectures)


def taux(texte: str) -> list[Lu[Decimal]]:
    """Rates written in percent."""
    return [Lu(Decimal(f"{t[1]}.{t[2] or 0}"), t[0], t.start()) for t in _TAUX.finditer(texte)]


def dates(texte: str) -> list[Lu[date]]:
    """Days written 24/11/2026, 24.11.26, 2026-11-24 or 24 novembre 2026."""
    trouves: list[Lu[date]] = []
    for jour in _JOUR.finditer(texte):
        annee = int(jour[4]) + (2000 if len(jour[4]) == 2 else 0)
        trouves += _jour(annee, int(jour[3]), int(jour[1]), jour)
    for jour in _ISO.finditer(texte):
        trouves += _jour(int(jour[1]), int(jour[2]), int(jour[3]), jour)
    for jour in _LETTRES.finditer(plier(texte)):
        if jour[2] in _mois():
            trouves += _jour(int(jour[3]), _mois()[jour[2]], int(jour[1]), jour, texte)
    return sorted(trouves, key=lambda lu: lu.place)


def _jour(annee: int, mois: int, jour: int, trouve: re.Match[str], texte: str = "") -> list[Lu[date]]:
    try:
        brut = texte[trouve.start() : trouve.end()] if texte else trouve[0]
        return [Lu(date(annee, mois, jour), brut, trouve.start())]
    except ValueError:
        return []


@cache
def _mois() -> dict[str, int]:
    """French names of months, whole and short, folded."""
    from babel.dates import get_month_names

    noms: dict[str, int] = {}
    for largeur in ("wide", "abbreviated"):
        for rang, nom in get_month_names(largeur, locale="fr").items():
            noms[plier(nom).rstrip(".")] = int(rang)
    return noms


def sirets(texte: str) -> list[Lu[str]]:
    """Runs of 14 digits, written together or spaced."""
    return [Lu(re.sub(r"\D", "", t[0]), t[0], t.start()) for t in _SIRET.finditer(texte)]


def numeros_tva(texte: str) -> list[Lu[str]]:
    """VAT numbers: the French shape, and the other countries' where letters are followed by eight digits or more."""
    return [Lu(t[0].replace(" ", ""), t[0], t.start()) for t in _TVA.finditer(texte)]


def ibans(texte: str) -> list[Lu[str]]:
    """IBANs, in groups or not; what follows one on its line (« BIC ») is left out."""
    return [Lu(*_sans_suite(t[0]), t.start()) for t in _IBAN.finditer(texte)]


def _sans_suite(brut: str) -> tuple[str, str]:
    compact = brut.replace(" ", "")
    if compact.startswith("FR"):
        return compact[:_IBAN_FR], _debut(brut, _IBAN_FR)
    groupes = brut.split(" ")
    for reste in range(len(groupes), 3, -1):
        essai = " ".join(groupes[:reste])
        try:
            return identifiants.iban(essai), essai
        except ErreurFacturier:
            continue
    return compact, brut


def _debut(brut: str, signes: int) -> str:
    """The first ``signes`` characters that are not spaces, with the spaces between them."""
    vus = 0
    for place, signe in enumerate(brut):
        vus += signe != " "
        if vus == signes:
            return brut[: place + 1]
    return brut


def espace(numero: str) -> re.Pattern[str]:
    """The pattern of a run of letters and digits that may be spaced, between two other signs."""
    corps = r"[ .]?".join(re.escape(signe) for signe in numero)
    return re.compile(rf"(?<!\w){corps}(?!\w)")


def en_euros(texte: str) -> list[Lu[frozenset[Decimal]]]:
    """Numbers that are written as amounts: with cents or with the sign of the euro."""
    return [lu for lu in nombres(texte) if re.search(r"[.,]\d\d(?: ?€)?$|€$", lu.brut)]


def bruts(lus: Iterable[Lu[_T]], combien: int = 3) -> str:
    """How they are written, once each."""
    uns = list(dict.fromkeys(lu.brut for lu in lus))
    return " ; ".join(uns[:combien]) + (" ; …" if len(uns) > combien else "")
