"""The materials of one session: every chapter again, through papermill, with what its session file says.

Quizzes are drawn again from the bank: two sessions do not have the same questions.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from facturier import contenu
from facturier import session as sessions
from facturier.ecriture import json_bytes, write_bytes, write_json
from facturier.erreurs import ErreurFacturier
from facturier.evaluation.bareme import lire_bareme
from facturier.evaluation.graines import Graine
from facturier.fabrique import carnets
from facturier.progression import suivi
from facturier.situations import situations, variantes


def construire_seance(fichier: Path, sortie: Path) -> list[str]:
    """Write ``sortie/<id of the session>/`` : notebooks, releases, sample invoices and ``manifeste.json`` (SHA-256).

    Two builds of the same session give the same bytes: nothing of papermill's timings or of the machine stays.

    Raises:
        ErreurFacturier: the session file is refused, or a notebook asks for a parameter that no session has.
    """
    from facturier.evaluation.notation.enonces import ENONCES

    seance = sessions.lire(fichier)
    valeurs = {
        "seance": seance.intitule,
        "jour": seance.jour.isoformat(),
        "lieu": seance.lieu,
        "formateur": seance.formateur,
        "organisme": seance.organisme,
    }
    graine = Graine(seance.id, seance.jour)
    _verifier_l_incident(fichier, seance.incident)
    racine = contenu.racine()
    fichiers = sorted(
        f
        for dossier in ("notebooks", "release", "data/factures")
        for f in (racine / dossier).rglob("*")
        if f.is_file() and ".ipynb_checkpoints" not in f.parts
    )
    produits: dict[str, bytes] = {}
    for f in suivi(fichiers, "Matériaux de la session"):
        octets = f.read_bytes()
        if f.suffix == ".ipynb":
            octets = _preparer(f, octets, graine, valeurs)
        if f.name == ENONCES:
            octets = _enonces(f, graine, seance.incident)
        produits[f.relative_to(racine).as_posix()] = octets
    cible = sortie / seance.id
    for nom, octets in produits.items():
        write_bytes(cible / nom, octets)
    empreintes = {nom: hashlib.sha256(octets).hexdigest() for nom, octets in produits.items()}
    write_json(cible / "manifeste.json", {"schema": 1, "session": seance.id, "fichiers": empreintes})
    return [f"{seance.id}/{nom}" for nom in (*produits, "manifeste.json")]


def _enonces(fichier: Path, graine: Graine, incident: str) -> bytes:
    """The statement of a chapter with this session's quizzes, on the law of its day, and the incident chosen for it."""
    bareme = lire_bareme(contenu.chapitre(fichier.parent.name), graine)
    choisis = {e.id for e in bareme.exercices if incident and e.situation and incident in variantes(e.situation)}
    enonces = bareme.enonces()
    for enonce in enonces["exercices"]:
        enonce |= {"variante": incident} if enonce["id"] in choisis else {}
    return json_bytes(enonces)


def _verifier_l_incident(fichier: Path, incident: str) -> None:
    connus = [nom for code in situations() for nom in variantes(code)]
    if incident and incident not in connus:
        raise ErreurFacturier(
            f"Fichier de session {fichier} : l’incident « {incident} » n’existe pas ; choisissez parmi : "
            f"{', '.join(connus)}, ou retirez cette ligne pour qu’il soit tiré au sort.",
            code="session-refusee",
        )


def _preparer(fichier: Path, octets: bytes, graine: Graine, valeurs: dict[str, str]) -> bytes:
    """The notebook with its parameters set, not run (papermill ``prepare_only``)."""
    import nbformat
    import papermill

    carnet = nbformat.reads(octets.decode("utf-8"), as_version=4)
    if any("parameters" in cellule.metadata.get("tags", ()) for cellule in carnet.cells):
        demandes = set(papermill.inspect_notebook(carnet))
        # papermill only warns about a parameter that nobody declares: here it is an error
        if inconnus := sorted(demandes - valeurs.keys()):
            raise ErreurFacturier(
                f"Le carnet {fichier} demande « {inconnus[0]} », qu’un fichier de session ne donne pas ; "
                f"valeurs possibles : {', '.join(valeurs)}.",
                code="parametre-inconnu",
            )
        parametres = {nom: valeurs[nom] for nom in sorted(demandes)}
        carnet = papermill.execute_notebook(carnet, None, parametres, prepare_only=True, progress_bar=False)
        _replier(carnet)
    carnet.metadata["facturier"] |= {"session": graine.session, "graine": graine.texte()}
    return carnets.en_octets(carnet)


def _replier(carnet: Any) -> None:
    """Keep one parameters cell: the injected text in the declared cell's place and looks; drop papermill's notes."""
    declaree = next(c for c in carnet.cells if "parameters" in c.metadata.get("tags", ()))
    injectee = next(c for c in carnet.cells if "injected-parameters" in c.metadata.get("tags", ()))
    declaree.source = injectee.source.partition("\n")[2]  # without papermill's « # Parameters » comment
    carnet.cells.remove(injectee)
    carnet.metadata.pop("papermill", None)
    for cellule in carnet.cells:
        cellule.metadata.pop("papermill", None)
        if not cellule.metadata.get("tags", True):
            del cellule.metadata["tags"]
