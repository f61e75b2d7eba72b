"""Factur-X: a PDF/A-3 invoice printed by typst, with its CII embedded by factur-x, same bytes every time.

factur-x writes the wall clock in four places and replaces the XMP packet, losing the PDF/UA claim that typst made;
both are put right here. « Structure vérifiée, non certifiée »: no PDF/A checker runs in this kit.
"""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from lxml import etree

from facturier import referentiel
from facturier.facture import Facture, Ligne, Partie, Profil, totaux
from facturier.impression import imprimer
from facturier.montants import format_euros, format_nombre, format_taux, sans_zeros

_MODELE = Path(__file__).parent / "modeles" / "facture.typ"
_XMP = "http://ns.adobe.com/xap/1.0/"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_PDFUA = "http://www.aiim.org/pdfua/ns/id/"
_EXTENSION = "http://www.aiim.org/pdfa/ns/extension/"
_SCHEMA_PDFUA = f"""<rdf:li xmlns:rdf="{_RDF}" rdf:parseType="Resource"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaSchema:schema>PDF/UA Identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>{_PDFUA}</pdfaSchema:namespaceURI><pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part number of ISO 14289 (PDF/UA)</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li>"""
_DECLARATION_PDFUA = f"""<rdf:Description xmlns:rdf="{_RDF}" xmlns:pdfuaid="{_PDFUA}" rdf:about="">
<pdfuaid:part>1</pdfuaid:part></rdf:Description>"""


_NIVEAUX: dict[Profil, str] = {
    "en16931": "en16931",
    "extended-ctc-fr": "extended",
    "basic": "basic",
    "historique": "en16931",
}
"""Level that factur-x writes in the XMP for each profile that a PDF can carry."""


@lru_cache(maxsize=4)
def ecrire_facturx(facture: Facture, xml: bytes) -> bytes:
    """The Factur-X file of an invoice whose CII is ``xml``; the last ones are kept, several accidents share one."""
    import facturx

    vue = _vue(facture)
    pdf = _page(facture)
    metadonnees = {
        "author": facture.vendeur.nom,
        "title": vue["titre"],
        "subject": vue["objet"],
        "keywords": "facture, Factur-X",
    }
    hybride = facturx.generate_from_binary(
        pdf,
        xml,
        flavor="factur-x",
        level=_NIVEAUX[facture.profil],
        check_xsd=False,
        check_schematron=False,
        pdf_metadata=metadonnees,
        lang="fr-FR",
        afrelationship="data",
        xmp_compression=False,
    )
    return _figer(hybride, facture.date_emission)


@lru_cache(maxsize=16)
def _page(facture: Facture) -> bytes:
    """The printed page; the scenarios drawn from one invoice share it."""
    return imprimer(_MODELE, _vue(facture), facture.date_emission)


def _figer(pdf: bytes, jour: date) -> bytes:
    """Replace the clock readings by the invoice's date and give back the PDF/UA claim."""
    from pypdf import PdfWriter
    from pypdf.generic import NameObject, TextStringObject

    ecrivain = PdfWriter(clone_from=io.BytesIO(pdf))
    instant = f"D:{jour:%Y%m%d}000000+00'00'"
    ecrivain.add_metadata({"/CreationDate": instant, "/ModDate": instant})
    catalogue: Any = ecrivain.root_object
    fiche = catalogue["/AF"][0].get_object()
    fiche["/EF"]["/F"]["/Params"][NameObject("/ModDate")] = TextStringObject(instant)
    flux = catalogue["/Metadata"]
    flux.set_data(_xmp(flux.get_data(), jour))
    ecrivain._header = b"%PDF-1.7"  # factur-x lowers it to 1.6; PDF/A-3 is built on 1.7
    sortie = io.BytesIO()
    ecrivain.write(sortie)
    return sortie.getvalue()


def _xmp(paquet: bytes, jour: date) -> bytes:
    debut, reste = paquet.split(b"<x:xmpmeta", 1)
    corps, fin = reste.rsplit(b"</x:xmpmeta>", 1)
    racine = etree.fromstring(b"<x:xmpmeta" + corps + b"</x:xmpmeta>")
    for nom in ("CreateDate", "ModifyDate"):
        for element in racine.iter(f"{{{_XMP}}}{nom}"):
            element.text = f"{jour.isoformat()}T00:00:00+00:00"
    sac = racine.find(f".//{{{_EXTENSION}}}schemas/{{{_RDF}}}Bag")
    rdf = racine.find(f"{{{_RDF}}}RDF")
    if sac is not None and rdf is not None:
        sac.append(etree.fromstring(_SCHEMA_PDFUA))
        rdf.append(etree.fromstring(_DECLARATION_PDFUA))
    return debut + etree.tostring(racine, encoding="utf-8") + fin


