"""The people of a class: who they are, what proves it, when they were there, what they are doing."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from facturier.erreurs import montrable
from facturier.portail.droits import RESERVES
from facturier.registre import Ecrivain, LigneParticipant, LignePresence, Lot, Ordre, RegistreClasse
from facturier.registre.classe import changer_participant, creer_participant, suivre_presences
from facturier.serveur import jetons
from facturier.serveur.refus import RefusClasse

PARTICIPANTS_MAX = 400
PRENOM_MAX = 40
ABSENCE = timedelta(minutes=15)
"""Silence after which a participant is taken to have left when last seen."""
FORMULAIRE_MAX = 64


@dataclass
class Suivi:
    """What is watched of a participant while the server runs; the stay alone is kept."""

    presence: LignePresence | None = None
    vu: datetime | None = None
    dernier: Mapping[str, str] | None = None
    bloque_depuis: datetime | None = None
    refus: str = ""
    aide_vue: datetime | None = None
    formulaire: Mapping[str, Any] | None = None


def pseudonyme(prenom: str) -> str:
    """The pseudonym of a first name: small letters without accents, digits, hyphens.

    Raises:
        RefusClasse: none can be made of it.
    """
    sans_accent = unicodedata.normalize("NFKD", prenom[: 4 * PRENOM_MAX].casefold())
    lettres = "".join(c for c in sans_accent.replace("œ", "oe").replace("æ", "ae") if not unicodedata.combining(c))
    propre = re.sub(r"[^a-z0-9]+", "-", lettres).strip("-")
    if not re.fullmatch(r"[a-z][a-z0-9-]{1,39}", propre) or propre in RESERVES or len(prenom) > PRENOM_MAX:
        raise RefusClasse(
            "Donnez votre prénom, de 2 à 40 lettres, par exemple « Léa » ou « Léa B ».", code="prenom-refuse"
        )
    return propre


class Participants:
    """Everybody who has joined. A token is shown once; its fingerprint alone is kept."""

    def __init__(self, registre: RegistreClasse, ecrivain: Ecrivain, horloge: Callable[[], datetime]) -> None:
        self._ecrivain = ecrivain
        self._horloge = horloge
        self._verrou = threading.RLock()  # memory: held for an instant
        self._changements = threading.RLock()  # the store: one change at a time
        self._lignes = {ligne.pseudonyme: ligne for ligne in registre.participants()}
        self._par_jeton = {ligne.jeton: ligne.pseudonyme for ligne in self._lignes.values() if ligne.jeton}
        self._suivis = {nom: Suivi() for nom in self._lignes}
        for presence in registre.presences():
            self._suivis[presence.participant].presence = presence
            self._suivis[presence.participant].vu = datetime.fromisoformat(presence.vu)
        self._a_suivre: set[str] = set()

    def tous(self) -> dict[str, LigneParticipant]:
        """Everybody by pseudonym, in order of arrival; a copy."""
        with self._verrou:
            return dict(self._lignes)

    def participant(self, nom: str) -> LigneParticipant:
        """The participant of that pseudonym (RefusClasse when there is none)."""
        ligne = self._lignes.get(nom)
        if ligne is None:
            raise RefusClasse(f"« {nom[:40]} » n’a pas rejoint la classe.", code="participant-inconnu")
        return ligne

    def suivi(self, nom: str) -> Suivi:
        """What is watched of that participant; whoever asks may change it."""
        return self._suivis[nom]

    def retrouver(self, espace: str, evenements: Iterable[Mapping[str, Any]]) -> None:
        """The last act of each in that space, as it was before the server stopped."""
        for evenement in evenements:
            suivi = self._suivis.get(evenement["par"])
            if suivi is not None and (suivi.dernier is None or suivi.dernier["quand"] <= evenement["quand"]):
                lu = {cle: str(evenement[cle]) for cle in ("action", "objet", "quand")}
                suivi.dernier = {**lu, "espace": espace}

    def identifier(self, jeton: str) -> LigneParticipant:
        """Who holds that token.

        Raises:
            RefusClasse: nobody (« jeton-refuse »).
        """
        with self._verrou:
            nom = self._par_jeton.get(jetons.empreinte(jeton)) if jeton else None
            if nom is None:
                raise RefusClasse(
                    "Votre accès n’est plus reconnu : rejoignez la classe avec le code affiché par le formateur.",
                    code="jeton-refuse",
                )
            self._toucher(nom)
            return self._lignes[nom]

    def inscrire(
        self, prenom: str, jeton: str, avec: Callable[[LigneParticipant], tuple[Ordre, ...]]
    ) -> tuple[LigneParticipant, str]:
        """A new participant, or one who comes back with their token or after the trainer's reset, and the new token
        (« » when theirs still holds). ``avec`` says what is kept in the same transaction for a new one.

        Raises:
            RefusClasse: the name is taken (« deja-pris ») or impossible, the class is full.
        """
        nom = pseudonyme(prenom)
        with self._verrou:
            connu = self._lignes.get(nom)
            if connu is not None and connu.jeton:
                if not jeton or jetons.empreinte(jeton) != connu.jeton:
                    raise RefusClasse(
                        f"Le prénom « {connu.prenom} » est déjà pris : ajoutez l’initiale de votre nom. Si c’est vous, "
                        "demandez au formateur de réinitialiser votre accès.",
                        code="deja-pris",
                    )
                self._toucher(nom)
                return connu, ""
            if connu is None and len(self._lignes) >= PARTICIPANTS_MAX:
                raise RefusClasse(f"La classe est pleine ({PARTICIPANTS_MAX} participants).", code="classe-pleine")
            nouveau = jetons.tirer_jeton()
            instant = self._horloge().isoformat(timespec="seconds")
            marque = jetons.empreinte(nouveau)
            if connu is None:
                affiche = montrable(" ".join(prenom.split()))
                ligne = LigneParticipant(nom, affiche, marque, instant, solo=f"solo-{nom}")
                self._lignes[nom] = ligne  # the name is taken; nobody has the token before it is kept
                self._suivis[nom] = Suivi()
        if connu is not None:
            self.changer({nom: {"jeton": marque}})
        else:
            try:
                with self._changements:  # in the same order in memory and in the store
                    promesse = self._ecrivain.soumettre(Lot(ordres=(creer_participant(ligne), *avec(ligne))))
                promesse.result()
            except BaseException:
                with self._verrou:
                    del self._lignes[nom]
                raise
        with self._verrou:
            self._par_jeton[marque] = nom
            self._toucher(nom)
            return self._lignes[nom], nouveau

    @contextmanager
    def en_ordre(self) -> Iterator[None]:
        """While the block runs, nobody else joins nor is changed."""
        with self._changements:
            yield

    def changer(self, champs: Mapping[str, Mapping[str, str]], ordres: tuple[Ordre, ...] = ()) -> None:
        """Change fields of these participants (pseudonym → field → value), all or none, with what goes with it."""
        with self._changements:
            lignes = [replace(self.participant(nom), **valeurs) for nom, valeurs in champs.items()]
            self._ecrivain.ecrire(Lot(ordres=(*ordres, *(changer_participant(ligne) for ligne in lignes))))
            with self._verrou:
                for ligne in lignes:
                    ancien = self._lignes[ligne.pseudonyme]
                    if ancien.jeton != ligne.jeton:
                        self._par_jeton.pop(ancien.jeton, None)
                    self._lignes[ligne.pseudonyme] = ligne

    def partir(self, nom: str) -> None:
        """The participant says that they leave."""
        with self._verrou:
            suivi = self._suivis[nom]
            if suivi.presence is not None and not suivi.presence.depart:
                instant = self._horloge().isoformat(timespec="seconds")
                suivi.presence = replace(suivi.presence, vu=instant, depart=instant)
                self._a_suivre.add(nom)
        self.sauver()

    def arreter(self) -> None:
        """The server stops: whoever is there leaves now, and goes on with the same stay if it starts again soon.

        What tells such a departure from one that is said: the last sign of life comes before it.
        """
        maintenant = self._horloge()
        instant, avant = (q.isoformat(timespec="seconds") for q in (maintenant, maintenant - timedelta(seconds=1)))
        with self._verrou:
            for nom, suivi in self._suivis.items():
                if suivi.presence is not None and self.present(nom):
                    suivi.presence = replace(suivi.presence, vu=min(suivi.presence.vu, avant), depart=instant)
                    self._a_suivre.add(nom)
        self.sauver()

    def present(self, nom: str) -> bool:
        """Whether that participant has given a sign of life lately, and has not left."""
        suivi = self._suivis[nom]
        ouverte = suivi.presence is not None and not suivi.presence.depart
        return bool(ouverte and suivi.vu and self._horloge() - suivi.vu <= ABSENCE)

    def sauver(self) -> None:
        """Keep the stays that have changed (called now and then, and at the end)."""
        with self._verrou:
            noms, self._a_suivre = self._a_suivre, set()
            suivies = [p for nom in noms if (p := self._suivis[nom].presence) is not None]
        try:
            if suivies:
                self._ecrivain.ecrire(Lot(ordres=suivre_presences(suivies)))
        except BaseException:
            with self._verrou:
                self._a_suivre |= noms
            raise

    def _toucher(self, nom: str) -> None:
        suivi, maintenant = self._suivis[nom], self._horloge()
        instant = maintenant.isoformat(timespec="seconds")
        ancienne, vu = suivi.presence, suivi.vu
        suivi.vu = maintenant
        if ancienne is not None and ancienne.arrivee == instant:
            suivi.presence = replace(ancienne, vu=instant, depart="")
        elif ancienne is None or _parti(ancienne) or vu is None or not timedelta() <= maintenant - vu <= ABSENCE:
            suivies = [] if ancienne is None else [replace(ancienne, depart=ancienne.depart or ancienne.vu)]
            suivi.presence = LignePresence(nom, instant, instant)
            self._ecrivain.soumettre(Lot(ordres=suivre_presences([*suivies, suivi.presence])))
        elif ancienne.vu != instant:
            suivi.presence = replace(ancienne, vu=instant, depart="")
        self._a_suivre.add(nom)


def _parti(presence: LignePresence) -> bool:
    """Whether they have said that they leave; a server that stops ends a stay after their last sign of life."""
    return bool(presence.depart) and presence.depart <= presence.vu
