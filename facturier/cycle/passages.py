"""One lookup in the transitions table decides whether a gesture is possible. No state, no clock, no writing.

Automatic rows are the system's: among those possible in a status, the guarded ones are tried first and at most one
has no guard. A guard is a code that the portal evaluates; this module only hands it over.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from facturier import referentiel
from facturier.erreurs import ErreurFacturier
from facturier.referentiel import CREATION, Transition

Bascules = tuple[tuple[str, date], ...]
"""Days of announced changes that whoever opens a portal sets, by code: they come before those of the table."""


class ActionRefusee(ErreurFacturier):
    """The table has no row for this action, by this role, in this status."""

    code = "action-refusee"


def _en_vigueur(lignes: Iterable[Transition], au: date | None, bascules: Bascules = ()) -> tuple[Transition, ...]:
    """One row per gesture, on the right side of the announced changes.

    Without a day, several periods of the same row leave only the most recent, and both sides of a change are given.
    """
    retenues: dict[str, Transition] = {}
    for ligne in lignes:
        if au is not None and not _du_bon_cote(ligne, au, bascules):
            continue
        autre = retenues.get(ligne.id)
        if autre is None or (ligne.valide_du or date.min) >= (autre.valide_du or date.min):
            retenues[ligne.id] = ligne
    return tuple(retenues.values())


def _du_bon_cote(ligne: Transition, au: date, bascules: Bascules) -> bool:
    if ligne.avant_bascule and _accomplie(ligne.avant_bascule, au, bascules):
        return False
    return not ligne.apres_bascule or _accomplie(ligne.apres_bascule, au, bascules)


def _accomplie(code: str, au: date, bascules: Bascules) -> bool:
    reglees = dict(bascules)
    return au >= reglees[code] if code in reglees else referentiel.bascule(code).accomplie(au)


@lru_cache(maxsize=1024)
def transitions_du_cadre(cadre: str, au: date | None = None, bascules: Bascules = ()) -> tuple[Transition, ...]:
    """Every gesture in the life of a piece deposited under that cadre."""
    referentiel.cadre(cadre, au)
    return _en_vigueur((t for t in referentiel.transitions(au) if cadre in t.cadres), au, bascules)


def transitions_du_cycle(cycle: str, au: date | None = None) -> tuple[Transition, ...]:
    """Every gesture of one cycle of the table (``simple``, ``travaux``…)."""
    toutes = _en_vigueur(referentiel.transitions(au), au)
    lignes = tuple(t for t in toutes if t.cycle == cycle)
    if not lignes:
        connus = ", ".join(dict.fromkeys(t.cycle for t in toutes))
        raise ErreurFacturier(f"Le cycle « {cycle} » n’existe pas. Choisissez parmi : {connus}.", code="cycle-inconnu")
    return lignes


@lru_cache(maxsize=4096)
def transitions_possibles(
    cadre: str, statut: str, role: str | None = None, au: date | None = None, bascules: Bascules = ()
) -> tuple[Transition, ...]:
    """What may happen now to a piece of that cadre in that status, to anyone or to one role."""
    if statut != CREATION:
        referentiel.statut(statut, au)
    return tuple(t for t in transitions_du_cadre(cadre, au, bascules) if t.de == statut and role in (None, t.role))


def franchir(
    cadre: str, statut: str, action: str, role: str, au: date | None = None, bascules: Bascules = ()
) -> Transition:
    """The row that allows this gesture, or ActionRefusee saying what is possible now."""
    possibles = transitions_possibles(cadre, statut, au=au, bascules=bascules)
    for transition in possibles:
        if (transition.action, transition.role) == (action, role):
            return transition
    raise ActionRefusee(_refus(cadre, statut, action, role, possibles, au))


def terminal(cadre: str, statut: str, au: date | None = None) -> bool:
    """Whether a piece of that cadre goes no further once in that status."""
    if statut == CREATION:
        return False
    ligne = referentiel.statut(statut, au)
    return ligne.terminal or cadre in ligne.terminal_pour


def _refus(cadre: str, statut: str, action: str, role: str, possibles: tuple[Transition, ...], au: date | None) -> str:
    acteurs = {r.code: r for r in referentiel.roles(au)}
    gestes = _libelles(au)
    qui = acteurs[role].designation if role in acteurs else f"le rôle « {role} »"
    if statut == CREATION:
        ou = f"sur une pièce {cadre} qui n’est pas encore créée"
    else:
        ou = f"sur une pièce {cadre} au statut « {referentiel.statut(statut, au).libelle} »"
    phrase = f"L’action « {gestes.get(action, action)} » n’est pas possible pour {qui} {ou}."
    if possibles:
        suites = (f"« {t.libelle} » ({acteurs[t.role].libelle})" for t in possibles)
        return f"{phrase} Possible maintenant : {', '.join(dict.fromkeys(suites))}."
    return f"{phrase} Rien n’est possible maintenant : ce statut {_fin(cadre, statut, au)}."


@lru_cache(maxsize=1024)
def _libelles(au: date | None) -> dict[str, str]:
    """The first wording of each action in the table."""
    return {t.action: t.libelle for t in reversed(referentiel.transitions(au))}


def _fin(cadre: str, statut: str, au: date | None) -> str:
    return "est final" if terminal(cadre, statut, au) else "n’a pas de suite connue pour ce cadre"
