"""Values of a file as people read them: dates, amounts, rates, codes with a label, identifiers with their scheme."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from lxml import etree

from facturier import referentiel
from facturier.efacture import fiches
from facturier.efacture.page import Nature
from facturier.montants import INSECABLE, arrondi, format_euros, format_nombre, format_taux, lire_decimal, sans_zeros

_DATE = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?:Z|[+-]\d{2}:\d{2})?")
_ELEMENTS_DATE = re.compile(r"(?:Date|DateTimeString|DateString)$")
_ELEMENTS_TAUX = frozenset({"Percent", "RateApplicablePercent", "CalculationPercent", "MultiplierFactorNumeric"})
_ELEMENTS_NOMBRE = re.compile(r"(?:Quantity|Measure)$")
_UNITES = frozenset({"BT-130", "BT-150"})
_PRIX = frozenset({"BT-146", "BT-147", "BT-148"})
_VIDE = "(vide)"


@dataclass(frozen=True)
class Valeur:
    """A value for people, the text it comes from, its nature, and what qualifies it."""

    valeur: str
    brut: str
    nature: Nature
    precision: str = ""


def lire(terme: str | None, texte: str, feuille: etree._Element, attribut: str, devise: str) -> Valeur:
    """Read the text of an element, or of one of its attributes (``attribut``: its name, "" for the element).

    ``devise``: currency of the invoice, that amounts have unless they say another.
    """
    if not texte:
        return Valeur(_VIDE, "", "texte")
    if attribut:
        return _code(terme, texte)
    nom = etree.QName(feuille).localname
    if nom.endswith("BinaryObject"):
        return _fichier(texte)
    if nom.endswith("Amount"):
        return _montant(terme, texte, feuille.get("currencyID") or devise, devise)
    if _ELEMENTS_NOMBRE.search(nom):
        nombre = lire_decimal(texte)
        return Valeur(texte if nombre is None else format_nombre(sans_zeros(nombre)), texte, "nombre")
    if nom in _ELEMENTS_TAUX:
        taux = lire_decimal(texte)
        return Valeur(texte if taux is None else format_taux(taux), texte, "taux")
    if _ELEMENTS_DATE.search(nom):
        jour = lire_date(texte)
        return Valeur(texte if jour is None else f"{jour:%d/%m/%Y}", texte, "date")
    schema = feuille.get("schemeID") or feuille.get("listID") or ""
    return _identifiant(terme, texte, schema) if schema else _code(terme, texte)


def lire_date(texte: str) -> date | None:
    """A date as UBL (2026-11-24) or CII (20261124) writes it, or None."""
    lue = _DATE.fullmatch(texte)
    if lue is None:
        return None
    try:
        return date(int(lue[1]), int(lue[2]), int(lue[3]))
    except ValueError:
        return None


def argent(montant: Decimal, devise: str, *, prix: bool = False) -> str:
    """An amount in its currency; a unit price keeps the decimals it needs beyond the cent."""
    fin = sans_zeros(montant)
    exposant = fin.as_tuple().exponent
    if prix and isinstance(exposant, int) and exposant < -2:
        ecrit = f"{format_nombre(fin)}{INSECABLE}€"
    else:
        ecrit = format_euros(arrondi(montant))
    return ecrit if devise == "EUR" else ecrit.replace("€", devise[:3])


def _montant(terme: str | None, texte: str, ecrite: str, devise: str) -> Valeur:
    montant = lire_decimal(texte)
    precision = ecrite if ecrite != devise else ""
    if montant is None:
        return Valeur(texte, texte, "montant", precision)
    exposant = montant.as_tuple().exponent
    trop_fin = isinstance(exposant, int) and exposant < -2 and montant != arrondi(montant)
    return Valeur(argent(montant, ecrite, prix=terme in _PRIX or trop_fin), texte, "montant", precision)


def _fichier(texte: str) -> Valeur:
    try:
        contenu = base64.b64decode("".join(texte.split()), validate=True)
    except ValueError:
        contenu = None
    empreinte = hashlib.sha256(texte.encode() if contenu is None else contenu).hexdigest()
    if contenu is None:
        return Valeur("pièce illisible (ce n’est pas du base64)", f"sha256:{empreinte}", "fichier")
    return Valeur(f"fichier de {_taille(len(contenu))}", f"sha256:{empreinte}", "fichier")


def _taille(octets: int) -> str:
    if octets < 1024:
        return f"{octets}{INSECABLE}octet{'s' if octets > 1 else ''}"
    for unite, taille in (("Mo", 1024 * 1024), ("ko", 1024)):
        if octets >= taille:
            return f"{format_nombre(Decimal(octets * 10 // taille) / 10)}{INSECABLE}{unite}"
    raise AssertionError(octets)


def _identifiant(terme: str | None, texte: str, schema: str) -> Valeur:
    if terme in ("BT-31", "BT-32", "BT-48", "BT-63", "BT-90"):  # the term already says what the scheme says
        return Valeur(texte, texte, "texte")
    mot = fiches.codes().get(("schema", schema)) or f"schéma {schema[:20]}"
    return Valeur(f"{texte} ({mot})", texte, "texte", schema)


def _code(terme: str | None, texte: str) -> Valeur:
    libelles = _libelles().get(terme or "")
    if libelles is None:
        return Valeur(texte, texte, "texte")
    libelle = libelles.get(texte)
    return Valeur(f"{texte} – {libelle}" if libelle else texte, texte, "code")


@cache
def _libelles() -> dict[str, dict[str, str]]:
    """Labels of the codes of a term."""
    unites = {code: libelle for (liste, code), libelle in fiches.codes().items() if liste == "unite"}
    notes = {code: libelle for (liste, code), libelle in fiches.codes().items() if liste == "note"}
    types = {ligne.code: ligne.libelle for ligne in referentiel.types_facture()}
    historiques = {ligne.code: ligne.libelle for ligne in referentiel.cadres()}
    cadres = historiques | {ligne.code: ligne.libelle for ligne in referentiel.cadres_bt23()}
    tva = {fiche.code: fiche.operation for fiche in fiches.categories().values()}
    return {
        "BT-3": types,
        "BT-23": cadres,
        "BT-81": {ligne.uncl4461: ligne.libelle for ligne in referentiel.modes_paiement() if ligne.uncl4461},
        "BT-121": {ligne.code: ligne.libelle for ligne in referentiel.vatex()},
        "EXT-FR-FE-02": types,
        **dict.fromkeys(("BT-95", "BT-102", "BT-118", "BT-151"), tva),
        **dict.fromkeys(_UNITES, unites),
        "BT-21": notes,
    }
