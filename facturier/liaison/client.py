"""A learner's link to the portal of their class: joining, acting again when the network fails, the same counter."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote, urlencode
from uuid import uuid4

from facturier.erreurs import ErreurFacturier
from facturier.liaison import schemas as s
from facturier.liaison.annuaire import depuis_json
from facturier.liaison.appels import Appels, client_http, pas_un_portail
from facturier.liaison.appels import ErreurLiaison as ErreurLiaison
from facturier.liaison.consultation import ConsultationHTTP, compte_de
from facturier.portail import Acteur, Annuaire, Etat, Ouverture, RefusPortail, appliquer
from facturier.portail.evenements import lire_evenement, lire_moment
from facturier.portail.guichet import Guichet
from facturier.portail.temps import AVANCER

if TYPE_CHECKING:
    import httpx

    from facturier.portail.evenements import Evenement
    from facturier.portail.pieces import Piece
    from facturier.referentiel.lignes import Transition


class Liaison(Appels):
    """One participant's link. ``jeton`` is theirs alone: it is never written in an address.

    ``client`` is an httpx client on the portal's address (made by :meth:`rejoindre` or :meth:`reprendre`).
    """

    def __init__(
        self, client: httpx.Client, jeton: str = "", *, patienter: Callable[[float], None] = time.sleep
    ) -> None:
        super().__init__(client, jeton, patienter=patienter)
        self._annuaire: Annuaire | None = None

    @classmethod
    def rejoindre(cls, adresse: str, code: str, prenom: str, jeton: str = "") -> Self:
        """Join the class at that address, with the code shown by the trainer.

        Raises:
            ErreurLiaison: the address, the code or the name is refused, or nobody answers.
        """
        liaison = cls(client_http(adresse))
        try:
            s.Rejoindre(code=code, prenom=prenom, jeton=jeton)
        except ValueError as cause:
            raise ErreurLiaison(
                "Donnez le code affiché par le formateur et votre prénom (40 lettres au plus)."
            ) from cause
        corps = {"code": code, "prenom": prenom, "jeton": jeton}
        inscrit = liaison.appeler(s.Inscrit, "POST", "rejoindre", corps)
        liaison.jeton = inscrit.jeton or jeton
        return liaison

    @classmethod
    def reprendre(cls, adresse: str, jeton: str) -> Self:
        """The link of a participant who has joined before."""
        return cls(client_http(adresse), jeton)

    def moi(self) -> s.Moi:
        """Who one is, and one's spaces."""
        return self.appeler(s.Moi, "GET", "moi")

    def espace(self, nom: str) -> s.EspaceVu:
        """One of one's spaces: settings, time, roles."""
        return self.appeler(s.EspaceVu, "GET", f"espaces/{quote(nom)}")

    def recit(self, espace: str = "") -> s.RecitVu:
        """The story that a space plays (one's own when none is given).

        Raises:
            RefusPortail: it plays none (« introuvable »).
        """
        return self.appeler(s.RecitVu, "GET", f"espaces/{quote(espace or self.moi().solo)}/recit")

    def annuaire(self) -> Annuaire:
        """The directory of the class, asked once."""
        if self._annuaire is None:
            document = self.envoyer("GET", "annuaire", None, {})
            try:
                self._annuaire = depuis_json(document)
            except ValueError as cause:
                raise pas_un_portail() from cause
        return self._annuaire

    def demander_aide(self, *, demande: bool = True) -> str:
        """« J’ai besoin d’aide »; the sentence to show."""
        return self.appeler(s.Phrase, "POST", "aide", {"demande": demande}).phrase

    def montrer(self, formulaire: str, valeurs: Mapping[str, str]) -> None:
        """Let the trainer see what is being typed."""
        self.appeler(s.Phrase, "PUT", "formulaire", {"formulaire": formulaire, "valeurs": dict(valeurs)})

    def partir(self) -> str:
        """Leave for now; the sentence to show."""
        return self.appeler(s.Phrase, "POST", "partir").phrase

    def guichet(self, acteur: Acteur, espace: str = "") -> GuichetHTTP:
        """The counter of that role, in that space (one's own when none is given)."""
        return GuichetHTTP(self, espace or self.moi().solo, acteur)


