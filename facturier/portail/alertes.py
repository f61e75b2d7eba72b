"""Who is told that a deadline comes near, or is passed: what the mailbox shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from facturier import cycle, referentiel
from facturier.annuaire import Annuaire
from facturier.delais.etapes import en_date, en_jours
from facturier.montants import format_euros
from facturier.portail.echeances import (
    VERSEMENT,
    EcheancePiece,
    NonCalculable,
    echeances_de,
    interets_de,
    paiement_de,
)
from facturier.portail.etat import Etat
from facturier.portail.pieces import Piece, fiche

PREAVIS = 3
"""How many days before its end a deadline is recalled (a choice of the kit)."""


@dataclass(frozen=True)
class Alerte:
    """What a structure is told of a deadline on ``objet``; ``depuis`` is the first day it is told."""

    objet: str
    code: str
    role: str
    structure: str
    depuis: date
    limite: date
    phrase: str


def alertes(etat: Etat, annuaire: Annuaire, au: date) -> tuple[Alerte, ...]:
    """Everything to tell on that day, oldest first: who must answer, and the creditor of a late payment."""
    trouvees: list[Alerte] = []
    for piece in etat.pieces.values():
        for attendue in echeances_de(piece, etat, annuaire):
            if attendue.echeance.code != VERSEMENT and _concerne(piece, attendue, etat, annuaire):
                trouvees += _alertes(piece, attendue, etat, annuaire, au)
    uniques = dict.fromkeys(trouvees)
    return tuple(sorted(uniques, key=lambda a: (a.depuis, a.objet, a.code, a.role, a.structure)))


def _concerne(piece: Piece, attendue: EcheancePiece, etat: Etat, annuaire: Annuaire) -> bool:
    """Whether somebody can still do something about it; the payment is told once, on the last piece of its dossier."""
    if attendue.fait is not None:
        return False
    if attendue == paiement_de(piece, etat, annuaire):
        return not piece.suivante
    jour = piece.depuis.date()
    return any(t.role == attendue.role for t in cycle.transitions_possibles(piece.cadre, piece.statut, au=jour))


def _alertes(piece: Piece, attendue: EcheancePiece, etat: Etat, annuaire: Annuaire, au: date) -> Iterator[Alerte]:
    limite, objet = attendue.echeance.limite, attendue.echeance.objet
    reste = attendue.echeance.reste(au)
    if limite is None or reste is None or reste > PREAVIS:
        return
    code, role, structure = attendue.echeance.code, attendue.role, attendue.structure
    qui = referentiel.role(role).designation
    if reste >= 0:
        quand = "aujourd’hui" if not reste else f"dans {en_jours(reste)}"
        phrase = f"Pièce {piece.id} : « {objet} » échoit {quand}, le {en_date(limite)}. La réponse revient à {qui}."
        yield Alerte(piece.id, code, role, structure, limite - timedelta(days=PREAVIS), limite, phrase)
        return
    retard = f"Pièce {piece.id} : « {objet} » est dépassé de {en_jours(-reste)} (échéance le {en_date(limite)})."
    lendemain = limite + timedelta(days=1)
    yield Alerte(piece.id, code, role, structure, lendemain, limite, f"{retard} La réponse revient à {qui}.")
    paiement = paiement_de(piece, etat, annuaire)
    if attendue == paiement:
        creancier = etat.pieces[piece.dossier]
        phrase = f"{retard} {_cout(piece, etat, annuaire, au)}"
        yield Alerte(piece.id, code, fiche(creancier.cadre).deposant, creancier.deposant, lendemain, limite, phrase)


def _cout(piece: Piece, etat: Etat, annuaire: Annuaire, au: date) -> str:
    """What the delay costs on that day, or why nobody can say."""
    interets = interets_de(piece, etat, annuaire, au)
    if isinstance(interets, NonCalculable):
        return f"Les intérêts ne sont pas calculables : {interets.raison}"
    return (
        f"Payée aujourd’hui, elle porterait {format_euros(interets.montant)} d’intérêts et "
        f"{format_euros(interets.indemnite)} d’indemnité."
    )
