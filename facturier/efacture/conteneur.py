"""The PDF around the XML: attachments extracted under bounds, and the container's own rules (PDF-…).

« Structure vérifiée, non certifiée » : these are the links that receivers rely on, not a PDF/A conformance proof.
"""

from __future__ import annotations

import io
import logging
import re
import zlib
from dataclasses import dataclass, replace
from typing import Any

from lxml import etree

from facturier.efacture.lecture import Illisible, analyser, texte_court
from facturier.efacture.pdf_actif import agit_seul
from facturier.efacture.resultat import Canal, Constat

NOM_XML = "factur-x.xml"
NOMS_ZUGFERD = ("zugferd-invoice.xml", "xrechnung.xml")
"""Names (any case) that the German twin of Factur-X gives, or gave, to the same attachment."""
PIECES_MAX = 50
PIECE_MAX = 20 * 1024 * 1024
XMP_MAX = 1024 * 1024
RELATIONS = ("/Data", "/Source", "/Alternative")
_NOEUDS_MAX = 200

_PDFAID = "http://www.aiim.org/pdfa/ns/id/"
_FX = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
_ZUGFERD = tuple(f"urn:{nom}:pdfa:CrossIndustryDocument:invoice:{n}p0#" for nom, n in (("zugferd", 2), ("ferd", 1)))
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


@dataclass(frozen=True)
class ConteneurLu:
    """What the PDF holds: the invoice's XML (None if there is none), findings, and the profile its XMP claims."""

    xml: bytes | None
    constats: tuple[Constat, ...]
    profil_xmp: str | None

    def constats_pour(self, canal: Canal | None) -> tuple[Constat, ...]:
        """The findings, the German names being no fault in an invoice between foreigners."""
        return tuple(
            replace(c, gravite="avertissement") if canal == "etranger" and c.regle in _NOMS_D_AILLEURS else c
            for c in self.constats
        )


_NOMS_D_AILLEURS = frozenset({"PDF-ZUGFERD-NOM", "PDF-ZUGFERD-XMP"})


def ouvrir(contenu: bytes) -> ConteneurLu:
    """Read the container of a Factur-X file.

    Raises:
        Illisible: encrypted, damaged or booby-trapped PDF.
    """
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its remarks on damaged files are told as findings
    try:
        lecteur = pypdf.PdfReader(io.BytesIO(contenu))
        if lecteur.is_encrypted:
            raise Illisible(
                "SEC-PDF", "Le PDF est chiffré ou protégé : une facture doit être lisible sans mot de passe."
            )
        lu = _controler(lecteur.root_object)
        return lu if _table_a_sa_place(contenu) else replace(lu, constats=(*lu.constats, _ABIME))
    except Illisible:
        raise
    except RecursionError as cause:
        raise Illisible("SEC-PDF", "Le PDF boucle sur lui-même : il n’est pas lu.") from cause
    except Exception as cause:  # pypdf raises many kinds on damaged files, all mean unreadable
        raise Illisible(
            "SEC-PDF",
            "Le PDF est abîmé ou tronqué : il ne peut pas être lu.",
            message=f"{type(cause).__name__}: {cause}"[:300],
        ) from cause


_ABIME = Constat(
    "PDF-ABIME",
    "erreur",
    "La table des objets du PDF n’est pas où il le dit (startxref) : il a été abîmé ou modifié sans soin, et n’est lu "
    "ici qu’après réparation.",
)
_STARTXREF = re.compile(rb"startxref\s+(\d{1,12})\s+%%EOF")


def _table_a_sa_place(contenu: bytes) -> bool:
    """Whether the last ``startxref`` points at a cross-reference table or stream (pypdf repairs without a word)."""
    places = _STARTXREF.findall(contenu)
    if not places:
        return False
    debut = contenu.find(b"%PDF-", 0, 1024)  # some junk may come first: offsets count from the mark
    return any(
        re.match(rb"\s*(?:xref\b|\d+\s+\d+\s+obj\b)", contenu[base + int(places[-1]) :][:64])
        for base in {0, max(debut, 0)}
    )


