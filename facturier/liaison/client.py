"""A learner's link to the portal of their class: joining, acting again when the network fails, the same counter."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self, TypeVar
from urllib.parse import quote, urlencode, urlsplit
from uuid import uuid4

from facturier.erreurs import ErreurFacturier
from facturier.liaison import schemas as s
from facturier.liaison.annuaire import depuis_json
from facturier.liaison.consultation import ConsultationHTTP, compte_de
from facturier.portail import Acteur, Annuaire, Etat, Ouverture, RefusPortail, appliquer
from facturier.portail.evenements import lire_evenement, lire_moment
from facturier.portail.guichet import Guichet
from facturier.portail.temps import AVANCER

if TYPE_CHECKING:
    import httpx
    from pydantic import BaseModel

    from facturier.portail.evenements import Evenement
    from facturier.portail.pieces import Piece
    from facturier.referentiel.lignes import Transition

    M = TypeVar("M", bound=BaseModel)

ATTENTES = (0.2, 0.6, 1.5, 3.0)
"""Seconds before each new try; the key of the act stays the same, so that none is done twice."""
DELAI = 20.0
FICHIER_MAX = 8 * 1024 * 1024
_PASSAGERS = (502, 503, 504)
_DU_LIEN = frozenset({"jeton-refuse", "code-refuse", "deja-pris", "trop-d-essais", "panne", "forme", "methode"})


class ErreurLiaison(ErreurFacturier):
    """The portal of the class cannot be reached, or does not let one in."""

    code = "liaison"


class Liaison:
    """One participant's link. ``jeton`` is theirs alone: it is never written in an address.

    ``client`` is an httpx client on the portal's address (made by :meth:`rejoindre` or :meth:`reprendre`).
    """

    def __init__(
        self, client: httpx.Client, jeton: str = "", *, patienter: Callable[[float], None] = time.sleep
    ) -> None:
        self._client = client
        self.jeton = jeton
        self._patienter = patienter
        self._annuaire: Annuaire | None = None

    @classmethod
    def rejoindre(cls, adresse: str, code: str, prenom: str, jeton: str = "") -> Self:
        """Join the class at that address, with the code shown by the trainer.

        Raises:
            ErreurLiaison: the address, the code or the name is refused, or nobody answers.
        """
        liaison = cls(_client(adresse))
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
        return cls(_client(adresse), jeton)

    def moi(self) -> s.Moi:
        """Who one is, and one's spaces."""
        return self.appeler(s.Moi, "GET", "moi")

    def espace(self, nom: str) -> s.EspaceVu:
        """One of one's spaces: settings, time, roles."""
        return self.appeler(s.EspaceVu, "GET", f"espaces/{quote(nom)}")

    def annuaire(self) -> Annuaire:
        """The directory of the class, asked once."""
        if self._annuaire is None:
            document = self._envoyer("GET", "annuaire", None, {})
            try:
                self._annuaire = depuis_json(document)
            except ValueError as cause:
                raise _pas_un_portail() from cause
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

    def fermer(self) -> None:
        """Close the connections."""
        self._client.close()

    def appeler(
        self, genre: type[M], methode: str, chemin: str, corps: Mapping[str, Any] | None = None, cle: str = ""
    ) -> M:
        """Call the API; what it answers, checked.

        Raises:
            RefusPortail: the portal refuses, with its sentence, its code and its rules.
            ErreurLiaison: nobody answers, or not the portal of a class.
        """
        entetes = {"Idempotency-Key": cle} if cle else {}
        try:
            return genre.model_validate(self._envoyer(methode, chemin, corps, entetes))
        except ValueError as cause:
            raise _pas_un_portail() from cause

    def telecharger(self, chemin: str) -> bytes:
        """A file that the server makes.

        Raises:
            RefusPortail, ErreurLiaison: as :meth:`appeler`; ErreurLiaison also when it is too big.
        """
        reponse = self._repondre("GET", chemin, None, {})
        if not reponse.is_success or len(reponse.content) > FICHIER_MAX:
            _lire(reponse)
            raise _pas_un_portail()
        return reponse.content

    def _envoyer(self, methode: str, chemin: str, corps: Mapping[str, Any] | None, entetes: dict[str, str]) -> Any:
        return _lire(self._repondre(methode, chemin, corps, entetes))

    def _repondre(
        self, methode: str, chemin: str, corps: Mapping[str, Any] | None, entetes: dict[str, str]
    ) -> httpx.Response:
        import httpx

        if self.jeton:
            entetes = {**entetes, "Authorization": f"Bearer {self.jeton}"}
        rejouable = methode != "POST" or "Idempotency-Key" in entetes or chemin in ("aide", "partir")
        for attente in (*ATTENTES, None):
            try:
                reponse = self._client.request(methode, f"api/v1/{chemin}", json=corps, headers=entetes)
            except httpx.ConnectError as cause:  # nothing was sent
                if attente is None:
                    raise _injoignable() from cause
            except httpx.HTTPError as cause:
                if attente is None or not rejouable:
                    raise _injoignable() from cause
            else:
                if attente is None or reponse.status_code not in _PASSAGERS or not rejouable:
                    return reponse
            self._patienter(attente)
        raise AssertionError("unreachable")