class GuichetHTTP(ConsultationHTTP, Guichet):
    """The counter of the class's portal. Its state is folded here from the events of the server, as it is there."""

    def __init__(self, liaison: Liaison, espace: str, acteur: Acteur) -> None:
        self.acteur = acteur
        self.espace = espace
        self._liaison = liaison
        vu = liaison.espace(espace)
        self._base = liaison.annuaire()
        self._evenements: list[Evenement] = []
        self._ouverture = vu.ouverture.ouverture()
        self._etat = Etat.initial(self._ouverture)
        self._maintenant = lire_moment(vu.maintenant)
        self._fige = False

    @property
    def journal(self) -> tuple[dict[str, Any], ...]:
        """The events so far, as the server has them."""
        self._relever()
        return tuple(dict(evenement) for evenement in self._evenements)

    @property
    def etat(self) -> Etat:
        """The whole state, as it now is on the server."""
        self._relever()
        return self._etat

    @property
    def annuaire(self) -> Annuaire:
        """The directory as it now stands."""
        return self.etat.annuaire(self._base)

    @property
    def maintenant(self) -> datetime:
        """The portal's time."""
        self._relever()
        return self._maintenant

    @property
    def ouverture(self) -> Ouverture:
        """The settings of the space, without the seed that draws for it."""
        return self._ouverture

    def faire(
        self, acteur: Acteur, action: str, objet: str = "", /, *, version: int | None = None, **donnees: str
    ) -> str:
        """Any act, once it is kept by the server."""
        try:
            geste = s.Geste(
                role=acteur.role,
                structure=acteur.structure,
                compte=compte_de(acteur),
                action=action,
                objet=objet,
                donnees=donnees,
                version=version,
            )
        except ValueError as cause:
            raise RefusPortail(("Saisie refusée : ce geste n’a pas la forme attendue.",), ("forme",)) from cause
        chemin = f"espaces/{quote(self.espace)}/actes"
        return self._liaison.appeler(s.Fait, "POST", chemin, geste.model_dump(), uuid4().hex).objet

    def gestes(self, acteur: Acteur, piece: str) -> tuple[Transition, ...]:
        """What this actor may do to that piece now."""
        options = urlencode(
            {"piece": piece, "role": acteur.role, "structure": acteur.structure, "compte": compte_de(acteur)}
        )
        reponse = self._liaison.appeler(s.Gestes, "GET", f"espaces/{quote(self.espace)}/gestes?{options}")
        return self.permises(acteur, self.piece(piece), {geste.action for geste in reponse.gestes})

    def permises(self, acteur: Acteur, piece: Piece, actions: set[str]) -> tuple[Transition, ...]:
        """The rows of the life cycle for these actions on that piece."""
        from facturier import cycle

        jour, bascules = self._maintenant.date(), self._ouverture.jours_de_bascule
        possibles = cycle.transitions_possibles(piece.cadre, piece.statut, acteur.role, jour, bascules)
        return tuple(transition for transition in possibles if transition.action in actions)

    def avancer(self, jours: int = 0) -> None:
        """Turn the clock, where that is allowed to this participant; without days, look again."""
        if jours:
            self.faire(Acteur(self.acteur.role, ""), AVANCER, jours=str(jours))
        else:
            self._relever()

    @contextmanager
    def regard(self) -> Iterator[None]:
        """Ask the server once, and show what it then said, or said last when it does not answer."""
        if self._fige:
            yield
            return
        with suppress(ErreurFacturier):
            self._relever()
        self._fige = True
        try:
            yield
        finally:
            self._fige = False

    def _relever(self) -> None:
        if self._fige:
            return
        chemin = f"espaces/{quote(self.espace)}/journal?depuis={len(self._evenements)}"
        nouveau = self._liaison.appeler(s.Journal, "GET", chemin)
        try:
            for brut in nouveau.evenements:
                evenement = lire_evenement(brut)
                self._etat = appliquer(self._etat, evenement, self._base)
                self._evenements.append(evenement)
            self._maintenant = lire_moment(nouveau.maintenant)
        except (ValueError, KeyError) as cause:
            raise pas_un_portail() from cause
