"""Safe reading: whatever a learner hands in is hostile until read here.

Order: size, then DOCTYPE (refused before any entity could matter), then lxml without network, entities or DTD, then
bounds on nodes and depth. A PDF is opened by pypdf; its attachments are decompressed here under a cap.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from xml.parsers import expat

from lxml import etree

from facturier.efacture.resultat import Constat

TAILLE_MAX = 30 * 1024 * 1024
BALISES_MAX = 1_500_000
PROFONDEUR_MAX = 64
_BLOC = 64 * 1024

ESPACES = {
    "cii": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}
Forme = Literal["ubl", "cii", "zugferd1"]
_RACINES: dict[str, Forme] = {
    "{urn:oasis:names:specification:ubl:schema:xsd:Invoice-2}Invoice": "ubl",
    "{urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2}CreditNote": "ubl",
    f"{{{ESPACES['cii']}}}CrossIndustryInvoice": "cii",
    "{urn:ferd:CrossIndustryDocument:invoice:1p0}CrossIndustryDocument": "zugferd1",
}

_ARCHIVES = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
"""Marks of zip, gzip, bzip2 and xz: none is opened here, whatever its name."""


class Illisible(Exception):
    """The file cannot be read or must not be: carries the finding that says why."""

    def __init__(self, regle: str, phrase: str, *, ligne: int | None = None, message: str | None = None) -> None:
        super().__init__(phrase)
        self.constat = Constat(regle, "erreur", phrase, message_officiel=message, ligne=ligne)


@dataclass(frozen=True)
class XmlLu:
    """A parsed invoice: its syntax and its tree."""

    format: Forme
    racine: etree._Element


def lire_octets(chemin: Path) -> bytes:
    """Content of a file, at most ``TAILLE_MAX`` bytes.

    Raises:
        Illisible: absent, not a file, unreadable, empty or too big.
    """
    try:
        if chemin.exists() and not chemin.is_file():
            raise Illisible(
                "SEC-FICHIER",
                f"«\u00a0{chemin.name}\u00a0» n’est pas un fichier ordinaire (dossier, tube ou périphérique)\u00a0: "
                "choisissez une facture.",
            )
        if not chemin.is_file():
            raise Illisible(
                "SEC-FICHIER", f"Le fichier {chemin.name} est introuvable : vérifiez son nom et son dossier."
            )
        with chemin.open("rb") as flux:
            contenu = flux.read(TAILLE_MAX + 1)
    except (OSError, ValueError) as cause:
        raise Illisible(
            "SEC-FICHIER", f"Le fichier {chemin.name} ne peut pas être ouvert ({type(cause).__name__})."
        ) from cause
    if not contenu:
        raise Illisible("SEC-FICHIER", f"Le fichier {chemin.name} est vide.")
    _borner_taille(contenu)
    return contenu


def est_pdf(contenu: bytes) -> bool:
    """Whether the content announces itself as PDF (the mark may follow some junk)."""
    return b"%PDF-" in contenu[:1024]


def lire_xml(contenu: bytes) -> XmlLu:
    """Parse an invoice without ever resolving an entity.

    Raises:
        Illisible: DOCTYPE, malformed, too deep, too many elements, or neither UBL nor CII.
    """
    if contenu.startswith(_ARCHIVES):
        raise Illisible(
            "SEC-XML",
            "Le fichier est une archive compressée, pas une facture : ouvrez-la et validez ce qu’elle contient.",
        )
    racine = analyser(contenu)
    format_lu = _RACINES.get(str(racine.tag))
    if format_lu is None:
        nom = etree.QName(racine).localname
        raise Illisible(
            "SEC-FORMAT",
            f"Le fichier commence par l’élément «\u00a0{nom[:60]}\u00a0» : "
            "ce n’est ni une facture UBL 2.1 ni une facture CII.",
        )
    return XmlLu(format_lu, racine)


def analyser(contenu: bytes) -> etree._Element:
    """Parse any XML safely (invoice or XMP packet) and return its root."""
    _borner_taille(contenu)
    _refuser_doctype(contenu)
    if contenu.count(b"<") > BALISES_MAX:
        raise Illisible("SEC-TAILLE", f"Le fichier XML compte plus de {BALISES_MAX} balises : il n’est pas lu.")
    analyseur = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=True, remove_pis=True
    )
    try:
        racine = etree.fromstring(contenu, analyseur)
    except etree.XMLSyntaxError as cause:
        raise Illisible(
            "SEC-XML",
            f"Le fichier n’est pas du XML bien formé (ligne {cause.lineno}) : il est tronqué ou abîmé.",
            ligne=cause.lineno,
            message=cause.msg,
        ) from cause
    if _docinfo(racine).doctype:
        raise _doctype()
    _borner_profondeur(racine)
    return racine


def _docinfo(racine: etree._Element) -> Any:
    return racine.getroottree().docinfo


def _borner_taille(contenu: bytes) -> None:
    if len(contenu) > TAILLE_MAX:
        raise Illisible("SEC-TAILLE", f"Le fichier dépasse {TAILLE_MAX // 1024 // 1024} Mo : il n’est pas lu.")


class _Prologue(Exception):
    """Raised by the first pass as soon as the root element opens: the prologue is clean."""


def _refuser_doctype(contenu: bytes) -> None:
    """First pass that stops at the root element: a DOCTYPE is seen before any of its declarations is."""

    def doctype(*_: object) -> None:
        raise _doctype()

    def racine(*_: object) -> None:
        raise _Prologue

    analyseur = expat.ParserCreate()
    analyseur.StartDoctypeDeclHandler = doctype
    analyseur.StartElementHandler = racine
    try:
        for debut in range(0, len(contenu), _BLOC):
            analyseur.Parse(contenu[debut : debut + _BLOC], False)
        analyseur.Parse(b"", True)
    except _Prologue:
        return
    except (expat.ExpatError, ValueError, LookupError) as cause:
        # A prologue that this pass cannot read might hide a DOCTYPE from it (UTF-7, UTF-32…): lxml never sees the file.
        ligne = getattr(cause, "lineno", None)
        raise Illisible(
            "SEC-XML",
            f"Le fichier n’est pas du XML bien formé{f' (ligne {ligne})' if ligne else ''} : "
            "il est tronqué, abîmé, ou dans un autre encodage que UTF-8, UTF-16 ou un alphabet européen.",
            ligne=ligne,
            message=str(cause),
        ) from cause
    raise Illisible("SEC-XML", "Le fichier ne contient aucun élément XML : il est tronqué ou abîmé.")


def _doctype() -> Illisible:
    return Illisible(
        "SEC-DTD", "Le fichier contient une déclaration DOCTYPE : elle est interdite dans une facture, il n’est pas lu."
    )


def _borner_profondeur(racine: etree._Element) -> None:
    profondeur = 0
    for evenement, _ in etree.iterwalk(racine, events=("start", "end")):
        profondeur += 1 if evenement == "start" else -1
        if profondeur > PROFONDEUR_MAX:
            raise Illisible(
                "SEC-PROFONDEUR", f"Le fichier XML emboîte plus de {PROFONDEUR_MAX} niveaux : il n’est pas lu."
            )


def texte_court(texte: str, longueur: int = 80) -> str:
    """A piece of someone's file fit to be quoted in a sentence: one line, no control character, bounded."""
    propre = re.sub(r"[\x00-\x1f\x7f\s]+", " ", texte).strip()
    return propre if len(propre) <= longueur else propre[:longueur] + "…"
