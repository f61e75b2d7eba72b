"""Identifiers parsed or refused: SIREN, SIRET, intra-community VAT number, IBAN (keys checked by python-stdnum)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Protocol

from facturier.erreurs import ErreurFacturier

SIREN_LA_POSTE = "356000000"
"""La Poste: its establishments' SIRET carry no Luhn key; usual practice (kept by python-stdnum) asks that the sum of
their digits be a multiple of 5, except the head office, which does pass Luhn. Fiabilité : à vérifier."""

RETENUS = 2048
"""How many identifiers found right are remembered, of each kind: a class writes the same few again and again."""
_LONGUEUR_MAX = 60
_LONGUEUR_IBAN_FR = 27
_FORME_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_SIRET_DANS = re.compile(r"(?<![0-9])[0-9]{14}(?![0-9])")
_ESPACES = str.maketrans("", "", " \t.\u00a0\u202f\u2009")


class _Norme(Protocol):
    def validate(self, number: str) -> str: ...


@lru_cache(maxsize=RETENUS)
def siren(texte: str) -> str:
    """The 9 digits of a SIREN, separators removed; refused with a sentence if the count or the key is wrong."""
    chiffres = _chiffres(texte, "SIREN", 9)
    from stdnum.fr import siren as norme

    return _cle(norme, chiffres, "SIREN", "recopiez-le depuis l’annuaire des entreprises")


@lru_cache(maxsize=RETENUS)
def siret(texte: str) -> str:
    """The 14 digits of a SIRET (SIREN + NIC), La Poste's establishments included."""
    chiffres = _chiffres(texte, "SIRET", 14)
    from stdnum.fr import siret as norme

    if chiffres.startswith(SIREN_LA_POSTE):
        return _cle(norme, chiffres, "SIRET", "pour La Poste, la somme des chiffres doit être un multiple de 5")
    siren_seul = chiffres[:9]
    from stdnum.fr import siren as norme_siren

    if not norme_siren.is_valid(siren_seul):
        raise ErreurFacturier(
            f"Le SIRET «\u00a0{_court(texte)}\u00a0» commence par un SIREN ({siren_seul}) dont le dernier chiffre de "
            "contrôle ne correspond pas : "
            "vérifiez ses 9 premiers chiffres.",
            code="siret-cle",
        )
    return _cle(norme, chiffres, "SIRET", "vérifiez ses 5 derniers chiffres (le NIC)")


@lru_cache(maxsize=RETENUS)
def tva_intracom(texte: str) -> str:
    """A French VAT number (``FR`` + 2-character key + SIREN), compact and in capitals."""
    compact = texte.translate(_ESPACES).upper()
    if not compact:
        raise _vide("numéro de TVA")
    if not compact.startswith("FR") or len(compact) != 13:
        raise ErreurFacturier(
            f"Le numéro de TVA «\u00a0{_court(texte)}\u00a0» doit compter 13 caractères : "
            "FR, deux caractères de clé, puis le SIREN.",
            code="tva-forme",
        )
    from stdnum.fr import tva as norme

    return "FR" + _cle(norme, compact[2:], "numéro de TVA", "vérifiez la clé et le SIREN qu’il contient", montre=texte)


@lru_cache(maxsize=RETENUS)
def iban(texte: str) -> str:
    """An IBAN, compact and in capitals: country, length and ISO 7064 key checked."""
    compact = texte.translate(_ESPACES).upper()
    if not compact:
        raise _vide("IBAN")
    if not _FORME_IBAN.fullmatch(compact) or (compact.startswith("FR") and len(compact) != _LONGUEUR_IBAN_FR):
        raise ErreurFacturier(
            f"L’IBAN «\u00a0{_court(texte)}\u00a0» n’a pas la bonne forme : "
            f"un IBAN français compte {_LONGUEUR_IBAN_FR} caractères et commence par FR.",
            code="iban-forme",
        )
    from stdnum import exceptions
    from stdnum import iban as norme

    try:
        # the key of every country alone: lists of banks, which some countries have, are never complete
        return str(norme.validate(compact, check_country=False))
    except exceptions.ValidationError as cause:
        raise ErreurFacturier(
            f"Dans l’IBAN «\u00a0{_court(texte)}\u00a0», les chiffres de contrôle ne correspondent pas : "
            "recopiez-le depuis le relevé d’identité bancaire.",
            code="iban-cle",
        ) from cause


def _chiffres(texte: str, nom: str, attendus: int) -> str:
    compact = texte.translate(_ESPACES)
    if not compact:
        raise _vide(nom)
    if not (compact.isascii() and compact.isdigit()):
        raise ErreurFacturier(
            f"Le {nom} «\u00a0{_court(texte)}\u00a0» contient autre chose que des chiffres : il en faut {attendus}.",
            code=f"{nom.lower()}-forme",
        )
    if len(compact) != attendus:
        raise ErreurFacturier(
            f"Le {nom} «\u00a0{_court(texte)}\u00a0» compte {len(compact)} chiffre{'s' if len(compact) > 1 else ''} : "
            f"il en faut {attendus}.",
            code=f"{nom.lower()}-longueur",
        )
    return compact


def _cle(norme: _Norme, compact: str, nom: str, conseil: str, *, montre: str | None = None) -> str:
    from stdnum import exceptions

    controle = "la clé" if "TVA" in nom else "le dernier chiffre"
    try:
        return str(norme.validate(compact))
    except exceptions.ValidationError as cause:
        raise ErreurFacturier(
            f"Dans le {nom} «\u00a0{_court(montre or compact)}\u00a0», {controle} de contrôle ne correspond pas : "
            f"{conseil}.",
            code=f"{'tva' if 'TVA' in nom else nom.lower()}-cle",
        ) from cause


def siret_dans(texte: str) -> str:
    """The 14 digits in a row that a longer text carries (a line pasted from a mail), or "" if there is not one."""
    trouves = _SIRET_DANS.findall(texte.translate(_ESPACES))
    return str(trouves[0]) if len(trouves) == 1 else ""


def _vide(nom: str) -> ErreurFacturier:
    return ErreurFacturier(f"Le {nom} est vide : renseignez-le.", code=f"{nom.split()[-1].lower()}-vide")


def _court(texte: str) -> str:
    propre = " ".join(texte.split())
    return propre if len(propre) <= _LONGUEUR_MAX else propre[:_LONGUEUR_MAX] + "…"
