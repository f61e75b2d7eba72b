"""The judge: an exercise, an answer, a verdict. Pure, in the trainer's process; nothing of a learner's is executed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from facturier.erreurs import ErreurFacturier
from facturier.evaluation.bareme import Critere, Exercice
from facturier.evaluation.jugement_quiz import juger_item
from facturier.evaluation.rejeu import (
    Jeu,
    JournalInvraisemblable,
    PieceRejouee,
    Rejeu,
    SituationRejouee,
    rejouer_situation,
    rejouer_sur_portail,
)
from facturier.evaluation.reponses import CHAMP_VALEUR, Reponse, Valeur
from facturier.evaluation.valeurs import lire_nombre, plat, retour_piege, vaut
from facturier.evaluation.verdicts import NON_REPONDU, CritereJuge, Jugement, Statut, StatutCritere

__all__ = ["CritereJuge", "Jugement", "Statut", "StatutCritere", "a_verifier", "juger", "lire_nombre", "non_repondu"]

_ZERO = Decimal(0)


def juger(
    exercice: Exercice, reponse: Reponse | None, *, rejeu: Rejeu = rejouer_sur_portail, jeu: Jeu = rejouer_situation
) -> Jugement:
    """Judge an answer, or the lack of one."""
    if reponse is not None and reponse.graine and exercice.tirage is not None:
        try:
            exercice = exercice.tire(reponse.graine)
        except ErreurFacturier as cause:
            return a_verifier(exercice, f"Le tirage de ce quiz ne se retrouve pas. {cause.phrase}")
    if reponse is None or not _repondu(reponse):
        return non_repondu(exercice)
    if exercice.genre == "quiz":
        return _juger_quiz(exercice, reponse.valeurs)
    if exercice.genre == "depot":
        return _juger_depot(exercice, reponse, rejeu)
    if exercice.genre == "portail":
        return _juger_portail(exercice, reponse, jeu)
    return _juger_valeur(exercice, reponse.valeurs)


def non_repondu(exercice: Exercice, message: str = NON_REPONDU) -> Jugement:
    """The verdict on a blank: no points, which is not zero points."""
    blancs = tuple(replace(c, message=message) for c in _criteres_vides(exercice))
    return Jugement(exercice.id, None, exercice.points, "non_repondu", blancs)


def a_verifier(exercice: Exercice, raison: str) -> Jugement:
    """The verdict left to the trainer, with the reason why."""
    return Jugement(exercice.id, None, exercice.points, "a_verifier", _criteres_vides(exercice), (raison,))


def _repondu(reponse: Reponse) -> bool:
    return bool(reponse.journal) or any(
        any(v.strip() for v in valeur) if isinstance(valeur, list) else valeur.strip()
        for valeur in reponse.valeurs.values()
    )


def _criteres_vides(exercice: Exercice) -> tuple[CritereJuge, ...]:
    def vide(cle: str, libelle: str, objectif: str, sur: Decimal) -> CritereJuge:
        return CritereJuge(cle, libelle, objectif, _ZERO, sur, "non_repondu", "")

    if exercice.genre == "quiz":
        return tuple(vide(i.id, i.question, i.objectif, exercice.points_item) for i in exercice.items)
    if exercice.genre in ("depot", "portail"):
        return tuple(vide(c.id, c.libelle, exercice.objectif, c.points) for c in exercice.criteres)
    return (vide(exercice.id, exercice.titre, exercice.objectif, exercice.points),)


def _total(exercice: Exercice, criteres: tuple[CritereJuge, ...], remarques: list[str]) -> Jugement:
    points = sum((c.points for c in criteres), _ZERO)
    statut: Statut = "a_verifier" if remarques else "fait"
    return Jugement(exercice.id, min(points, exercice.points), exercice.points, statut, criteres, tuple(remarques))


# quiz


def _juger_quiz(exercice: Exercice, valeurs: Mapping[str, Valeur]) -> Jugement:
    connus = {i.id for i in exercice.items}
    remarques = [f"Champ inconnu dans la réponse : « {c[:40]} »." for c in sorted(set(valeurs) - connus)[:5]]
    juges = tuple(juger_item(i, valeurs.get(i.id, ""), exercice.points_item, remarques) for i in exercice.items)
    return _total(exercice, juges, remarques)


# value handed in


def _juger_valeur(exercice: Exercice, valeurs: Mapping[str, Valeur]) -> Jugement:
    remarques = [f"Champ inconnu dans la réponse : « {c[:40]} »." for c in sorted(set(valeurs) - {CHAMP_VALEUR})[:5]]
    valeur = valeurs.get(CHAMP_VALEUR, "")
    if isinstance(valeur, list):
        return a_verifier(exercice, "La valeur remise n’est pas un texte.")
    if not valeur.strip():
        return replace(non_repondu(exercice), remarques=tuple(remarques))
    juste = vaut(valeur, exercice.attendu, exercice.tolerance)
    message = exercice.reussi if juste else retour_piege(exercice.pieges, valeur) or exercice.manque
    points = exercice.points if juste else _ZERO
    critere = CritereJuge(
        exercice.id, exercice.titre, exercice.objectif, points, exercice.points, "juste" if juste else "faux", message
    )
    return _total(exercice, (critere,), remarques)


# deposit


def _juger_depot(exercice: Exercice, reponse: Reponse, rejeu: Rejeu) -> Jugement:
    try:
        piece = rejeu(reponse.journal, exercice.fournisseur_siret) if reponse.journal else None
    except JournalInvraisemblable as refus:
        return a_verifier(exercice, refus.phrase)
    if piece is None:
        return non_repondu(exercice, "Vous n’avez pas déposé cette facture.")
    return _total(exercice, tuple(_juger_critere(c, piece, exercice.objectif) for c in exercice.criteres), [])


def _juger_portail(exercice: Exercice, reponse: Reponse, jeu: Jeu) -> Jugement:
    """On the state that the learner's own journal gives, in the situation that their own seed drew."""
    if reponse.journal and not reponse.graine:
        return a_verifier(exercice, "La réponse ne dit pas quelle graine a tiré cette situation : rien ne se compare.")
    try:
        joue = jeu(exercice.situation, reponse.graine, reponse.journal) if reponse.journal else None
    except JournalInvraisemblable as refus:
        return a_verifier(exercice, refus.phrase)
    if joue is None:
        return non_repondu(exercice, "Vous n’avez rien fait sur le portail dans cette situation.")
    return _total(exercice, tuple(_critere_de_situation(c, joue, exercice.objectif) for c in exercice.criteres), [])


