"""The learners of a session as its papers name them, and what they did: read from the trainer's own files."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from facturier.erreurs import ErreurFacturier
from facturier.montants import lire_decimal
from facturier.session import Session

_COLONNES = ("pseudonyme", "prenom", "nom", "entreprise")
_HEURES = ("pseudonyme", "matin", "apres_midi")


@dataclass(frozen=True)
class Personne:
    """A learner as papers name them."""

    pseudonyme: str
    prenom: str
    nom: str
    entreprise: str = ""

    @property
    def complet(self) -> str:
        """« Léa MARTIN »."""
        return f"{self.prenom} {self.nom.upper()}".strip()


@dataclass(frozen=True)
class Suivi:
    """What a learner did: hours by half-day as their sheets say, and by objective the shares of both quizzes (%)."""

    heures: tuple[Decimal, ...] = ()
    resultats: Mapping[str, tuple[Decimal | None, Decimal | None]] = field(default_factory=dict)

    @property
    def total(self) -> Decimal:
        """Hours actually done."""
        return sum(self.heures, Decimal(0))


def lire_noms(chemin: Path, session: Session) -> tuple[Personne, ...]:
    """The names of the session's learners (CSV with « ; »: pseudonyme, prenom, nom, entreprise).

    Raises:
        ErreurFacturier: unreadable, a column missing, a pseudonym unknown, missing or twice; the sentence names it.
    """
    lignes = _lire(chemin, _COLONNES[:3])
    noms = tuple(Personne(*(ligne.get(c, "").strip()[:120] for c in _COLONNES)) for ligne in lignes)
    vus = [p.pseudonyme for p in noms]
    inconnus = [p for p in vus if p not in session.apprenants]
    manquants = [p for p in session.apprenants if p not in vus]
    if inconnus or manquants or len(set(vus)) != len(vus):
        quoi = f"« {inconnus[0]} » n’est pas dans la session" if inconnus else "un pseudonyme figure deux fois"
        quoi = f"« {manquants[0]} » manque" if manquants else quoi
        raise ErreurFacturier(f"Liste des noms {chemin} : {quoi}. Corrigez ce fichier.", code="noms-refuses")
    sans_nom = [p for p in noms if not (p.prenom and p.nom)]
    if sans_nom:
        quoi = f"il manque le prénom ou le nom de « {sans_nom[0].pseudonyme} »"
        raise ErreurFacturier(f"Liste des noms {chemin} : {quoi}. Corrigez ce fichier.", code="noms-refuses")
    return noms


def lire_emargements(chemin: Path, session: Session) -> dict[str, tuple[Decimal, ...]]:
    """Hours by half-day, as read on the signed sheets (CSV with « ; »: pseudonyme, matin, apres_midi, in hours).

    Raises:
        ErreurFacturier: a pseudonym unknown, hours that are not a number, or more than the half-day lasts.
    """
    trouves: dict[str, tuple[Decimal, ...]] = {}
    for rang, ligne in enumerate(_lire(chemin, _HEURES), start=2):
        qui = ligne["pseudonyme"].strip()
        heures = []
        for (_, _, prevues), colonne in zip(session.demi_journees, _HEURES[1:], strict=True):
            lues = lire_decimal(ligne[colonne].strip().replace(",", ".") or "0")
            if qui not in session.apprenants or lues is None or not 0 <= lues <= prevues:
                raise ErreurFacturier(
                    f"Émargements {chemin}, ligne {rang}, colonne « {colonne} » : donnez un pseudonyme de la session "
                    f"et un nombre d’heures entre 0 et {nombre(prevues)}.",
                    code="emargements-refuses",
                )
            heures.append(lues)
        trouves[qui] = tuple(heures)
    return trouves


def nombre(valeur: Decimal) -> str:
    """A number of hours as it is written: « 3,5 »."""
    return f"{valeur.normalize():f}".replace(".", ",")


def _lire(chemin: Path, colonnes: Sequence[str]) -> list[dict[str, str]]:
    try:
        with chemin.open(encoding="utf-8-sig", newline="") as fichier:
            lignes = [dict(ligne) for ligne in csv.DictReader(fichier, delimiter=";")]
    except FileNotFoundError as cause:
        raise ErreurFacturier(
            f"Le fichier {chemin} est introuvable : vérifiez le chemin.", code="csv-introuvable"
        ) from cause
    except (OSError, UnicodeDecodeError, csv.Error) as cause:
        raise ErreurFacturier(
            f"Le fichier {chemin} n’est pas lisible : enregistrez-le en CSV, en UTF-8, avec des points-virgules.",
            code="csv-illisible",
        ) from cause
    manquantes = [c for c in colonnes if not lignes or c not in lignes[0]]
    if manquantes:
        raise ErreurFacturier(
            f"Le fichier {chemin} n’a pas de colonne « {manquantes[0]} » : reprenez le modèle du guide.",
            code="csv-refuse",
        )
    return [{cle: valeur or "" for cle, valeur in ligne.items() if isinstance(cle, str)} for ligne in lignes]
