"""A situation on the portal: opened with what has already happened, taken up again, replayed from a journal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from facturier.annuaire import Annuaire
from facturier.portail import ANIMATEUR, Horloge, JournalRefuse, Portail, boite, comptes
from facturier.situations.modele import Geste, Recit

JETON = "@jeton "
_MATIN = datetime(2000, 1, 1)
"""What the clock reads while the past is played: any fixed time, the portal counts from its own departure."""
_AUTREMENT = "cette situation a commencé autrement : ce n’est pas ce qui s’était passé avant que vous n’arriviez."


def executer(portail: Portail, gestes: Iterable[Geste]) -> Portail:
    """Make these acts, in order; the same portal.

    Raises:
        RefusPortail: at the first one that a rule refuses.
    """
    for geste in gestes:
        champs = {champ: _secret(portail, texte) for champ, texte in geste.champs.items()}
        portail.accomplir(geste.acteur, geste.action, geste.objet, champs)
    return portail


def en_classe(recit: Recit) -> Recit:
    """The same story, as a learner's own space in a class plays it: its clock is the trainer's, who made the past.

    What a person does before being connected stays nobody's: the learner holds the accounts of the story.
    """
    ouverture = replace(recit.ouverture, classe=True, horloge="animateur")
    avant = tuple(replace(geste, par=geste.par or _auteur(geste.action)) for geste in recit.avant)
    return replace(recit, ouverture=ouverture, avant=avant)


def _auteur(action: str) -> str:
    acte = comptes.ACTES.get(action)
    return "" if acte is not None and acte.sans_compte else ANIMATEUR


def commencer(recit: Recit, annuaire: Annuaire) -> Portail:
    """The portal as the learner finds it: blank, or with what has already happened; its clock stands still."""
    return executer(Portail(annuaire, lambda: _MATIN, recit.ouverture), recit.avant)


def reprendre(recit: Recit, journal: Sequence[dict[str, Any]], annuaire: Annuaire, horloge: Horloge) -> Portail:
    """The portal on which the learner goes on, from that journal or from the beginning when it is empty.

    Raises:
        JournalRefuse: it is not a journal of that situation and seed.
    """
    evenements = list(journal) or commencer(recit, annuaire).journal
    portail = Portail.rejouer(evenements, annuaire, horloge, recit.ouverture)
    _verifier_le_debut(recit, portail, annuaire)
    return portail


def rejouer(recit: Recit, evenements: object, annuaire: Annuaire) -> Portail:
    """The portal that wrote that journal, at the last date it reached; an empty journal is nothing done.

    Raises:
        JournalRefuse: at the first event that this situation, drawn by this seed, could not have written.
    """
    portail = Portail.rejouer(evenements, annuaire, ouverture=recit.ouverture)
    if portail.longueur:
        _verifier_le_debut(recit, portail, annuaire)
    return portail


def entamee(recit: Recit, journal: Sequence[object], annuaire: Annuaire) -> bool:
    """Whether the learner has done anything since they came in."""
    return len(journal) > (commencer(recit, annuaire).longueur if recit.avant else 0)


def _verifier_le_debut(recit: Recit, portail: Portail, annuaire: Annuaire) -> None:
    if not recit.avant:
        return
    for rang, attendu in enumerate(commencer(recit, annuaire).journal, start=1):
        if rang > portail.longueur:
            raise JournalRefuse(0, f"il s’arrête avant l’événement n° {rang}. {_AUTREMENT.capitalize()}")
        ecrit = portail.evenement(rang)
        if any(ecrit[cle] != attendu[cle] for cle in ("role", "structure", "par", "action", "objet", "donnees")):
            raise JournalRefuse(rang, _AUTREMENT)


def _secret(portail: Portail, texte: str) -> str:
    """The text, or the secret of the last message of the mailbox that it names."""
    if not texte.startswith(JETON):
        return texte
    recus = boite.messages(portail, texte.removeprefix(JETON))
    return recus[-1].jeton if recus else ""
