"""The form of an event of the journal, checked before anything looks at its meaning."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, TypedDict, cast, get_args

from facturier.referentiel.lignes import Role

EVENEMENTS_MAX = 20_000
"""The one bound of a journal's length: a large class works for weeks within it, and its replay takes seconds."""
CHAMPS_MAX = 40
TEXTE_MAX = 2000
SYSTEME = "systeme"
ANIMATEUR = "animateur"
"""Role of the trainer, and their name in ``par``."""
SIMULE = "simule"
"""Name of a simulated partner in ``par``."""
ROLES: tuple[str, ...] = get_args(Role)

_ANNEES = range(2020, 2061)
"""Every company has had to use Chorus Pro since 2020: an earlier event, or one of the next generation, is a machine
whose clock is wrong or an invented journal. How long one journal may last is ``temps.DUREE_MAX``."""
_CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")
_OBJET = re.compile(r"(?:[PCTF][0-9]{4,5}|S[0-9]{14})?")
_PAR = re.compile(r"(?:C[0-9]{4,5}|[a-z][a-z0-9-]{1,39})?")
_EMPREINTE = re.compile(r"[0-9a-f]{64}")
_INTERDIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_SIRET = re.compile(r"[0-9]{14}")
_MOMENT = "« quand » doit être une date et une heure, AAAA-MM-JJTHH:MM:SS."
_ECRIRE = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
_QUAND = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}")


class Evenement(TypedDict):
    """One line of the journal, as JSON keeps it."""

    n: int
    quand: str
    role: str
    structure: str
    par: str
    action: str
    objet: str
    donnees: dict[str, str]
    empreinte: str


@dataclass(frozen=True)
class Acteur:
    """Who acts: a role, in the name of a structure (its SIRET; empty for the system).

    ``par`` is who really acts: "" (an exercise without accounts), an account (« C0001 »), a participant's pseudonym,
    « simule » or « animateur ».
    """

    role: str
    structure: str
    par: str = ""


class FormeRefusee(ValueError):
    """What an event has that no event may have; the message is a French clause."""


def moment(quand: datetime) -> str:
    """A date and time as the journal writes it: local, to the second."""
    return quand.isoformat(timespec="seconds")


def lire_moment(texte: object) -> datetime:
    """The date and time that the journal writes ``AAAA-MM-JJTHH:MM:SS``."""
    if not isinstance(texte, str):
        raise FormeRefusee(_MOMENT)
    return _moment(texte)


@lru_cache(maxsize=4096)
def _moment(texte: str) -> datetime:
    """The same few moments are read again all along an act."""
    if not _QUAND.fullmatch(texte):
        raise FormeRefusee(_MOMENT)
    try:
        lu = datetime.fromisoformat(texte)
    except ValueError:
        raise FormeRefusee(f"« {texte} » n’est pas une date et une heure possibles.") from None
    if lu.year not in _ANNEES:
        raise FormeRefusee(f"l’année {lu.year} n’est pas plausible.")
    return lu


def empreinte(precedente: str, evenement: Evenement) -> str:
    """The fingerprint of an event that follows one of fingerprint ``precedente``: no event can be changed or moved
    without changing all those after it."""
    contenu = {cle: valeur for cle, valeur in evenement.items() if cle != "empreinte"}
    return hashlib.sha256((precedente + _ECRIRE(contenu)).encode()).hexdigest()


def copie(evenement: Evenement) -> Evenement:
    """The same event, that can be changed without changing the journal."""
    autre = evenement.copy()
    autre["donnees"] = dict(evenement["donnees"])
    return autre


def sceller(genese: str, evenements: Iterable[Mapping[str, Any]]) -> list[Evenement]:
    """The same events, chained anew from ``genese``: whoever writes a journal by hand seals it so."""
    scelles: list[Evenement] = []
    for brut in evenements:
        copie = cast(Evenement, {**brut, "empreinte": ""})
        copie["empreinte"] = genese = empreinte(genese, copie)
        scelles.append(copie)
    return scelles


