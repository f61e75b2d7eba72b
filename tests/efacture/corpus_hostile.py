"""Bad files made from good ones: cut, flipped, mis-encoded, absurd values, bombs. Deterministic: a seed, a corpus."""

from __future__ import annotations

import copy
import gzip
import io
import random
import re
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator

import pypdf
from lxml import etree
from pypdf.generic import DecodedStreamObject, NameObject, StreamObject

Cas = tuple[str, bytes]
VALEURS = ("2400,00", "1E+100", "NaN", "-INF", "0x10", "٢٤٠٠", "1 000.00", "1" * 5000 + ".00", "--5", "")
"""Amounts that are none: a clerk's comma, a program's exponent, other digits, nothing."""
DATES = ("2026-02-30", "20260230", "30/02/2026", "2026-13-01", "demain", "0000-00-00", "")


def structure(xml: bytes) -> Iterator[Cas]:
    """Cut, repeated, wrapped: not an invoice any more."""
    for part in (0.1, 0.5, 0.9, 0.999):
        yield f"tronque-{part}", xml[: int(len(xml) * part)]
    yield "double", xml + xml
    yield "octet-nul", xml[:500] + b"\0" + xml[500:]
    yield "espace-avant", b"   \n" + xml
    yield "rien-que-des-espaces", b" \n" * 1000
    yield "sans-espaces-de-noms", re.sub(rb' xmlns(:\w+)?="[^"]*"', b"", xml)
    yield "html", b"<!doctype html><html><body>facture</body></html>"
    yield "json", b'{"facture": 1}'
    yield "zip-1-go", zip_declarant(1 << 30)
    yield "gzip", gzip.compress(xml)


def encodages(xml: bytes) -> Iterator[Cas]:
    """Bytes that are not in the encoding they announce."""
    texte = re.sub(r"^<\?xml[^>]*\?>", "", xml.decode("utf-8")).replace("<", "<", 1)
    accents = texte.replace("</", "é€</", 1)
    yield "latin-1-dit-utf-8", b'<?xml version="1.0" encoding="UTF-8"?>' + accents.encode("latin-1", "replace")
    yield "utf-16-dit-utf-8", b'<?xml version="1.0" encoding="UTF-8"?>' + texte.encode("utf-16-le")
    yield "utf-8-dit-utf-16", b'<?xml version="1.0" encoding="UTF-16"?>' + texte.encode("utf-8")
    yield "utf-16-sans-marque", f'<?xml version="1.0" encoding="UTF-16"?>{texte}'.encode("utf-16-le")[1:]
    yield "utf-32", f'<?xml version="1.0"?>{texte}'.encode("utf-32")
    yield "utf-7", f'<?xml version="1.0" encoding="UTF-7"?>{accents}'.encode("utf-7")
    yield "ebcdic", f'<?xml version="1.0" encoding="cp037"?>{accents}'.encode("cp037", "replace")
    yield "encodage-inconnu", b'<?xml version="1.0" encoding="klingon"?>' + texte.encode("utf-8")
    yield "deux-marques", b"\xef\xbb\xbf\xef\xbb\xbf" + xml
    yield "xml-1.1", b'<?xml version="1.1" encoding="UTF-8"?>' + texte.replace("</", "&#1;</", 1).encode("utf-8")


def octets_changes(octets: bytes, graine: int, nombre: int) -> Iterator[Cas]:
    """One to thirty bits flipped, anywhere."""
    hasard = random.Random(graine)
    for rang in range(nombre):
        abime = bytearray(octets)
        for _ in range(hasard.choice((1, 1, 3, 30))):
            position = hasard.randrange(len(abime))
            abime[position] ^= 1 << hasard.randrange(8)
        yield f"bits-{graine}-{rang}", bytes(abime)


