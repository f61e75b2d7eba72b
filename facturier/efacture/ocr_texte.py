"""The text of a PDF's pages, taken by a process of its own: what a hostile PDF swells or loops in dies there.

The child reads the PDF on stdin and answers one JSON line; its memory and its time are bounded by its parent.
"""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
from dataclasses import dataclass

from facturier.efacture.ouvrier import borner_memoire
from facturier.erreurs import ErreurFacturier

PAGES_MAX = 20
"""Pages read; an invoice says what matters on its first ones."""
TEXTE_MAX = 60_000
OCTETS_MAX = 120 * 1024 * 1024
"""A larger file is not even handed to the child."""
MEMOIRE_MAX = 600 * 1024 * 1024
DELAI = 20.0
"""Seconds that the reading of one PDF may take."""
_REFUS = {
    "chiffre": "Le PDF est chiffré ou protégé : déposez-le sans mot de passe.",
    "abime": "Le PDF est abîmé ou tronqué : il ne peut pas être lu.",
    "vide": "Le PDF n’a aucune page.",
}


@dataclass(frozen=True)
class TexteLu:
    """What the pages say, line after line, and how many pages there are."""

    texte: str
    pages: int


def texte_du_pdf(octets: bytes, delai: float = DELAI) -> TexteLu:
    """The text of a PDF; empty for pages that are only pictures.

    Raises:
        ErreurFacturier: not a PDF, encrypted, damaged, or too costly to read.
    """
    if b"%PDF-" not in octets[:1024]:
        raise ErreurFacturier("Ce fichier n’est pas un PDF : déposez la facture elle-même, en PDF.", code="ocr-format")
    if len(octets) > OCTETS_MAX:
        raise _trop_lourd()
    environnement = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        fini = subprocess.run(
            [sys.executable, "-m", "facturier.efacture.ocr_texte"],
            input=octets,
            capture_output=True,
            timeout=delai,
            env=environnement,
            check=False,
        )
        reponse = json.loads(fini.stdout)
    except subprocess.TimeoutExpired:
        raise _trop_lourd() from None
    except ValueError:
        raise _trop_lourd() from None
    if refus := reponse.get("refus"):
        raise ErreurFacturier(_REFUS[refus], code=f"ocr-{refus}")
    return TexteLu(str(reponse["texte"]), int(reponse["pages"]))


def _trop_lourd() -> ErreurFacturier:
    return ErreurFacturier(
        "Ce PDF demande trop de temps ou de mémoire pour être lu : refaites-le plus simple.", code="ocr-trop-lourd"
    )


def extraire(octets: bytes) -> dict[str, object]:
    """What the child answers: ``texte`` and ``pages``, or ``refus``."""
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        lecteur = pypdf.PdfReader(io.BytesIO(octets))
        if lecteur.is_encrypted:
            return {"refus": "chiffre"}
        nombre = len(lecteur.pages)
        if not nombre:
            return {"refus": "vide"}
        morceaux: list[str] = []
        for rang in range(min(nombre, PAGES_MAX)):
            morceaux.append(lecteur.pages[rang].extract_text()[:TEXTE_MAX])
            if sum(map(len, morceaux)) > TEXTE_MAX:
                break
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - pypdf raises many kinds on damaged files, all mean unreadable
        return {"refus": "abime"}
    return {"texte": "\n".join(morceaux)[:TEXTE_MAX], "pages": nombre}


def _repondre() -> None:
    borner_memoire(MEMOIRE_MAX)
    json.dump(extraire(sys.stdin.buffer.read()), sys.stdout)


if __name__ == "__main__":
    _repondre()