def _critere_de_situation(critere: Critere, joue: SituationRejouee, objectif: str) -> CritereJuge:
    dit = next(c for c in joue.situation.criteres if c.nom == critere.champ)
    juste = joue.criteres[critere.champ]
    message = (critere.reussi or f"{dit.libelle}.") if juste else (critere.manque or dit.manque)
    points = critere.points if juste else _ZERO
    return CritereJuge(
        critere.id, critere.libelle, objectif, points, critere.points, "juste" if juste else "faux", message
    )


def _juger_critere(critere: Critere, piece: PieceRejouee, objectif: str) -> CritereJuge:
    if critere.regle == "portail":
        valeur, juste = critere.champ, piece.criteres.get(critere.champ, False)
    else:
        valeur = piece.statut if critere.regle == "statut" else str(piece.donnees.get(critere.champ) or "")
        juste = _critere_rempli(critere, valeur)
    statut: StatutCritere = "juste" if juste else "faux" if valeur.strip() else "non_repondu"
    return CritereJuge(
        critere.id,
        critere.libelle,
        objectif,
        critere.points if juste else _ZERO,
        critere.points,
        statut,
        critere.reussi if juste else critere.manque,
    )


def _critere_rempli(critere: Critere, valeur: str) -> bool:
    if critere.regle == "present":
        return bool(valeur.strip())
    if critere.regle == "egal_montant":
        attendu, lu = lire_nombre(critere.attendu[0]), lire_nombre(valeur)
        return attendu is not None and attendu == lu
    return any(plat(valeur) == plat(a) for a in critere.attendu)
