"""Files given on a screen. Of an attachment, its name and its size: they are kept as answers are. Of a file that is
read (``Champ.contenu``), its content too, as long as the place lives."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from facturier.champs import Champ
from facturier.ecrans.blocs import Message
from facturier.portail.pieces_jointes import OCTETS_CHIFFRES_MAX

if TYPE_CHECKING:
    from facturier.ecrans.poste import Poste

FICHIERS_MAX = 20
POIDS_MAX = 32 * 1024 * 1024
"""Bytes of all the contents held in one place."""
TAILLE_MAX = 10**OCTETS_CHIFFRES_MAX - 1
_TAILLES = "tailles de "


def joindre(poste: Poste, nom_champ: str, nom: str, octets: bytes | int) -> None:
    """Take a file given in a field of genre « fichier »: its content, or its size alone."""
    champ = _champ(poste, nom_champ)
    if champ is None:
        return
    tailles = {n: t for n, t in jointes(poste, nom_champ) if n != nom} if champ.plusieurs else {}
    contenus = {n: o for n, o in contenu(poste, nom_champ) if n in tailles}
    if champ.contenu:
        if not isinstance(octets, bytes):
            return
        contenus[nom] = octets
    ailleurs = (o for ou, tous in poste.fichiers.items() if ou != (poste.cle, nom_champ) for _, o in tous)
    poids = sum(map(len, ailleurs)) + sum(map(len, contenus.values()))
    if len(tailles) >= FICHIERS_MAX or poids > POIDS_MAX:
        bornes = f"{FICHIERS_MAX} fichiers et {POIDS_MAX >> 20} Mo au plus"
        poste.statut = Message("erreur", f"Ce fichier est de trop ici ({bornes}) : retirez-en un.")
        return
    tailles[nom] = len(octets) if isinstance(octets, bytes) else octets
    _garder(poste, champ, tailles, contenus)


def retirer(poste: Poste, nom_champ: str, nom: str) -> None:
    """Take a file away again."""
    champ = _champ(poste, nom_champ)
    if champ is not None:
        tailles = {n: t for n, t in jointes(poste, nom_champ) if n != nom}
        _garder(poste, champ, tailles, {n: o for n, o in contenu(poste, nom_champ) if n != nom})


def contenu(poste: Poste, nom_champ: str) -> list[tuple[str, bytes]]:
    """The files of a field whose content is here: names and bytes."""
    return list(poste.fichiers.get((poste.cle, nom_champ), []))


def jointes(poste: Poste, nom_champ: str) -> list[tuple[str, int]]:
    """The files of a field: names and sizes, found again after a reload unless their content is what counts."""
    try:
        lu = json.loads(poste.saisies.get(poste.cle, {}).get(_TAILLES + nom_champ) or "{}")
    except (ValueError, RecursionError):
        lu = {}
    gardees = lu.items() if isinstance(lu, dict) else ()
    tailles = {nom: t for nom, t in gardees if type(t) is int and 0 <= t <= TAILLE_MAX}
    return list((tailles | {nom: len(o) for nom, o in contenu(poste, nom_champ)}).items())


def _champ(poste: Poste, nom_champ: str) -> Champ | None:
    definition = poste.formulaire()
    champs = definition.champs if definition is not None else ()
    return next((c for c in champs if c.id == nom_champ and c.genre == "fichier"), None)


def _garder(poste: Poste, champ: Champ, tailles: dict[str, int], contenus: dict[str, bytes]) -> None:
    poste.fichiers[(poste.cle, champ.id)] = list(contenus.items())
    valeurs = {**poste.valeurs, champ.id: " ; ".join(tailles)}
    if not champ.contenu:
        valeurs[_TAILLES + champ.id] = json.dumps(tailles, ensure_ascii=False)
    poste.saisies[poste.cle] = valeurs
    poste.conserver()
