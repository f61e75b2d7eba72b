"""The places where the learners of a class work in their browser: one a space, on the portal in this process."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from facturier.annuaire import Annuaire, Structure
from facturier.delais import Frise
from facturier.ecrans import garde
from facturier.ecrans.blocs import Cible, Message
from facturier.ecrans.catalogue import ECRANS
from facturier.ecrans.conversation import Conversation
from facturier.ecrans.poste import ACCUEIL, Poste, Sieges
from facturier.ecrans.rendu import Cadre
from facturier.ecrans.sieges import sieges_du_participant, sieges_fixes
from facturier.portail import Acteur, Ouverture, Portail, histoire, recherche, suivi
from facturier.portail.boite import Message as Courrier
from facturier.portail.consultation import Calculs, calculs_de, histoire_de, messages_de, tableau_de
from facturier.portail.etat import Etat
from facturier.portail.guichet import Guichet
from facturier.portail.histoire import Ligne, Telechargement
from facturier.portail.recherche import TOUT, Filtres
from facturier.portail.suivi import Recherche, Resultats, Tableau
from facturier.referentiel.lignes import Transition
from facturier.registre import Lot
from facturier.registre.classe import regler
from facturier.serveur import recits
from facturier.serveur.refus import RefusClasse, interdit
from facturier.serveur.voile import Voile, voile

if TYPE_CHECKING:
    from facturier.registre import LigneParticipant
    from facturier.serveur.classe import Classe

R = TypeVar("R")
POSTES_MAX = 400
"""Places kept in memory; the one that has been still for longest goes first, what was typed there stays kept."""
RECIT = "recit"
ILLISIBLE = (
    "Ce que vous aviez commencé à saisir n’est plus lisible : c’est mis de côté pour le formateur, "
    "recommencez votre saisie ; ce que vous avez déjà envoyé n’est pas touché."
)


class GuichetDeClasse(Guichet):
    """The counter of a participant in a space of the class: acts and questions go through the class's own rules."""

    def __init__(self, classe: Classe, qui: LigneParticipant, espace: str) -> None:
        self.acteur = Acteur("fournisseur", "")
        self._classe = classe
        self._qui = qui
        self._espace = espace
        self._vus: dict[str, Any] | None = None

    @property
    def journal(self) -> tuple[dict[str, Any], ...]:
        """The events of the space that they may know."""
        return self._regarder("journal", lambda portail: self._voiler(portail).evenements())

    @property
    def etat(self) -> Etat:
        """The whole state of the space, as they may know it."""
        return self._regarder("etat", lambda portail: self._voiler(portail).etat)

    @property
    def annuaire(self) -> Annuaire:
        """The directory as the space has it."""
        return self._regarder("annuaire", lambda portail: portail.annuaire)

    @property
    def maintenant(self) -> datetime:
        """The space's time."""
        return self._regarder("maintenant", lambda portail: portail.maintenant)

    @property
    def ouverture(self) -> Ouverture:
        """The settings of the space."""
        return self._regarder("ouverture", lambda portail: portail.ouverture)

    def signataire(self, acteur: Acteur) -> Acteur:
        """That actor, and the participant behind them."""
        return replace(acteur, par=acteur.par or self._qui.pseudonyme)

    def version(self, objet: str) -> int:
        """How many events have changed that object."""
        return self._lire(lambda portail: self._voiler(portail).version(objet))

    def faire(
        self, acteur: Acteur, action: str, objet: str = "", /, *, version: int | None = None, **donnees: str
    ) -> str:
        """Any act, kept before it is answered."""
        fait = self._classe.faire(self._qui, self._espace, acteur, action, objet, donnees, version=version)
        return str(fait["objet"])

    def gestes(self, acteur: Acteur, piece: str) -> tuple[Transition, ...]:
        """What this actor may do to that piece now."""
        return self._consulter(acteur, lambda portail, lui: portail.gestes(lui, piece))

    def avancer(self, jours: int = 0) -> None:
        """Turn the clock, where the participant may."""
        if jours:
            self.faire(Acteur("fournisseur", ""), "avancer", version=None, jours=str(jours))

    def messages(self, acteur: Acteur) -> tuple[Courrier, ...]:
        """The last messages that this actor may read."""
        return self._consulter(acteur, messages_de)

    def tableau(self, acteur: Acteur) -> Tableau:
        """The dashboard."""
        return self._consulter(acteur, tableau_de)

    def rechercher(self, acteur: Acteur, criteres: Recherche) -> Resultats:
        """The pieces found."""
        return self._consulter(acteur, lambda portail, lui: suivi.rechercher(portail, lui, criteres))

    def histoire(self, acteur: Acteur, piece: str) -> tuple[Ligne, ...]:
        """The story of that piece."""
        return self._consulter(acteur, lambda portail, lui: histoire_de(portail, lui, piece))

    def frises(self, acteur: Acteur, piece: str) -> tuple[Frise, ...]:
        """Its timelines."""
        return self._consulter(acteur, lambda portail, lui: histoire.frises(portail, lui, piece))

    def calculs(self, acteur: Acteur, piece: str) -> Calculs:
        """What is reckoned of it."""
        return self._consulter(acteur, lambda portail, lui: calculs_de(portail, lui, piece))

    def telechargements(self, acteur: Acteur, piece: str) -> tuple[Telechargement, ...]:
        """What can be downloaded of it."""
        return self._consulter(acteur, lambda portail, lui: histoire.telechargements(portail, lui, piece))

    def structures(self, texte: str, filtres: Filtres = TOUT) -> tuple[Structure, ...]:
        """Structures of the directory."""
        return self._lire(lambda portail: recherche.recherche(portail.annuaire, texte, filtres))

    @contextmanager
    def regard(self) -> Iterator[None]:
        """Look at the space once for each of its faces, while a view is drawn."""
        if self._vus is not None:
            yield
            return
        self._vus = {}
        try:
            yield
        finally:
            self._vus = None

    def _voiler(self, portail: Portail) -> Voile:
        return voile(self._classe, self._qui, self._espace)(portail)

    def _regarder(self, nom: str, lecture: Callable[[Portail], R]) -> R:
        if self._vus is None:
            return self._lire(lecture)
        if nom not in self._vus:
            self._vus[nom] = self._lire(lecture)
        vu: R = self._vus[nom]
        return vu

    def _lire(self, lecture: Callable[[Portail], R]) -> R:
        return self._classe.lire(self._qui, self._espace, lecture)

    def _consulter(self, acteur: Acteur, lecture: Callable[[Portail, Acteur], R]) -> R:
        return self._classe.consulter(self._qui, self._espace, acteur, lecture)


