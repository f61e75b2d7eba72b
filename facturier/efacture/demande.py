"""What a structured invoice says of its demand for payment: the fields of the deposit form, taken from the XML.

The names are those of the form (``champs.DEPOT_FACTURE``); values are texts, written as a person would type them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from facturier import referentiel
from facturier.efacture import chorus, conteneur, lecture, termes
from facturier.montants import format_nombre, lire_decimal, sans_zeros
from facturier.regles import Valeur, Vue

_SIRET = re.compile(r"[0-9]{14}")
_DATE = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})")
_CADRE_CHORUS = re.compile(r"A[0-9]{1,2}")
_TAUX = {
    "ubl": "./cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory/cbc:Percent",
    "cii": "./rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement/ram:ApplicableTradeTax"
    "/ram:RateApplicablePercent",
}
_SIMPLES = {
    "code_service": "BT-10",
    "numero_marche": "BT-12",
    "numero_engagement": "BT-13",
    "type_facture": "BT-3",
    "numero_facture": "BT-1",
    "iban": "BT-84",
}
_MONTANTS = {"montant_ht": "BT-109", "montant_tva": "BT-110", "montant_ttc": "BT-112"}


@dataclass(frozen=True)
class DemandeLue:
    """The fields that the file fills ("" for those it does not carry), and who it says it comes from.

    ``emetteur`` is the seller's SIRET, else its SIREN, else "". ``cadre_norme`` is BT-23 as written. ``jointes``: names
    and sizes of the files that the XML holds (BT-125).
    """

    champs: Mapping[str, str]
    emetteur: str
    cadre_norme: str
    jointes: tuple[tuple[str, int], ...] = ()


def lire_demande(contenu: bytes) -> DemandeLue:
    """The demand that a UBL, a CII or a Factur-X file carries.

    Raises:
        Illisible: the file cannot be read, or holds no invoice.
    """
    if lecture.est_pdf(contenu):
        joint = conteneur.ouvrir(contenu).xml
        if joint is None:
            raise lecture.Illisible(
                "PDF-XML-ABSENT", "Le PDF ne contient aucune facture en XML : déposez-le comme un simple PDF."
            )
        contenu = joint
    lu = lecture.lire_xml(contenu)
    if lu.format == "zugferd1":
        raise lecture.Illisible(chorus.ZUGFERD_1.regle, chorus.ZUGFERD_1.phrase)
    vue, _ = chorus.lire_vue(lu.racine, lu.format)
    champs = {champ: _texte(vue, terme) for champ, terme in _SIMPLES.items()}
    champs |= {champ: _montant(vue, terme) for champ, terme in _MONTANTS.items()}
    champs["destinataire_siret"] = _siret(vue.toutes("BT-46", "BT-47"))
    champs["date_facture"] = _date(_texte(vue, "BT-2"))
    champs["mode_paiement"] = _mode(_texte(vue, "BT-81"))
    champs["cadre"] = cadre_de_chorus(_texte(vue, "BT-23"))
    noeuds: Any = lu.racine.xpath(_TAUX[lu.format], namespaces=termes.PREFIXES)
    champs["taux_tva"] = taux_unique("".join(map(str, n.itertext())).strip() for n in noeuds)
    vendeur = vue.toutes("BT-29", "BT-30")
    jointes = zip(vue.toutes("BT-125-2"), vue.toutes("BT-125"), strict=True)
    return DemandeLue(
        champs,
        _siret(vendeur) or _siren(vendeur),
        _texte(vue, "BT-23"),
        tuple((nom.texte, int(taille.texte)) for nom, taille in jointes),
    )


def cadre_de_chorus(code: str) -> str:
    """The cadre of Chorus Pro (A1…) that stands for a cadre of the standard (BT-23), "" when the table has none."""
    if _CADRE_CHORUS.fullmatch(code):
        return code
    return next((cadre.code for cadre in referentiel.cadres() if code in cadre.bt23), "")


def taux_unique(lus: Iterable[str]) -> str:
    """The VAT rate as the table writes it, "" when there are none or several."""
    valeurs = {lire_decimal(texte) for texte in lus}
    seul = valeurs.pop() if len(valeurs) == 1 else None
    return f"{sans_zeros(seul):f}" if seul is not None else ""


def _texte(vue: Vue, terme: str) -> str:
    valeur = vue.premiere(terme)
    return valeur.texte if valeur is not None else ""


def _montant(vue: Vue, terme: str) -> str:
    """The amount as people write it; what is not a number is left as it is, for the rules to refuse it."""
    lu = vue.montant(terme)
    if lu is None:
        return _texte(vue, terme)
    exposant = lu.as_tuple().exponent
    au_centime = lu.quantize(Decimal("0.01")) if isinstance(exposant, int) and exposant > -2 else lu
    return format_nombre(au_centime)


def _siret(valeurs: tuple[Valeur, ...]) -> str:
    return next((v.texte for v in valeurs if _SIRET.fullmatch(v.texte)), "")


def _siren(valeurs: tuple[Valeur, ...]) -> str:
    return next((v.texte for v in valeurs if re.fullmatch(r"[0-9]{9}", v.texte)), "")


def _date(texte: str) -> str:
    lue = _DATE.fullmatch(texte)
    return f"{lue[3]}/{lue[2]}/{lue[1]}" if lue else texte


def _mode(code: str) -> str:
    return next((mode.code for mode in referentiel.modes_paiement() if code and mode.uncl4461 == code), "")
