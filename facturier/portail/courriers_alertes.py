"""What deadlines write to structures: each alert once, on the day it fires, in the state that the portal then had.

Nothing is stored: the histories of the pieces are cut at each of their dates, and the alerts that fire before the next
one are those that were sent. An answer given later, a delay interrupted later, unsends nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from facturier.annuaire import Annuaire
from facturier.portail import droits
from facturier.portail.alertes import PREAVIS, Alerte, alertes_de, attentes_de, payee_en_retard
from facturier.portail.courriers import Courrier, nom_de
from facturier.portail.echeances import dossier_de
from facturier.portail.etat import Etat
from facturier.portail.evenements import ROLES
from facturier.portail.pieces import DEPOSEE, Piece, fiche


def courriers(
    etat: Etat, annuaire: Annuaire, jusqua: datetime, sirets: frozenset[str] | None = None
) -> Iterator[Courrier]:
    """Every alert that has fired by then, once each, dossier by dossier.

    ``sirets``: the structures whose messages are wanted, None for all of them.
    """
    for premiere in etat.pieces.values():
        if premiere.precedente or premiere.date_du(DEPOSEE) is None:
            continue
        dossier = dossier_de(premiere, etat)
        if sirets is None or sirets & _concernes(dossier, annuaire):
            for quand, alerte in _du_dossier(dossier, etat, annuaire, jusqua):
                if sirets is None or alerte.structure in sirets:
                    yield _courrier(etat, annuaire, quand, alerte)


def _concernes(dossier: tuple[Piece, ...], annuaire: Annuaire) -> set[str]:
    """Who may be alerted about that dossier: its people, and those of its market."""
    concernes = {piece.structure_du(role) for piece in dossier for role in ROLES} | {p.deposant for p in dossier}
    marche = annuaire.marche(dossier[-1].marche)
    if marche is not None:
        concernes |= {marche.partie("moa"), marche.moe, marche.partie("payeur")}
    return concernes


def _du_dossier(
    dossier: tuple[Piece, ...], etat: Etat, annuaire: Annuaire, jusqua: datetime
) -> Iterator[tuple[datetime, Alerte]]:
    """The alerts of a dossier with the time at which each one fired."""
    autour = _autour(dossier, etat)
    dates = sorted({passage.quand for piece in autour for passage in piece.historique if passage.quand <= jusqua})
    dites: set[tuple[str, str, str, str, str, date]] = set()
    for debut, fin in zip(dates, [*dates[1:], None], strict=True):
        coupe = _coupe(etat, autour, debut)
        for piece in dossier:
            if piece.id not in coupe.pieces:
                continue
            for quand, alerte in _tirees(coupe.pieces[piece.id], coupe, annuaire, debut, min(fin or jusqua, jusqua)):
                cle = (alerte.objet, alerte.code, alerte.role, alerte.structure, alerte.genre, alerte.limite)
                if cle not in dites and (fin is None or quand < fin):
                    dites.add(cle)
                    yield quand, alerte


def _autour(dossier: tuple[Piece, ...], etat: Etat) -> tuple[Piece, ...]:
    """The pieces on which the deadlines of that dossier depend: a works market closes with pieces of other dossiers."""
    marche = dossier[0].marche
    if not marche or not any(fiche(piece.cadre).travaux for piece in dossier):
        return dossier
    return tuple(p for p in etat.pieces.values() if p.marche == marche or p in dossier)


def _coupe(etat: Etat, autour: tuple[Piece, ...], quand: datetime) -> Etat:
    """These pieces as they stood at that time."""
    coupees = {}
    for piece in autour:
        vus = piece.historique[: bisect_right(piece.historique, quand, key=lambda passage: passage.quand)]
        if vus:
            coupees[piece.id] = replace(piece, historique=vus)
    for piece in coupees.values():
        if piece.suivante and piece.suivante not in coupees:
            coupees[piece.id] = replace(piece, suivante="")
    return replace(etat, pieces=coupees)


def _tirees(
    piece: Piece, etat: Etat, annuaire: Annuaire, debut: datetime, fin: datetime
) -> Iterator[tuple[datetime, Alerte]]:
    """What fires between these two times, nothing happening meanwhile."""
    payee = payee_en_retard(piece, etat, annuaire)
    if payee is not None and payee.depuis == debut.date():
        yield debut, payee
    limites = {a.echeance.limite for a in attentes_de(piece, etat, annuaire)}
    for limite in sorted(limite for limite in limites if limite is not None):
        for jour in (limite - timedelta(days=PREAVIS), limite + timedelta(days=1)):
            quand = max(debut, datetime.combine(jour, time()))
            if quand <= fin:
                alertes = alertes_de(piece, etat, annuaire, quand.date())
                yield from ((quand, alerte) for alerte in alertes if alerte.limite == limite)


def _courrier(etat: Etat, annuaire: Annuaire, quand: datetime, alerte: Alerte) -> Courrier:
    piece = etat.pieces[alerte.objet]
    creance = alerte.genre in ("creance", "interets")
    cadre = etat.pieces[piece.dossier].cadre if creance else piece.cadre
    return Courrier(
        quand=quand,
        a=alerte.structure,
        codes=(f"alerte-{alerte.genre}",),
        structure=alerte.structure,
        espace=droits.espace(alerte.role, cadre),
        piece=piece.id,
        places={
            "piece": piece.id,
            "numero": piece.numero or piece.id,
            "cadre": piece.cadre,
            "deposant": nom_de(annuaire, piece.deposant),
            "phrase": alerte.phrase,
        },
    )
