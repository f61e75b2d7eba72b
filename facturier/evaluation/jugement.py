"""The judge: an exercise, an answer, a verdict. Pure, in the trainer's process; nothing of a learner's is executed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal, cast

from facturier.erreurs import ErreurFacturier
from facturier.evaluation.banque import Item, Piege
from facturier.evaluation.bareme import Critere, Exercice
from facturier.evaluation.lecture_toml import CENTIEME
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

Statut = Literal["fait", "non_repondu", "erreur_technique", "a_verifier"]
StatutCritere = Literal["juste", "partiel", "faux", "non_repondu"]

_ZERO = Decimal(0)
_NON_REPONDU = "Vous n’avez pas répondu."
_NOMBRE_LONG = re.compile(r"-?[0-9]{1,15}(?:[.,][0-9]{1,30})?")


@dataclass(frozen=True)
class CritereJuge:
    """One question or one criterion, judged. ``message`` is for the learner."""

    id: str
    libelle: str
    objectif: str
    points: Decimal
    sur: Decimal
    statut: StatutCritere
    message: str


@dataclass(frozen=True)
class Jugement:
    """The verdict on one exercise. ``points`` is None when nothing can be said: None is never zero."""

    exercice: str
    points: Decimal | None
    sur: Decimal
    statut: Statut
    criteres: tuple[CritereJuge, ...] = ()
    remarques: tuple[str, ...] = ()

    def en_json(self) -> dict[str, Any]:
        """JSON form, amounts as text so that no cent is lost."""
        return {
            "exercice": self.exercice,
            "points": None if self.points is None else str(self.points),
            "sur": str(self.sur),
            "statut": self.statut,
            "criteres": [{**vars(c), "points": str(c.points), "sur": str(c.sur)} for c in self.criteres],
            "remarques": list(self.remarques),
        }

    @classmethod
    def depuis_json(cls, obj: Mapping[str, Any]) -> Jugement:
        """The verdict written by :meth:`en_json`."""
        return cls(
            exercice=obj["exercice"],
            points=None if obj["points"] is None else Decimal(obj["points"]),
            sur=Decimal(obj["sur"]),
            statut=cast(Statut, obj["statut"]),
            criteres=tuple(
                CritereJuge(**{**c, "points": Decimal(c["points"]), "sur": Decimal(c["sur"])}) for c in obj["criteres"]
            ),
            remarques=tuple(obj["remarques"]),
        )


def juger(
    exercice: Exercice, reponse: Reponse | None, *, rejeu: Rejeu = rejouer_sur_portail, jeu: Jeu = rejouer_situation
) -> Jugement:
    """Judge an answer, or the lack of one."""
    if reponse is None or not _repondu(reponse):
        return non_repondu(exercice)
    if exercice.genre == "quiz":
        return _juger_quiz(exercice, reponse.valeurs)
    if exercice.genre == "depot":
        return _juger_depot(exercice, reponse, rejeu)
    if exercice.genre == "portail":
        return _juger_portail(exercice, reponse, jeu)
    return _juger_valeur(exercice, reponse.valeurs)


def non_repondu(exercice: Exercice, message: str = _NON_REPONDU) -> Jugement:
    """The verdict on a blank: no points, which is not zero points."""
    blancs = tuple(replace(c, message=message) for c in _criteres_vides(exercice))
    return Jugement(exercice.id, None, exercice.points, "non_repondu", blancs)


def a_verifier(exercice: Exercice, raison: str) -> Jugement:
    """The verdict left to the trainer, with the reason why."""
    return Jugement(exercice.id, None, exercice.points, "a_verifier", _criteres_vides(exercice), (raison,))


def lire_nombre(texte: str, unite: str = "") -> Decimal | None:
    """A number as typed by a learner (``1 234,56 €``, ``30 jours`` when « jours » is the unit), or None."""
    from facturier.montants import euros

    propre = unicodedata.normalize("NFKC", texte[:200]).strip()
    if unite and propre.casefold().endswith(unite.casefold()):
        propre = propre[: -len(unite)].strip()
    try:
        return euros(propre, negatif=True)
    except ErreurFacturier:
        return Decimal(propre.replace(",", ".")) if _NOMBRE_LONG.fullmatch(propre) else None


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
    juges = tuple(_juger_item(i, valeurs.get(i.id, ""), exercice.points_item, remarques) for i in exercice.items)
    return _total(exercice, juges, remarques)


def _juger_item(item: Item, valeur: Valeur, sur: Decimal, remarques: list[str]) -> CritereJuge:
    def juge(points: Decimal, statut: StatutCritere, message: str) -> CritereJuge:
        return CritereJuge(item.id, item.question, item.objectif, points, sur, statut, message)

    coches = [valeur] if isinstance(valeur, str) else list(valeur)
    if not any(c.strip() for c in coches):
        return juge(_ZERO, "non_repondu", _NON_REPONDU)
    if item.genre == "nombre":
        if isinstance(valeur, list):
            remarques.append(f"Réponse d’une forme inattendue à la question « {item.id} ».")
            return juge(_ZERO, "faux", item.retour_faux)
        if _vaut(valeur, item.attendu, item.tolerance, item.unite):
            return juge(sur, "juste", item.retour_juste)
        return juge(_ZERO, "faux", _retour_piege(item.pieges, valeur, item.unite) or item.retour_faux)
    par_id = {c.id: c for c in item.choix}
    if any(c not in par_id for c in coches) or (item.genre == "unique") != isinstance(valeur, str):
        remarques.append(f"Choix hors liste à la question « {item.id} ».")
        return juge(_ZERO, "faux", "Ce choix ne figure pas dans la liste proposée.")
    cochees = [c for c in item.choix if c.id in coches]
    if item.genre == "unique":
        choix = cochees[0]
        return juge(sur if choix.juste else _ZERO, "juste" if choix.juste else "faux", choix.retour)
    points = _points_multiple(item, {c.id for c in cochees}, sur)
    statut: StatutCritere = "juste" if points == sur else "partiel" if points else "faux"
    oublis = sum(c.juste for c in item.choix) - sum(c.juste for c in cochees)
    retours = [c.retour for c in cochees]
    if oublis:
        retours.append("Il manque une réponse juste." if oublis == 1 else f"Il manque {oublis} réponses justes.")
    return juge(points, statut, " ".join(retours))


def _points_multiple(item: Item, cochees: set[str], sur: Decimal) -> Decimal:
    """Share of the right answers ticked, minus as much for each wrong one, never below zero."""
    justes = {c.id for c in item.choix if c.juste}
    net = max(len(cochees & justes) - len(cochees - justes), 0)
    return (sur * net / len(justes)).quantize(CENTIEME, ROUND_HALF_UP)


# value handed in


def _juger_valeur(exercice: Exercice, valeurs: Mapping[str, Valeur]) -> Jugement:
    remarques = [f"Champ inconnu dans la réponse : « {c[:40]} »." for c in sorted(set(valeurs) - {CHAMP_VALEUR})[:5]]
    valeur = valeurs.get(CHAMP_VALEUR, "")
    if isinstance(valeur, list):
        return a_verifier(exercice, "La valeur remise n’est pas un texte.")
    if not valeur.strip():
        return replace(non_repondu(exercice), remarques=tuple(remarques))
    juste = _vaut(valeur, exercice.attendu, exercice.tolerance)
    message = exercice.reussi if juste else _retour_piege(exercice.pieges, valeur) or exercice.manque
    points = exercice.points if juste else _ZERO
    critere = CritereJuge(
        exercice.id, exercice.titre, exercice.objectif, points, exercice.points, "juste" if juste else "faux", message
    )
    return _total(exercice, (critere,), remarques)


def _retour_piege(pieges: tuple[Piege, ...], valeur: str, unite: str = "") -> str:
    return next((p.retour for p in pieges if _vaut(valeur, p.valeur, _ZERO, unite)), "")


def _vaut(valeur: str, attendu: str, tolerance: Decimal, unite: str = "") -> bool:
    """Numbers are compared as numbers, anything else as text; identifiers with a leading zero stay text."""
    nombre_attendu = None if re.match(r"0[0-9]", attendu) else lire_nombre(attendu, unite)
    if nombre_attendu is None:
        return _plat(valeur) == _plat(attendu)
    nombre = lire_nombre(valeur, unite)
    return nombre is not None and abs(nombre - nombre_attendu) <= tolerance


def _plat(texte: str) -> str:
    """Case and spaces ignored: ``1er  Étage`` and ``1ER étage`` are the same, ``FR76 3000`` and ``FR763000`` too."""
    return "".join(unicodedata.normalize("NFKC", texte).casefold().split())


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
    return any(_plat(valeur) == _plat(a) for a in critere.attendu)
