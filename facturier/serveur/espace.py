"""A space of the class: one portal in memory, the fold of its journal in the store, and one act at a time."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from facturier.erreurs import ErreurFacturier
from facturier.portail import ANIMATEUR, Acteur, Annuaire, Horloge, Ouverture, Portail, RefusPortail
from facturier.portail.temps import ARRETER, AVANCER, JOURS_MAX, RELANCER
from facturier.registre import Ecrivain, Lot, RegistreClasse
from facturier.serveur.refus import RefusClasse
from facturier.situations import Recit, Situation, commencer, tirer

R = TypeVar("R")
ANIMATEUR_SEUL = Acteur(ANIMATEUR, "", ANIMATEUR)
CLE_MAX = 80


@dataclass(frozen=True)
class Demande:
    """An act asked of a space. ``cle``: the caller's key, under which the same answer is given again."""

    acteur: Acteur
    action: str
    objet: str
    donnees: Mapping[str, str]
    version: int | None = None
    cle: str = ""

    @property
    def empreinte(self) -> str:
        """The same for the same act only: a key is not used twice for different ones."""
        acteur = (self.acteur.role, self.acteur.structure, self.acteur.par)
        quoi = [*acteur, self.action, self.objet, sorted(self.donnees.items()), self.version]
        return hashlib.sha256(json.dumps(quoi).encode()).hexdigest()


class EspacePartage:
    """What is acknowledged is committed; what could not be is forgotten, by folding the journal again.

    ``recit``: the story that it plays, which begins with what has already happened. ``vierge``: the space has just
    been created, there is no journal to fold.
    """

    def __init__(
        self,
        nom: str,
        ouverture: Ouverture,
        annuaire: Annuaire,
        horloge: Horloge,
        registre: RegistreClasse,
        ecrivain: Ecrivain,
        *,
        recit: Recit | None = None,
        vierge: bool = False,
    ) -> None:
        self.nom = nom
        self.ouverture = ouverture
        self.recit = recit
        self._annuaire = annuaire
        self._horloge = horloge
        self._registre = registre
        self._ecrivain = ecrivain
        self._verrou = threading.RLock()
        vide = vierge and not (recit and recit.avant)
        self._portail: Portail | None = Portail(annuaire, horloge, ouverture) if vide else None
        self._cles: dict[str, tuple[str, str]] = {}

    @cached_property
    def situation(self) -> Situation | None:
        """The story with its key, which criteria look at; None in a space that plays none.

        Raises:
            ErreurFacturier: its files can no longer be read.
        """
        return None if self.recit is None else tirer(self.recit.code, self.recit.graine, self._annuaire)

    @cached_property
    def _passe(self) -> tuple[Mapping[str, Any], ...]:
        """The events of what had already happened when the learner came in."""
        return commencer(self.recit, self._annuaire).journal if self.recit and self.recit.avant else ()

    def faire(self, demande: Demande, permis: Callable[[Portail], None] = lambda _: None) -> dict[str, Any]:
        """Do that act and commit it; the answer to give (``objet``, its ``version``, ``n`` of the last event).

        ``permis`` raises when whoever asks may not.

        Raises:
            RefusPortail, RefusClasse: refused, nothing has changed.
            RegistreRefuse: the store did not take it, nothing has changed.
        """
        if len(demande.cle) > CLE_MAX:
            raise RefusClasse(f"La clé d’un geste compte {CLE_MAX} caractères au plus.", code="cle-invalide")
        cle = f"{demande.acteur.par}|{demande.cle}" if demande.cle else ""
        with self._ouvert() as portail:
            permis(portail)
            if cle and (deja := self._cles.get(cle)):
                if deja[0] != demande.empreinte:
                    raise RefusClasse(
                        "Cette clé a déjà servi pour un autre geste : donnez une clé nouvelle à chaque geste.",
                        code="cle-reutilisee",
                    )
                rejouee: dict[str, Any] = json.loads(deja[1])
                return rejouee
            with self._gardant(portail, cle, demande) as reponse:
                if demande.version is not None:
                    portail.verifier_version(demande.objet, demande.version)
                objet = portail.accomplir(demande.acteur, demande.action, demande.objet, demande.donnees)
                reponse |= {
                    "objet": objet,
                    "version": portail.version(objet),
                    "n": portail.longueur,
                    "quand": portail.maintenant.isoformat(timespec="seconds"),
                }
            return reponse

    def lire(self, lecture: Callable[[Portail], R]) -> R:
        """Look at the portal as it stands, what is due by now applied and committed."""
        with self._ouvert() as portail:
            with self._gardant(portail):
                pass
            return lecture(portail)

    def aligner(self, jours: int, arret: bool) -> None:
        """Bring the clock of this space to the class's: so many days turned since it began, stopped or not."""
        with self._ouvert() as portail, self._gardant(portail):
            evenements = portail.depuis(len(self._passe))
            reste = jours - sum(int(e["donnees"]["jours"]) for e in evenements if e["action"] == AVANCER)
            arrete = portail.etat.temps.arret is not None
            if arrete and not arret:
                portail.accomplir(ANIMATEUR_SEUL, RELANCER, "", {})
            while reste > 0:
                pas = min(reste, JOURS_MAX)
                portail.avancer(pas, ANIMATEUR_SEUL)
                reste -= pas
            if arret and not arrete:
                portail.accomplir(ANIMATEUR_SEUL, ARRETER, "", {})

    def plier(self) -> None:
        """Fold the journal in the store now, rather than at the first act.

        Raises:
            ErreurFacturier: the store cannot be read, or its journal is refused.
        """
        with self._ouvert():
            pass

    @contextmanager
    def _ouvert(self) -> Iterator[Portail]:
        with self._verrou:
            if self._portail is None:
                evenements: tuple[Mapping[str, Any], ...] = self._registre.lire(self.nom)
                if not evenements and self._passe:
                    self._ecrivain.ecrire(Lot(self.nom, self._passe))
                    evenements = self._passe
                self._cles = self._registre.cles(self.nom)
                self._portail = Portail.rejouer(evenements, self._annuaire, self._horloge, self.ouverture)
            yield self._portail

    @contextmanager
    def _gardant(self, portail: Portail, cle: str = "", demande: Demande | None = None) -> Iterator[dict[str, Any]]:
        """What is due first, then what the block does, committed together; what was due alone when it is refused."""
        avant = portail.longueur
        reponse: dict[str, Any] = {}
        with suppress(RefusPortail):  # a full journal, or a machine's clock gone mad: the act itself will say so
            portail.avancer()
        try:
            yield reponse
        except ErreurFacturier:
            self._ecrire(portail, avant)
            raise
        except BaseException:
            self._portail = None
            raise
        self._ecrire(portail, avant, cle, demande, reponse)

    def _ecrire(
        self,
        portail: Portail,
        avant: int,
        cle: str = "",
        demande: Demande | None = None,
        reponse: Mapping[str, Any] | None = None,
    ) -> None:
        nouveaux = portail.depuis(avant)
        gardee = (cle, demande.empreinte, json.dumps(reponse, ensure_ascii=False)) if cle and demande else None
        if not nouveaux and gardee is None:
            return
        try:
            self._ecrivain.ecrire(Lot(self.nom, nouveaux, gardee))
        except BaseException:
            self._portail = None  # the store alone says what was written
            raise
        if gardee is not None:
            self._cles[gardee[0]] = (gardee[1], gardee[2])