def valeurs(xml: bytes, balises: tuple[str, ...], essais: tuple[str, ...]) -> Iterator[Cas]:
    """The first leaf of each name given each absurd value."""
    for balise in balises:
        for rang, valeur in enumerate(essais):
            racine = etree.fromstring(xml)
            cible = next(e for e in racine.iter(etree.Element) if etree.QName(e).localname == balise)
            cible.text = valeur
            yield f"{balise}-{rang}", etree.tostring(racine, encoding="UTF-8", xml_declaration=True)


def vides(xml: bytes) -> Iterator[Cas]:
    """Each element emptied in turn, but for the one that the CII schema asks for even with nothing in it."""
    modele = etree.fromstring(xml)
    for rang, element in enumerate(modele.iter(etree.Element)):
        nom = etree.QName(element).localname
        if nom == "ApplicableHeaderTradeDelivery" or (not (element.text or "").strip() and not len(element)):
            continue
        racine = etree.fromstring(xml)
        cible = list(racine.iter(etree.Element))[rang]
        for enfant in list(cible):
            cible.remove(enfant)
        cible.text = None
        yield f"vide-{rang}-{nom}", etree.tostring(racine)


def doubles(xml: bytes) -> Iterator[Cas]:
    """The first element of each name there twice, then not there."""
    modele = etree.fromstring(xml)
    vus: set[str] = {str(modele.tag)}
    for rang, element in enumerate(modele.iter(etree.Element)):
        if str(element.tag) in vus:
            continue
        vus.add(str(element.tag))
        for geste in ("double", "retire"):
            racine = etree.fromstring(xml)
            cible = list(racine.iter(etree.Element))[rang]
            parent = cible.getparent()
            assert parent is not None
            if geste == "double":
                parent.insert(parent.index(cible), copy.deepcopy(cible))
            else:
                parent.remove(cible)
            yield f"{geste}-{etree.QName(element).localname}", etree.tostring(racine)


def archives(xml: bytes) -> Iterator[Cas]:
    """An invoice in a container that would write beside, above, or through a link."""
    flux = io.BytesIO()
    with zipfile.ZipFile(flux, "w") as archive:
        archive.writestr("../evade.xml", xml)
        lien = zipfile.ZipInfo("lien.xml")
        lien.external_attr = 0o120777 << 16
        archive.writestr(lien, "/etc/passwd")
    yield "zip-dehors", flux.getvalue()
    for nom, mode in (("tar", "w"), ("tar-gz", "w:gz"), ("tar-bz2", "w:bz2"), ("tar-xz", "w:xz")):
        flux = io.BytesIO()
        with tarfile.open(fileobj=flux, mode=mode) as lot:  # type: ignore[call-overload]  # the mode is one of four
            dehors = tarfile.TarInfo("../evade.xml")
            dehors.size = len(xml)
            lot.addfile(dehors, io.BytesIO(xml))
            renvoi = tarfile.TarInfo("lien.xml")
            renvoi.type, renvoi.linkname = tarfile.SYMTYPE, "/etc/passwd"
            lot.addfile(renvoi)
        yield nom, flux.getvalue()


def pdfs_curieux(pdf: bytes, pieges: dict[str, bytes]) -> Iterator[Cas]:
    """Booby-trapped XML inside a PDF: as the invoice, and as the metadata."""
    for nom, piege in pieges.items():
        yield f"piece-{nom}", _avec_pieces(pdf, [("factur-x.xml", piege)])
        redacteur = pypdf.PdfWriter(clone_from=io.BytesIO(pdf))
        flux = DecodedStreamObject()
        flux.set_data(piege)
        redacteur.root_object[NameObject("/Metadata")] = redacteur._add_object(flux)
        yield f"xmp-{nom}", _octets(redacteur)


