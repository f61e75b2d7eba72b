"""The text that a PDF shows, read by pypdf in a process of its own: a PDF made to exhaust costs that process only.

Read twice: as a flow, and laid out (columns kept apart by spaces). Bounds: pages, characters, memory, seconds.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from facturier.erreurs import ErreurFacturier

PAGES_MAX = 40
SIGNES_MAX = 400_000
MEMOIRE_MAX = 768 * 1024**2
DELAI = 20.0
"""Seconds; a page of ordinary invoice takes some hundredths."""
_SIGNES_MIN = 20
"""Letters and digits under which a PDF is an image: some scanners leave a word or two in the margin."""
_COMMANDE = ("-m", "facturier.efacture.texte_pdf")


@dataclass(frozen=True)
class TextePdf:
    """Pages as a flow of lines, then the same pages laid out (empty where the layout could not be made)."""

    flux: tuple[str, ...]
    mises_en_page: tuple[str, ...]


def lire(contenu: bytes, delai: float = DELAI) -> TextePdf:
    """The visible text of a PDF, at most ``PAGES_MAX`` pages and ``SIGNES_MAX`` characters.

    Raises:
        ErreurFacturier: ``pdf-sans-texte``, it is an image, encrypted, damaged or made to exhaust.
    """
    environnement = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        fini = subprocess.run(  # noqa: S603 - our own interpreter and module, no shell
            [sys.executable, *_COMMANDE],
            input=contenu,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environnement,
            timeout=delai,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return recu(b"", delai)
    except OSError:
        return recu(b"")
    return recu(fini.stdout)


def recu(reponse: bytes, depasse: float | None = None) -> TextePdf:
    """The text that another process answered (:func:`message` as JSON); ``depasse``: it was stopped after so many
    seconds.

    Raises:
        ErreurFacturier: ``pdf-sans-texte``.
    """
    if depasse is not None:
        raise _sans_texte(f"sa lecture a dépassé {depasse:.0f} secondes")
    try:
        lu = json.loads(reponse)
        texte = TextePdf(tuple(map(str, lu["flux"])), tuple(map(str, lu["mises_en_page"])))
    except (ValueError, KeyError, TypeError) as cause:
        raise _sans_texte("il est protégé, abîmé ou démesuré") from cause
    if sum(signe.isalnum() for page in texte.flux for signe in page) < _SIGNES_MIN:
        raise _sans_texte("c’est sans doute une image numérisée")
    return texte


def message(contenu: bytes) -> dict[str, tuple[str, ...]]:
    """What the process that reads a PDF answers."""
    texte = extraire(contenu)
    return {"flux": texte.flux, "mises_en_page": texte.mises_en_page}


def _sans_texte(pourquoi: str) -> ErreurFacturier:
    return ErreurFacturier(
        f"Ce PDF n’a pas de texte lisible ({pourquoi}) : ouvrez-le et comparez-le vous-même avec le XML.",
        code="pdf-sans-texte",
    )


def extraire(contenu: bytes) -> TextePdf:
    """The reading itself, without bounds on time and memory: what the other process does."""
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    lecteur = pypdf.PdfReader(io.BytesIO(contenu))
    flux: list[str] = []
    mises_en_page: list[str] = []
    reste, reste_en_page = SIGNES_MAX, 4 * SIGNES_MAX  # a layout is mostly spaces
    for page in lecteur.pages[:PAGES_MAX]:
        flux.append(page.extract_text()[:reste])
        mises_en_page.append(_mise_en_page(page)[:reste_en_page])
        reste -= len(flux[-1])
        reste_en_page -= len(mises_en_page[-1])
        if reste <= 0 or reste_en_page <= 0:
            break
    return TextePdf(tuple(flux), tuple(mises_en_page))


def _mise_en_page(page: Any) -> str:
    """The page with its columns; "" where the layout fails (text a mile away asks for a mile of spaces)."""
    with contextlib.suppress(Exception, MemoryError):
        return str(page.extract_text(extraction_mode="layout"))
    return ""


def _servir() -> None:
    from facturier.efacture.ouvrier import borner_memoire

    borner_memoire(MEMOIRE_MAX)
    sys.stdout.write(json.dumps(message(sys.stdin.buffer.read())))


if __name__ == "__main__":
    _servir()
