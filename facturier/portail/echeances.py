"""The deadlines that run on the pieces of a portal: which one, for whom, kept or not, and what lateness costs.

Pure questions asked of a state and its directory, on a day; nothing is written. Each answer is explained step by step,
or says why it cannot be computed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from facturier import cycle, delais, referentiel
from facturier.annuaire import Annuaire, Marche
from facturier.cycle import Bascules
from facturier.delais import Echeance, Interets, Suspension
from facturier.delais.calendrier import ajouter_jours
from facturier.delais.etapes import etape
from facturier.erreurs import ErreurFacturier
from facturier.montants import arrondi, format_euros, format_taux
from facturier.portail import demande as lecture
from facturier.portail.anomalies import CENT, taux_lu
from facturier.portail.etat import Etat
from facturier.portail.evenements import SYSTEME
from facturier.portail.gardes import DELAI_ECOULE
from facturier.portail.pieces import Passage, Piece, fiche
from facturier.portail.regles_decompte import (
    CLOTURES,
    DECOMPTE_GENERAL,
    DELAI_DECOMPTE,
    DELAI_TACITE,
    PROJET_FINAL,
    PROJET_TACITE,
    SANS_EFFET,
    recue,
    terme,
)

PAIEMENT = "paiement"
VERSEMENT = "interets-versement"
PAYEE = "MISE_EN_PAIEMENT"
ORDONNANCEE = "MANDATEE"
RECEPTIONS = ("MISE_A_DISPOSITION_MOE", "A_ASSOCIER_MOA", "MISE_A_DISPOSITION_MOA", "MISE_A_DISPOSITION")
NE_REPOND_PAS = ("prendre_en_compte",)
"""What a role does that is not yet the answer that a deadline waits for."""
DEJA_PAYEE = "A2"

Issue = Literal["en cours", "tenue", "dépassée", "tenue trop tard", "interrompue"]


@dataclass(frozen=True)
class NonCalculable:
    """Why a result cannot be given: one French sentence."""

    raison: str


@dataclass(frozen=True)
class EcheancePiece:
    """A deadline that runs, or ran, on a piece.

    ``objet`` is the piece, or the first of the dossier for the payment. ``role`` and ``structure`` must answer;
    ``fait`` is the day they did, None as long as they have not. ``silence``: their silence was noted and settles it.
    """

    objet: str
    echeance: Echeance
    role: str
    structure: str
    fait: date | None = None
    silence: bool = False

    def issue(self, au: date) -> Issue:
        """Where it stands on that day."""
        if self.echeance.limite is None:
            return "interrompue"
        if self.fait is not None and self.fait <= au:
            return "tenue" if self.fait <= self.echeance.limite else "tenue trop tard"
        return "dépassée" if self.silence or self.echeance.depassee(au) else "en cours"

    def retard(self, au: date) -> int:
        """Days late on that day, or on the day it was done; 0 in time."""
        return self.echeance.retard(min(self.fait, au) if self.fait is not None else au)


def echeances_de(piece: Piece, etat: Etat, annuaire: Annuaire) -> tuple[EcheancePiece, ...]:
    """Every deadline of that piece, then the payment of its dossier when it can be computed."""
    trouvees = {
        e.echeance.code: e for e in (*reponses_de(piece, etat.bascules), *_decompte_general(piece, etat, annuaire))
    }
    paiement = paiement_de(piece, etat, annuaire)
    if isinstance(paiement, EcheancePiece):
        trouvees[PAIEMENT] = paiement
        if (verse := _versement(piece, etat, annuaire, paiement)) is not None:
            trouvees[VERSEMENT] = verse
    return tuple(trouvees.values())


def reponses_de(piece: Piece, bascules: Bascules = ()) -> Iterator[EcheancePiece]:
    """The delays of the life cycle's table: they run in the status that a row leaves, or opens by itself."""
    for rang, passage in enumerate(piece.historique):
        avant = piece.historique[rang - 1].statut if rang else ""
        for code in _delais_ouverts(piece.cadre, avant, passage, bascules):
            role = next(iter(_attendus(piece.cadre, passage, bascules)), "")
            courant = _echeance(code, passage.quand.date())
            if role and courant is not None:
                suite = piece.historique[rang + 1 :]
                fait = next((p for p in suite if p.role == role and p.action not in NE_REPOND_PAS), None)
                silence = fait is None and any(p.action == "constater_silence" for p in suite)
                jour = fait.quand.date() if fait is not None else None
                yield EcheancePiece(piece.id, courant, role, piece.structure_du(role), jour, silence)


