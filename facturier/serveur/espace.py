"""A space of the class: one portal in memory, the fold of its journal in the store, and one act at a time."""

from __future__ import annotations

import asyncio
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
from facturier.portail.repertoire import ACTES
from facturier.portail.temps import ARRETER, AVANCER, JOURS_MAX, RELANCER
from facturier.registre import Ecrivain, Lot, RegistreClasse
from facturier.serveur.applique import Applique, EnCours
from facturier.serveur.refus import RefusClasse
from facturier.situations import Recit, Situation, commencer, tirer

R = TypeVar("R")
_ECRIRE = json.JSONEncoder(ensure_ascii=False).encode
Permis = Callable[[Portail], None]
Boucle = asyncio.AbstractEventLoop | None
"""The event loop in which an act is being done, None in a thread."""
ANIMATEUR_SEUL = Acteur(ANIMATEUR, "", ANIMATEUR)
CLE_MAX = 80
VIF_MAX = 1000
"""Events of a journal beyond which its acts no longer hold an event loop: they grow with its pieces."""


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
        self.annuaire = annuaire
        self._horloge = horloge
        self._registre = registre
        self._ecrivain = ecrivain
        self._verrou = threading.Lock()  # taken in a loop, it is let go by another of its tasks
        vide = vierge and not (recit and recit.avant)
        self._portail: Portail | None = Portail(annuaire, horloge, ouverture) if vide else None
        self._cles: dict[str, tuple[str, str]] = {}

    @cached_property
    def situation(self) -> Situation | None:
        """The story with its key, which criteria look at; None in a space that plays none.

        Raises:
            ErreurFacturier: its files can no longer be read.
        """
        return None if self.recit is None else tirer(self.recit.code, self.recit.graine, self.annuaire)

    @cached_property
    def _passe(self) -> tuple[Mapping[str, Any], ...]:
        """The events of what had already happened when the learner came in."""
        return commencer(self.recit, self.annuaire).journal if self.recit and self.recit.avant else ()

    def faire(self, demande: Demande, permis: Permis = lambda _: None) -> dict[str, Any]:
        """Do that act and commit it; the answer to give (``objet``, its ``version``, ``n`` of the last event).

        ``permis`` raises when whoever asks may not.

        Raises:
            RefusPortail, RefusClasse: refused, nothing has changed.
            RegistreRefuse: the store did not take it, nothing has changed.
        """
        with self._ouvert() as portail:
            return self._faire(portail, demande, permis).conclure()

    def commencer(self, demande: Demande, permis: Permis) -> EnCours | None:
        """The same in an event loop, up to the commit that is left to wait for; None when it would hold the loop:
        ``faire`` does it then, in a thread.

        Raises:
            RefusPortail, RefusClasse: as ``faire``.
        """
        if demande.action in ACTES:  # among them, those that turn the clock by a year
            return None
        portail = self._prendre()
        if portail is None:
            return None
        try:
            boucle = asyncio.get_running_loop()
            return EnCours(self._faire(portail, demande, permis, boucle), self._verrou)
        except BaseException:
            self._verrou.release()
            raise

    def lire(self, lecture: Callable[[Portail], R]) -> R:
        """Look at the portal as it stands, what is due by now applied and committed."""
        with self._ouvert() as portail:
            self._appliquer(portail, dict).conclure()
            return lecture(portail)

    def regarder(self, lecture: Callable[[Portail], R]) -> tuple[R] | None:
        """The same in an event loop, alone in a tuple; None when it would hold the loop."""
        portail = self._prendre()
        if portail is None:
            return None
        try:
            return (lecture(portail),)
        finally:
            self._verrou.release()

    def aligner(self, jours: int, arret: bool) -> None:
        """Bring the clock of this space to the class's: so many days turned since it began, stopped or not."""

        def tourner() -> dict[str, Any]:
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
            return {}

        with self._ouvert() as portail:
            self._appliquer(portail, tourner).conclure()

    @property
    def vu(self) -> Portail | None:
        """The portal without holding it, for what is already written; None when it is to be folded again."""
        return self._portail

    def oublier(self) -> None:
        """Fold the journal again at the next act: the store alone says what was written. The space is held."""
        self._portail = None

    def retenir(self, gardee: tuple[str, str, str]) -> None:
        """The answer that was written under a key. The space is held."""
        self._cles[gardee[0]] = (gardee[1], gardee[2])

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
                self._portail = Portail.rejouer(evenements, self.annuaire, self._horloge, self.ouverture)
            yield self._portail

    def _prendre(self) -> Portail | None:
        """The portal, held, when what is asked of it now is short: nobody else is at it, nothing is due."""
        if not self._verrou.acquire(blocking=False):
            return None
        portail = self._portail
        if portail is None or portail.longueur > VIF_MAX or portail.en_retard:
            self._verrou.release()
            return None
        return portail

    def _faire(self, portail: Portail, demande: Demande, permis: Permis, boucle: Boucle = None) -> Applique:
        if len(demande.cle) > CLE_MAX:
            raise RefusClasse(f"La clé d’un geste compte {CLE_MAX} caractères au plus.", code="cle-invalide")
        cle = f"{demande.acteur.par}|{demande.cle}" if demande.cle else ""
        permis(portail)
        if cle and (deja := self._cles.get(cle)):
            if deja[0] != demande.empreinte:
                raise RefusClasse(
                    "Cette clé a déjà servi pour un autre geste : donnez une clé nouvelle à chaque geste.",
                    code="cle-reutilisee",
                )
            return Applique(self, json.loads(deja[1]))

        def accomplir() -> dict[str, Any]:
            if demande.version is not None:
                portail.verifier_version(demande.objet, demande.version, demande.acteur)
            objet = portail.accomplir(demande.acteur, demande.action, demande.objet, demande.donnees)
            return {
                "objet": objet,
                "version": portail.version(objet),
                "n": portail.longueur,
                "quand": portail.maintenant.isoformat(timespec="seconds"),
            }

        return self._appliquer(portail, accomplir, cle, demande, boucle)

    def _appliquer(
        self,
        portail: Portail,
        quoi: Callable[[], dict[str, Any]],
        cle: str = "",
        demande: Demande | None = None,
        boucle: Boucle = None,
    ) -> Applique:
        """What is due first, then ``quoi``, to be committed together; what was due alone when it is refused."""
        avant = portail.longueur
        applique = Applique(self, {})
        if boucle is None:  # in a loop, only what has nothing due gets here
            with suppress(RefusPortail):  # a full journal, or a machine's clock gone mad: the act itself will say so
                portail.avancer()
        try:
            applique.reponse = quoi()
            if cle and demande:
                garde = _ECRIRE(applique.reponse)
                applique.gardee = (cle, demande.empreinte, garde)
        except ErreurFacturier as refus:
            applique.refus = refus
        except BaseException:
            self._portail = None
            raise
        nouveaux = portail.depuis(avant)
        if nouveaux or applique.gardee is not None:
            lot = Lot(self.nom, nouveaux, applique.gardee)
            if boucle is None:
                applique.promesse = self._ecrivain.soumettre(lot)
            else:
                applique.ecrit = self._ecrivain.confier(lot, boucle)
        return applique
