"""Answers are data: what a learner typed or chose, kept beside the notebook and mirrored inside it.

Everything read here was in a learner's hands: types, sizes and depth are checked before anything is believed.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from facturier.ecriture import write_json
from facturier.evaluation import lecture
from facturier.evaluation.lecture import ReponseAlteree, ReponseIllisible, Valeur, canonique, charger_json, illisible

__all__ = [
    "CHAMP_VALEUR",
    "MIME",
    "TAILLE_CARNET_MAX",
    "Reponse",
    "ReponseAlteree",
    "ReponseIllisible",
    "Valeur",
    "canonique",
    "charger_json",
    "chemin_annexe",
    "descend_de",
    "ecrire_annexe",
    "lire_annexe",
    "lire_miroirs",
    "reunir",
]

MIME = "application/vnd.facturier.reponses+json"
CHAMP_VALEUR = "valeur"
"""Field under which ``lecon.rendre`` keeps the value handed in."""
SCHEMA = 1
TAILLE_MAX = 256 * 1024
TAILLE_ANNEXE_MAX = 8 * 1024 * 1024
TAILLE_CARNET_MAX = 64 * 1024 * 1024

_CLES = {"schema", "carnet", "formulaire", "valeurs", "journal", "lignee", "revision", "horodatage", "empreinte"}
_GRAINE_MAX = 64
_LIGNEE_MAX = 2_000
_CELLULES_MAX = 5_000
_SORTIES_MAX = 500


@dataclass(frozen=True)
class Reponse:
    """The state of one form: its values as typed, and the journal of what was done on the portal with it.

    ``graine`` draws the situation of an exercise, or names the session whose quiz was answered, "" for the others.
    ``lignee`` and ``revision`` tell a plain ancestor from a rival: see :func:`descend_de`.
    """

    carnet: str
    formulaire: str
    valeurs: dict[str, Valeur]
    journal: tuple[dict[str, Any], ...]
    lignee: str
    revision: int
    horodatage: str
    graine: str = ""

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
                f"La réponse « {self.formulaire} » dépasse {TAILLE_MAX // 1024} Kio : raccourcissez les textes saisis.",
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
            raise illisible("ce n’est pas un objet JSON")
        if set(obj) not in (_CLES, _CLES | {"graine"}):
            raise illisible("elle n’a pas la forme d’une réponse du kit")
        if type(obj["schema"]) is not int or obj["schema"] != SCHEMA:
            raise illisible("son numéro de schéma est inconnu")
        revision = obj["revision"]
        if type(revision) is not int or not 0 <= revision <= 10_000_000:
            raise illisible("son numéro de révision n’est pas un entier positif")
        horodatage = lecture.texte(obj["horodatage"], "horodatage", 40)
        _instant(horodatage)
        reponse = cls(
            carnet=lecture.texte(obj["carnet"], "carnet", lecture.IDENTIFIANT_MAX),
            formulaire=lecture.texte(obj["formulaire"], "formulaire", lecture.IDENTIFIANT_MAX),
            valeurs=lecture.valeurs(obj["valeurs"]),
            journal=lecture.journal(obj["journal"]),
            lignee=lecture.texte(obj["lignee"], "lignee", _LIGNEE_MAX),
            revision=revision,
            horodatage=horodatage,
            graine=lecture.texte(obj.get("graine", ""), "graine", _GRAINE_MAX),
        )
        octets = canonique(reponse._corps())
        if len(octets) > TAILLE_MAX:
            raise illisible(f"elle dépasse {TAILLE_MAX // 1024} Kio")
        if obj["empreinte"] != hashlib.sha256(octets).hexdigest()[:16]:
            raise ReponseAlteree(
                f"La réponse « {reponse.formulaire} » a été modifiée hors du kit (son empreinte ne correspond plus) : "
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
            **({"graine": self.graine} if self.graine else {}),
        }


def chemin_annexe(carnet: Path, apprenant: str = "") -> Path:
    """Where the answers of that notebook file are kept: ``reponses/<stem>.json`` beside it; in a folder of their own
    those of ``apprenant``, when several people share the notebook."""
    return carnet.parent / "reponses" / apprenant / f"{carnet.stem}.json"


def lire_annexe(path: Path) -> tuple[dict[str, Reponse], list[str]]:
    """The answers of a sidecar and, in sentences, what could not be read; an absent file holds none, without a word."""
    if not os.path.lexists(path):
        return {}, []
    try:
        obj = charger_json(path, TAILLE_ANNEXE_MAX)
    except ReponseIllisible as erreur:
        return {}, [erreur.phrase]
    formulaires = obj.get("formulaires") if isinstance(obj, dict) and obj.get("schema") == SCHEMA else None
    if not isinstance(formulaires, dict) or len(formulaires) > lecture.CLES_MAX:
        return {}, [illisible("ce n’est pas un fichier de réponses", path).phrase]
    reponses: dict[str, Reponse] = {}
    problemes: list[str] = []
    for cle, contenu in formulaires.items():
        try:
            reponse = Reponse.depuis_json(contenu)
            if reponse.formulaire != cle:
                raise illisible(f"la réponse rangée sous « {cle[:60]} » porte un autre nom", path)
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
                f"Le carnet contient deux réponses différentes pour « {lue.formulaire} » : "
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
    return (a.valeurs, a.journal, a.graine) == (b.valeurs, b.journal, b.graine)


def _instant(horodatage: str) -> datetime:
    try:
        instant = datetime.fromisoformat(horodatage)
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except (ValueError, OverflowError) as cause:
        raise illisible("son horodatage n’est pas une date ISO") from cause


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
