"""Replaying a journal that comes from outside: the same rules, at the events' own dates, and nothing taken on trust."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from facturier.portail import pliage, temps
from facturier.portail.evenements import (
    EVENEMENTS_MAX,
    SIMULE,
    SYSTEME,
    Acteur,
    Evenement,
    FormeRefusee,
    empreinte,
    lire_evenement,
    lire_moment,
)
from facturier.portail.refus import JournalRefuse, RefusPortail

if TYPE_CHECKING:
    from facturier.portail.portail import Portail

_DESCELLE = "il ne suit pas celui d’avant (empreinte) : il a été modifié, déplacé, ou un autre a été retiré."
_ETRANGER = "il ne vient pas de cet exercice, ou il a été modifié (empreinte)."


def rejouer(portail: Portail, evenements: object) -> datetime:
    """Apply the events to a blank portal; the last date that it reached (now for an empty journal).

    Raises:
        JournalRefuse: at the first event that the portal would not have written.
    """
    if not isinstance(evenements, (list, tuple)):
        raise JournalRefuse(0, "ce n’est pas une liste d’événements.")
    if len(evenements) > EVENEMENTS_MAX:
        raise JournalRefuse(0, f"il compte {len(evenements)} événements, {EVENEMENTS_MAX} au plus sont admis.")
    dernier: datetime | None = None
    scelle = portail.ouverture.genese()
    for rang, brut in enumerate(evenements, start=1):
        try:
            evenement = lire_evenement(brut)
        except FormeRefusee as cause:
            raise JournalRefuse(rang, str(cause)) from cause
        quand = lire_moment(evenement["quand"])
        precedent, scelle = scelle, evenement["empreinte"]
        if evenement["n"] != rang:
            raise JournalRefuse(rang, f"il porte le n° {evenement['n']}, le n° {rang} est attendu.")
        if dernier is not None and quand < dernier:
            raise JournalRefuse(rang, "sa date est antérieure à celle de l’événement précédent.")
        if empreinte(precedent, evenement) != scelle:
            raise JournalRefuse(rang, _DESCELLE if rang > 1 else _ETRANGER)
        dernier = quand
        if rang > portail.longueur:  # otherwise the portal has already written it, as a consequence of an earlier act
            _repeter(portail, evenement, quand)
        _comparer(portail, evenement, rang)
    portail._figer(None)
    return portail.etat.temps.vu or portail.horloge()


def _repeter(portail: Portail, evenement: Evenement, quand: datetime) -> None:
    acteur = Acteur(evenement["role"], evenement["structure"], evenement["par"])
    action, objet, donnees = evenement["action"], evenement["objet"], dict(evenement["donnees"])
    try:
        reel = lire_moment(donnees.pop(temps.REEL, "")) if action == temps.RELANCER else None
        portail._figer(quand, reel)
        if acteur.role == SYSTEME or acteur.par == SIMULE:
            portail.avancer()
        elif action == pliage.SUIVANTE:
            portail.deposer_suivante(acteur, donnees.pop(pliage.PRECEDENTE, ""), donnees)
        elif action in (pliage.DEPOSER, pliage.DEPOSER_PDF, pliage.ENREGISTRER):
            portail.accomplir(acteur, action, "", donnees)
        else:
            portail.accomplir(acteur, action, objet, donnees)
    except RefusPortail as cause:
        raise JournalRefuse(evenement["n"], cause.phrase) from cause
    except FormeRefusee as cause:
        raise JournalRefuse(evenement["n"], str(cause)) from cause


def _comparer(portail: Portail, evenement: Evenement, rang: int) -> None:
    if rang > portail.longueur:
        raise JournalRefuse(rang, "ce passage automatique n’était pas dû à cette date.")
    ecrit = portail.evenement(rang)
    if ecrit != evenement:
        objet = f" sur {ecrit['objet']}" if ecrit["objet"] else ""
        raise JournalRefuse(
            rang,
            f"à cet endroit, le portail aurait inscrit « {ecrit['action']} » ({ecrit['role']}){objet}, "
            f"le {ecrit['quand']}, avec d’autres données ou un autre auteur que ce qui est écrit.",
        )