def _delais_ouverts(cadre: str, avant: str, passage: Passage, bascules: Bascules) -> tuple[str, ...]:
    jour = passage.quand.date()
    codes = [
        t.delai
        for t in cycle.transitions_possibles(cadre, passage.statut, au=jour, bascules=bascules)
        if t.delai and (t.role != SYSTEME or t.garde == DELAI_ECOULE)
    ]
    if avant:
        codes += [
            t.delai
            for t in cycle.transitions_possibles(cadre, avant, SYSTEME, jour, bascules)
            if t.delai and t.garde != DELAI_ECOULE and t.vers == passage.statut
        ]
    return tuple(dict.fromkeys(codes))


def _attendus(cadre: str, passage: Passage, bascules: Bascules) -> tuple[str, ...]:
    possibles = cycle.transitions_possibles(cadre, passage.statut, au=passage.quand.date(), bascules=bascules)
    return tuple(dict.fromkeys(t.role for t in possibles if t.role != SYSTEME))


def _echeance(code: str, depart: date) -> Echeance | None:
    """The deadline of that code, None when no text gives it at that date."""
    try:
        return delais.echeance(code, depart)
    except ErreurFacturier:
        return None


def _decompte_general(piece: Piece, etat: Etat, annuaire: Annuaire) -> Iterator[EcheancePiece]:
    """From the titulaire's final project, the buyer's delay to notify the décompte général."""
    cadre, debut, marche = fiche(piece.cadre), recue(piece), annuaire.marche(piece.marche)
    if cadre.piece_api != PROJET_FINAL or cadre.partie or piece.statut in SANS_EFFET or debut is None or marche is None:
        return
    courant = _echeance(DELAI_DECOMPTE, debut)
    generaux = [p for p in _du_marche(piece, etat) if fiche(p.cadre).piece_api == DECOMPTE_GENERAL]
    dates = [quand.date() for p in generaux if (quand := p.date_du("A_ASSOCIER_FOURNISSEUR")) is not None]
    moa = marche.partie("moa")
    if courant is not None:
        qui = ("moa", moa) if moa else ("moe", marche.moe)
        yield EcheancePiece(piece.id, courant, *qui, min(dates, default=None))


def _du_marche(piece: Piece, etat: Etat) -> list[Piece]:
    return [p for p in etat.pieces.values() if p.marche and p.marche == piece.marche and p.deposant]


# the payment


def dossier_de(piece: Piece, etat: Etat) -> tuple[Piece, ...]:
    """The pieces of its dossier, in their order."""
    suite = [etat.pieces[piece.dossier]]
    while suite[-1].suivante in etat.pieces:
        suite.append(etat.pieces[suite[-1].suivante])
    return tuple(suite)


def paiement_de(piece: Piece, etat: Etat, annuaire: Annuaire) -> EcheancePiece | NonCalculable:
    """When the dossier of that piece must be paid, by the category of who pays, suspensions taken into account."""
    dossier = dossier_de(piece, etat)
    bout = dossier[-1]
    marche = annuaire.marche(bout.marche) if fiche(bout.cadre).travaux else None
    payeur = marche.partie("payeur") if marche is not None else bout.destinataire
    structure = annuaire.structures.get(payeur)
    depart = _depart(dossier, etat)
    raison = _sans_delai(bout)
    if raison or structure is None or depart is None:
        return NonCalculable(raison or "La demande n’a pas encore été reçue par qui la traite : aucun délai ne court.")
    ordre = bout.date_du(ORDONNANCEE)
    try:
        courant = delais.delai_de_paiement(
            structure.categorie,
            depart,
            recue_par="moe" if dossier[0].date_du("MISE_A_DISPOSITION_MOE") and not _solde(dossier) else "destinataire",
            suspensions=_suspensions(dossier),
            ordonnancement=ordre.date() if ordre else None,
        )
    except ErreurFacturier as refus:
        return NonCalculable(refus.phrase)
    paye = bout.date_du(PAYEE)
    role = "comptable" if ordre else "destinataire"
    return EcheancePiece(bout.dossier, courant, role, payeur, paye.date() if paye else None)


