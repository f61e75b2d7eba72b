"""A PDF deposited as a mere PDF is read by a machine, and the machine makes mistakes: a simulated OCR.

No picture is looked at: the text of the pages is taken as it is, the fields are recognised in it, then mistakes of
real machines are drawn by (seed, file). What the page truly says stays available to the one who grades.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from facturier import contenu
from facturier.efacture.demande import lire_demande
from facturier.efacture.lecture import Illisible
from facturier.efacture.ocr_bruit import CHAMPS_LUS, ChampLu, bruiter
from facturier.efacture.ocr_champs import reconnaitre
from facturier.efacture.ocr_texte import texte_du_pdf

__all__ = ["CHAMPS_LUS", "ChampLu", "LectureOcr", "champs_vrais", "lire_pdf", "verite_d_un_exemple"]


@dataclass(frozen=True)
class LectureOcr:
    """What the machine read of one file: its fields, and the file that they come from (sha256, size, pages)."""

    champs: Mapping[str, ChampLu]
    sha256: str
    octets: int
    pages: int

    @property
    def a_verifier(self) -> tuple[str, ...]:
        """Fields that the machine itself doubts or did not see."""
        return tuple(champ for champ, lu in self.champs.items() if lu.confiance != "sûr")


def lire_pdf(octets: bytes, graine: str) -> LectureOcr:
    """Read a deposited PDF as a machine would, mistakes included: same file and same seed, same reading.

    Raises:
        ErreurFacturier: not a PDF, encrypted, damaged, or too costly to read; the sentence says so.
    """
    texte = texte_du_pdf(octets)
    empreinte = hashlib.sha256(octets).hexdigest()
    justes = {champ: valeur for champ, valeur in reconnaitre(texte.texte).items() if champ in CHAMPS_LUS}
    return LectureOcr(bruiter(justes, graine, empreinte), empreinte, len(octets), texte.pages)


def champs_vrais(octets: bytes) -> dict[str, str]:
    """What a perfect reader finds: what the pages say, and for what they do not say, what the file's own XML says.

    Raises:
        ErreurFacturier: the pages cannot be read.
    """
    page = reconnaitre(texte_du_pdf(octets).texte)
    try:
        xml = lire_demande(octets).champs
    except Illisible:  # a mere PDF: its pages are all there is
        xml = {}
    return {champ: page[champ] or xml.get(champ, "") for champ in CHAMPS_LUS}


def verite_d_un_exemple(sha256: str) -> dict[str, str] | None:
    """The true fields of a PDF of the sample library, known by its sha256; None for a file that is not one of them."""
    chemin = _exemples().get(sha256)
    return dict(_verite(chemin)) if chemin is not None else None


@cache
def _verite(chemin: Path) -> Mapping[str, str]:
    return champs_vrais(chemin.read_bytes())


@cache
def _exemples() -> Mapping[str, Path]:
    dossier = contenu.racine() / "data" / "factures"
    with (dossier / "manifeste.csv").open(encoding="utf-8", newline="") as flux:
        lignes = [ligne for ligne in csv.DictReader(flux) if ligne["fichier"].endswith(".pdf")]
    return {ligne["sha256"]: dossier / ligne["fichier"] for ligne in lignes}