def lire_evenement(brut: object) -> Evenement:
    """The event itself, when its keys, types and sizes are those of an event; meaning is checked elsewhere.

    Raises:
        FormeRefusee: it is not; the message is a French clause for ``JournalRefuse``.
    """
    if not isinstance(brut, dict):
        raise FormeRefusee("un événement doit être un objet JSON.")
    attendues = Evenement.__annotations__
    if set(brut) != set(attendues):
        manquantes = ", ".join(sorted(set(attendues) - set(brut)))
        raise FormeRefusee(f"il manque « {manquantes} »." if manquantes else "une clé est inconnue.")
    n = brut["n"]
    if isinstance(n, bool) or not isinstance(n, int) or not 1 <= n <= EVENEMENTS_MAX:
        raise FormeRefusee(f"« n » doit être un nombre entier, de 1 à {EVENEMENTS_MAX}.")
    lire_moment(brut["quand"])
    role, structure, objet = brut["role"], brut["structure"], brut["objet"]
    if not isinstance(role, str) or role not in ROLES:
        raise FormeRefusee("le rôle est inconnu.")
    if not isinstance(objet, str) or not _OBJET.fullmatch(objet):
        raise FormeRefusee("« objet » doit être un numéro de pièce comme P0001, de compte, de structure, ou rien.")
    sans_structure = role in (SYSTEME, ANIMATEUR) or not objet.startswith("P")
    if not isinstance(structure, str) or not (_SIRET.fullmatch(structure) or (sans_structure and not structure)):
        raise FormeRefusee("« structure » doit être un SIRET de 14 chiffres (vide pour le système).")
    if not isinstance(brut["par"], str) or not _PAR.fullmatch(brut["par"]):
        raise FormeRefusee("« par » doit être un compte comme C0001, un pseudonyme, ou rien.")
    if not isinstance(brut["action"], str) or not _CODE.fullmatch(brut["action"]):
        raise FormeRefusee("l’action est inconnue.")
    if not isinstance(brut["empreinte"], str) or not _EMPREINTE.fullmatch(brut["empreinte"]):
        raise FormeRefusee("« empreinte » doit être faite de 64 chiffres hexadécimaux.")
    return Evenement(
        n=n,
        quand=brut["quand"],
        role=role,
        structure=structure,
        par=brut["par"],
        action=brut["action"],
        objet=objet,
        donnees=lire_donnees(brut["donnees"]),
        empreinte=brut["empreinte"],
    )


def lire_donnees(brut: object) -> dict[str, str]:
    """Field codes to texts, bounded in number and size; a copy, so that nobody changes the journal from outside.

    Raises:
        FormeRefusee: something else.
    """
    if not isinstance(brut, Mapping):
        raise FormeRefusee("« donnees » doit être un objet JSON.")
    if len(brut) > CHAMPS_MAX:
        raise FormeRefusee(f"« donnees » a plus de {CHAMPS_MAX} champs.")
    textes = list(brut.values())
    if (
        all(map(_est_code, brut))
        and set(map(type, textes)) <= {str}
        and max(map(len, textes), default=0) <= TEXTE_MAX
        and not _INTERDIT.search("".join(textes))
    ):
        return dict(brut)
    return {_cle(cle): _texte(cle, valeur) for cle, valeur in brut.items()}  # says what is wrong


@lru_cache(maxsize=1024)
def _est_code(cle: object) -> bool:
    """The same few names of fields are read again all along an act."""
    return isinstance(cle, str) and _CODE.fullmatch(cle) is not None


def _cle(cle: Any) -> str:
    if not isinstance(cle, str) or not _est_code(cle):
        raise FormeRefusee("un nom de champ est inconnu.")
    return cle


def _texte(cle: str, valeur: Any) -> str:
    if not isinstance(valeur, str):
        raise FormeRefusee(f"le champ « {cle} » doit être un texte.")
    if len(valeur) > TEXTE_MAX:
        raise FormeRefusee(f"le champ « {cle} » dépasse {TEXTE_MAX} caractères.")
    if _INTERDIT.search(valeur):
        raise FormeRefusee(f"le champ « {cle} » contient un caractère interdit.")
    return valeur
