"""What was really done on the training portal: a learner's journal replayed on a fresh one."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facturier.erreurs import ErreurFacturier
from facturier.evaluation.lecture import ReponseIllisible, charger_json

if TYPE_CHECKING:
    from facturier.portail import Annuaire, Etat, Ouverture, Portail
    from facturier.situations import Situation

OCTETS_MAX = 64 * 1024 * 1024
_EVENEMENT_MONTRE_MAX = 64 * 1024
_PROFONDEUR_MONTREE_MAX = 20


@dataclass(frozen=True)
class PieceRejouee:
    """A piece after the replay: what its deposit stated, its status at the end, the criteria that the state meets, when
    it was created (ISO)."""

    donnees: Mapping[str, Any]
    statut: str
    criteres: Mapping[str, bool] = field(default_factory=dict)
    le: str = ""


@dataclass(frozen=True)
class SituationRejouee:
    """A situation, and which of its criteria the replayed journal meets."""

    situation: Situation
    criteres: Mapping[str, bool]


Rejeu = Callable[[Sequence[dict[str, Any]], str], PieceRejouee | None]
"""Replays a journal and gives the last piece that this supplier deposited (else its last draft), or None."""


Jeu = Callable[[str, str, Sequence[dict[str, Any]]], SituationRejouee | None]
"""Replays a journal in a situation drawn by a seed."""


class JournalAbime(ErreurFacturier):
    """A file that is there and is not a journal: cut, retyped, of another form; refused whole, before any event."""

    code = "journal-illisible"


class JournalInvraisemblable(ErreurFacturier):
    """A journal that the portal's own rules do not accept: nothing can be said of it without a person."""

    code = "journal-invraisemblable"


def rejouer_sur_portail(
    journal: Sequence[dict[str, Any]],
    fournisseur: str,
    ouverture: Ouverture | None = None,
    auteurs: Collection[str] | None = None,
) -> PieceRejouee | None:
    """The last piece that ``fournisseur`` deposited (else its last draft) once the journal is replayed.

    ``auteurs``: who must have created it (participant, accounts), where several people play one supplier.

    Raises:
        JournalInvraisemblable: the portal refuses an event, or the events are not what the portal writes.
    """
    from facturier.portail.criteres import evaluer
    from facturier.portail.pieces import DEPOSEE

    portail = _rejouer(journal, ouverture)
    createurs = {e["objet"]: e["par"] for e in reversed(portail.journal) if e["objet"].startswith("P")}
    pieces = [
        p for p in portail.pieces() if p.deposant == fournisseur and (auteurs is None or createurs[p.id] in auteurs)
    ]
    envoyees = [p for p in pieces if p.date_du(DEPOSEE) is not None]
    if not pieces:
        return None
    piece = (envoyees or pieces)[-1]
    return PieceRejouee(piece.valeurs, piece.statut, evaluer(portail.etat), piece.historique[0].quand.isoformat())


def rejouer_situation(
    code: str, graine: str, journal: Sequence[dict[str, Any]], *, classe: bool = False
) -> SituationRejouee | None:
    """The criteria that this journal meets in the situation drawn by that seed; None when nothing was done in it.

    ``classe``: it was played in a class, whose store gave it.

    Raises:
        JournalInvraisemblable: the portal refuses an event, or it is the journal of another seed or situation.
        ErreurFacturier: the situation itself cannot be read.
    """
    from facturier import situations

    situation = situations.tirer(code, graine, _annuaire())
    if classe:
        situation = replace(situation, recit=situations.en_classe(situation.recit))
    if not situations.entamee(situation.recit, journal, _annuaire()):
        return None
    portail = _prudemment(lambda: situations.rejouer(situation.recit, journal, _annuaire()))
    return SituationRejouee(situation, situations.evaluer(situation, portail.etat))


def situation_du_journal(
    code: str, ouverture: Ouverture, evenements: object = (), *, imposee: bool
) -> Situation | None:
    """The situation that a journal's opening names, None when it names none; its opening is drawn, never believed.

    A journal sealed as a class's is replayed as such.

    ``imposee``: that opening was given by who set the exercise, and stands as it is.

    Raises:
        ErreurFacturier: ``code`` was asked for and is not one (``situation-inconnue``).
    """
    from facturier import situations

    if not code and not situations.connue(ouverture.scenario):
        return None
    situation = situations.tirer(code or ouverture.scenario, ouverture.graine, _annuaire())
    if imposee:
        return replace(situation, recit=replace(situation.recit, ouverture=ouverture))
    de_classe = situations.en_classe(situation.recit)
    return replace(situation, recit=de_classe) if _scelle_par(de_classe.ouverture, evenements) else situation


def _scelle_par(ouverture: Ouverture, evenements: object) -> bool:
    """Whether the first event bears the seal of that opening."""
    from facturier.portail.evenements import FormeRefusee, empreinte, lire_evenement

    try:
        premier = lire_evenement(evenements[0] if isinstance(evenements, list) and evenements else None)
    except FormeRefusee:
        return False
    return empreinte(ouverture.genese(), premier) == premier["empreinte"]


