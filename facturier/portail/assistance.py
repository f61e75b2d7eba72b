"""The decision tree of the support, in the manner of ClaudIA: questions, choices, and leaves that answer or point to
who can. It is data (``data/assistance.toml``); this module reads it and refuses a tree that is not one."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, get_args

from facturier import contenu, referentiel
from facturier.erreurs import ErreurFacturier
from facturier.referentiel.socle import Fiabilite

T = TypeVar("T")
_PLACE = re.compile(r"\{(limite:)?([a-z0-9_-]+)\}")
_SEMAINE = range(5)
"""Monday to Friday."""


@dataclass(frozen=True)
class Choix:
    """One answer that can be given to a question, and where it leads."""

    libelle: str
    vers: str


@dataclass(frozen=True)
class Question:
    """An inner node of the tree."""

    id: str
    texte: str
    choix: tuple[Choix, ...]


@dataclass(frozen=True)
class Feuille:
    """An end of the tree: what is answered, who answers further, with its source.

    ``reponse``: what a simulated addressee writes in the ticket, "" when no ticket is the way.
    """

    id: str
    texte: str
    destination: str
    source: str
    fiabilite: Fiabilite
    reponse: str = ""


@dataclass(frozen=True)
class Destinataire:
    """Who a question goes to. ``ticket``: a request can be addressed to them. ``oriente``: what is answered to who
    asked somebody else."""

    code: str
    libelle: str
    ticket: bool
    oriente: str
    source: str
    fiabilite: Fiabilite


@dataclass(frozen=True)
class Attente:
    """How long a simulated answer takes: hours at least and at most, then the next opening of the office."""

    heures: Mapping[str, tuple[int, int]]
    ouvre: time
    ferme: time
    source: str
    fiabilite: Fiabilite

    def echeance(self, depuis: datetime, de: str, tirage: int) -> datetime:
        """When ``de`` answers what was asked at ``depuis``; ``tirage`` is any whole number, drawn by the seed."""
        bas, haut = self.heures[de]
        quand = depuis + timedelta(minutes=60 * bas + tirage % (60 * (haut - bas) + 1))
        if quand.time() > self.ferme:
            quand = datetime.combine(quand.date() + timedelta(days=1), self.ouvre)
        elif quand.time() < self.ouvre:
            quand = datetime.combine(quand.date(), self.ouvre)
        while quand.weekday() not in _SEMAINE:
            quand = datetime.combine(quand.date() + timedelta(days=1), self.ouvre)
        return quand


@dataclass(frozen=True)
class Arbre:
    """The whole tree; :meth:`controler` says what would make it something else."""

    racine: str
    questions: Mapping[str, Question]
    feuilles: Mapping[str, Feuille]
    destinataires: Mapping[str, Destinataire]
    attente: Attente = field(repr=False)

    def noeud(self, identifiant: str) -> Question | Feuille:
        """The question or leaf of that name.

        Raises:
            ErreurFacturier: nothing of that name.
        """
        trouve = self.questions.get(identifiant) or self.feuilles.get(identifiant)
        if trouve is None:
            raise ErreurFacturier(
                f"L’assistance n’a pas de question « {identifiant[:40]} » : repartez du début.",
                code="question-inconnue",
            )
        return trouve

    def controler(self) -> tuple[str, ...]:
        """What is wrong: a loop, a node out of reach or reached twice, a dead end, an unknown addressee."""
        fautes: list[str] = []
        vus: list[str] = []
        a_voir = [self.racine]
        while a_voir:
            identifiant = a_voir.pop()
            if identifiant in vus:
                fautes.append(f"« {identifiant} » est atteint deux fois, ou boucle")
                continue
            vus.append(identifiant)
            question = self.questions.get(identifiant)
            if question is not None:
                a_voir += [choix.vers for choix in question.choix]
            elif identifiant not in self.feuilles:
                fautes.append(f"« {identifiant} » n’existe pas")
        fautes += [f"« {n} » n’est jamais atteint" for n in {**self.questions, **self.feuilles} if n not in vus]
        fautes += [f"« {q.id} » n’offre pas de choix" for q in self.questions.values() if len(q.choix) < 2]
        for feuille in self.feuilles.values():
            destinataire = self.destinataires.get(feuille.destination)
            if destinataire is None:
                fautes.append(f"« {feuille.id} » va à « {feuille.destination} », inconnu")
            elif destinataire.ticket != bool(feuille.reponse):
                fautes.append(f"« {feuille.id} » a une réponse simulée si et seulement si un ticket s’y adresse")
        return tuple(fautes)


@cache
def arbre(chemin: Path | None = None) -> Arbre:
    """The tree of ``data/assistance.toml`` (or another file of the same form).

    Raises:
        ErreurFacturier: unreadable file, unknown key, or a tree that is not one.
    """
    fichier = chemin if chemin is not None else contenu.racine() / "data" / "assistance.toml"
    try:
        lu = tomllib.loads(fichier.read_text(encoding="utf-8"))
        trouve = Arbre(
            racine=str(lu["racine"]),
            questions=_index([_question(brut) for brut in lu["question"]], "id"),
            feuilles=_index([_lire(Feuille, brut) for brut in lu["feuille"]], "id"),
            destinataires=_index([_lire(Destinataire, brut) for brut in lu["destinataire"]], "code"),
            attente=_attente(lu["attente"]),
        )
        fautes = trouve.controler()
    except (OSError, ValueError, TypeError, KeyError) as cause:
        raise _illisible(fichier, str(cause)) from cause
    if fautes:
        raise _illisible(fichier, " ; ".join(fautes))
    return trouve


def _illisible(fichier: Path, cause: str) -> ErreurFacturier:
    return ErreurFacturier(
        f"L’arbre d’assistance {fichier} n’est pas lisible ({cause}) : corrigez ce fichier TOML.",
        code="assistance-illisible",
    )


def _question(brut: dict[str, Any]) -> Question:
    return _lire(Question, {**brut, "choix": tuple(_lire(Choix, choix) for choix in brut["choix"])})


def _attente(brut: dict[str, Any]) -> Attente:
    reste = dict(brut)
    communs = {"source": reste.pop("source"), "fiabilite": _fiabilite(reste.pop("fiabilite"))}
    ouvre, ferme = time.fromisoformat(reste.pop("ouvre")), time.fromisoformat(reste.pop("ferme"))
    heures = {de: (int(bas), int(haut)) for de, (bas, haut) in reste.items()}
    if ouvre >= ferme or any(not 0 <= bas <= haut for bas, haut in heures.values()):
        raise ValueError("des heures vont à l’envers")
    return Attente(heures, ouvre, ferme, **communs)


def _lire(genre: type[T], brut: Mapping[str, Any]) -> T:
    if inconnues := set(brut) - {champ.name for champ in fields(genre)}:  # type: ignore[arg-type]
        raise ValueError(f"clé « {min(inconnues)} » inconnue")
    if "fiabilite" in brut:
        _fiabilite(brut["fiabilite"])
    if "source" in brut and not str(brut["source"]).strip():
        raise ValueError("une source est vide")
    return genre(**{cle: _faits(valeur) if isinstance(valeur, str) else valeur for cle, valeur in brut.items()})


def _fiabilite(valeur: Any) -> Any:
    if valeur not in get_args(Fiabilite):
        raise ValueError(f"fiabilité « {valeur} » inconnue")
    return valeur


def _faits(texte: str) -> str:
    """The text with the durations and limits of the tables in place of their codes."""

    def fait(trouve: re.Match[str]) -> str:
        if trouve[1]:
            limite = referentiel.limite(trouve[2])
            return f"{limite.valeur}\u00a0{limite.unite}"
        delai = referentiel.delai(trouve[2])
        if delai.duree is None:
            raise ValueError(f"« {trouve[2]} » n’a pas de durée")
        return f"{delai.duree}\u00a0{delai.unite}"

    return _PLACE.sub(fait, texte)


def _index(elements: list[T], cle: str) -> Mapping[str, T]:
    index = {str(getattr(element, cle)): element for element in elements}
    if len(index) != len(elements):
        raise ValueError(f"un « {cle} » figure deux fois")
    return index
