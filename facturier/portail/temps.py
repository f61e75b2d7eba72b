"""The portal's clock: turned, stopped and started by events, so that it is replayed like everything else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from facturier.portail.actes import Acte, Contexte, Manquement
from facturier.portail.etat import Etat, Temps
from facturier.portail.evenements import ANIMATEUR, Evenement, FormeRefusee, lire_moment

AVANCER = "avancer"
ARRETER = "arreter_horloge"
RELANCER = "relancer_horloge"
REEL = "reel"
"""Field that the portal itself writes when the clock starts again: what the real clock then reads."""
JOURS_MAX = 366
DUREE_MAX = timedelta(days=3660)
"""Ten years from the first date: a market with its guarantees fits, a journal that strays further is not a class's."""


def apres(temps: Temps, evenement: Evenement) -> Temps:
    """The clock once that event has happened."""
    quand = lire_moment(evenement["quand"])
    suite = temps
    if temps.vu is None or temps.debut is None or quand > temps.vu:
        vu = quand if temps.vu is None else max(quand, temps.vu)
        suite = Temps(temps.decalage, temps.arret, vu, temps.debut or quand)
    if evenement["action"] == AVANCER:
        duree = timedelta(days=int(evenement["donnees"]["jours"]))
        atteint = quand + duree
        return replace(
            suite,
            decalage=suite.decalage + int(duree.total_seconds()),
            arret=atteint if suite.arret is not None else None,
            vu=atteint,
        )
    if evenement["action"] == ARRETER:
        return replace(suite, arret=quand)
    if evenement["action"] == RELANCER:
        ecart = quand - lire_moment(evenement["donnees"][REEL])
        return replace(suite, arret=None, decalage=int(ecart.total_seconds()))
    return suite


def plausible(temps: Temps, quand: datetime) -> str:
    """Why the portal cannot be at that date, "" when it can."""
    try:
        lire_moment(quand.isoformat(timespec="seconds"))
    except FormeRefusee as cause:
        raison = str(cause).rstrip(".")
        return f"L’horloge de cet ordinateur n’est pas à l’heure ({raison}) : réglez-la, puis recommencez."
    if temps.debut is not None and quand > temps.debut + DUREE_MAX:
        return (
            f"Ce portail de formation a commencé le {temps.debut:%d/%m/%Y} : il ne va pas au-delà de "
            f"{DUREE_MAX.days // 366} ans."
        )
    return ""


def _tournable(contexte: Contexte) -> list[Manquement]:
    if contexte.ouverture.horloge == "libre" or contexte.acteur.par == ANIMATEUR:
        return []
    return [("horloge", "L’horloge de ce portail est tenue par l’animateur : demandez-lui de la faire avancer.")]


def _avancer(contexte: Contexte) -> list[Manquement]:
    jours = contexte.texte("jours")
    if not (jours.isascii() and jours.isdigit() and len(jours) <= 3 and 1 <= int(jours) <= JOURS_MAX):
        return [("jours", f"Indiquez de combien de jours avancer : un nombre entier, de 1 à {JOURS_MAX}.")]
    trop = plausible(contexte.etat.temps, contexte.quand + timedelta(days=int(jours)))
    return _tournable(contexte) + ([("horloge-bornee", trop)] if trop else [])


def _arreter(contexte: Contexte) -> list[Manquement]:
    if contexte.etat.temps.arret is not None:
        return [("horloge-arretee", "L’horloge est déjà arrêtée : relancez-la quand vous voudrez.")]
    return _tournable(contexte)


def _relancer(contexte: Contexte) -> list[Manquement]:
    if contexte.etat.temps.arret is None:
        return [("horloge-en-marche", "L’horloge n’est pas arrêtée : elle marche déjà.")]
    return _tournable(contexte)


def _rien_d_autre(etat: Etat, evenement: Evenement) -> Etat:
    return etat  # ``apres`` is applied to every event


ACTES: Mapping[str, Acte] = {
    acte.code: acte
    for acte in (
        Acte(AVANCER, "Avancer l’horloge", (), ("jours",), _avancer, _rien_d_autre, portail=True, libre=True),
        Acte(ARRETER, "Arrêter l’horloge", (), (), _arreter, _rien_d_autre, portail=True, libre=True),
        Acte(RELANCER, "Relancer l’horloge", (), (), _relancer, _rien_d_autre, portail=True, libre=True),
    )
}
