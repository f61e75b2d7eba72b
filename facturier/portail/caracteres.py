"""The settings of simulated partners, read from ``data/partenaires.toml``: characters, ordinary path, anomalies."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, TypeVar

from facturier import contenu
from facturier.erreurs import ErreurFacturier

MONTANTS = "montants"
"""The control that is no refusal: amounts are corrected in the next piece."""

POUR_CENT = 100
MILLE = 1000
JOURS_MAX = 250

T = TypeVar("T")


@dataclass(frozen=True)
class Geste:
    """The ordinary path: what that role does of a piece in that status, in order of preference; () for any cadre."""

    role: str
    statut: str
    actions: tuple[str, ...]
    cadres: tuple[str, ...] = ()


@dataclass(frozen=True)
class Anomalie:
    """What an attentive partner notices (predicate of ``anomalies`` by this code) and what it then does."""

    code: str
    libelle: str
    roles: tuple[str, ...]
    actions: tuple[str, ...]
    motif: str
    commentaire: str


@dataclass(frozen=True)
class Incident:
    """What a partner asks for though nothing is wrong."""

    role: str
    action: str
    motif: str
    commentaire: str


@dataclass(frozen=True)
class Profil:
    """A character. ``jours``: working days before it answers; ``silence``, ``incidents``, ``corrections``: shares in
    per cent; ``abattement``: what it takes off a project's amount, per thousand."""

    code: str
    libelle: str
    presentation: str
    jours: tuple[int, int]
    silence: int
    incidents: int
    corrections: int
    abattement: tuple[int, int]
    controles: tuple[str, ...]
    incident: tuple[Incident, ...] = ()


@dataclass(frozen=True)
class Initiative:
    """What a simulated company deposits of itself, month after month, then at the end. ``part``: of its share of the
    market, in per cent; ``montant_ht``: euros, when the card gives no amount; ``attente``: days that the mandataire
    leaves to its cotraitants; ``iban``: where it is paid."""

    mensuelles: int
    part: tuple[int, int]
    montant_ht: tuple[int, int]
    attente: int
    iban: str


@dataclass(frozen=True)
class Reglages:
    """Everything the file says."""

    profils: Mapping[str, Profil]
    gestes: tuple[Geste, ...]
    anomalies: tuple[Anomalie, ...]
    initiative: Initiative

    def actions(self, role: str, statut: str, cadre: str) -> tuple[str, ...]:
        """What that role ordinarily does there, the rows of the cadre first."""
        lignes = self._par_poste.get((role, statut), ())
        return tuple(action for g in lignes if not g.cadres or cadre in g.cadres for action in g.actions)

    @cached_property
    def _par_poste(self) -> Mapping[tuple[str, str], Sequence[Geste]]:
        lignes: dict[tuple[str, str], list[Geste]] = {}
        for geste in sorted(self.gestes, key=lambda g: not g.cadres):
            lignes.setdefault((geste.role, geste.statut), []).append(geste)
        return lignes


@lru_cache(maxsize=1)
def reglages() -> Reglages:
    """The settings of the kit."""
    return lire(contenu.racine() / "data" / "partenaires.toml")


def lire(chemin: Path) -> Reglages:
    """The settings of a file.

    Raises:
        ErreurFacturier: unreadable file, unknown key, share or range that makes no sense; the sentence names it.
    """
    try:
        lu = tomllib.loads(chemin.read_text(encoding="utf-8"))
        anomalies = tuple(_ligne(Anomalie, brut) for brut in lu.get("anomalie", ()))
        profils = [
            _ligne(Profil, {**brut, "incident": [_ligne(Incident, i) for i in brut.get("incident", ())]})
            for brut in lu["caractere"]
        ]
        connues = {a.code for a in anomalies} | {MONTANTS}
        for profil in profils:
            _controler(profil, connues)
        gestes = tuple(_ligne(Geste, brut) for brut in lu["geste"])
        initiative = _ligne(Initiative, lu["initiative"])
        _controler_initiative(initiative)
    except (OSError, ValueError, TypeError, KeyError) as cause:
        raise ErreurFacturier(
            f"Les partenaires simulés ({chemin}) ne sont pas lisibles ({cause}) : corrigez ce fichier TOML.",
            code="partenaires-illisibles",
        ) from cause
    return Reglages({p.code: p for p in profils}, gestes, anomalies, initiative)


def _ligne(genre: type[T], brut: Mapping[str, Any]) -> T:
    attendus = {c.name: c for c in fields(genre)}  # type: ignore[arg-type]
    manquants = {nom for nom, c in attendus.items() if c.default is MISSING} - set(brut)
    inconnus = set(brut) - set(attendus)
    if manquants or inconnus:
        raise ValueError(f"clé « {min(manquants | inconnus)} » absente ou inconnue")
    return genre(**{nom: tuple(valeur) if isinstance(valeur, list) else valeur for nom, valeur in brut.items()})


def _controler_initiative(initiative: Initiative) -> None:
    bas, haut = initiative.part
    if initiative.mensuelles < 1 or not 1 <= bas <= haut or initiative.mensuelles * haut >= POUR_CENT:
        raise ValueError("les demandes mensuelles laissent une part du marché à la dernière")
    if not 0 < initiative.montant_ht[0] <= initiative.montant_ht[1] or not 0 <= initiative.attente <= JOURS_MAX:
        raise ValueError("« initiative » : ces montants ou ces jours n’ont pas de sens")


def _controler(profil: Profil, connues: set[str]) -> None:
    parts = (profil.silence, profil.incidents, profil.corrections)
    if not all(isinstance(part, int) and 0 <= part <= POUR_CENT for part in parts):
        raise ValueError(f"« {profil.code} » : une part va de 0 à {POUR_CENT}")
    for bornes, plafond in ((profil.jours, JOURS_MAX), (profil.abattement, MILLE)):
        bas, haut = bornes
        if not 0 <= bas <= haut <= plafond:
            raise ValueError(f"« {profil.code} » : de {bas} à {haut} n’a pas de sens")
    inconnues = set(profil.controles) - connues
    if inconnues:
        raise ValueError(f"« {profil.code} » : contrôle « {min(inconnues)} » inconnu")
