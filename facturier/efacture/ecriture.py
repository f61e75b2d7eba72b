"""Writing an invoice in the three syntaxes: UBL 2.1, CII, Factur-X.

The XML trees come from factur-x's generators, fed with business terms (BT/BG) computed from the frozen invoice.

Profiles: EN 16931 everywhere; EXTENDED-CTC-FR where the buyer's SIRET and its service code stand side by side (BT-46
twice, which EN 16931 refuses), called EXTENDED inside a PDF, the only name Factur-X has for it; BASIC for CII and
Factur-X, without attachments. MINIMUM and BASIC WL are never written: they have no lines, and an invoice states for
each item its quantity and unit price (CGI ann. II art. 242 nonies A, I-8°); they are data sheets beside an invoice.
The older Chorus Pro format (``historique``): UBL for cadre A1 only, where the others stand is not established.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal, get_args

from facturier.erreurs import ErreurFacturier
from facturier.facture import EcartLigne, Facture, Ligne, Partie, PieceJointe, Profil, RemiseOuCharge, totaux
from facturier.montants import arrondi, sans_zeros

Format = Literal["ubl", "cii", "facturx"]
FORMATS: tuple[Format, ...] = get_args(Format)
EXTENSIONS: dict[Format, str] = {"ubl": ".ubl.xml", "cii": ".cii.xml", "facturx": ".facturx.pdf"}

FORMATS_DU_PROFIL: dict[Profil, tuple[Format, ...]] = {
    "en16931": FORMATS,
    "extended-ctc-fr": FORMATS,
    "basic": ("cii", "facturx"),
    "historique": FORMATS,
}

_SIREN, _SIRET, _SERVICE, _ADRESSE_FR = "0002", "0009", "0224", "0225"
"""ISO 6523 scheme identifiers of the French identifiers, of a public service's code and of the French directory's
addresses (structure of the syntax, like an element's name)."""

_EN16931 = b">urn:cen.eu:en16931:2017<"
_EXTENDED = b">urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended<"
_HORS_BASIC = ("BT-82", "BT-86", "BG-24")
"""Terms that the BASIC profile does not have."""
_BT24: dict[Profil, bytes] = {
    "extended-ctc-fr": b">urn:cen.eu:en16931:2017#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr<",
    "basic": b">urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic<",
}


def ecrire(facture: Facture, format: Format) -> bytes:
    """The invoice in one syntax; the same invoice always gives the same bytes.

    Raises:
        ErreurFacturier: unknown format.
    """
    if format not in FORMATS:
        raise ErreurFacturier(
            f"Le format «\u00a0{format}\u00a0» est inconnu : choisissez {', '.join(FORMATS)}.", code="format-inconnu"
        )
    if format not in FORMATS_DU_PROFIL[facture.profil]:
        raise ErreurFacturier(
            f"Le profil «\u00a0{facture.profil}\u00a0» ne s’écrit pas au format «\u00a0{format}\u00a0» : "
            f"choisissez {', '.join(FORMATS_DU_PROFIL[facture.profil])}.",
            code="profil-sans-format",
        )
    if format == "ubl":
        return ecrire_ubl(facture)
    if format == "cii":
        return ecrire_cii(facture)
    from facturier.efacture import facturx_pdf

    return facturx_pdf.ecrire_facturx(facture, ecrire_cii(facture, en_pdf=True))


def ecrire_ubl(facture: Facture) -> bytes:
    """UBL 2.1 Invoice (or CreditNote for a credit note's type code)."""
    import facturx

    xml = facturx.generate_ubl_xml(termes(facture), level="en16931", check_xsd=False, check_schematron=False)
    if facture.profil == "historique":
        from facturier.efacture.historique import vieillir_ubl

        return vieillir_ubl(_octets(xml), facture)
    return _annoncer(_octets(xml), _BT24.get(facture.profil))


def ecrire_cii(facture: Facture, *, en_pdf: bool = False) -> bytes:
    """UN/CEFACT Cross Industry Invoice; ``en_pdf`` for the one that a Factur-X embeds."""
    import facturx

    xml = facturx.generate_cii_xml(termes(facture), level="en16931", check_xsd=False, check_schematron=False)
    # factur-x 7.8 marks an empty delivery block xsi:nil, which its own XSD refuses
    octets = _octets(xml).replace(b' xsi:nil="true"', b"")
    if facture.profil == "historique":
        from facturier.efacture.historique import vieillir

        return vieillir(octets, facture, en_pdf=en_pdf)
    etendu_en_pdf = en_pdf and facture.profil == "extended-ctc-fr"
    return _annoncer(octets, _EXTENDED if etendu_en_pdf else _BT24.get(facture.profil))


def _annoncer(xml: bytes, bt24: bytes | None) -> bytes:
    """Announce the profile. The tree is generated as EN 16931: factur-x drops the seller's legal mentions above it."""
    return xml if bt24 is None else xml.replace(_EN16931, bt24, 1)


def termes(facture: Facture) -> dict[str, Any]:
    """The invoice as business terms of EN 16931, the dictionary that factur-x's generators read."""
    sommes, paiement = totaux(facture), facture.paiement
    dico: dict[str, Any] = {
        "BT-1": facture.numero,
        "BT-2": facture.date_emission,
        "BT-3": facture.type_document,
        "BT-5": facture.devise,
        "BT-9": facture.echeance,
        "BT-10": facture.code_service,
        "BT-12": facture.numero_marche,
        "BT-13": facture.numero_engagement,
        "BT-20": facture.conditions_paiement,
        "BT-23": facture.cadre_norme,
        "BT-72": facture.date_livraison,
        "BT-81": paiement.mode if paiement else "",
        "BT-82": paiement.libelle if paiement else "",
        "BT-84": paiement.iban if paiement else "",
        "BT-86": paiement.bic if paiement else "",
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
        "BG-10": _beneficiaire(facture.beneficiaire),
        "BG-13": _lieu(facture),
        "BG-24": [_piece(piece) for piece in facture.pieces],
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
    if facture.profil == "extended-ctc-fr" and facture.code_service:
        dico["BG-7"]["identifiers"][_SERVICE] = facture.code_service
    if facture.anterieure is not None:
        dico["BG-3"] = [{"BT-25": facture.anterieure.numero, "BT-26": facture.anterieure.date_emission}]
    hors_profil = _HORS_BASIC if facture.profil == "basic" else ()
    return {terme: v for terme, v in dico.items() if v not in (None, "", []) and terme not in hors_profil}


def _partie(partie: Partie) -> dict[str, Any]:
    adresse = partie.adresse
    dico: dict[str, Any] = {
        "name": partie.nom,
        "biz_name": partie.nom_commercial,
        "legal_info": partie.mentions,
        "country_code": adresse.pays,
        "city": adresse.ville,
        "postcode": adresse.code_postal,
        "vat_identifier": partie.tva,
        "tax_identifier": partie.identifiant_fiscal,
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


def _beneficiaire(partie: Partie | None) -> dict[str, Any] | None:
    """The payee's block, which has a name and identifiers only."""
    if partie is None:
        return None
    admis = ("name", "identifiers", "legal_identifier", "legal_identifier_schemeid")
    return {cle: valeur for cle, valeur in _partie(partie).items() if cle in admis}


def _lieu(facture: Facture) -> dict[str, Any] | None:
    """Where it was delivered: the SIRET of the place, at the buyer's."""
    if not facture.lieu_livraison:
        return None
    return {"name": facture.acheteur.nom, "identifiers": {_SIRET: facture.lieu_livraison}}


def _ligne(ligne: Ligne) -> dict[str, Any]:
    dico: dict[str, Any] = {
        "BT-126": ligne.numero,
        "BT-129": _nombre(ligne.quantite),
        "BT-130": ligne.unite,
        "BT-131": _montant(ligne.montant_ht),
        "BT-146": _nombre(ligne.prix_unitaire),
        "BT-151": ligne.categorie_tva,
        "BT-152": _nombre(ligne.taux_tva),
        "BT-153": ligne.designation,
        "BT-154": ligne.description,
        "BG-27": [_ecart_de_ligne(e) for e in ligne.ecarts if e.genre == "remise"],
        "BG-28": [_ecart_de_ligne(e) for e in ligne.ecarts if e.genre == "charge"],
    }
    return {terme: valeur for terme, valeur in dico.items() if valeur}


def _ecart(ecart: RemiseOuCharge) -> dict[str, str]:
    return {
        "amount": _montant(ecart.montant),
        "reason": ecart.motif,
        "vat_category_code": ecart.categorie_tva,
        "vat_rate": _nombre(ecart.taux_tva),
    }


def _ecart_de_ligne(ecart: EcartLigne) -> dict[str, str]:
    return {"amount": _montant(ecart.montant), "reason": ecart.motif}


def _piece(piece: PieceJointe) -> dict[str, str | bytes]:
    return {
        "BT-122": piece.reference,
        "BT-123": piece.qualification,
        "BT-125": piece.texte.encode("utf-8"),
        "BT-125-1": piece.mime,
        "BT-125-2": piece.nom,
    }


def _montant(valeur: Decimal) -> str:
    return f"{arrondi(valeur):f}"


def _nombre(valeur: Decimal) -> str:
    return f"{sans_zeros(valeur):f}"


def _octets(xml: bytes | str) -> bytes:
    return xml.encode("utf-8") if isinstance(xml, str) else xml
