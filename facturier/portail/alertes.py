"""Who is told that a deadline comes near, or is passed: what the mailbox shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

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


Genre = Literal["proche", "depassee", "creance", "interets"]
"""Soon due, and late, for who must answer; late, then paid late, for the creditor."""


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
    genre: Genre = "proche"


def alertes(etat: Etat, annuaire: Annuaire, au: date) -> tuple[Alerte, ...]:
    """Everything to tell on that day, oldest first: who must answer, and the creditor of a late payment."""
    trouvees: list[Alerte] = []
    for piece in etat.pieces.values():
        trouvees += alertes_de(piece, etat, annuaire, au)
    uniques = dict.fromkeys(trouvees)
    return tuple(sorted(uniques, key=lambda a: (a.depuis, a.objet, a.code, a.role, a.structure)))


def alertes_de(piece: Piece, etat: Etat, annuaire: Annuaire, au: date) -> Iterator[Alerte]:
    """What that piece gives to tell on that day."""
    for attendue in attentes_de(piece, etat, annuaire):
        yield from _alertes(piece, attendue, etat, annuaire, au)


def attentes_de(piece: Piece, etat: Etat, annuaire: Annuaire) -> Iterator[EcheancePiece]:
    """The deadlines of that piece that somebody can still meet."""
    for attendue in echeances_de(piece, etat, annuaire):
        if attendue.echeance.code != VERSEMENT and _concerne(piece, attendue, etat, annuaire):
            yield attendue


def payee_en_retard(piece: Piece, etat: Etat, annuaire: Annuaire) -> Alerte | None:
    """What its creditor is told the day the dossier is paid late, None in time or when the payer tells nothing."""
    paiement = paiement_de(piece, etat, annuaire)
    if isinstance(paiement, NonCalculable) or paiement.fait is None or piece.suivante:
        return None
    limite, creancier = paiement.echeance.limite, etat.pieces[piece.dossier]
    payeur = annuaire.structures.get(paiement.structure)
    if limite is None or paiement.fait <= limite or payeur is None or not payeur.paiement_remonte:
        return None
    interets = interets_de(piece, etat, annuaire, paiement.fait)
    retard = en_jours((paiement.fait - limite).days)
    dit = f"Pièce {piece.id} : payée le {en_date(paiement.fait)}, {retard} après le délai."
    if isinstance(interets, NonCalculable):
        suite = f"Les intérêts ne sont pas calculables : {interets.raison}"
    else:
        avant = f", à verser au plus tard le {en_date(interets.a_verser_avant)}" if interets.a_verser_avant else ""
        suite = (
            f"Le retard ouvre droit à {format_euros(interets.montant)} d’intérêts et "
            f"{format_euros(interets.indemnite)} d’indemnité{avant}."
        )
    role, siret = fiche(creancier.cadre).deposant, creancier.deposant
    code = paiement.echeance.code
    return Alerte(piece.id, code, role, siret, paiement.fait, limite, f"{dit} {suite}", "interets")


def _concerne(piece: Piece, attendue: EcheancePiece, etat: Etat, annuaire: Annuaire) -> bool:
    """Whether somebody can still do something about it; the payment is told once, on the last piece of its dossier."""
    if attendue.fait is not None:
        return False
    if attendue == paiement_de(piece, etat, annuaire):
        return not piece.suivante
    jour = piece.depuis.date()
    possibles = cycle.transitions_possibles(piece.cadre, piece.statut, au=jour, bascules=etat.bascules)
    return any(t.role == attendue.role for t in possibles)


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
    yield Alerte(
        piece.id, code, role, structure, lendemain, limite, f"{retard} La réponse revient à {qui}.", "depassee"
    )
    paiement = paiement_de(piece, etat, annuaire)
    if attendue == paiement:
        creancier = etat.pieces[piece.dossier]
        phrase = f"{retard} {_cout(piece, etat, annuaire, au)}"
        yield Alerte(
            piece.id, code, fiche(creancier.cadre).deposant, creancier.deposant, lendemain, limite, phrase, "creance"
        )


def _cout(piece: Piece, etat: Etat, annuaire: Annuaire, au: date) -> str:
    """What the delay costs on that day, or why nobody can say."""
    interets = interets_de(piece, etat, annuaire, au)
    if isinstance(interets, NonCalculable):
        return f"Les intérêts ne sont pas calculables : {interets.raison}"
    return (
        f"Payée aujourd’hui, elle porterait {format_euros(interets.montant)} d’intérêts et "
        f"{format_euros(interets.indemnite)} d’indemnité."
    )
