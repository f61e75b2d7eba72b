"""The papers of a session from its files: names, signed sheets, results."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from facturier import session as sessions
from facturier.documents.guides import guides
from facturier.documents.inscrits import Suivi, lire_emargements, lire_noms
from facturier.documents.seance import documents
from facturier.ecriture import write_bytes
from facturier.erreurs import ErreurFacturier

Parts = dict[str, tuple[Decimal | None, Decimal | None]]


def produire(
    fichier: Path, noms: Path, emargements: Path | None, resultats: Path | None, sortie: Path, *, gros: bool = False
) -> list[str]:
    """Write the PDFs; their names.

    Raises:
        ErreurFacturier: a file is refused; nothing is then written.
    """
    session = sessions.lire(fichier)
    personnes = lire_noms(noms, session)
    heures = lire_emargements(emargements, session) if emargements is not None else {}
    parts = lire_resultats(resultats) if resultats is not None else {}
    suivis = {qui: Suivi(faites, parts.get(qui, {})) for qui, faites in heures.items()}
    faits = documents(session, personnes, suivis, gros=gros) | guides(session.jour)
    for nom, octets in faits.items():
        write_bytes(sortie / nom, octets)
    return sorted(faits)


def pour_la_cle(fichier: Path) -> dict[str, bytes]:
    """The PDFs that every learner gets with the materials, whoever they are."""
    session = sessions.lire(fichier)
    faits = documents(session, ()) | guides(session.jour)
    return {nom: faits[nom] for nom in ("guide-apprenant.pdf", "visioconference.pdf")}


def lire_resultats(fichier: Path) -> dict[str, Parts]:
    """Shares of the two quizzes by learner and objective, out of the detailed JSON of « facturier noter ».

    Raises:
        ErreurFacturier: it is not one.
    """
    try:
        lu: Any = json.loads(fichier.read_text(encoding="utf-8"))
        return {
            ligne["id"]: {objectif: _parts(moments) for objectif, moments in ligne["objectifs"].items()}
            for ligne in lu["apprenants"]
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as cause:
        raise ErreurFacturier(
            f"Le fichier de résultats {fichier} n’est pas un resultats_detail.json de « facturier noter ».",
            code="resultats-illisibles",
        ) from cause


def _parts(moments: dict[str, Any]) -> tuple[Decimal | None, Decimal | None]:
    return _part(moments.get("entree")), _part(moments.get("sortie"))


def _part(note: dict[str, Any] | None) -> Decimal | None:
    if note is None or note["points"] is None or not Decimal(str(note["sur"])):
        return None
    return 100 * Decimal(str(note["points"])) / Decimal(str(note["sur"]))
