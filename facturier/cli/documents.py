"""The papers of a session from its files: names, signed sheets, results."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from facturier import session as sessions
from facturier.documents import enquete, fiche_methode
from facturier.documents.guides import guides
from facturier.documents.inscrits import Personne, Suivi, lire_emargements, lire_noms
from facturier.documents.seance import documents
from facturier.ecriture import write_bytes
from facturier.erreurs import ErreurFacturier
from facturier.evaluation.identites import cle_nbgrader
from facturier.session import Session

Parts = dict[str, tuple[Decimal | None, Decimal | None]]
ATTENDUS = {
    "nda": "le numéro de déclaration d’activité (nda)",
    "adresse": "l’adresse de l’organisme (adresse)",
    "contact": "qui joindre (contact)",
    "referent_handicap": "le référent handicap (referent_handicap)",
    "signataire": "qui signe (signataire)",
}
"""What a file of session may leave out, and that people who read its papers look for."""


def produire(
    fichier: Path, noms: Path, emargements: Path | None, resultats: Path | None, sortie: Path, *, gros: bool = False
) -> tuple[list[str], list[str]]:
    """Write the PDFs; their names, and what the trainer should know of them.

    Raises:
        ErreurFacturier: a file is refused; nothing is then written.
    """
    session = sessions.lire(fichier)
    personnes = lire_noms(noms, session)
    heures = lire_emargements(emargements, session) if emargements is not None else {}
    parts, remarques = _attribuer(lire_resultats(resultats) if resultats is not None else {}, personnes)
    suivis = {qui: Suivi(faites, parts.get(qui, {})) for qui, faites in heures.items()}
    faits = documents(session, personnes, suivis, gros=gros) | guides(session.jour) | _fiche_vierge(session)
    faits[f"{enquete.PAPIER}.pdf"] = enquete.papier(session, gros=gros)
    for nom, octets in faits.items():
        write_bytes(sortie / nom, octets)
    sans = [
        p.complet
        for p in personnes
        if p.pseudonyme in heures and any(heures[p.pseudonyme]) and not parts.get(p.pseudonyme)
    ]
    if sans:
        remarques.append(
            f"Sans résultat de quiz, leur attestation de fin de formation dit « non évalué » : {', '.join(sans)}."
        )
    if manquent := [dit for champ, dit in ATTENDUS.items() if not getattr(session, champ)]:
        remarques.append(f"Le fichier de session ne donne pas : {', '.join(manquent)}. Les papiers s’en passent.")
    return sorted(faits), remarques


def pour_la_cle(fichier: Path) -> dict[str, bytes]:
    """The PDFs that every learner gets with the materials, whoever they are."""
    session = sessions.lire(fichier)
    faits = documents(session, ()) | guides(session.jour) | _fiche_vierge(session)
    donnes = ("guide-apprenant.pdf", "visioconference.pdf", f"{fiche_methode.NOM}.pdf")
    return {nom: faits[nom] for nom in donnes if nom in faits}


def _fiche_vierge(session: Session) -> dict[str, bytes]:
    """The method sheet to fill by hand."""
    return {f"{fiche_methode.NOM}.pdf": fiche_methode.pdf({}, session.jour)}


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


def _attribuer(parts: dict[str, Parts], personnes: Sequence[Personne]) -> tuple[dict[str, Parts], list[str]]:
    """The shares by pseudonym: marks are under the first name that a learner typed, the session has pseudonyms."""
    siens: dict[str, Parts] = {}
    a_personne: list[str] = []
    for nom, lues in parts.items():
        cle = cle_nbgrader(nom)
        trouves = [p for p in personnes if cle == cle_nbgrader(p.pseudonyme)] or [
            p for p in personnes if cle in {cle_nbgrader(p.prenom), cle_nbgrader(f"{p.prenom} {p.nom}")}
        ]
        if len(trouves) == 1 and trouves[0].pseudonyme not in siens:
            siens[trouves[0].pseudonyme] = lues
        else:
            a_personne.append(nom)
    dit = "Résultats laissés de côté, dont le prénom n’est ni un pseudonyme ni un prénom de la liste des noms"
    return siens, [f"{dit} : {', '.join(a_personne)}."] if a_personne else []


def _parts(moments: dict[str, Any]) -> tuple[Decimal | None, Decimal | None]:
    return _part(moments.get("entree")), _part(moments.get("sortie"))


def _part(note: dict[str, Any] | None) -> Decimal | None:
    if note is None or note["points"] is None or not Decimal(str(note["sur"])):
        return None
    return 100 * Decimal(str(note["points"])) / Decimal(str(note["sur"]))