class Postes:
    """Every place of a class. A place is used by one request at a time (``Conversation`` has its own lock)."""

    def __init__(self, classe: Classe) -> None:
        self._classe = classe
        self._verrou = threading.Lock()
        self._places: OrderedDict[tuple[str, str], Conversation[Poste]] = OrderedDict()

    def espace_de(self, qui: LigneParticipant, demande: str = "") -> str:
        """The space to work in: the one asked for when it is theirs, else the group's, else their own."""
        siens = self._classe.espaces_de(qui)
        if demande and demande not in siens:
            raise interdit("Cet espace n’est pas le vôtre : vous ne pouvez ni le lire ni y agir.")
        return demande or (qui.groupe or qui.solo)

    def place(self, qui: LigneParticipant, espace: str, cadre: Cadre) -> Conversation[Poste]:
        """The place of that participant in that space, taken up where it was left.

        Raises:
            ErreurFacturier: the space cannot be read.
        """
        cle = (qui.pseudonyme, espace)
        with self._verrou:
            trouvee = self._places.get(cle)
            if trouvee is not None:
                self._places.move_to_end(cle)
                trouvee.cadre = replace(cadre, aide=trouvee.cadre.aide)
                return trouvee
        neuve = self._ouvrir(qui, espace, cadre)
        with self._verrou:
            gagnante = self._places.setdefault(cle, neuve)
            while len(self._places) > POSTES_MAX:
                self._places.popitem(last=False)
            return gagnante

    def _ouvrir(self, qui: LigneParticipant, espace: str, cadre: Cadre) -> Conversation[Poste]:
        partage = self._classe.espace_de(qui, espace)
        guichet = GuichetDeClasse(self._classe, qui, espace)
        recit = None
        with suppress(RefusClasse):  # nothing is told in a space of free play
            recit = recits.raconte(self._classe, partage)
        accueil = Cible(RECIT if recit is not None else ACCUEIL)
        poste = Poste(guichet, ECRANS, self._sieges(qui, espace), accueil=accueil, recit=recit)
        cle = f"poste|{espace}|{qui.pseudonyme}"
        garde_lue = self._classe.registre.reglages().get(cle, "")
        if garde_lue:
            self._reprendre(cle, garde_lue, poste)
        poste.garder = lambda p: self._garder(cle, qui, p)
        return Conversation(poste, cadre, demander_aide=lambda: self._classe.demander_aide(qui))

    def _reprendre(self, cle: str, garde_lue: str, poste: Poste) -> None:
        """Take what was kept; what cannot be read is kept aside, for the next keeping would take its place."""
        lue = _lire(garde_lue)
        if lue is not None:
            return poste.reprendre(lue)
        empreinte = hashlib.sha256(garde_lue.encode()).hexdigest()[:8]
        self._classe.ecrivain.ecrire(Lot(ordres=regler(f"{cle}|illisible|{empreinte}", garde_lue)))
        poste.statut = Message("alerte", ILLISIBLE)
        return None

    def _sieges(self, qui: LigneParticipant, espace: str) -> Sieges:
        if espace != qui.solo:
            return sieges_du_participant(qui.pseudonyme)
        partage = self._classe.espace_de(qui, espace)
        if partage.recit is not None:
            return sieges_fixes((joue.role, joue.structure) for joue in partage.recit.joues)
        tenus = partage.lire(lambda portail: recits.tenus(self._classe, espace, portail))
        return sieges_fixes((t["role"], t["structure"]) for t in tenus if not t["tenant"].startswith("simule"))

    def _garder(self, cle: str, qui: LigneParticipant, poste: Poste) -> str:
        """Keep what was typed, and let the trainer look at it."""
        gardees = poste.en_json()  # without secrets: the trainer sees no more than what is kept
        contenu = json.dumps(gardees, ensure_ascii=False, separators=(",", ":"))
        self._classe.ecrivain.ecrire(Lot(ordres=regler(cle, contenu)))
        saisies = garde.aplatir(gardees)
        self._classe.montrer_formulaire(
            qui, poste.ecran.id, {c: t for c, t in gardees["saisies"].get(poste.cle, {}).items() if t}
        )
        heure = self._classe.horloge()
        return f"Réponse enregistrée à {heure:%H:%M}." if saisies else ""


def _lire(texte: str) -> dict[str, Any] | None:
    """None: it is not what was written."""
    try:
        lu = json.loads(texte)
    except (ValueError, RecursionError):
        return None
    return lu if isinstance(lu, dict) else None