class GuichetHTTP(ConsultationHTTP, Guichet):
    """The counter of the class's portal. Its state is folded here from the events of the server, as it is there."""

    def __init__(self, liaison: Liaison, espace: str, acteur: Acteur) -> None:
        self.acteur = acteur
        self.espace = espace
        self._liaison = liaison
        vu = liaison.espace(espace)
        self._ouverture = Ouverture.depuis_json(vu.ouverture)
        self._base = liaison.annuaire()
        self._evenements: list[Evenement] = []
        self._etat = Etat.initial(self._ouverture)
        self._maintenant = lire_moment(vu.maintenant)

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

    def _relever(self) -> None:
        chemin = f"espaces/{quote(self.espace)}/journal?depuis={len(self._evenements)}"
        nouveau = self._liaison.appeler(s.Journal, "GET", chemin)
        try:
            for brut in nouveau.evenements:
                evenement = lire_evenement(brut)
                self._etat = appliquer(self._etat, evenement, self._base)
                self._evenements.append(evenement)
            self._maintenant = lire_moment(nouveau.maintenant)
        except (ValueError, KeyError) as cause:
            raise _pas_un_portail() from cause


def _client(adresse: str) -> httpx.Client:
    import httpx

    propre = adresse.strip().rstrip("/") + "/"
    morceaux = urlsplit(propre)
    if morceaux.scheme not in ("http", "https") or not morceaux.hostname or "@" in morceaux.netloc:
        raise ErreurLiaison("Donnez l’adresse du portail, par exemple http://192.168.1.20:8765.", code="adresse")
    return httpx.Client(base_url=propre, timeout=DELAI, follow_redirects=False, trust_env=False)


def _lire(reponse: httpx.Response) -> Any:
    try:
        document = reponse.json()
        if reponse.is_success:
            return document
        refus = s.Erreur.model_validate(document)
    except ValueError as cause:
        raise _pas_un_portail() from cause
    if reponse.status_code >= 500 or refus.code in _DU_LIEN:
        raise ErreurLiaison(refus.phrase, code=refus.code)
    raise RefusPortail((refus.phrase,), refus.regles, code=refus.code)


def _injoignable() -> ErreurLiaison:
    return ErreurLiaison(
        "Le portail de la classe ne répond pas : vérifiez votre connexion, puis recommencez. Ce qui était enregistré "
        "l’est resté.",
        code="injoignable",
    )


def _pas_un_portail() -> ErreurLiaison:
    return ErreurLiaison(
        "Cette adresse ne répond pas comme le portail d’une classe : relisez-la, ou mettez facturier à jour.",
        code="reponse-illisible",
    )
