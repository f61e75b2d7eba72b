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


def imprimable(valeur: Any) -> Any:
    """Texts typed by a learner may hold what no bundled font draws: it is shown as « ? », never a failure to print."""
    if isinstance(valeur, str):
        return "".join(c if _dessinable(c) else "?" for c in valeur)
    if isinstance(valeur, dict):
        return {cle: imprimable(element) for cle, element in valeur.items()}
    if isinstance(valeur, (list, tuple)):
        return [imprimable(element) for element in valeur]
    return valeur


def _dessinable(c: str) -> bool:
    """Latin letters with their marks, figures, and the punctuation that French uses."""
    return " " <= c <= "~" or "\u00a0" <= c <= "\u017f" or c in "\u202f\u2009’‘“”–—…•−€œŒ"