def _controler(catalogue: Any) -> ConteneurLu:
    pieces = _pieces(catalogue)
    constats: list[Constat] = []
    fiche = next((f for nom, f in pieces if nom == NOM_XML), None)
    if fiche is None:
        fiche = _autre_xml(pieces, constats)
    xmp = _lire_xmp(catalogue, constats)
    if fiche is None:
        constats.append(
            _erreur(
                "PDF-XML-ABSENT",
                f"Le PDF ne contient pas de fichier «\u00a0{NOM_XML}\u00a0» : ce n’est pas un Factur-X.",
            )
        )
        return ConteneurLu(None, tuple(constats), None)
    if sum(nom == NOM_XML for nom, _ in pieces) > 1:
        constats.append(
            _erreur(
                "PDF-DOUBLE",
                f"Le PDF contient plusieurs fichiers «\u00a0{NOM_XML}\u00a0» : nul ne peut dire lequel est la facture.",
            )
        )
    _controler_liens(catalogue, fiche, constats)
    if agit_seul(catalogue):
        constats.append(
            _erreur("PDF-ACTIF", "Le PDF lance un script ou une action à son ouverture\u00a0: PDF/A-3 l’interdit.")
        )
    if catalogue.get("/OutputIntents") is None:
        constats.append(
            Constat(
                "PDF-COULEURS",
                "avertissement",
                "Le PDF ne déclare pas d’intention de sortie (/OutputIntents) : un PDF/A-3 n’en est dispensé que si "
                "toutes ses couleurs sont indépendantes de l’appareil.",
            )
        )
    profil = _controler_xmp(xmp, constats)
    return ConteneurLu(_decompresser(fiche), tuple(constats), profil)


def _pieces(catalogue: Any) -> list[tuple[str, Any]]:
    """Attachments of the EmbeddedFiles name tree, in order, with their file specifications."""
    noms = _objet(catalogue.get("/Names"))
    arbre = _objet(noms.get("/EmbeddedFiles")) if noms is not None else None
    trouvees: list[tuple[str, Any]] = []
    a_voir, vus = [arbre] if arbre is not None else [], 0
    while a_voir:
        vus += 1
        noeud = a_voir.pop(0)
        a_voir.extend(_objet(enfant) for enfant in noeud.get("/Kids", ()))
        couples = list(_objet(noeud.get("/Names")) or ())
        for fiche_ref in couples[1::2]:
            fiche = _objet(fiche_ref)
            trouvees.append((str(fiche.get("/UF") or fiche.get("/F") or ""), fiche))
        if vus > _NOEUDS_MAX or len(trouvees) > PIECES_MAX:
            raise Illisible("SEC-PDF", f"Le PDF contient plus de {PIECES_MAX} pièces jointes : il n’est pas lu.")
    return trouvees


def _autre_xml(pieces: list[tuple[str, Any]], constats: list[Constat]) -> Any | None:
    zugferd = [piece for piece in pieces if piece[0].lower() in NOMS_ZUGFERD]
    for nom, fiche in (*zugferd, *pieces):
        if nom.lower().endswith(".xml"):
            constats.append(
                _erreur(
                    "PDF-ZUGFERD-NOM" if zugferd else "PDF-NOM",
                    f"Le fichier joint s’appelle «\u00a0{texte_court(nom)}\u00a0» : "
                    f"il doit s’appeler «\u00a0{NOM_XML}\u00a0».",
                )
            )
            return fiche
    return None


def _decompresser(fiche: Any) -> bytes:
    """The attachment's bytes, within the cap."""
    clair = _lire_flux(_objet(_objet(fiche["/EF"])["/F"]), PIECE_MAX)
    if clair is None:
        raise Illisible("SEC-PDF", "La pièce jointe XML est comprimée d’une façon inattendue : elle n’est pas lue.")
    if len(clair) > PIECE_MAX:
        raise Illisible(
            "SEC-TAILLE", f"La pièce jointe XML dépasse {PIECE_MAX // 1024 // 1024} Mo : elle n’est pas lue."
        )
    return clair


def _lire_flux(flux: Any, limite: int) -> bytes | None:
    """A stream's bytes, decompressed here so that a bomb stops at ``limite`` plus one; None for another filter.

    pypdf's own decoders are not asked: ASCII85 makes two gigabytes in memory of a file of twenty megabytes.
    """
    brut: bytes = flux._data
    filtre = _objet(flux.get("/Filter"))
    noms = [str(nom) for nom in filtre] if isinstance(filtre, list) else [str(filtre)] if filtre is not None else []
    if not noms:
        return brut[: limite + 1]
    if noms == ["/FlateDecode"] and flux.get("/DecodeParms") is None:
        return zlib.decompressobj().decompress(brut, limite + 1)
    return None