def lire_journal(path: Path) -> tuple[Ouverture, object]:
    """A journal's file, ``{"schema": 1, "ouverture": …, "evenements": […]}`` or the bare list of its events.

    The opening is what the file claims; whoever set the exercise knows better.

    Raises:
        JournalAbime: not JSON, too big, of another form, with impossible settings; the sentence names the file.
        ErreurFacturier: there is no such file, or it cannot be opened.
    """
    from facturier.portail import Ouverture

    try:
        lu = charger_json(path, OCTETS_MAX)
    except ReponseIllisible as cause:
        la = path.is_file() and not isinstance(cause.__cause__, OSError)
        raise (JournalAbime if la else ErreurFacturier)(
            f"Le journal {path} n’est pas lisible : donnez un fichier JSON du portail, entier et non retouché.",
            code="journal-illisible",
        ) from cause
    if isinstance(lu, list):
        return Ouverture(), lu
    if not isinstance(lu, dict) or set(lu) != {"schema", "ouverture", "evenements"} or lu["schema"] != 1:
        raise JournalAbime(
            f"Le fichier {path} n’est pas un journal du portail : donnez celui que le portail a enregistré.",
        )
    try:
        return Ouverture.depuis_json(lu["ouverture"]), lu["evenements"]
    except ErreurFacturier as cause:
        raise JournalAbime(f"Le journal {path} est refusé : {cause.phrase}", code=cause.code) from cause


def lire_ouverture(path: Path) -> Ouverture:
    """The settings of a portal, as whoever sets the exercise keeps them in a JSON file.

    Raises:
        ErreurFacturier: unreadable, or a setting that is not one.
    """
    from facturier.portail import Ouverture

    try:
        return Ouverture.depuis_json(charger_json(path, _EVENEMENT_MONTRE_MAX))
    except ReponseIllisible as cause:
        raise ErreurFacturier(
            f"Les réglages {path} ne sont pas lisibles : donnez un fichier JSON.", code="ouverture-invalide"
        ) from cause


def compte_rendu(evenements: object, ouverture: Ouverture, situation: Situation | None = None) -> dict[str, Any]:
    """What ``facturier rejouer --json`` prints: the state and its criteria, or the first bad event.

    With a ``situation``, its own opening counts, and its criteria are told one by one.
    """
    from facturier import situations
    from facturier.portail import JournalRefuse, Portail, etat_json
    from facturier.portail.criteres import evaluer

    try:
        if situation is None:
            etat = Portail.rejouer(evenements, _annuaire(), ouverture=ouverture).etat
        else:
            etat = situations.rejouer(situation.recit, evenements, _annuaire()).etat
    except JournalRefuse as refus:
        fautif = evenements[refus.n - 1] if isinstance(evenements, list) and 0 < refus.n <= len(evenements) else None
        return {"schema": 1, "refus": {"rang": refus.n, "evenement": _montrable(fautif), "phrase": refus.phrase}}
    document = {"schema": 1, "etat": etat_json(etat), "criteres": evaluer(etat)}
    return document if situation is None else _avec_situation(document, situation, etat)


def _avec_situation(document: dict[str, Any], situation: Situation, etat: Etat) -> dict[str, Any]:
    from facturier.situations import evaluer

    remplis = evaluer(situation, etat)
    document["criteres"] |= remplis
    document["situation"] = {
        "code": situation.recit.code,
        "graine": situation.recit.graine,
        "titre": situation.recit.titre,
        "classe": situation.recit.ouverture.classe,
        "criteres": [
            {"nom": c.nom, "libelle": c.libelle, "rempli": remplis[c.nom], "manque": "" if remplis[c.nom] else c.manque}
            for c in situation.criteres
        ],
    }
    return document


def _rejouer(journal: Sequence[dict[str, Any]], ouverture: Ouverture | None) -> Portail:
    from facturier.portail import Portail

    return _prudemment(lambda: Portail.rejouer(journal, _annuaire(), ouverture=ouverture))


def _prudemment(rejeu: Callable[[], Portail]) -> Portail:
    try:
        return rejeu()
    except ErreurFacturier as cause:
        raise JournalInvraisemblable(f"Le journal ne se rejoue pas : {cause.phrase}") from cause
    except (KeyError, TypeError, ValueError, AttributeError) as cause:  # hostile events of an unforeseen shape
        raise JournalInvraisemblable("Le journal ne se rejoue pas : il n’a pas la forme attendue.") from cause


def _montrable(evenement: object) -> object:
    """The bad event as it was given, None when a terminal or a file would not bear it."""
    if not _peu_profond(evenement, _PROFONDEUR_MONTREE_MAX):
        return None
    try:
        octets = json.dumps(evenement, ensure_ascii=False, allow_nan=False).encode("utf-8")
    except ValueError:
        return None
    return evenement if len(octets) <= _EVENEMENT_MONTRE_MAX else None


def _peu_profond(valeur: object, reste: int) -> bool:
    """Whether what is inside one another fits that depth: printed, a deeper one would exhaust the stack."""
    dedans = valeur.values() if isinstance(valeur, dict) else valeur if isinstance(valeur, list) else ()
    return reste > 0 and all(_peu_profond(contenue, reste - 1) for contenue in dedans)


@cache
def _annuaire() -> Annuaire:
    from facturier.portail import Annuaire

    return Annuaire.charger()
