"""Opinions gathered: the files of learners, the sheets of the trainer; what cannot be used is named, never counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from facturier.enquete.avis import Avis, lire_avis
from facturier.enquete.saisie import AVIS_MAX, lire_saisie
from facturier.erreurs import ErreurFacturier, montrable
from facturier.evaluation.reponses import ReponseIllisible

SAISIES = (".xlsx", ".csv")


@dataclass(frozen=True)
class Collecte:
    """``remarques`` say in sentences what was set aside, and which files were one and the same opinion."""

    avis: tuple[Avis, ...]
    remarques: tuple[str, ...] = ()


def collecter(chemins: Sequence[Path]) -> Collecte:
    """Read those files, and those at the top of those folders; in an order that says nothing of their arrival.

    Raises:
        ErreurFacturier: a path that is not there, a sheet to be corrected, too many files, or no opinion at all.
    """
    par_jeton: dict[str, Avis] = {}
    remarques: list[str] = []
    doubles = 0
    for fichier in _fichiers(chemins):
        try:
            lus = _lire(fichier)
        except ReponseIllisible as refus:
            remarques.append(f"{montrable(fichier.name[:80])} : {refus.phrase}")
            continue
        for un in lus:
            connu = par_jeton.get(un.jeton)
            doubles += connu is not None
            if connu is None or (un.revision, un.fichier()) > (connu.revision, connu.fichier()):
                par_jeton[un.jeton] = un
    if doubles:
        remarques.append(
            f"Des avis ont été remis plusieurs fois ({doubles} de trop) : seul le dernier état de chacun compte."
        )
    donnes = [un for un in par_jeton.values() if not un.vide]
    if not donnes:
        detail = f" {remarques[0]}" if remarques else ""
        raise ErreurFacturier(
            f"Aucun avis à dépouiller : donnez les fichiers avis-….json, ou la feuille de saisie remplie.{detail}",
            code="aucun-avis",
        )
    return Collecte(tuple(sorted(donnes, key=lambda un: un.jeton)), tuple(remarques))


def _fichiers(chemins: Sequence[Path]) -> list[Path]:
    trouves: list[Path] = []
    for chemin in chemins:
        if chemin.is_dir():
            trouves += [c for c in sorted(chemin.iterdir()) if _est_un_avis(c)]
        elif chemin.is_file():
            trouves.append(chemin)
        else:
            raise ErreurFacturier(f"« {chemin} » est introuvable : vérifiez le chemin.", code="fichier-introuvable")
    if len(trouves) > AVIS_MAX:
        raise ErreurFacturier(
            f"Plus de {AVIS_MAX} fichiers : donnez le dossier des avis d’une seule session.", code="trop-de-fichiers"
        )
    return trouves


def _est_un_avis(chemin: Path) -> bool:
    """Another file of that folder is not ours to judge; a link is not followed."""
    nom = chemin.name.lower()
    if chemin.is_symlink() or not chemin.is_file() or nom.startswith((".", "~$")):
        return False
    return nom.endswith(SAISIES) or (nom.startswith("avis") and nom.endswith(".json"))


def _lire(fichier: Path) -> list[Avis]:
    return lire_saisie(fichier) if fichier.suffix.lower() in SAISIES else [lire_avis(fichier)]