def _controler_liens(catalogue: Any, fiche: Any, constats: list[Constat]) -> None:
    relation = fiche.get("/AFRelationship")
    if relation not in RELATIONS:
        lu = "absente" if relation is None else f"«\u00a0{texte_court(str(relation))}\u00a0»"
        constats.append(
            _erreur(
                "PDF-RELATION",
                f"La relation du XML à la facture (/AFRelationship) est {lu} : "
                "Data, Source ou Alternative est attendu.",
            )
        )
    lies = [_objet(reference) for reference in _objet(catalogue.get("/AF")) or ()]
    if not any(lie is fiche or lie == fiche for lie in lies):
        constats.append(
            _erreur("PDF-AF", "Le catalogue du PDF ne relie pas le XML au document (/AF absent ou incomplet).")
        )


def _lire_xmp(catalogue: Any, constats: list[Constat]) -> etree._Element | None:
    flux = _objet(catalogue.get("/Metadata"))
    if flux is None:
        constats.append(
            _erreur("PDF-XMP", "Le PDF n’a pas de métadonnées XMP : il ne se déclare ni PDF/A ni Factur-X.")
        )
        return None
    contenu = _lire_flux(flux, XMP_MAX)
    try:
        if contenu is None or len(contenu) > XMP_MAX:
            raise Illisible("SEC-TAILLE", "Les métadonnées XMP sont démesurées.")
        return analyser(contenu)
    except Illisible:
        constats.append(_erreur("PDF-XMP", "Les métadonnées XMP du PDF ne sont pas lisibles."))
        return None


def _controler_xmp(xmp: etree._Element | None, constats: list[Constat]) -> str | None:
    if xmp is None:
        return None
    if _propriete(xmp, _PDFAID, "part") != "3":
        constats.append(
            _erreur("PDF-A3", "Le PDF ne se déclare pas PDF/A-3 (pdfaid:part) : seule cette norme admet un XML joint.")
        )
    espace = next((e for e in (_FX, *_ZUGFERD) if _propriete(xmp, e, "ConformanceLevel") is not None), _FX)
    nom = _propriete(xmp, espace, "DocumentFileName")
    profil = _propriete(xmp, espace, "ConformanceLevel")
    if nom is None or profil is None:
        constats.append(
            _erreur("PDF-XMP-FX", "Les métadonnées XMP n’ont pas le bloc Factur-X (nom du fichier, profil).")
        )
    elif nom != NOM_XML:
        allemand = nom.lower() in NOMS_ZUGFERD
        constats.append(
            _erreur(
                "PDF-ZUGFERD-XMP" if allemand else "PDF-XMP-NOM",
                f"Les métadonnées XMP annoncent «\u00a0{texte_court(nom)}\u00a0» au lieu de «\u00a0{NOM_XML}\u00a0».",
            )
        )
    return profil


def controler_profil(annonce: str | None, profil: str | None, niveaux: frozenset[str]) -> Constat | None:
    """PDF-PROFIL when the profile in the XMP is none of those (``niveaux``) that the XML's (BT-24) goes by."""
    if annonce is None or not niveaux or _sans_espaces(annonce) in niveaux:
        return None
    return Constat(
        "PDF-PROFIL",
        "erreur",
        f"Les métadonnées du PDF annoncent le profil {texte_court(annonce, 40)}, mais le XML est au profil {profil}.",
        terme="BT-24",
    )


def _sans_espaces(profil: str) -> str:
    """« EN 16931 » in XMP is « EN16931 » elsewhere."""
    return "".join(profil.split()).upper()


def _propriete(xmp: etree._Element, espace: str, nom: str) -> str | None:
    """An XMP property, written as an element or as an attribute of rdf:Description."""
    element = xmp.find(f".//{{{espace}}}{nom}")
    if element is not None:
        return (element.text or "").strip()
    for description in xmp.iter(f"{{{_RDF}}}Description"):
        valeur = description.get(f"{{{espace}}}{nom}")
        if valeur is not None:
            return valeur.strip()
    return None


def _objet(reference: Any) -> Any:
    return reference.get_object() if reference is not None else None


def _erreur(regle: str, phrase: str) -> Constat:
    return Constat(regle, "erreur", phrase)
