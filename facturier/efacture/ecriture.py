"""Writing an invoice in the three syntaxes: UBL 2.1, CII, Factur-X (EN 16931 profile).

The XML trees come from factur-x's generators, fed with business terms (BT/BG) computed from the frozen invoice.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal, get_args

from facturier.erreurs import ErreurFacturier
from facturier.facture import Facture, Ligne, Partie, RemiseOuCharge, totaux
from facturier.montants import arrondi, sans_zeros

Format = Literal["ubl", "cii", "facturx"]
FORMATS: tuple[Format, ...] = get_args(Format)
EXTENSIONS: dict[Format, str] = {"ubl": ".ubl.xml", "cii": ".cii.xml", "facturx": ".facturx.pdf"}

_SIREN, _SIRET, _ADRESSE_FR = "0002", "0009", "0225"
"""ISO 6523 scheme identifiers of the French identifiers and of the French directory's addresses (structure of the
syntax, like an element's name)."""


def ecrire(facture: Facture, format: Format) -> bytes:
    """The invoice in one syntax; the same invoice always gives the same bytes.

    Raises:
        ErreurFacturier: unknown format.
    """
    if format == "ubl":
        return ecrire_ubl(facture)
    if format == "cii":
        return ecrire_cii(facture)
    if format == "facturx":
        from facturier.efacture import facturx_pdf

        return facturx_pdf.ecrire_facturx(facture, ecrire_cii(facture))
    raise ErreurFacturier(
        f"Le format «\u00a0{format}\u00a0» est inconnu : choisissez {', '.join(FORMATS)}.", code="format-inconnu"
    )


def ecrire_ubl(facture: Facture) -> bytes:
    """UBL 2.1 Invoice (or CreditNote for a credit note's type code)."""
    import facturx

    return _octets(facturx.generate_ubl_xml(termes(facture), level="en16931", check_xsd=False, check_schematron=False))


def ecrire_cii(facture: Facture) -> bytes:
    """UN/CEFACT Cross Industry Invoice, EN 16931 profile: also the XML that Factur-X embeds."""
    import facturx

    xml = facturx.generate_cii_xml(termes(facture), level="en16931", check_xsd=False, check_schematron=False)
    # factur-x 7.8 marks an empty delivery block xsi:nil, which its own XSD refuses
    return _octets(xml).replace(b' xsi:nil="true"', b"")


def termes(facture: Facture) -> dict[str, Any]:
    """The invoice as business terms of EN 16931, the dictionary that factur-x's generators read."""
    sommes = totaux(facture)
    dico: dict[str, Any] = {
        "BT-1": facture.numero,
        "BT-2": facture.date_emission,
        "BT-3": facture.type_document,
        "BT-5": facture.devise,
        "BT-9": facture.echeance,
        "BT-10": facture.code_service,
        "BT-12": facture.numero_marche,
        "BT-13": facture.numero_engagement,
        "BT-23": facture.cadre_norme,
        "BT-72": facture.date_livraison,
        "BT-81": facture.paiement.mode,
        "BT-82": facture.paiement.libelle,
        "BT-84": facture.paiement.iban,
        "BT-86": facture.paiement.bic,
        "BT-106": _montant(sommes.lignes_ht),
        "BT-107": _montant(sommes.remises) if sommes.remises else None,
        "BT-108": _montant(sommes.charges) if sommes.charges else None,
        "BT-109": _montant(sommes.ht),
        "BT-110": _montant(sommes.tva),
        "BT-112": _montant(sommes.ttc),
        "BT-113": _montant(sommes.deja_paye) if sommes.deja_paye else None,
        "BT-115": _montant(sommes.net_a_payer),
        "BG-1": [{"BT-21": note.sujet, "BT-22": note.texte} for note in facture.notes],
        "BG-4": _partie(facture.vendeur),
        "BG-7": _partie(facture.acheteur),
        "BG-20": [_ecart(e) for e in facture.remises_et_charges if e.genre == "remise"],
        "BG-21": [_ecart(e) for e in facture.remises_et_charges if e.genre == "charge"],
        "BG-23": [
            {
                "BT-116": _montant(part.base),
                "BT-117": _montant(part.montant),
                "BT-118": part.categorie,
                "BT-119": _nombre(part.taux),
                "BT-120": part.texte_exoneration,
                "BT-121": part.code_exoneration,
            }
            for part in sommes.ventilation
        ],
        "BG-25": [_ligne(ligne) for ligne in facture.lignes],
    }
    if facture.anterieure is not None:
        dico["BG-3"] = [{"BT-25": facture.anterieure.numero, "BT-26": facture.anterieure.date_emission}]
    return {terme: valeur for terme, valeur in dico.items() if valeur not in (None, "", [])}


def _partie(partie: Partie) -> dict[str, Any]:
    adresse = partie.adresse
    dico: dict[str, Any] = {
        "name": partie.nom,
        "legal_info": partie.mentions,
        "country_code": adresse.pays,
        "city": adresse.ville,
        "postcode": adresse.code_postal,
        "vat_identifier": partie.tva,
    }
    dico.update({f"addr_l{rang}": texte for rang, texte in enumerate(adresse.lignes, start=1)})
    if partie.siret:
        dico["identifiers"] = {_SIRET: partie.siret}
        dico["legal_identifier"], dico["legal_identifier_schemeid"] = partie.siren, _SIREN
        dico["einvoicing_addr"], dico["einvoicing_addr_schemeid"] = partie.siren, _ADRESSE_FR
    contact = {"name": partie.contact, "phone": partie.telephone, "email": partie.courriel}
    if any(contact.values()):
        dico["contacts"] = [{cle: valeur for cle, valeur in contact.items() if valeur}]
    return {cle: valeur for cle, valeur in dico.items() if valeur}


def _ligne(ligne: Ligne) -> dict[str, Any]:
    dico = {
        "BT-126": ligne.numero,
        "BT-129": _nombre(ligne.quantite),
        "BT-130": ligne.unite,
        "BT-131": _montant(ligne.montant_ht),
        "BT-146": _nombre(ligne.prix_unitaire),
        "BT-151": ligne.categorie_tva,
        "BT-152": _nombre(ligne.taux_tva),
        "BT-153": ligne.designation,
        "BT-154": ligne.description,
    }
    return {terme: valeur for terme, valeur in dico.items() if valeur}


def _ecart(ecart: RemiseOuCharge) -> dict[str, str]:
    return {
        "amount": _montant(ecart.montant),
        "reason": ecart.motif,
        "vat_category_code": ecart.categorie_tva,
        "vat_rate": _nombre(ecart.taux_tva),
    }


def _montant(valeur: Decimal) -> str:
    return f"{arrondi(valeur):f}"


def _nombre(valeur: Decimal) -> str:
    return f"{sans_zeros(valeur):f}"


def _octets(xml: bytes | str) -> bytes:
    return xml.encode("utf-8") if isinstance(xml, str) else xml
