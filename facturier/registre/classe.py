"""What a class keeps besides its journals: spaces, answers already given, participants, presences, trainers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Select, delete, insert, select, update
from sqlalchemy.sql.expression import bindparam

from facturier.registre.ecrivain import Ordre
from facturier.registre.registre import Registre
from facturier.registre.tables import ANIMATEURS, CLE_SCHEMA, CLES, ESPACES, PARTICIPANTS, PRESENCES, REGLAGES, SESSIONS


@dataclass(frozen=True)
class LigneParticipant:
    """A participant as kept: ``jeton`` is a sha256 (« » once reset); times are ISO texts, « » for never."""

    pseudonyme: str
    prenom: str
    jeton: str
    rejoint: str
    solo: str
    groupe: str = ""
    aide: str = ""


@dataclass(frozen=True)
class LignePresence:
    """One stay of a participant: arrival, last sign of life, departure (« » while present)."""

    participant: str
    arrivee: str
    vu: str
    depart: str = ""


class RegistreClasse(Registre):
    """The store of a class. Reading is done at the start; writing goes through the class's one writer."""

    def espaces(self) -> tuple[tuple[str, Mapping[str, Any]], ...]:
        """Names and settings of the spaces, oldest first."""
        lignes = self._lignes(select(ESPACES.c.nom, ESPACES.c.ouverture).order_by(ESPACES.c.cree, ESPACES.c.nom))
        return tuple((nom, json.loads(ouverture)) for nom, ouverture in lignes)

    def cles(self, journal: str) -> dict[str, tuple[str, str]]:
        """For each key of that journal: fingerprint of what was asked, answer given."""
        requete = select(CLES.c.cle, CLES.c.demande, CLES.c.reponse).where(CLES.c.journal == journal)
        return {cle: (demande, reponse) for cle, demande, reponse in self._lignes(requete)}

    def participants(self) -> tuple[LigneParticipant, ...]:
        """Everybody who has joined, in order of arrival."""
        requete = select(PARTICIPANTS).order_by(PARTICIPANTS.c.rejoint, PARTICIPANTS.c.pseudonyme)
        return tuple(LigneParticipant(*ligne) for ligne in self._lignes(requete))

    def presences(self) -> tuple[LignePresence, ...]:
        """Every stay, in order of arrival."""
        colonnes = (PRESENCES.c.participant, PRESENCES.c.arrivee, PRESENCES.c.vu, PRESENCES.c.depart)
        requete = select(*colonnes).order_by(PRESENCES.c.arrivee, PRESENCES.c.participant)
        return tuple(LignePresence(*ligne) for ligne in self._lignes(requete))

    def reglages(self) -> dict[str, str]:
        """The settings of the class by key."""
        lignes = self._lignes(select(REGLAGES.c.cle, REGLAGES.c.valeur).where(REGLAGES.c.cle != CLE_SCHEMA))
        return dict(lignes)

    def animateurs(self) -> dict[str, str]:
        """Hashed passwords by login."""
        return dict(self._lignes(select(ANIMATEURS.c.nom, ANIMATEURS.c.mot_de_passe)))

    def sessions(self) -> dict[str, tuple[str, str]]:
        """Trainers' sessions: sha256 of the cookie → (login, end)."""
        requete = select(SESSIONS.c.empreinte, SESSIONS.c.nom, SESSIONS.c.expire)
        return {empreinte: (nom, expire) for empreinte, nom, expire in self._lignes(requete)}

    def _lignes(self, requete: Select[Any]) -> list[tuple[Any, ...]]:
        with self.lecture() as connexion:
            return [tuple(ligne) for ligne in connexion.execute(requete)]


def creer_espace(nom: str, ouverture: Mapping[str, Any], cree: str) -> Ordre:
    """Keep a new space."""
    contenu = json.dumps(ouverture, ensure_ascii=False, sort_keys=True)
    return insert(ESPACES), [{"nom": nom, "ouverture": contenu, "cree": cree}]


def creer_participant(ligne: LigneParticipant) -> Ordre:
    """Keep a new participant."""
    return insert(PARTICIPANTS), [asdict(ligne)]


def changer_participant(ligne: LigneParticipant) -> Ordre:
    """Replace what is kept of a participant."""
    champs = {champ: valeur for champ, valeur in asdict(ligne).items() if champ != "pseudonyme"}
    ordre = update(PARTICIPANTS).where(PARTICIPANTS.c.pseudonyme == bindparam("qui"))
    return ordre.values({champ: bindparam(f"v_{champ}") for champ in champs}), [
        {"qui": ligne.pseudonyme, **{f"v_{champ}": valeur for champ, valeur in champs.items()}}
    ]


def suivre_presences(lignes: list[LignePresence]) -> tuple[Ordre, Ordre]:
    """Keep stays as they now are, new ones or not."""
    ordre = delete(PRESENCES).where(PRESENCES.c.participant == bindparam("qui"), PRESENCES.c.arrivee == bindparam("de"))
    return (
        (ordre, [{"qui": ligne.participant, "de": ligne.arrivee} for ligne in lignes]),
        (insert(PRESENCES), [asdict(ligne) for ligne in lignes]),
    )


def regler(cle: str, valeur: str) -> tuple[Ordre, Ordre]:
    """Set a setting of the class."""
    return (
        (delete(REGLAGES).where(REGLAGES.c.cle == bindparam("quoi")), [{"quoi": cle}]),
        (insert(REGLAGES), [{"cle": cle, "valeur": valeur}]),
    )


def inscrire_animateur(nom: str, mot_de_passe: str) -> tuple[Ordre, Ordre]:
    """Keep a trainer's login, or change its password."""
    return (
        (delete(ANIMATEURS).where(ANIMATEURS.c.nom == bindparam("qui")), [{"qui": nom}]),
        (insert(ANIMATEURS), [{"nom": nom, "mot_de_passe": mot_de_passe}]),
    )


def ouvrir_session(empreinte: str, nom: str, expire: str) -> Ordre:
    """Keep a trainer's session."""
    return insert(SESSIONS), [{"empreinte": empreinte, "nom": nom, "expire": expire}]


def fermer_session(empreinte: str) -> Ordre:
    """Forget a trainer's session."""
    return delete(SESSIONS).where(SESSIONS.c.empreinte == bindparam("laquelle")), [{"laquelle": empreinte}]
