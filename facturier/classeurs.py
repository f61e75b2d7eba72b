"""Spreadsheets that go out and come back: a text never becomes a formula, a workbook is weighed before it is opened."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from facturier import archives
from facturier.erreurs import ErreurFacturier

BORNES = archives.Bornes(fichiers=200, octets_fichier=24 * archives.MIO, octets_total=48 * archives.MIO)
_FORMULES = ("=", "+", "-", "@")
_BLANCS = ("\t", "\r")


def inerte(texte: str) -> str:
    """A leading apostrophe keeps a spreadsheet from computing what somebody typed."""
    return f"'{texte}" if _calculable(texte) else texte


def en_csv(rangees: Iterable[Sequence[str]]) -> str:
    """A table for a French spreadsheet: byte-order mark, « ; », no cell can become a formula."""
    sortie = io.StringIO()
    table = csv.writer(sortie, delimiter=";", lineterminator="\r\n")
    for rangee in rangees:
        table.writerow([inerte(cellule) for cellule in rangee])
    return "\ufeff" + sortie.getvalue()


def poser(feuille: Any, rangees: Iterable[Sequence[Any]]) -> None:
    """Write rows; a text is never a formula, in this file nor once typed again."""
    for rang, rangee in enumerate(rangees, 1):
        for place, valeur in enumerate(rangee, 1):
            if valeur is None:
                continue
            case = feuille.cell(rang, place)
            case.value = valeur
            if isinstance(valeur, str):
                case.data_type = "s"
                case.quotePrefix = _calculable(valeur)


def octets_de(livre: Any) -> bytes:
    """The file of a workbook."""
    octets = io.BytesIO()
    livre.save(octets)
    return octets.getvalue()


def ouvrir(fichier: Path, quoi_faire: str) -> Any:
    """The workbook, its archive weighed and its XML without DTD before anything parses it.

    Args:
        quoi_faire: what the refusal advises (« exportez la banque, … »), without a final stop.

    Raises:
        ErreurFacturier: absent, or not a workbook that can be read.
    """
    from openpyxl import load_workbook

    try:
        octets = fichier.read_bytes() if fichier.stat().st_size <= BORNES.octets_total else b""
        for entree in archives.lire_zip(octets, archives.Compte(BORNES), lambda _: True):
            _sans_dtd(entree.octets or b"", entree.refus)
        return load_workbook(io.BytesIO(octets), read_only=True, data_only=False, keep_links=False)
    except FileNotFoundError:
        raise ErreurFacturier(f"Le fichier {fichier} est introuvable.", code="fichier-introuvable") from None
    except Exception as cause:
        raise ErreurFacturier(
            f"{fichier.name} n’est pas un classeur lisible : {quoi_faire}.", code="classeur-illisible"
        ) from cause


def _calculable(texte: str) -> bool:
    return texte.startswith(_BLANCS) or texte.lstrip().startswith(_FORMULES)


def _sans_dtd(octets: bytes, refus: str) -> None:
    """Entities are never expanded: their declaration is refused, in whatever encoding it could hide."""
    if refus or b"<!" in octets.replace(b"\0", b"").replace(b"<!--", b""):
        raise ValueError(refus or "DTD")