def bombes(xml: bytes) -> Iterator[Cas]:
    """Small files that grow, deep ones, wide ones."""
    corps = re.sub(rb"^<\?xml[^>]*\?>", b"", xml)
    rires = "".join(f'<!ENTITY r{n} "{f"&r{n - 1};" * 10}">' for n in range(1, 12))
    yield "milliard-de-rires", f'<!DOCTYPE a [<!ENTITY r0 "ha">{rires}]>'.encode() + corps.replace(b"</", b"&r11;</", 1)
    yield (
        "quadratique",
        (b"<!DOCTYPE a [<!ENTITY x '" + b"x" * 200_000 + b"'>]>" + corps.replace(b"</", b"&x;" * 5000 + b"</", 1)),
    )
    yield "profond", b"<a>" * 300_000 + b"</a>" * 300_000
    yield "large", b"<a>" + b"<b/>" * 3_000_000 + b"</a>"
    yield "attributs", b"<a " + b" ".join(b'b%d=""' % n for n in range(300_000)) + b"/>"
    yield "espaces-de-noms", b"<a>" + b"".join(b'<b xmlns:c%d="u%d"/>' % (n, n) for n in range(200_000)) + b"</a>"
    yield "trop-gros", corps + b" " * (31 * 1024 * 1024)


def pdfs(pdf: bytes, xml: bytes) -> Iterator[Cas]:
    """Containers that lie, loop or swell."""
    yield "pdf-tronque", pdf[: len(pdf) // 2]
    yield "pdf-queue", pdf[len(pdf) // 2 :]
    yield "pdf-entete-seul", b"%PDF-1.7\n"
    yield "pdf-xref-folle", re.sub(rb"startxref\s+\d+", b"startxref\n99999999999", pdf)
    yield "pdf-bruit", b"%PDF-1.7\n" + random.Random(5).randbytes(100_000)
    yield "pdf-deux-xml", _avec_pieces(pdf, [("factur-x.xml", xml), ("factur-x.xml", xml.replace(b"0", b"1"))])
    yield "pdf-bombe", _avec_flux_deflate(pdf, zlib.compress(b"\0" * 300_000_000, 9))
    yield "pdf-flux-faux", _avec_flux_deflate(pdf, b"pas du deflate")
    yield "pdf-xml-vide", _avec_pieces(pdf, [("factur-x.xml", b"")])
    yield "pdf-xml-dtd", _avec_pieces(pdf, [("factur-x.xml", b"<!DOCTYPE a []>" + xml)])


def zip_declarant(taille: int) -> bytes:
    """A zip whose headers declare ``taille`` bytes; it holds a few."""
    flux = io.BytesIO()
    with zipfile.ZipFile(flux, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../facture.xml", b"\0" * 1000)
    octets = bytearray(flux.getvalue())
    struct.pack_into("<L", octets, 22, taille)
    struct.pack_into("<L", octets, octets.index(b"PK\x01\x02") + 24, taille)
    return bytes(octets)


def _avec_pieces(pdf: bytes, pieces: list[tuple[str, bytes]]) -> bytes:
    redacteur = pypdf.PdfWriter(clone_from=io.BytesIO(pdf))
    noms = redacteur.root_object["/Names"]["/EmbeddedFiles"]["/Names"]  # type: ignore[index]
    modele = noms[1]
    del noms[:]
    for nom, contenu in pieces:
        flux = DecodedStreamObject()
        flux.set_data(contenu)
        fiche = modele.get_object().clone(redacteur, force_duplicate=True)
        fiche[NameObject("/EF")] = pypdf.generic.DictionaryObject({NameObject("/F"): redacteur._add_object(flux)})
        noms.extend([pypdf.generic.TextStringObject(nom), redacteur._add_object(fiche)])
    return _octets(redacteur)


def _avec_flux_deflate(pdf: bytes, comprime: bytes) -> bytes:
    redacteur = pypdf.PdfWriter(clone_from=io.BytesIO(pdf))
    fiche = redacteur.root_object["/Names"]["/EmbeddedFiles"]["/Names"][1].get_object()  # type: ignore[index]
    flux = StreamObject()
    flux._data = comprime
    flux[NameObject("/Filter")] = NameObject("/FlateDecode")
    fiche["/EF"][NameObject("/F")] = redacteur._add_object(flux)
    return _octets(redacteur)


def _octets(redacteur: pypdf.PdfWriter) -> bytes:
    sortie = io.BytesIO()
    redacteur.write(sortie)
    return sortie.getvalue()
