"""The files of answers beside a notebook: unreadable, closed, or holding a version set aside."""

from __future__ import annotations

import hashlib
from pathlib import Path

from facturier.ecriture import write_bytes, write_json
from facturier.evaluation.reponses import TAILLE_CARNET_MAX, Reponse, ReponseIllisible

PAS_GARDEE = (
    "Mais elle ne peut pas être gardée (support plein ou en lecture seule ?) : laissez cette page ouverte, "
    "appelez le formateur."
)
"""Said after « Réponse enregistrée » on a page: nobody saves it, the file was the only copy."""

SANS_DOSSIER = "Elle n’est gardée que dans ce carnet : enregistrez-le (Ctrl+S)."
DOSSIER_FERME = (
    "Le dossier ne s’écrit pas (support plein ou en lecture seule ?) : elle n’est gardée que "
    "dans ce carnet, enregistrez-le (Ctrl+S) sur un support qui s’écrit."
)


def garder_illisible(annexe: Path) -> None:
    """A sidecar that cannot be read in full is copied under another name before the next save replaces it."""
    try:
        if annexe.is_file() and not annexe.is_symlink() and annexe.stat().st_size <= TAILLE_CARNET_MAX:
            octets = annexe.read_bytes()
            empreinte = hashlib.sha256(octets).hexdigest()[:8]
            write_bytes(annexe.with_name(f"{annexe.stem}-illisible-{empreinte}.json"), octets)
    except OSError:
        return


def ecarter(annexe: Path, souche: str, reponse: Reponse) -> str | None:
    """Write an answer that is no longer the current one beside the sidecar; its file's name, or None."""
    quand = "".join(c for c in reponse.horodatage[:19] if c.isdigit())
    nom = f"{souche}-ecartee-{quand}-{reponse.empreinte()[:8]}.json"
    try:
        write_json(annexe.with_name(nom), reponse.en_json())
    except (OSError, ReponseIllisible):
        return None
    return nom
