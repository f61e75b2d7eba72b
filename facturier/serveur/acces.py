"""In whose name a participant acts: their own, or an account of theirs; and codes that cannot be guessed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from facturier.erreurs import ErreurFacturier
from facturier.portail import Acteur, Portail, RefusPortail
from facturier.portail.comptes import ACTIVER, CONFIRMER_COURRIEL, SE_CONNECTER, detient
from facturier.registre import LigneParticipant
from facturier.serveur import recits
from facturier.serveur.espace import Demande, EspacePartage
from facturier.serveur.jetons import Limiteur

if TYPE_CHECKING:
    from facturier.serveur.classe import Classe

SECRETS = (SE_CONNECTER, ACTIVER, CONFIRMER_COURRIEL)
"""Acts that give back a secret of the mailbox: the two-factor code, the links."""
FAUX = frozenset({"code-faux", "lien-faux", "confirmation-faux"})
ESSAIS = 5
SECONDES = 60
_TROP = "Trop de codes faux : attendez une minute, puis demandez un nouveau code et recopiez celui du dernier courriel."


def limiteur(horloge: Callable[[], datetime]) -> Limiteur:
    """Counts the false codes of each participant: nobody is held back by another's."""
    return Limiteur(horloge, par_adresse=ESSAIS, en_tout=Limiteur.ADRESSES_MAX, secondes=SECONDES, phrase=_TROP)


@contextmanager
def secret(essais: Limiteur, qui: str, action: str) -> Iterator[None]:
    """Around an act: too many false codes lately, and the next one is not even looked at.

    Raises:
        RefusClasse: « trop-d-essais ».
    """
    if action not in SECRETS:
        yield
        return
    essais.passer(qui)
    try:
        yield
    except RefusPortail as refus:
        if FAUX & set(refus.regles):
            essais.echouer(qui)
        raise


def permettre(qui: LigneParticipant, espace: str, acteur: Acteur, portail: Portail) -> None:
    """An account is its holder's alone; in a group, a role is played by who holds it, and by nobody else.

    Raises:
        RefusPortail: « droits ».
    """
    if acteur.par != qui.pseudonyme:
        compte = portail.etat.comptes.get(acteur.par)
        if compte is None or not detient(compte, qui.pseudonyme, classe=portail.ouverture.classe):
            raise _refus(f"Le compte {acteur.par} n’est pas le vôtre : un compte est personnel, il ne se prête pas.")
    if espace == qui.solo or not acteur.structure:
        return
    if portail.etat.attributions.get((acteur.role, acteur.structure), "") == "":
        raise _refus("Ce rôle n’est confié à personne dans votre groupe : demandez-le au formateur.")


def permis(classe: Classe, qui: LigneParticipant, espace: str, acteur: Acteur) -> Callable[[Portail], None]:
    """What a space asks before it lets that actor in: the roles of its story, then :func:`permettre`."""
    recit = classe.espace(espace).recit

    def verifier(portail: Portail) -> None:
        recits.permettre(recit, acteur)
        permettre(classe.participants.participant(qui.pseudonyme), espace, acteur, portail)

    return verifier


@dataclass
class Passage:
    """An act of a participant on its way: the space, what is asked of it, who may, then the answer."""

    partage: EspacePartage
    demande: Demande
    permis: Callable[[Portail], None]
    reponse: dict[str, Any]


@contextmanager
def passage(classe: Classe, qui: LigneParticipant, espace: str, demande: Demande) -> Iterator[Passage]:
    """Around an act of theirs, in the name of a role that is theirs: guessed codes are counted, and the trainer sees
    who is stuck.

    Raises:
        RefusPortail, RefusClasse: refused, nothing has changed.
    """
    partage = classe.espace_de(qui, espace)
    suivi = classe.participants.suivi(qui.pseudonyme)
    acteur = demande.acteur
    if not acteur.par:
        acteur = Acteur(acteur.role, acteur.structure, qui.pseudonyme)
        demande = replace(demande, acteur=acteur)
    un = Passage(partage, demande, permis(classe, qui, espace, acteur), {})
    try:
        with secret(classe.secrets, f"{espace}|{qui.pseudonyme}", demande.action):
            yield un
    except ErreurFacturier as refus:
        if suivi.bloque_depuis is None:
            suivi.bloque_depuis = classe.horloge()
        suivi.refus = refus.phrase
        raise
    suivi.bloque_depuis, suivi.refus = None, ""
    fait = un.reponse
    suivi.dernier = {"action": demande.action, "objet": fait["objet"], "quand": fait["quand"], "espace": espace}


def _refus(phrase: str) -> RefusPortail:
    return RefusPortail((phrase,), ("droits",), code="droits")
