"""Factur-X files whose container is wrong: the page is right, what carries the XML is not."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from facturier.efacture.accidents import Accident

if TYPE_CHECKING:
    from pypdf import PdfWriter

_EMPREINTE = b"facture-exemple!"
_NOM_FAUX = "facture.xml"


def accidenter(pdf: bytes, accident: Accident) -> bytes:
    """The damaged PDF made from a right Factur-X; same bytes every time."""
    if accident == "pdf_tronque":
        return pdf[: len(pdf) // 2]
    from pypdf import PdfWriter

    ecrivain = PdfWriter(clone_from=io.BytesIO(pdf))
    _GESTES[accident](ecrivain)
    ecrivain._header = b"%PDF-1.7"
    sortie = io.BytesIO()
    ecrivain.write(sortie)
    return sortie.getvalue()


def _catalogue(ecrivain: PdfWriter) -> Any:
    return ecrivain.root_object


def _fiche(ecrivain: PdfWriter) -> Any:
    return _catalogue(ecrivain)["/AF"][0].get_object()


def _sans_piece(ecrivain: PdfWriter) -> None:
    catalogue = _catalogue(ecrivain)
    del catalogue["/AF"], catalogue["/Names"]


def _deux_pieces(ecrivain: PdfWriter) -> None:
    """The same file specification twice in the name tree: which invoice is the right one?"""
    noms = _catalogue(ecrivain)["/Names"]["/EmbeddedFiles"]["/Names"]
    noms.extend(list(noms[:2]))


def _chiffrer(ecrivain: PdfWriter) -> None:
    """By hand: ``PdfWriter.encrypt`` would draw a file identifier, and other bytes, every time."""
    from pypdf._encryption import EncryptAlgorithm, Encryption
    from pypdf.constants import UserAccessPermissions
    from pypdf.generic import ArrayObject, ByteStringObject

    empreinte = ByteStringObject(_EMPREINTE)
    ecrivain._ID = ArrayObject((empreinte, empreinte))
    chiffre = Encryption.make(EncryptAlgorithm.RC4_128, UserAccessPermissions.all(), empreinte)
    fiche = chiffre.write_entry("secret", "secret")
    ecrivain._encryption = chiffre
    ecrivain._add_object(fiche)
    ecrivain._encrypt_entry = fiche


def _renommer(ecrivain: PdfWriter) -> None:
    from pypdf.generic import NameObject, TextStringObject

    for cle in ("/F", "/UF"):
        _fiche(ecrivain)[NameObject(cle)] = TextStringObject(_NOM_FAUX)


def _sans_relation(ecrivain: PdfWriter) -> None:
    del _fiche(ecrivain)["/AFRelationship"]


def _sans_lien(ecrivain: PdfWriter) -> None:
    del _catalogue(ecrivain)["/AF"]


def _sans_xmp(ecrivain: PdfWriter) -> None:
    del _catalogue(ecrivain)["/Metadata"]


def _profil_menteur(ecrivain: PdfWriter) -> None:
    flux = _catalogue(ecrivain)["/Metadata"]
    flux.set_data(flux.get_data().replace(b">EN 16931<", b">EXTENDED<"))


def _piece_tronquee(ecrivain: PdfWriter) -> None:
    flux = _fiche(ecrivain)["/EF"]["/F"].get_object()
    clair = flux.get_data()
    flux.set_data(clair[: len(clair) // 2])


_GESTES: dict[Accident, Callable[[PdfWriter], None]] = {
    "pdf_sans_piece": _sans_piece,
    "pdf_deux_pieces": _deux_pieces,
    "pdf_chiffre": _chiffrer,
    "pdf_nom_de_piece": _renommer,
    "pdf_sans_relation": _sans_relation,
    "pdf_sans_lien": _sans_lien,
    "pdf_sans_xmp": _sans_xmp,
    "pdf_profil_menteur": _profil_menteur,
    "pdf_piece_tronquee": _piece_tronquee,
}