def _sans_delai(bout: Piece) -> str:
    code = lecture.texte(bout.valeurs, "type_facture")
    genre = next((t for t in referentiel.types_facture() if t.code == code), None)
    if bout.cadre == DEJA_PAYEE:
        return "Cette facture est déjà payée : aucun délai de paiement ne court."
    if genre is not None and genre.famille == "avoir":
        return "Un avoir n’est pas une demande de paiement : aucun délai ne court."
    if bout.statut in SANS_EFFET:
        libelle = referentiel.statut(bout.statut).libelle
        return f"La pièce {bout.id} est au statut « {libelle} » : elle ne sera pas payée, aucun délai ne court."
    return ""


def _solde(dossier: tuple[Piece, ...]) -> bool:
    """Whether that dossier closes the accounts of a market: the delay then waits for its last piece."""
    natures = (PROJET_FINAL, PROJET_TACITE, *CLOTURES)
    return any(fiche(p.cadre).piece_api in natures for p in dossier)


def _depart(dossier: tuple[Piece, ...], etat: Etat) -> date | None:
    """The day from which the payment delay runs: reception by whoever first deals with it, or, for a balance, by the
    payer; the day after the silence for a tacit one."""
    bout = dossier[-1]
    if _solde(dossier):
        projets = [p for p in _du_marche(bout, etat) if fiche(p.cadre).piece_api == PROJET_TACITE]
        tacite = len(dossier) == 1 and fiche(bout.cadre).piece_api in CLOTURES
        silence = recue(projets[-1]) if projets and tacite else None
        if silence is not None:
            return ajouter_jours(terme(silence, DELAI_TACITE, silence), 1)
        recu = bout.date_du("MISE_A_DISPOSITION")
        return recu.date() if recu else None
    recues = [quand for statut in RECEPTIONS if (quand := dossier[0].date_du(statut))]
    return min(recues).date() if recues else None


def _suspensions(dossier: tuple[Piece, ...]) -> list[Suspension]:
    trouvees = []
    for piece in dossier:
        for rang, passage in enumerate(piece.historique):
            if passage.statut == "SUSPENDUE":
                reponse = next((p for p in piece.historique[rang + 1 :] if p.statut == "COMPLETEE"), None)
                jour = reponse.quand.date() if reponse else None
                trouvees.append(Suspension(passage.quand.date(), passage.motif or passage.commentaire, jour))
    return sorted(trouvees, key=lambda s: s.notifiee)


def retenue_de(dossier: tuple[Piece, ...], marche: Marche | None) -> Decimal:
    """The rate of the retenue de garantie held on that dossier, per cent; a balance already leaves it out."""
    if marche is None or not marche.ccag_travaux or marche.garantie or _solde(dossier):
        return Decimal(0)
    return taux_lu({"taux_tva": marche.retenue_garantie}) or Decimal(0)


def interets_de(piece: Piece, etat: Etat, annuaire: Annuaire, au: date) -> Interets | NonCalculable:
    """What the delay of that piece's dossier costs: once it is paid, or as if it were on that day."""
    paiement = paiement_de(piece, etat, annuaire)
    if isinstance(paiement, NonCalculable):
        return paiement
    dossier = dossier_de(piece, etat)
    ttc = lecture.montant(dossier[-1].valeurs, "montant_ttc")
    if ttc is None or ttc <= 0:
        return NonCalculable("Le montant TTC de la demande n’est pas lisible, ou n’est pas positif : pas d’intérêts.")
    taux = retenue_de(dossier, annuaire.marche(dossier[-1].marche))
    retenue = arrondi(ttc * taux / CENT)
    jour = paiement.fait if paiement.fait is not None and paiement.fait <= au else au
    try:
        interets = delais.interets_moratoires(ttc, retenue, paiement.echeance, jour)
    except ErreurFacturier as refus:
        return NonCalculable(refus.phrase)
    if not retenue:
        return interets
    avant = etape("retenue", f"{format_euros(ttc)} × {format_taux(taux)}", format_euros(retenue))
    return replace(interets, etapes=(avant, *interets.etapes))


def _versement(piece: Piece, etat: Etat, annuaire: Annuaire, paiement: EcheancePiece) -> EcheancePiece | None:
    """Once a late dossier is paid, the delay to pay its interest; nothing on the portal says that it was."""
    if paiement.fait is None:
        return None
    interets = interets_de(piece, etat, annuaire, paiement.fait)
    if isinstance(interets, NonCalculable) or not interets.jours:
        return None
    return EcheancePiece(paiement.objet, delais.echeance(VERSEMENT, paiement.fait), "comptable", paiement.structure)
