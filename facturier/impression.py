"""Typst templates to PDF: PDF/A-3b and PDF/UA-1 in one go, bundled fonts only, pinned date (same input, same bytes)."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Literal

from facturier.erreurs import ErreurMoteur

NORMES: tuple[Literal["a-3b", "ua-1"], ...] = ("a-3b", "ua-1")


def imprimer(modele: Path, donnees: dict[str, Any], quand: date) -> bytes:
    """Compile ``modele`` (a .typ file) with ``donnees`` (JSON values, read by ``json(bytes(sys.inputs.donnees))``).

    Data travel as text: nothing in them is executed as Typst code. ``quand`` becomes the document's creation date.

    Raises:
        ErreurMoteur: template missing, or Typst refuses it.
    """
    import typst

    if not modele.is_file():
        raise ErreurMoteur(f"Le modèle d’impression {modele.name} est absent : réinstallez le kit.")
    minuit = datetime.combine(quand, time(), tzinfo=UTC)
    try:
        pdf = typst.compile(
            str(modele),
            root=str(modele.parent),
            format="pdf",
            pdf_standards=list(NORMES),
            ignore_system_fonts=True,
            timestamp=int(minuit.timestamp()),
            sys_inputs={"donnees": json.dumps(donnees, ensure_ascii=False)},
        )
    except Exception as cause:
        raise ErreurMoteur(
            f"L’impression avec le modèle {modele.name} a échoué ({str(cause).splitlines()[0][:200]})."
        ) from cause
    if not isinstance(pdf, bytes):
        raise ErreurMoteur(f"L’impression avec le modèle {modele.name} n’a rien rendu.")
    return pdf
