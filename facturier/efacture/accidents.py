"""Files that are wrong before any rule can be asked: damaged, disguised, booby-trapped. All made here, small and inert.

The traps are the ones that a reader must refuse: nothing they name exists, and nobody listens at the address.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Literal, get_args

Accident = Literal[
    "doctype",
    "xxe_fichier",
    "xxe_reseau",
    "bombe_entites",
    "tronque",
    "latin1_annonce_utf8",
    "utf16",
    "vide",
    "texte",
    "page_html",
    "autre_xml",
    "profondeur",
    "zip_deguise",
    "pdf_sans_piece",
    "pdf_deux_pieces",
    "pdf_chiffre",
    "pdf_tronque",
    "pdf_nom_de_piece",
    "pdf_sans_relation",
    "pdf_sans_lien",
    "pdf_sans_xmp",
    "pdf_profil_menteur",
    "pdf_piece_tronquee",
]
ACCIDENTS: tuple[Accident, ...] = get_args(Accident)

_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_PROFONDEUR = 100


def accidenter(octets: bytes, accident: Accident) -> bytes:
    """The damaged file made from a right one (XML or PDF, as the accident wants)."""
    if accident in _SUR_OCTETS:
        return _SUR_OCTETS[accident](octets)
    from facturier.efacture import accidents_pdf

    return accidents_pdf.accidenter(octets, accident)


def _prologue(octets: bytes, declarations: str, appel: str) -> bytes:
    """A DOCTYPE before the root, and a call to its entity in place of the invoice's first text."""
    texte = octets.decode("utf-8")
    debut, racine = texte.split("?>", 1)
    if appel:
        ouverture, fermeture = "<cbc:ID>", "</cbc:ID>"
        avant, reste = racine.split(ouverture, 1)
        racine = f"{avant}{ouverture}{appel}{fermeture}{reste.split(fermeture, 1)[1]}"
    return f"{debut}?>\n<!DOCTYPE Invoice{declarations}>{racine}".encode()


def _bombe(octets: bytes) -> bytes:
    etages = ["<!ENTITY r0 'ha'>"]
    etages += [f"<!ENTITY r{n} '{f'&r{n - 1};' * 10}'>" for n in range(1, 10)]
    return _prologue(octets, f" [{''.join(etages)}]", "&r9;")


def _latin1(octets: bytes) -> bytes:
    """Typographic apostrophes and euro signs have no place in Latin-1: they become plain ones."""
    return octets.decode("utf-8").encode("latin-1", "replace")


def _profond(octets: bytes) -> bytes:
    debut, fin = octets.decode("utf-8").rsplit("</", 1)
    return f"{debut}{'<a>' * _PROFONDEUR}{'</a>' * _PROFONDEUR}</{fin}".encode()


def _zip(octets: bytes) -> bytes:
    flux = io.BytesIO()
    with zipfile.ZipFile(flux, "w", zipfile.ZIP_DEFLATED) as archive:
        fiche = zipfile.ZipInfo("facture.xml", _ZIP_DATE)
        fiche.create_system = 3
        archive.writestr(fiche, octets)
    return flux.getvalue()


_SUR_OCTETS: dict[Accident, Callable[[bytes], bytes]] = {
    "doctype": lambda octets: _prologue(octets, "", ""),
    "xxe_fichier": lambda octets: _prologue(octets, " [<!ENTITY x SYSTEM 'file:///inexistant/facture.txt'>]", "&x;"),
    "xxe_reseau": lambda octets: _prologue(octets, " [<!ENTITY x SYSTEM 'http://127.0.0.1:9/facture'>]", "&x;"),
    "bombe_entites": _bombe,
    "tronque": lambda octets: octets[: len(octets) * 3 // 5],
    "latin1_annonce_utf8": _latin1,
    "utf16": lambda octets: (
        octets.decode("utf-8").replace("UTF-8", "UTF-16", 1).replace("utf-8", "UTF-16", 1).encode("utf-16")
    ),
    "vide": lambda _: b"",
    "texte": lambda _: "Bonjour, vous trouverez notre facture ci-dessous.\nMontant : 120,00 € TTC.\n".encode(),
    "page_html": lambda _: b'<!doctype html>\n<html lang="fr"><title>Facture</title><p>Session expir&eacute;e</p>\n',
    "autre_xml": lambda _: b'<?xml version="1.0" encoding="UTF-8"?>\n<Facture><Numero>F-1</Numero></Facture>\n',
    "profondeur": _profond,
    "zip_deguise": _zip,
}