def _vue(facture: Facture) -> dict[str, Any]:
    """What the template prints: every figure and date already in French."""
    sommes = totaux(facture)
    famille = _famille(facture.type_document)
    genre = _TYPES_IMPRIMES.get(famille, "Facture")
    autoliquide = {motif.categorie_tva for motif in facture.exonerations}
    lignes_totaux = [("Total HT des lignes", sommes.lignes_ht)] if facture.remises_et_charges else []
    lignes_totaux += [(e.motif, -e.montant if e.genre == "remise" else e.montant) for e in facture.remises_et_charges]
    lignes_totaux += [("Total HT", sommes.ht), ("TVA", sommes.tva), ("Total TTC", sommes.ttc)]
    if sommes.deja_paye:
        lignes_totaux.append(("Déjà payé", -sommes.deja_paye))
    lignes_totaux.append(("Net en votre faveur" if famille == "avoir" else "Net à payer", sommes.net_a_payer))
    return {
        "type": genre,
        "titre": f"{genre} {facture.numero}",
        "objet": f"{genre} {facture.numero} du {facture.date_emission:%d/%m/%Y}, {facture.vendeur.nom}",
        "numero": facture.numero,
        "vendeur": _partie(facture.vendeur),
        "acheteur": _partie(facture.acheteur),
        "dates": [
            [nom, f"{jour:%d/%m/%Y}"]
            for nom, jour in (
                ("Date d’émission", facture.date_emission),
                ("Exécution", facture.date_livraison),
                ("Échéance", facture.echeance),
            )
            if jour is not None
        ],
        "references": [
            [nom, valeur]
            for nom, valeur in (
                ("Service", facture.code_service),
                ("Engagement", facture.numero_engagement),
                ("Marché", facture.numero_marche),
                ("Cadre (BT-23)", facture.cadre_norme),
                (
                    "Facture d’acompte" if sommes.deja_paye else "Facture d’origine",
                    facture.anterieure.numero if facture.anterieure else "",
                ),
                ("Lieu de livraison", facture.lieu_livraison),
                ("Pièces jointes", ", ".join(piece.nom for piece in facture.pieces)),
            )
            if valeur
        ],
        "lignes": [
            {
                "designation": ligne.designation,
                "details": _details(ligne),
                "quantite": format_nombre(sans_zeros(ligne.quantite)),
                "unite": ligne.unite_libelle,
                "prix": _euros(ligne.prix_unitaire),
                "tva": ligne.categorie_tva if ligne.categorie_tva in autoliquide else format_taux(ligne.taux_tva),
                "montant": _euros(ligne.montant_ht),
            }
            for ligne in facture.lignes
        ],
        "ventilation": [
            {
                "taux": f"{part.categorie} ({format_taux(part.taux)})"
                if part.categorie in autoliquide
                else format_taux(part.taux),
                "base": _euros(part.base),
                "montant": _euros(part.montant),
            }
            for part in sommes.ventilation
        ],
        "exonerations": [
            f"{motif.categorie_tva} : {motif.texte}{f' ({motif.code})' if motif.code else ''}"
            for motif in facture.exonerations
        ],
        "totaux": [[nom, _euros(valeur)] for nom, valeur in lignes_totaux],
        "reglement": _reglement(facture, famille),
        "notes": [note.texte for note in facture.notes if note.texte.count(" ") > 1],
        "pied": _pied(facture.vendeur),
    }


_TYPES_IMPRIMES = {"avoir": "Avoir", "rectificative": "Facture rectificative", "acompte": "Facture d’acompte"}


def _famille(code: str) -> str:
    return next((t.famille for t in referentiel.types_facture() if t.code == code), "facture")


def _details(ligne: Ligne) -> list[str]:
    """The line's description, then what was taken off or added to it."""
    ecarts = [(e.motif, -e.montant if e.genre == "remise" else e.montant) for e in ligne.ecarts]
    return [*([ligne.description] if ligne.description else []), *(f"{motif} : {_euros(m)}" for motif, m in ecarts)]


def _euros(montant: Decimal) -> str:
    """An amount as print wants it, with a true minus sign."""
    return format_euros(montant).replace("-", "−")


def _partie(partie: Partie) -> dict[str, Any]:
    adresse = partie.adresse
    pays = [] if adresse.pays == "FR" else [adresse.pays]
    identite = [
        *([partie.nom_commercial] if partie.nom_commercial else []),
        *([f"SIRET {_siret(partie.siret)}"] if partie.siret else []),
        *([f"TVA {partie.tva}"] if partie.tva else []),
        *[texte for texte in (partie.contact, partie.telephone, partie.courriel) if texte],
    ]
    return {
        "nom": partie.nom,
        "adresse": [*adresse.lignes, f"{adresse.code_postal} {adresse.ville}".strip(), *pays],
        "identite": identite,
    }


def _siret(numero: str) -> str:
    return " ".join((numero[:3], numero[3:6], numero[6:9], numero[9:]))


def _reglement(facture: Facture, famille: str) -> list[str]:
    if famille == "avoir":
        return ["Avoir à déduire des sommes dues, ou à rembourser : rien n’est à payer."]
    lignes = []
    if facture.beneficiaire is not None:
        siret = f", SIRET {_siret(facture.beneficiaire.siret)}" if facture.beneficiaire.siret else ""
        lignes.append(f"À payer à {facture.beneficiaire.nom}{siret}")
    if facture.conditions_paiement:
        lignes.append(facture.conditions_paiement)
    if facture.paiement is not None:
        lignes.append(facture.paiement.libelle)
        if iban := facture.paiement.iban:
            lignes.append("IBAN " + " ".join(iban[i : i + 4] for i in range(0, len(iban), 4)))
        if facture.paiement.bic:
            lignes.append(f"BIC {facture.paiement.bic}")
    if totaux(facture).net_a_payer == 0:
        lignes.append("Facture déjà réglée : rien n’est à payer.")
    elif facture.echeance is not None:
        lignes.append(f"À payer au plus tard le {facture.echeance:%d/%m/%Y}.")
    return lignes


def _pied(vendeur: Partie) -> list[str]:
    identite = [vendeur.nom, f"SIRET {_siret(vendeur.siret)}" if vendeur.siret else "", vendeur.tva or ""]
    return [texte for texte in (vendeur.mentions, " · ".join(t for t in identite if t)) if texte]
