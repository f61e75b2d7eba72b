"""What the works pieces of a market show month after month: sums admitted before, the month, direct payments."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from facturier import montants
from facturier.annuaire import Annuaire, Marche
from facturier.portail import chiffres
from facturier.portail import demande as lecture
from facturier.portail.echeances import dossier_de
from facturier.portail.etat import Etat
from facturier.portail.pieces import DEPOSEE, Piece, fiche
from facturier.portail.prix_marche import Manque
from facturier.portail.regles_decompte import SANS_EFFET
from facturier.portail.regles_groupement import JOINTE, PROJET_MENSUEL
from facturier.travaux import PartSousTraitant, Situation

MENSUELLES = (PROJET_MENSUEL, "ETAT_ACOMPTE", "ETAT_ACOMPTE_VALIDE")
DEMANDE_DIRECTE = "DP_DE_SOUSTRAITANT_TRAVAUX"

Index = Mapping[str, Mapping[str, Decimal]]
"""Values of the indexes by month: « 2026-11 » → {« BT01 »: 131.4}."""


def admises(ouvre: Piece, etat: Etat, marche: Marche, annuaire: Annuaire, index: Index) -> tuple[Situation, ...]:
    """The situations admitted before that dossier: one for each monthly dossier that reached who pays."""
    situations: tuple[Situation, ...] = ()
    for premiere in etat.pieces.values():
        if premiere.id == ouvre.id:
            break
        if premiere.marche != marche.numero or premiere.precedente or not premiere.date_du(DEPOSEE):
            continue
        bout = dossier_de(premiere, etat)[-1]
        if fiche(premiere.cadre).piece_api in MENSUELLES and arrivee_au_payeur(bout):
            situations += (situation(premiere, bout, situations, etat, marche, annuaire, index),)
    return situations


def deja_presente(numero: str, etat: Etat, sauf: str = "") -> Decimal:
    """What the titulaire’s monthly dossiers of that market come to, HT: admitted sums, else those presented.

    ``sauf``: the dossier under way, which is not counted, nor those opened after it.
    """
    total = Decimal("0.00")
    for premiere in etat.pieces.values():
        if premiere.id == sauf:
            break
        cadre = fiche(premiere.cadre)
        ouvre = premiere.marche == numero and not premiere.precedente and premiere.date_du(DEPOSEE) is not None
        if not ouvre or cadre.partie or cadre.piece_api not in MENSUELLES:
            continue
        bout = dossier_de(premiere, etat)[-1]
        ht = lecture.montant(bout.valeurs, "montant_ht")
        if bout.statut not in SANS_EFFET and ht is not None:
            total += ht
    return total


def arrivee_au_payeur(bout: Piece) -> bool:
    """Whether the last piece of a dossier reached who pays, and still counts."""
    return fiche(bout.cadre).destinataire == "destinataire" and bout.statut not in SANS_EFFET


def situation(
    ouvre: Piece,
    porteuse: Piece,
    avant: tuple[Situation, ...],
    etat: Etat,
    marche: Marche,
    annuaire: Annuaire,
    index: Index,
) -> Situation:
    """The situation of that dossier with the amount of ``porteuse``."""
    mois = mois_de(ouvre)
    cumul = (avant[-1].cumul_ht if avant else Decimal("0.00")) + ht_de(porteuse)
    parts = tuple(part for _, part in directs(mois, etat, marche, annuaire))
    pieces = jusqu_a(ouvre, porteuse, etat)
    return Situation(mois, cumul, index_du(mois, pieces, marche, index), chiffres.retard_dit(pieces), parts)


def index_du(mois: date, pieces: tuple[Piece, ...], marche: Marche, index: Index) -> dict[str, Decimal]:
    """The values of the month's indexes: those given, then those that the comments of the pieces give."""
    valeurs = {**index.get(f"{mois:%Y-%m}", {})}
    if (dite := chiffres.index_dit(pieces, marche.index)) is not None:
        valeurs.setdefault(marche.index, dite)
    return valeurs


def jusqu_a(ouvre: Piece, porteuse: Piece, etat: Etat) -> tuple[Piece, ...]:
    """The pieces of the dossier, from the first to that one."""
    suite = dossier_de(ouvre, etat)
    return suite[: next((n for n, p in enumerate(suite) if p.id == porteuse.id), 0) + 1]


def mois_de(piece: Piece) -> date:
    """The date of that piece. Manque when it cannot be read."""
    mois = lecture.date_facture(piece.valeurs)
    if mois is None:
        raise Manque(f"La date de la pièce {piece.id} ne se lit pas.")
    return mois


def ht_de(piece: Piece) -> Decimal:
    """The amount HT of that piece. Manque when it cannot be read."""
    ht = lecture.montant(piece.valeurs, "montant_ht")
    if ht is None:
        raise Manque(f"Le montant HT de la pièce {piece.id} ne se lit pas.")
    return ht


def avant_la_fin(jour: date, mois: date) -> bool:
    """Whether that day is in that month, or before."""
    return (jour.year, jour.month) <= (mois.year, mois.month)


def directs(mois: date, etat: Etat, marche: Marche, annuaire: Annuaire) -> tuple[tuple[str, PartSousTraitant], ...]:
    """What is paid directly, cumulated to that month, and for which member: the subcontractors' demands joined."""
    cumuls: dict[str, Decimal] = {}
    for piece in etat.pieces.values():
        jour, ht = lecture.date_facture(piece.valeurs), lecture.montant(piece.valeurs, "montant_ht")
        jointe = piece.marche == marche.numero and piece.statut == JOINTE
        jointe = jointe and fiche(piece.cadre).piece_api == DEMANDE_DIRECTE
        if jointe and jour is not None and ht is not None and avant_la_fin(jour, mois):
            cumuls[piece.deposant] = cumuls.get(piece.deposant, Decimal("0.00")) + ht
    parts = []
    for siret, cumul in cumuls.items():
        declare = marche.sous_traitant(siret)
        if declare is not None:
            nom = annuaire.structures[siret].nom
            part = PartSousTraitant(nom, cumul, montants.euros(declare.montant_ttc))
            parts.append((declare.donneur_ordre or marche.titulaire, part))
    return tuple(parts)
