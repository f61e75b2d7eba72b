"""One opinion: what was answered, and nothing that says by whom, where or when."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from facturier.champs import SATISFACTION
from facturier.champs.def_satisfaction import ACCORD, SANS_AVIS, TEXTE_MAX
from facturier.ecriture import json_bytes
from facturier.erreurs import montrable
from facturier.evaluation.reponses import ReponseIllisible, charger_json

SCHEMA = 1
FICHIER_MAX = 64 * 1024
AFFIRMATIONS = tuple(champ for champ in SATISFACTION.champs if champ.genre == "choix")
LIBRES = tuple(champ for champ in SATISFACTION.champs if champ.genre != "choix")
DEGRES = tuple(code for code, _ in (*ACCORD, SANS_AVIS))
_JETON = re.compile(r"[0-9a-f]{12}")
_CLES = {"schema", "enquete", "avis", "revision", "valeurs"}
_REVISION_MAX = 10_000_000


@dataclass(frozen=True)
class Avis:
    """``notes``: the code of a degree by statement; ``textes``: what was written. What is empty is absent.

    ``jeton`` is drawn at random: it tells two files of one opinion from two opinions, and leads to nobody. The highest
    ``revision`` is the last one.
    """

    jeton: str
    revision: int
    notes: Mapping[str, str]
    textes: Mapping[str, str]

    @property
    def vide(self) -> bool:
        """Nothing was answered."""
        return not self.notes and not self.textes

    @property
    def nom_fichier(self) -> str:
        """Under which it is handed in."""
        return f"avis-{self.jeton}.json"

    def fichier(self) -> bytes:
        """The file handed in."""
        valeurs = {**self.notes, **self.textes}
        corps = {"schema": SCHEMA, "enquete": SATISFACTION.id, "avis": self.jeton, "revision": self.revision}
        return json_bytes({**corps, "valeurs": valeurs})


def jeton_de(graine: str) -> str:
    """The mark of the opinion whose random seed is that one: the seed cannot be found again from it."""
    return hashlib.sha256(f"avis|{graine}".encode()).hexdigest()[:12]


def avis_de(jeton: str, revision: int, valeurs: Mapping[str, Any]) -> Avis:
    """The opinion held by those values of the form; long texts are cut, invisible characters replaced.

    Raises:
        ReponseIllisible: a statement that the survey does not have, or a degree that it does not offer.
    """
    connus = {champ.id for champ in SATISFACTION.champs}
    if not isinstance(jeton, str) or not _JETON.fullmatch(jeton):
        raise _illisible("sa marque n’est pas celle d’un avis")
    if type(revision) is not int or not 0 <= revision <= _REVISION_MAX:
        raise _illisible("son numéro de révision n’est pas un entier positif")
    if inconnus := sorted(set(valeurs) - connus):
        raise _illisible(f"l’enquête n’a pas de question « {inconnus[0][:40]} »")
    if not all(isinstance(valeur, str) for valeur in valeurs.values()):
        raise _illisible("une réponse n’est pas un texte")
    notes = {champ.id: valeurs[champ.id] for champ in AFFIRMATIONS if valeurs.get(champ.id)}
    for nom, degre in notes.items():
        if degre not in DEGRES:
            raise _illisible(f"« {degre[:20]} » n’est pas un degré de l’échelle, question « {nom} »")
    textes = {champ.id: propre(valeurs.get(champ.id, "")) for champ in LIBRES}
    return Avis(jeton, revision, notes, {nom: texte for nom, texte in textes.items() if texte})


def lire_avis(fichier: Path) -> Avis:
    """The opinion of a file made by a notebook or by a page of the key.

    Raises:
        ReponseIllisible: it is not one; the sentence says why.
    """
    lu = charger_json(fichier, FICHIER_MAX)
    if not isinstance(lu, dict) or set(lu) != _CLES or lu["schema"] != SCHEMA or lu["enquete"] != SATISFACTION.id:
        raise _illisible("ce fichier n’est pas un avis du kit")
    if not isinstance(lu["valeurs"], dict):
        raise _illisible("ses réponses ne sont pas une liste de questions")
    return avis_de(lu["avis"], lu["revision"], lu["valeurs"])


def propre(texte: str) -> str:
    """A text as it may be shown anywhere: bounded, nothing invisible, its blank space evened."""
    return " ".join(montrable(texte[: 2 * TEXTE_MAX]).split())[:TEXTE_MAX].strip()


def _illisible(raison: str) -> ReponseIllisible:
    return ReponseIllisible(f"Avis illisible : {raison}. Il est laissé de côté.", code="avis-illisible")
