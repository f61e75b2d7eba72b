"""Replaying a journal that comes from outside: the same rules, at the events' own dates, and nothing taken on trust."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from facturier.portail import etat
from facturier.portail.evenements import (
    EVENEMENTS_MAX,
    SYSTEME,
    Acteur,
    Evenement,
    FormeRefusee,
    lire_evenement,
    lire_moment,
)
from facturier.portail.refus import JournalRefuse, RefusPortail

if TYPE_CHECKING:
    from facturier.portail.portail import Portail


def rejouer(portail: Portail, evenements: object) -> datetime:
    """Apply the events to a blank portal; the date of the last one (now for an empty journal).

    Raises:
        JournalRefuse: at the first event that the portal would not have written.
    """
    if not isinstance(evenements, (list, tuple)):
        raise JournalRefuse(0, "ce n’est pas une liste d’événements.")
    if len(evenements) > EVENEMENTS_MAX:
        raise JournalRefuse(0, f"il compte {len(evenements)} événements, {EVENEMENTS_MAX} au plus sont admis.")
    dernier: datetime | None = None
    for rang, brut in enumerate(evenements, start=1):
        try:
            evenement = lire_evenement(brut)
        except FormeRefusee as cause:
            raise JournalRefuse(rang, str(cause)) from cause
        quand = lire_moment(evenement["quand"])
        if evenement["n"] != rang:
            raise JournalRefuse(rang, f"il porte le n° {evenement['n']}, le n° {rang} est attendu.")
        if dernier is not None and quand < dernier:
            raise JournalRefuse(rang, "sa date est antérieure à celle de l’événement précédent.")
        dernier = quand
        if rang > portail.longueur:  # otherwise the portal has already written it, as a consequence of an earlier act
            _repeter(portail, evenement, quand)
        _comparer(portail, evenement, rang)
    return dernier if dernier is not None else portail.horloge()


def _repeter(portail: Portail, evenement: Evenement, quand: datetime) -> None:
    portail.horloge = lambda: quand
    acteur = Acteur(evenement["role"], evenement["structure"])
    action, piece, donnees = evenement["action"], evenement["piece"], dict(evenement["donnees"])
    try:
        if acteur.role == SYSTEME:
            portail.avancer()
        elif action == etat.SUIVANTE:
            portail.deposer_suivante(acteur, donnees.pop(etat.PRECEDENTE, ""), donnees)
        elif action == etat.DEPOSER:
            portail.deposer(acteur, donnees)
        elif action == etat.ENREGISTRER:
            portail.enregistrer(acteur, donnees)
        else:
            portail.agir(acteur, piece, action, **donnees)
    except RefusPortail as cause:
        raise JournalRefuse(evenement["n"], cause.phrase) from cause


def _comparer(portail: Portail, evenement: Evenement, rang: int) -> None:
    if rang > portail.longueur:
        raise JournalRefuse(rang, "ce passage automatique n’était pas dû à cette date.")
    ecrit = portail.evenement(rang)
    if ecrit != evenement:
        raise JournalRefuse(
            rang,
            f"à cet endroit, le portail aurait inscrit « {ecrit['action']} » ({ecrit['role']}) sur la pièce "
            f"{ecrit['piece']}, le {ecrit['quand']}, avec d’autres données ou un autre auteur que ce qui est écrit.",
        )
