"""Answers are data: what a learner typed or chose, kept beside the notebook and mirrored inside it.

Everything read here was in a learner's hands: types, sizes and depth are checked before anything is believed.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from facturier.ecriture import write_json
from facturier.erreurs import ErreurFacturier

MIME = "application/vnd.facturier.reponses+json"
SCHEMA = 1
TAILLE_MAX = 256 * 1024
TAILLE_ANNEXE_MAX = 8 * 1024 * 1024
TAILLE_CARNET_MAX = 64 * 1024 * 1024

_CLES = {"schema", "carnet", "formulaire", "valeurs", "journal", "lignee", "revision", "horodatage", "empreinte"}
_IDENTIFIANT_MAX = 200
_TEXTE_MAX = 20_000
_LIGNEE_MAX = 2_000
_VALEURS_MAX = 400
_CHOIX_MAX = 100
_EVENEMENTS_MAX = 1_000
_PROFONDEUR_MAX = 6
_CELLULES_MAX = 5_000
_SORTIES_MAX = 500

Valeur = str | list[str]


class ReponseIllisible(ErreurFacturier):
    """An answer that cannot be believed: wrong shape, too big, damaged. Never to be read as a wrong answer."""

    code = "reponse-illisible"


class ReponseAlteree(ReponseIllisible):
    """An answer whose content no longer matches its own fingerprint."""

    code = "reponse-alteree"


@dataclass(frozen=True)
class Reponse:
    """The state of one form: its values as typed, and the journal of what was done on the portal with it.

    ``lignee`` and ``revision`` tell a plain ancestor from a rival: see :func:`descend_de`.
    """

    carnet: str
    formulaire: str
    valeurs: dict[str, Valeur]
    journal: tuple[dict[str, Any], ...]
    lignee: str
    revision: int
    horodatage: str

    def empreinte(self) -> str:
        """First 16 hexadecimal digits of the SHA-256 of the canonical JSON (without the fingerprint itself)."""
        return hashlib.sha256(canonique(self._corps())).hexdigest()[:16]

    def en_json(self) -> dict[str, Any]:
        """The JSON that the sidecar and the mirror both hold.

        Raises:
            ReponseIllisible: it would be too big to be read back.
        """
        corps = self._corps()
        octets = canonique(corps)
        if len(octets) > TAILLE_MAX:
            raise ReponseIllisible(
                f"La réponse « {self.formulaire} » dépasse {TAILLE_MAX // 1024} Kio : raccourcissez les textes saisis.",
                code="reponse-trop-grosse",
            )
        return {**corps, "empreinte": hashlib.sha256(octets).hexdigest()[:16]}

    @classmethod
    def depuis_json(cls, obj: object) -> Reponse:
        """The answer held by that JSON, checked key by key.

        Raises:
            ReponseIllisible: anything unexpected; the sentence says what.
        """
        if not isinstance(obj, dict):
            raise _illisible("ce n’est pas un objet JSON")
        if set(obj) != _CLES:
            raise _illisible("ses clés ne sont pas celles d’une réponse")
        if type(obj["schema"]) is not int or obj["schema"] != SCHEMA:
            raise _illisible("son numéro de schéma est inconnu")
        revision = obj["revision"]
        if type(revision) is not int or not 0 <= revision <= 10_000_000:
            raise _illisible("son numéro de révision n’est pas un entier positif")
        horodatage = _texte(obj["horodatage"], "horodatage", 40)
        _instant(horodatage)
        reponse = cls(
            carnet=_texte(obj["carnet"], "carnet", _IDENTIFIANT_MAX),
            formulaire=_texte(obj["formulaire"], "formulaire", _IDENTIFIANT_MAX),
            valeurs=_valeurs(obj["valeurs"]),
            journal=_journal(obj["journal"]),
            lignee=_texte(obj["lignee"], "lignee", _LIGNEE_MAX),
            revision=revision,
            horodatage=horodatage,
        )
        octets = canonique(reponse._corps())
        if len(octets) > TAILLE_MAX:
            raise _illisible(f"elle dépasse {TAILLE_MAX // 1024} Kio")
        if obj["empreinte"] != hashlib.sha256(octets).hexdigest()[:16]:
            raise ReponseAlteree(
                f"La réponse « {reponse.formulaire} » a été modifiée hors du kit (son empreinte ne correspond plus) : "
                "à vérifier avec l’apprenant."
            )
        return reponse

    def _corps(self) -> dict[str, Any]:
        return {
            "schema": SCHEMA,
            "carnet": self.carnet,
            "formulaire": self.formulaire,
            "valeurs": self.valeurs,
            "journal": list(self.journal),
            "lignee": self.lignee,
            "revision": self.revision,
            "horodatage": self.horodatage,
        }


def canonique(obj: Any) -> bytes:
    """The one byte form of a JSON value that fingerprints are made of.

    Raises:
        ReponseIllisible: not JSON (a number that is not one, a lone surrogate, a cycle).
    """
    try:
        return json.dumps(obj, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode(
            "utf-8"
        )
    except (ValueError, TypeError, RecursionError) as cause:
        raise _illisible("elle contient une valeur qui ne s’écrit pas en JSON") from cause


def charger_json(path: Path, limite: int) -> Any:
    """Parse a JSON file that may be hostile: a plain file (no link followed), bounded, no duplicate key, no NaN.

    Raises:
        ReponseIllisible: the sentence names the file.
    """
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            raise _illisible("ce n’est pas un fichier ordinaire", path)
        with path.open("rb") as flux:
            octets = flux.read(limite + 1)
    except OSError as cause:
        raise _illisible(f"lecture impossible ({cause.strerror})", path) from cause
    if len(octets) > limite:
        raise _illisible(f"il dépasse {limite // 1024} Kio", path)
    try:
        return json.loads(octets.decode("utf-8"), object_pairs_hook=_sans_doublon, parse_constant=_refuser_constante)
    except (ValueError, RecursionError) as cause:
        raise _illisible("ce n’est pas du JSON correct", path) from cause


def chemin_annexe(carnet: Path) -> Path:
    """Where the answers of that notebook file are kept: ``reponses/<stem>.json`` beside it."""
    return carnet.parent / "reponses" / f"{carnet.stem}.json"


def lire_annexe(path: Path) -> tuple[dict[str, Reponse], list[str]]:
    """The answers of a sidecar and, in sentences, what could not be read. An absent file holds no answer, no problem."""
    if not os.path.lexists(path):
        return {}, []
    try:
        obj = charger_json(path, TAILLE_ANNEXE_MAX)
    except ReponseIllisible as erreur:
        return {}, [erreur.phrase]
    formulaires = obj.get("formulaires") if isinstance(obj, dict) and obj.get("schema") == SCHEMA else None
    if not isinstance(formulaires, dict) or len(formulaires) > _VALEURS_MAX:
        return {}, [_illisible("ce n’est pas un fichier de réponses", path).phrase]
    reponses: dict[str, Reponse] = {}
    problemes: list[str] = []
    for cle, contenu in formulaires.items():
        try:
            reponse = Reponse.depuis_json(contenu)
            if reponse.formulaire != cle:
                raise _illisible(f"la réponse rangée sous « {cle[:60]} » porte un autre nom", path)
            reponses[cle] = reponse
        except ReponseIllisible as erreur:
            problemes.append(erreur.phrase)
    return reponses, problemes


def ecrire_annexe(path: Path, carnet: str, reponses: dict[str, Reponse]) -> None:
    """Replace the sidecar atomically by these answers."""
    contenu = {cle: reponse.en_json() for cle, reponse in sorted(reponses.items())}
    write_json(path, {"schema": SCHEMA, "carnet": carnet, "formulaires": contenu})


def lire_miroirs(carnet_json: object) -> tuple[dict[str, Reponse], list[str]]:
    """The answers mirrored in a notebook's outputs (plain parsed JSON) and, in sentences, what could not be read.

    A form mirrored twice (a duplicated cell) gives its most recent answer; real rivals are told.
    """
    reponses: dict[str, Reponse] = {}
    problemes: list[str] = []
    for contenu in _sorties(carnet_json):
        try:
            lue = Reponse.depuis_json(contenu)
        except ReponseIllisible as erreur:
            problemes.append(erreur.phrase)
            continue
        retenue, ecartee = reunir(reponses.get(lue.formulaire, lue), lue)
        reponses[lue.formulaire] = retenue
        if ecartee is not None:
            problemes.append(
                f"Le carnet contient deux réponses différentes pour « {lue.formulaire} » : "
                f"la plus récente ({retenue.horodatage}) est retenue."
            )
    return reponses, problemes


def reunir(a: Reponse, b: Reponse) -> tuple[Reponse, Reponse | None]:
    """The answer to keep and, when two rivals differ, the one set aside.

    A descendant replaces its ancestor without a word, whatever the clocks say; between rivals the most recent wins.
    """
    if a == b or descend_de(a, b):
        return a, None
    if descend_de(b, a):
        return b, None
    recente, ancienne = (a, b) if _rang(a) >= _rang(b) else (b, a)
    return recente, (None if _meme_contenu(a, b) else ancienne)


def descend_de(b: Reponse, a: Reponse) -> bool:
    """True when ``b`` was made by continuing ``a``.

    A session that resumes revision *n* of line *L* writes on line ``L.n-xxxx``: two copies of the same notebook that
    were both continued are rivals, not ancestor and descendant.
    """
    if b.lignee == a.lignee:
        return b.revision > a.revision
    if not b.lignee.startswith(f"{a.lignee}."):
        return False
    reprise = b.lignee[len(a.lignee) + 1 :].split(".", 1)[0].split("-", 1)[0]
    return reprise.isascii() and reprise.isdigit() and len(reprise) < 10 and a.revision <= int(reprise)


def _rang(reponse: Reponse) -> tuple[datetime, int, str]:
    return _instant(reponse.horodatage), reponse.revision, reponse.empreinte()


def _meme_contenu(a: Reponse, b: Reponse) -> bool:
    return (a.valeurs, a.journal) == (b.valeurs, b.journal)


def _instant(horodatage: str) -> datetime:
    try:
        instant = datetime.fromisoformat(horodatage)
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except (ValueError, OverflowError) as cause:
        raise _illisible("son horodatage n’est pas une date ISO") from cause


def _illisible(raison: str, path: Path | None = None) -> ReponseIllisible:
    if path is None:
        return ReponseIllisible(f"Réponse illisible : {raison}. Elle est laissée de côté.")
    return ReponseIllisible(f"Fichier de réponses illisible, {path.name} : {raison}. Il est laissé de côté.")


def _sans_doublon(paires: list[tuple[str, Any]]) -> dict[str, Any]:
    obj = dict(paires)
    if len(obj) != len(paires):
        raise ValueError("duplicate key")
    return obj


def _refuser_constante(nom: str) -> Any:
    raise ValueError(nom)


def _texte(obj: object, nom: str, limite: int) -> str:
    if not isinstance(obj, str) or len(obj) > limite:
        raise _illisible(f"« {nom} » n’est pas un texte de {limite} caractères au plus")
    return obj


def _valeurs(obj: object) -> dict[str, Valeur]:
    if not isinstance(obj, dict) or len(obj) > _VALEURS_MAX:
        raise _illisible("ses valeurs ne sont pas une liste de champs")
    valeurs: dict[str, Valeur] = {}
    for cle, valeur in obj.items():
        nom = _texte(cle, "nom de champ", _IDENTIFIANT_MAX)
        if isinstance(valeur, list):
            if len(valeur) > _CHOIX_MAX:
                raise _illisible(f"« {nom[:60]} » a trop de choix")
            valeurs[nom] = [_texte(choix, nom[:60], _IDENTIFIANT_MAX) for choix in valeur]
        else:
            valeurs[nom] = _texte(valeur, nom[:60], _TEXTE_MAX)
    return valeurs


def _journal(obj: object) -> tuple[dict[str, Any], ...]:
    if not isinstance(obj, list) or len(obj) > _EVENEMENTS_MAX:
        raise _illisible("son journal n’est pas une liste d’événements")
    for evenement in obj:
        if not isinstance(evenement, dict):
            raise _illisible("son journal contient autre chose que des événements")
        _borner(evenement, _PROFONDEUR_MAX)
    return tuple(obj)


def _borner(obj: object, reste: int) -> None:
    if reste == 0:
        raise _illisible("son journal est trop profond")
    if isinstance(obj, dict):
        for cle, valeur in obj.items():
            _texte(cle, "clé de journal", _IDENTIFIANT_MAX)
            _borner(valeur, reste - 1)
    elif isinstance(obj, list):
        for valeur in obj:
            _borner(valeur, reste - 1)
    elif isinstance(obj, str):
        _texte(obj, "texte de journal", _TEXTE_MAX)
    elif obj is not None and not isinstance(obj, (bool, int, float)):
        raise _illisible("son journal contient une valeur inattendue")


def _sorties(carnet_json: object) -> list[object]:
    """Every mirror payload of a parsed notebook, in reading order; anything misshapen is passed over."""
    cellules = carnet_json.get("cells") if isinstance(carnet_json, dict) else None
    trouvees: list[object] = []
    for cellule in cellules[:_CELLULES_MAX] if isinstance(cellules, list) else ():
        sorties = cellule.get("outputs") if isinstance(cellule, dict) else None
        for sortie in sorties[:_SORTIES_MAX] if isinstance(sorties, list) else ():
            donnees = sortie.get("data") if isinstance(sortie, dict) else None
            if isinstance(donnees, dict) and MIME in donnees:
                trouvees.append(donnees[MIME])
    return trouvees
