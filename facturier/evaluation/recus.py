"""The receipt of a hand-in, compared with what came: a file changed afterwards is said."""

from __future__ import annotations

import hashlib
from pathlib import PurePosixPath

from facturier.erreurs import ErreurFacturier, montrable
from facturier.evaluation.archives import Colis
from facturier.evaluation.carnets_rendus import objet_json
from facturier.evaluation.lecture import canonique

NOM = "recu.json"
_LONGUEUR = 12


def ecarts(colis: Colis) -> list[str]:
    """In sentences, what no longer matches the receipt of that parcel; a parcel without receipt says nothing."""
    phrases = []
    for fichier in colis.fichiers:
        if fichier.chemin.name != NOM:
            continue
        recu = objet_json(fichier.octets) or {}
        if "reponses" in recu and not _numero_juste(recu):
            phrases.append("Le numéro du reçu ne correspond pas aux réponses qu’il cite : il a été modifié.")
        annonces = recu.get("fichiers")
        if isinstance(annonces, dict):
            changes = _changes(colis, fichier.chemin.parent, annonces)
            if changes:
                noms = ", ".join(f"« {montrable(n[-80:])} »" for n in changes[:3])
                phrases.append(f"Modifié ou retiré depuis le reçu : {noms}.")
    return phrases


def _numero_juste(recu: dict[str, object]) -> bool:
    try:
        return recu.get("recu") == hashlib.sha256(canonique(recu["reponses"])).hexdigest()[:_LONGUEUR]
    except ErreurFacturier:
        return False


def _changes(colis: Colis, dossier: PurePosixPath, annonces: dict[str, object]) -> list[str]:
    presents = {f.nom: f.octets for f in colis.fichiers}
    return [
        nom
        for nom, empreinte in sorted(annonces.items())
        if (octets := presents.get((dossier / nom).as_posix())) is None
        or hashlib.sha256(octets).hexdigest() != empreinte
    ]
