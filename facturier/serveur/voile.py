"""What a participant is told of a whole space: not the payments that their payer keeps to itself, nor what others
have not sent.

Who held the payer's role when it paid, or paid, knows; nobody else does. Events keep their order and are numbered
without those that are withheld, so that nothing shows that one is. What was told once is told for ever: a client folds
the events one after the other. In a group, of what another person did, a draft says its cadre and its comment only
until it is sent, an account its name, a request for help that it exists.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from facturier import referentiel
from facturier.portail import Annuaire, Etat, Piece, Portail, appliquer, provenance
from facturier.portail.comptes import detient
from facturier.portail.demande import CHAMPS_PIECE
from facturier.portail.droits import CONFIER, RESERVES
from facturier.portail.evenements import Evenement, lire_evenement
from facturier.portail.pliage import DEPOSER_PDF, DEPOTS, ENREGISTRER, ENVOYER
from facturier.portail.remontee import PAIEMENT, tait_son_paiement
from facturier.registre import LigneParticipant

if TYPE_CHECKING:
    from facturier.serveur.classe import Classe

_BROUILLONS = (ENREGISTRER, DEPOSER_PDF)
_GARDES = ("cadre", "commentaire")
_SECRETS = ("telephone", "jeton", "code", "mot_de_passe")
_ECRITS = ("sujet", "texte")
SANS_EMPREINTE = "0" * 64
"""In the place of a fingerprint: those of deposits alone are told, which certificates print."""


@dataclass(frozen=True)
class Voile:
    """A portal as one participant may know it. ``tus``: the numbers of the events that are withheld, in order.

    ``siens``: their pseudonym and accounts, empty in a space of their own.
    """

    portail: Portail
    base: Annuaire
    tus: tuple[int, ...] = ()
    siens: frozenset[str] = frozenset()

    def evenements(self, depuis: int = 0) -> tuple[dict[str, Any], ...]:
        """The events that they are told after that many of them."""
        if not self.tus:
            return tuple(self._dit(e, e["n"]) for e in self.portail.depuis(depuis))
        dits = [e for e in self.portail.depuis(0) if e["n"] not in self.tus]
        return tuple(self._dit(e, rang) for rang, e in enumerate(dits[depuis:], depuis + 1))

    def _dit(self, evenement: Evenement, rang: int) -> dict[str, Any]:
        dit: dict[str, Any] = {**evenement, "n": rang}
        if evenement["action"] not in DEPOTS:
            dit["empreinte"] = SANS_EMPREINTE
        if evenement["action"] == ENVOYER and self.siens:
            creation = self._creations[evenement["objet"]]
            if self._d_autrui(creation):  # what was not told of the draft is told now
                dit["donnees"] = {**_saisi(creation), **evenement["donnees"]}
        elif self._d_autrui(evenement):
            dit["donnees"] = _abrege(evenement)
        return dit

    @cached_property
    def _creations(self) -> dict[str, Evenement]:
        """The first event of each object."""
        return {e["objet"]: e for e in reversed(self.portail.depuis(0))}

    def _d_autrui(self, evenement: Evenement) -> bool:
        """Whether another person did it, on what is theirs alone."""
        if not self.siens or evenement["par"] in self.siens or evenement["par"] in RESERVES:
            return False
        return evenement["action"] in _BROUILLONS or evenement["objet"][:1] in ("C", "T")

    def rang(self, n: int) -> int:
        """How many events they are told up to that one."""
        return n - sum(tu <= n for tu in self.tus)

    @property
    def longueur(self) -> int:
        """How many events they are told in all."""
        return self.rang(self.portail.longueur)

    @property
    def etat(self) -> Etat:
        """The state that these events give."""
        if not self.tus and not any(self._d_autrui(e) for e in (self.portail.depuis(0) if self.siens else ())):
            return self.portail.etat
        etat = Etat.initial(self.portail.ouverture)
        for evenement in self.evenements():
            etat = appliquer(etat, lire_evenement(evenement), self.base)
        return etat

    def piece(self, numero: str) -> Piece:
        """That piece (RefusPortail when there is none)."""
        self.portail.piece(numero)
        return self.etat.pieces[numero]

    def version(self, objet: str) -> int:
        """How many events that they are told have changed that object."""
        piece = self.etat.pieces.get(objet)
        return len(piece.historique) if piece is not None else self.portail.version(objet)


def voile(classe: Classe, qui: LigneParticipant, espace: str, jusqu_a: int | None = None) -> Callable[[Portail], Voile]:
    """How that participant sees that space of theirs (RefusClasse: it is somebody else's).

    ``jusqu_a``: the last event known to be written, for a portal that is not held.
    """
    recit = classe.espace_de(qui, espace).recit
    joues = frozenset(joue.structure for joue in recit.joues) if recit is not None else frozenset()

    def voiler(portail: Portail) -> Voile:
        comptes = portail.etat.comptes.values()
        siens = frozenset({qui.pseudonyme, *(c.id for c in comptes if detient(c, qui.pseudonyme, classe=True))})
        tus = _tus(portail, portail.longueur if jusqu_a is None else jusqu_a, siens, joues)
        return Voile(portail, classe.annuaire, tus, siens if espace != qui.solo else frozenset())

    return voiler


_paiements: WeakKeyDictionary[Portail, tuple[int, tuple[str, ...]]] = WeakKeyDictionary()
"""How far each journal was read, and the pieces that were paid there: nothing is read twice, most acts pay nothing."""


def _payees(portail: Portail, jusqu_a: int) -> tuple[str, ...]:
    lus, pieces = _paiements.get(portail, (0, ()))
    if jusqu_a > lus:
        neufs = portail.depuis(lus)[: jusqu_a - lus]
        pieces += tuple(e["objet"] for e in neufs if e["action"] in _payer())
        _paiements[portail] = jusqu_a, pieces
    return pieces


@cache
def _payer() -> frozenset[str]:
    return frozenset(t.action for t in referentiel.transitions() if t.vers == PAIEMENT)


def _tus(portail: Portail, jusqu_a: int, siens: frozenset[str], joues: frozenset[str]) -> tuple[int, ...]:
    """``jusqu_a``: the last event looked at, all of them being written."""
    connues = (portail.piece(numero) for numero in _payees(portail, jusqu_a))
    payees = {p.id: p for p in connues if tait_son_paiement(p, portail.annuaire) and p.destinataire not in joues}
    if not payees:
        return ()
    tenants = dict(portail.ouverture.attributions())
    tus = {}
    for evenement in portail.depuis(0):
        if evenement["action"] == CONFIER:
            donnees = {champ: texte.strip() for champ, texte in evenement["donnees"].items()}
            tenants[donnees["role"], donnees["structure"]] = donnees.get("a", "")
        piece = payees.get(evenement["objet"])
        if piece is not None and evenement["action"] == piece.historique[-1].action:
            tenu = any(a in siens and siret == piece.destinataire for (_, siret), a in tenants.items())
            if not tenu and evenement["par"] not in siens:
                tus[piece.id] = evenement["n"]
    return tuple(sorted(tus.values()))


def _saisi(creation: Evenement) -> dict[str, str]:
    """What the draft held."""
    saisies = provenance.valeurs(creation["donnees"])
    return {champ: texte for champ, texte in saisies.items() if champ not in _GARDES}


def _abrege(evenement: Evenement) -> dict[str, str]:
    """What others are told of it: enough for the state to be the same elsewhere."""
    donnees = evenement["donnees"]
    if evenement["action"] in _BROUILLONS:
        saisis = {*CHAMPS_PIECE, *(provenance.LU + champ for champ in CHAMPS_PIECE)} - set(_GARDES)
        return {champ: texte for champ, texte in donnees.items() if champ not in saisis}
    adresse = f"{evenement['objet'].lower()}@masque.invalid"
    masques = {"courriel": adresse, "contact": adresse, **dict.fromkeys(_SECRETS, ""), **dict.fromkeys(_ECRITS, "…")}
    return {champ: masques.get(champ, texte) for champ, texte in donnees.items()}
