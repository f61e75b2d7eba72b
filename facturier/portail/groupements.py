"""The works of a group, month after month and member by member: the demands that its mandataire lets through.

Convention of this portal: a demand joined to the mandataire's dossier is part of the amount of that dossier, one that
opens its own dossier adds to it. What is corrected on the mandataire's dossier is shared out between its demands.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from facturier import montants
from facturier.annuaire import Annuaire, Marche
from facturier.delais import Etape
from facturier.delais.etapes import etape
from facturier.montants import arrondi, format_euros
from facturier.portail import chiffres
from facturier.portail.echeances import dossier_de
from facturier.portail.etat import Etat
from facturier.portail.pieces import DEPOSEE, Piece, fiche
from facturier.portail.prix_marche import Manque
from facturier.portail.regles_decompte import SANS_EFFET
from facturier.portail.regles_groupement import JOINTE
from facturier.portail.situations_travaux import (
    MENSUELLES,
    Index,
    arrivee_au_payeur,
    directs,
    ht_de,
    index_du,
    jusqu_a,
    mois_de,
)
from facturier.travaux import Membre, Situation

COTRAITANT = "cotraitant"
VISEE = "VALIDEE_1"
ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Demande:
    """What one member asks for in one dossier, HT: as presented, and as admitted by the last of its ``pieces``."""

    membre: str
    mois: date
    presente: Decimal
    admis: Decimal
    dit: str
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True)
class Suite:
    """The situations of the market, the last one under way, and what each member shows of them."""

    situations: tuple[Situation, ...]
    membres: tuple[Membre, ...]
    etapes: tuple[Etape, ...] = ()


def suites(
    piece: Piece, natures: tuple[str, ...], etat: Etat, marche: Marche, annuaire: Annuaire, index: Index
) -> tuple[Suite, Suite]:
    """What the group presents up to that piece's month, and what is admitted of it (the months before are the same).

    ``natures``: those of the pieces that make the month under way (monthly ones, or final ones).

    Raises:
        Manque: a date or an amount cannot be read, or the mandataire presents less than the demands joined.
    """
    mois = mois_de(dossier_de(piece, etat)[0])
    avant, pendant = [], []
    for ouvre in etat.pieces.values():
        if not _ouvre_un_dossier(ouvre, marche):
            continue
        bout, jour, nature = dossier_de(ouvre, etat)[-1], mois_de(ouvre), fiche(ouvre.cadre).piece_api
        if ouvre.id == piece.dossier:
            pendant += _demandes(ouvre, piece, etat, marche, annuaire)
        elif nature in natures and ((jour.year, jour.month) == (mois.year, mois.month) or nature not in MENSUELLES):
            pendant += _demandes(ouvre, bout, etat, marche, annuaire) if bout.statut not in SANS_EFFET else []
        elif nature in MENSUELLES and arrivee_au_payeur(bout) and (natures != MENSUELLES or jour < mois):
            avant += _demandes(ouvre, bout, etat, marche, annuaire)
    return (
        _suite(
            avant,
            [replace(d, admis=d.presente, pieces=d.pieces[:1]) for d in pendant],
            mois,
            etat,
            marche,
            annuaire,
            index,
        ),
        _suite(avant, pendant, mois, etat, marche, annuaire, index),
    )


def _ouvre_un_dossier(piece: Piece, marche: Marche) -> bool:
    """Not a draft, nor a demand joined to another dossier, nor one that the mandataire has not let through."""
    if piece.marche != marche.numero or piece.precedente or not piece.date_du(DEPOSEE) or piece.statut in SANS_EFFET:
        return False
    if fiche(piece.cadre).partie != COTRAITANT:
        return True
    return piece.date_du(VISEE) is not None and not _jointe(piece)


def _jointe(piece: Piece) -> bool:
    return piece.statut == JOINTE and not piece.suivante


def _demandes(ouvre: Piece, porteuse: Piece, etat: Etat, marche: Marche, annuaire: Annuaire) -> list[Demande]:
    """The demands of one dossier, as admitted by ``porteuse``."""
    jour, total, retenu = mois_de(ouvre), ht_de(ouvre), ht_de(porteuse)
    suite = jusqu_a(ouvre, porteuse, etat)
    if fiche(ouvre.cadre).partie == COTRAITANT:
        return [Demande(ouvre.deposant, jour, total, retenu, _dit(ouvre, total, "visée"), suite)]
    jointes = [
        p
        for p in etat.pieces.values()
        if p.marche == marche.numero
        and fiche(p.cadre).partie == COTRAITANT
        and _jointe(p)
        and fiche(p.cadre).piece_api == fiche(ouvre.cadre).piece_api
        and (mois_de(p).year, mois_de(p).month) == (jour.year, jour.month)
    ]
    parts = [(p.deposant, ht_de(p), _dit(p, ht_de(p), "visée et jointe")) for p in jointes]
    reste = total - sum((ht for _, ht, _ in parts), ZERO)
    if reste < 0:
        raise Manque(
            f"La pièce {ouvre.id} du mandataire ({format_euros(total)} HT) n’atteint pas les demandes jointes "
            "de ses cotraitants."
        )
    parts.insert(0, (marche.titulaire, reste, _dit(ouvre, reste, "part du mandataire" if parts else "mandataire")))
    admis = [arrondi(ht * retenu / total) if total else ZERO for _, ht, _ in parts]
    admis[0] += retenu - sum(admis, ZERO)
    return [Demande(membre, jour, ht, a, dit, suite) for (membre, ht, dit), a in zip(parts, admis, strict=True)]


def _dit(piece: Piece, ht: Decimal, comment: str) -> str:
    return f"{piece.id} ({comment}) {format_euros(ht)}"


def _suite(
    avant: list[Demande],
    pendant: list[Demande],
    mois: date,
    etat: Etat,
    marche: Marche,
    annuaire: Annuaire,
    index: Index,
) -> Suite:
    jours: dict[tuple[int, int], date] = {}
    for demande in avant:
        cle = (demande.mois.year, demande.mois.month)
        jours[cle] = max(demande.mois, jours.get(cle, demande.mois))
    dates = [jours[cle] for cle in sorted(jours)]
    parties = [[d for d in avant if (d.mois.year, d.mois.month) == (jour.year, jour.month)] for jour in dates]
    dates, parties = [*dates, mois], [*parties, pendant]
    sirets = (marche.titulaire, *marche.cotraitants)
    payes = [directs(jour, etat, marche, annuaire) for jour in dates]
    situations = []
    cumul = ZERO
    for jour, du_mois, paye in zip(dates, parties, payes, strict=True):
        cumul += sum((d.admis for d in du_mois), ZERO)
        suivies = tuple(p for d in du_mois for p in d.pieces)
        retard = max((chiffres.retard_dit(d.pieces) for d in du_mois), default=0)
        valeurs = index_du(jour, suivies, marche, index)
        situations.append(Situation(jour, cumul, valeurs, retard, tuple(p for _, p in paye)))
    membres = []
    for siret in sirets:
        mensuels = [sum((d.admis for d in du_mois if d.membre == siret), ZERO) for du_mois in parties]
        membres.append(
            Membre(
                annuaire.structures[siret].nom,
                montants.euros(next(p.montant_ht for p in marche.parts if p.siret == siret)),
                tuple(sum(mensuels[: rang + 1], ZERO) for rang in range(len(mensuels))),
                tuple(sum((p.cumul_ht for pour, p in paye if pour == siret), ZERO) for paye in payes),
                " + ".join(d.dit for d in pendant if d.membre == siret) or "aucune demande ce mois",
            )
        )
    return Suite(tuple(situations), tuple(membres), _corrections(pendant, annuaire))


def _corrections(pendant: list[Demande], annuaire: Annuaire) -> tuple[Etape, ...]:
    etapes = []
    for demande in pendant:
        if demande.admis != demande.presente:
            dite = etape(
                "membre-sommes-admises",
                f"présenté {format_euros(demande.presente)} - admis {format_euros(demande.admis)}",
                format_euros(demande.presente - demande.admis),
            )
            etapes.append(replace(dite, libelle=f"{annuaire.structures[demande.membre].nom} : {dite.libelle}"))
    return tuple(etapes)
