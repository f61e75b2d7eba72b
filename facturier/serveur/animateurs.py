"""Trainers' logins: the one-time link printed at the start, co-trainers' passwords, sessions that end."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from facturier.registre import Ecrivain, Lot, RegistreClasse
from facturier.registre.classe import fermer_session, inscrire_animateur, ouvrir_session
from facturier.serveur import jetons
from facturier.serveur.refus import RefusClasse

DUREE_SESSION = timedelta(hours=12)
DUREE_LIEN = timedelta(minutes=30)
PRINCIPAL = "formateur"
_NOM = re.compile(r"[a-z][a-z0-9.-]{1,39}")


class Animateurs:
    """Who may animate the class. A session's token is shown once; its fingerprint alone is kept."""

    def __init__(self, registre: RegistreClasse, ecrivain: Ecrivain, horloge: Callable[[], datetime]) -> None:
        self._ecrivain = ecrivain
        self._horloge = horloge
        self._essais = jetons.Limiteur(horloge, par_adresse=5, en_tout=30)
        self._mots_de_passe = registre.animateurs()
        self._sessions = registre.sessions()
        self._liens: dict[str, datetime] = {}
        self._verrou = threading.Lock()

    def lien(self) -> str:
        """A secret for one login within half an hour."""
        jeton = jetons.tirer_jeton()
        with self._verrou:
            self._liens[jetons.empreinte(jeton)] = self._horloge() + DUREE_LIEN
        return jeton

    def entrer(self, jeton: str, *, adresse: str = "") -> str:
        """Use a one-time secret: the session's token.

        Raises:
            RefusClasse: unknown, already used or out of date (« lien-refuse »).
        """
        self._essais.passer(adresse)
        with self._verrou:
            fin = self._liens.pop(jetons.empreinte(jeton), None)
        if fin is None or fin < self._horloge():
            self._essais.echouer(adresse)
            raise RefusClasse(
                "Ce lien a déjà servi ou n’est plus valable : relancez « facturier portail » pour en avoir un autre, "
                "ou connectez-vous avec votre nom et votre mot de passe.",
                code="lien-refuse",
            )
        return self._ouvrir(PRINCIPAL)

    def connecter(self, nom: str, mot_de_passe: str, *, adresse: str = "") -> str:
        """Log in by name and password: the session's token.

        Raises:
            RefusClasse: wrong (« identifiants-refuses »), or too many attempts.
        """
        self._essais.passer(adresse)
        if not jetons.verifier(mot_de_passe, self._mots_de_passe.get(nom, "")):
            self._essais.echouer(adresse)
            raise RefusClasse("Ce nom et ce mot de passe ne vont pas ensemble.", code="identifiants-refuses")
        return self._ouvrir(nom)

    def inscrire(self, nom: str, mot_de_passe: str) -> None:
        """Give a co-trainer a login, or another password; their open sessions end."""
        if not _NOM.fullmatch(nom):
            raise RefusClasse(
                "Un nom de connexion compte de 2 à 40 lettres minuscules, chiffres, points ou tirets.",
                code="nom-refuse",
            )
        garde = jetons.hacher(mot_de_passe)
        with self._verrou:
            closes = [marque for marque, (qui, _) in self._sessions.items() if qui == nom]
            ordres = (*inscrire_animateur(nom, garde), *(fermer_session(marque) for marque in closes))
            self._ecrivain.ecrire(Lot(ordres=ordres))
            self._mots_de_passe[nom] = garde
            for marque in closes:
                del self._sessions[marque]

    def noms(self) -> tuple[str, ...]:
        """The logins that exist."""
        return tuple(sorted(self._mots_de_passe))

    def identifier(self, jeton: str) -> str:
        """The trainer of that session.

        Raises:
            RefusClasse: none, or it has ended (« session-refusee »).
        """
        nom, expire = self._sessions.get(jetons.empreinte(jeton), ("", ""))
        if not jeton or expire <= self._horloge().isoformat(timespec="seconds"):
            raise RefusClasse("Votre session d’animateur est terminée : reconnectez-vous.", code="session-refusee")
        return nom

    def sortir(self, jeton: str) -> None:
        """End that session."""
        marque = jetons.empreinte(jeton)
        with self._verrou:
            if self._sessions.pop(marque, None) is not None:
                self._ecrivain.ecrire(Lot(ordres=(fermer_session(marque),)))

    def _ouvrir(self, nom: str) -> str:
        jeton = jetons.tirer_jeton()
        marque, expire = jetons.empreinte(jeton), (self._horloge() + DUREE_SESSION).isoformat(timespec="seconds")
        self._ecrivain.ecrire(Lot(ordres=(ouvrir_session(marque, nom, expire),)))
        with self._verrou:
            self._sessions[marque] = (nom, expire)
        return jeton
