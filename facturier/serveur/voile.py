"""What a participant is told of a whole space: not the payments that their payer keeps to itself.

Who held the payer's role when it paid, or paid, knows; nobody else does. Events keep their order and are numbered
without those that are withheld, so that nothing shows that one is. What was told once is told for ever: a client folds
the events one after the other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from facturier.portail import Annuaire, Etat, Piece, Portail, appliquer
from facturier.portail.comptes import detient
from facturier.portail.droits import CONFIER
from facturier.portail.evenements import lire_evenement
from facturier.portail.pliage import DEPOTS
from facturier.portail.remontee import payees_sans_le_dire
from facturier.registre import LigneParticipant

if TYPE_CHECKING:
    from facturier.serveur.classe import Classe

SANS_EMPREINTE = "0" * 64
"""In the place of a fingerprint: those of deposits alone are told, which certificates print."""


@dataclass(frozen=True)
class Voile:
    """A portal as one participant may know it. ``tus``: the numbers of the events that are withheld, in order."""

    portail: Portail
    base: Annuaire
    tus: tuple[int, ...] = ()

    def evenements(self, depuis: int = 0) -> tuple[dict[str, Any], ...]:
        """The events that they are told after that many of them."""
        if not self.tus:
            return tuple(_dit(dict(e), e["n"]) for e in self.portail.depuis(depuis))
        dits = [e for e in self.portail.depuis(0) if e["n"] not in self.tus]
        return tuple(_dit(dict(e), rang) for rang, e in enumerate(dits[depuis:], depuis + 1))

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
        if not self.tus:
            return self.portail.etat
        etat = Etat.initial(self.portail.ouverture)
        for evenement in self.evenements():
            etat = appliquer(etat, lire_evenement(evenement), self.base)
        return etat

    def piece(self, numero: str) -> Piece:
        """That piece (RefusPortail when there is none)."""
        piece = self.portail.piece(numero)
        return self.etat.pieces[numero] if self.tus else piece

    def version(self, objet: str) -> int:
        """How many events that they are told have changed that object."""
        piece = self.etat.pieces.get(objet)
        return len(piece.historique) if piece is not None else self.portail.version(objet)


def voile(classe: Classe, qui: LigneParticipant, espace: str) -> Callable[[Portail], Voile]:
    """How that participant sees that space of theirs (RefusClasse: it is somebody else's)."""
    recit = classe.espace_de(qui, espace).recit
    joues = frozenset(joue.structure for joue in recit.joues) if recit is not None else frozenset()
    return lambda portail: Voile(portail, classe.annuaire, _tus(portail, qui.pseudonyme, joues))


def _tus(portail: Portail, moi: str, joues: frozenset[str]) -> tuple[int, ...]:
    payees = {p.id: p for p in payees_sans_le_dire(portail.etat, portail.annuaire) if p.destinataire not in joues}
    if not payees:
        return ()
    siens = {moi, *(c.id for c in portail.etat.comptes.values() if detient(c, moi, classe=True))}
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


def _dit(evenement: dict[str, Any], rang: int) -> dict[str, Any]:
    evenement["n"] = rang
    if evenement["action"] not in DEPOTS:
        evenement["empreinte"] = SANS_EMPREINTE
    return evenement
