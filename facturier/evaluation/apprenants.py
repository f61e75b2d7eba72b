"""The list of the class: a CSV whose « id » (or « prénom ») column names who should have handed something in."""

from __future__ import annotations

import csv
from pathlib import Path

from facturier.erreurs import ErreurFacturier, montrable
from facturier.evaluation.identites import ID_MAX

_OCTETS_MAX = 1024 * 1024
_LIGNES_MAX = 10_000
_COLONNES = ("id", "prénom", "prenom")
"""Headers accepted for the name that a learner typed in the welcome notebook, the preferred first."""


def lire_liste(fichier: Path) -> tuple[str, ...]:
    """The learners' identifiers, in the order of the file (« ; » or « , », with or without a byte-order mark).

    Raises:
        ErreurFacturier: missing file, other encoding than UTF-8, no « id » or « prénom », a name empty or repeated.
    """
    try:
        with fichier.open("rb") as flux:
            octets = flux.read(_OCTETS_MAX + 1)
        texte = octets.decode("utf-8-sig")
    except OSError as cause:
        raise _refus(fichier, f"ne peut pas être lue ({cause.strerror})") from cause
    except UnicodeDecodeError:
        raise _refus(
            fichier, "n’est pas en UTF-8 : dans votre tableur, « Enregistrer sous », choisissez « CSV UTF-8 »"
        ) from None
    if len(octets) > _OCTETS_MAX:
        raise _refus(fichier, "dépasse 1 Mio : donnez seulement la liste de la classe")
    lignes = texte.splitlines()
    if not lignes:
        raise _refus(fichier, "est vide : la première ligne doit nommer une colonne « prénom »")
    separateur = ";" if lignes[0].count(";") >= lignes[0].count(",") else ","
    try:
        rangees = list(csv.reader(lignes, delimiter=separateur, strict=True))[: _LIGNES_MAX + 1]
    except csv.Error as cause:
        raise _refus(fichier, f"n’est pas un CSV correct ({cause})") from cause
    entetes = [e.strip().casefold() for e in rangees[0]]
    colonne = next((entetes.index(nom) for nom in _COLONNES if nom in entetes), None)
    if colonne is None:
        raise _refus(fichier, "n’a pas de colonne « prénom » (ou « id ») sur sa première ligne")
    return _identifiants(fichier, rangees[1:], colonne)


def _identifiants(fichier: Path, rangees: list[list[str]], colonne: int) -> tuple[str, ...]:
    vus: dict[str, int] = {}
    for numero, rangee in enumerate(rangees, 2):
        if not any(c.strip() for c in rangee):
            continue
        identifiant = rangee[colonne].strip() if len(rangee) > colonne else ""
        if not identifiant:
            raise _refus(fichier, f"n’a pas d’identifiant à la ligne {numero}")
        if len(identifiant) > ID_MAX or montrable(identifiant) != identifiant:
            raise _refus(
                fichier, f"a un identifiant trop long ({ID_MAX} caractères au plus) ou illisible à la ligne {numero}"
            )
        if identifiant in vus:
            raise _refus(fichier, f"répète « {identifiant} » aux lignes {vus[identifiant]} et {numero}")
        vus[identifiant] = numero
    return tuple(vus)


def _refus(fichier: Path, raison: str) -> ErreurFacturier:
    return ErreurFacturier(f"La liste des apprenants {fichier} {raison}.", code="liste-illisible")
