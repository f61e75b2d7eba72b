"""The décompte of a works piece, computed from its market's identity card and the pieces of the dossier.

Convention of this portal: the amount HT of a works piece is the work of its month (or, at the end, what comes after the
last acompte), at initial prices; the cumul is rebuilt from the sums admitted before it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from facturier import montants, referentiel, travaux
from facturier.annuaire import Annuaire, Marche
from facturier.delais import Etape
from facturier.erreurs import ErreurFacturier
from facturier.portail import chiffres
from facturier.portail import demande as lecture
from facturier.portail.echeances import NonCalculable, dossier_de
from facturier.portail.etat import Etat
from facturier.portail.pieces import DEPOSEE, Piece, fiche
from facturier.portail.regles_decompte import CLOTURES, DECOMPTE_SIGNE, PROJET_FINAL, PROJET_TACITE, SANS_EFFET
from facturier.travaux import (
    Decompte,
    DecompteGeneral,
    Ecart,
    MarchePrix,
    PartSousTraitant,
    Revision,
    Situation,
    SommesAdmises,
    TermeRevision,
)

PROJET_MENSUEL = "PROJET_DECOMPTE_MENSUEL"
MENSUELLES = (PROJET_MENSUEL, "ETAT_ACOMPTE", "ETAT_ACOMPTE_VALIDE")
GENERALES = (*CLOTURES, DECOMPTE_SIGNE, PROJET_TACITE)
FINALES = (PROJET_FINAL, "PROJET_DECOMPTE_GENERAL", *GENERALES)
PROJETS = (PROJET_MENSUEL, PROJET_FINAL)
DEMANDE_DIRECTE = "DP_DE_SOUSTRAITANT_TRAVAUX"

Index = Mapping[str, Mapping[str, Decimal]]
"""Values of the indexes by month: « 2026-11 » → {« BT01 »: 131.4}."""

_NOMBRE = r"([0-9]+(?:,[0-9]+)?)"
_REVISION = re.compile(rf"{_NOMBRE} \+ {_NOMBRE} × \(In / I0\)")
_FRACTION = re.compile(r"([0-9]{1,6})/([0-9]{1,6})")


@dataclass(frozen=True)
class DecompteCalcule:
    """A décompte and what explains it. ``ecarts``: what was corrected; ``general``: the balance, at the end."""

    decompte: Decompte
    ecarts: tuple[Ecart, ...]
    general: DecompteGeneral | None
    etapes: tuple[Etape, ...]


class _Manque(Exception):
    """What the card or the pieces lack: one French sentence."""


def decompte_de(
    piece: Piece, etat: Etat, annuaire: Annuaire, index: Index | None = None
) -> DecompteCalcule | NonCalculable:
    """The décompte that this piece carries, from notification to it.

    ``index``: values of the price indexes, beside those that the comments of the pieces give (``chiffres``); without
    them a revised market stops at its first project, and the reason says so.
    """
    marche = annuaire.marche(piece.marche)
    nature = fiche(piece.cadre).piece_api
    try:
        if marche is None or nature not in (*MENSUELLES, *FINALES):
            raise _Manque(f"La pièce {piece.id} ({piece.cadre}) n’est pas un décompte de travaux.")
        return _calculer(piece, nature, etat, marche, annuaire, index or {})
    except _Manque as manque:
        return NonCalculable(str(manque))
    except ErreurFacturier as refus:
        return NonCalculable(refus.phrase)


def _calculer(
    piece: Piece, nature: str, etat: Etat, marche: Marche, annuaire: Annuaire, index: Index
) -> DecompteCalcule:
    prix = prix_de(marche)
    dossier = dossier_de(piece, etat)
    ouvre = dossier[0]
    avant = _admises(ouvre, etat, marche, annuaire, index)
    presentee = _situation(ouvre, ouvre, avant, etat, marche, annuaire, index)
    final = nature in FINALES
    projet = (travaux.projet_decompte_final if final else travaux.projet_decompte_mensuel)(prix, (*avant, presentee))
    if nature in PROJETS:
        return DecompteCalcule(projet, (), None, projet.etapes)
    admise = _situation(ouvre, piece, avant, etat, marche, annuaire, index)
    rectifier = travaux.decompte_final if final else travaux.etat_acompte
    sommes = SommesAdmises(admise.cumul_ht, admise.index, admise.jours_retard)
    rectifiee = rectifier(projet, sommes)
    if nature not in GENERALES:
        return DecompteCalcule(rectifiee.decompte, rectifiee.ecarts, None, rectifiee.etapes)
    general = travaux.decompte_general(rectifiee.decompte)
    return DecompteCalcule(rectifiee.decompte, rectifiee.ecarts, general, general.etapes)


# the card


def prix_de(marche: Marche) -> MarchePrix:
    """The price clauses that the card gives.

    Raises:
        ErreurFacturier: they make no sense. _Manque: one is missing or cannot be read.
    """
    for champ, nom in (
        ("notification", "la date de notification"),
        ("duree_mois", "la durée"),
        ("montant_ht", "le montant HT"),
        ("taux_tva", "le taux de TVA"),
    ):
        if not getattr(marche, champ):
            raise _Manque(f"La fiche du marché « {marche.numero} » ne donne pas {nom}.")
    if marche.groupement:
        raise _Manque(
            f"Le marché « {marche.numero} » est tenu par un groupement : sa fiche ne répartit pas les prix entre ses "
            "membres."
        )
    if not marche.duree_mois.isdigit():
        raise _Manque(f"La durée du marché « {marche.numero} » ne se lit pas comme un nombre de mois.")
    ht = montants.euros(marche.montant_ht)
    _avance_comme_la_table(marche)
    return MarchePrix(
        montant_ht=ht,
        taux_tva=_nombre(marche, "taux_tva"),
        notification=date.fromisoformat(marche.notification),
        duree_mois=int(marche.duree_mois),
        revision=_revision(marche),
        avance_taux=_nombre(marche, "avance"),
        retenue_taux=_nombre(marche, "retenue_garantie"),
        garantie_substituee=bool(marche.garantie),
        penalite_par_jour=_penalite(marche, ht),
        reference=marche.numero,
    )


def _avance_comme_la_table(marche: Marche) -> None:
    """The advance is repaid between the thresholds of the table: a card that has others is not computed."""
    for borne in ("debut", "fin"):
        champ = f"avance_remboursement_{borne}"
        seuil = referentiel.regle_calcul(f"avance-remboursement-{borne}").valeur
        if marche.avance and getattr(marche, champ) and _nombre(marche, champ) != seuil:
            raise _Manque(f"Le marché « {marche.numero} » rembourse son avance entre d’autres seuils que ceux du kit.")


def _nombre(marche: Marche, champ: str) -> Decimal:
    saisi = getattr(marche, champ)
    lu = montants.lire_decimal(saisi.replace(",", ".")) if saisi else Decimal(0)
    if lu is None:
        raise _Manque(f"Sur la fiche du marché « {marche.numero} », « {saisi} » n’est pas un nombre.")
    return lu


def _revision(marche: Marche) -> Revision | None:
    if not marche.revision:
        return None
    formule = _REVISION.fullmatch(marche.revision.replace("\u00a0", " "))
    initial = montants.lire_decimal(marche.index_initial.replace(",", "."))
    if formule is None or initial is None or not marche.index:
        raise _Manque(f"La formule de révision du marché « {marche.numero} » ne se lit pas, ou son index manque.")
    fixe, poids = (Decimal(n.replace(",", ".")) for n in formule.groups())
    return Revision(fixe, (TermeRevision(marche.index, poids, initial),))


def _penalite(marche: Marche, ht: Decimal) -> Decimal | None:
    if not marche.penalites:
        return None
    fraction = _FRACTION.fullmatch(marche.penalites)
    if fraction is None or not int(fraction[2]):
        raise _Manque(f"Les pénalités du marché « {marche.numero} » ne se lisent pas comme une fraction du montant HT.")
    if int(fraction[1]) == 1 and int(fraction[2]) == referentiel.regle_calcul("penalite-diviseur").valeur:
        return None  # what the CCAG itself says, which is not rounded
    return montants.arrondi(ht * int(fraction[1]) / int(fraction[2]))


# the pieces


def _admises(ouvre: Piece, etat: Etat, marche: Marche, annuaire: Annuaire, index: Index) -> tuple[Situation, ...]:
    """The situations admitted before that dossier: one for each monthly dossier that reached who pays."""
    situations: tuple[Situation, ...] = ()
    for premiere in etat.pieces.values():
        if premiere.id == ouvre.id:
            break
        if premiere.marche != marche.numero or premiere.precedente or not premiere.date_du(DEPOSEE):
            continue
        bout = dossier_de(premiere, etat)[-1]
        paye = fiche(bout.cadre).destinataire == "destinataire" and bout.statut not in SANS_EFFET
        if fiche(premiere.cadre).piece_api in MENSUELLES and paye:
            situations += (_situation(premiere, bout, situations, etat, marche, annuaire, index),)
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


def _situation(
    ouvre: Piece,
    porteuse: Piece,
    avant: tuple[Situation, ...],
    etat: Etat,
    marche: Marche,
    annuaire: Annuaire,
    index: Index,
) -> Situation:
    """The situation of that dossier with the amount of ``porteuse``."""
    mois, ht = lecture.date_facture(ouvre.valeurs), lecture.montant(porteuse.valeurs, "montant_ht")
    if mois is None or ht is None:
        raise _Manque(f"La date ou le montant HT de la pièce {porteuse.id} ne se lit pas.")
    cumul = (avant[-1].cumul_ht if avant else Decimal("0.00")) + ht
    pieces = _jusqu_a(ouvre, porteuse, etat)
    valeurs = {**index.get(f"{mois:%Y-%m}", {})}
    if (dite := chiffres.index_dit(pieces, marche.index)) is not None:
        valeurs.setdefault(marche.index, dite)
    retard = chiffres.retard_dit(pieces)
    return Situation(mois, cumul, valeurs, retard, _parts(mois, etat, marche, annuaire))


def _jusqu_a(ouvre: Piece, porteuse: Piece, etat: Etat) -> tuple[Piece, ...]:
    """The pieces of the dossier, from the first to that one."""
    suite = dossier_de(ouvre, etat)
    return suite[: next((n for n, p in enumerate(suite) if p.id == porteuse.id), 0) + 1]


def _parts(mois: date, etat: Etat, marche: Marche, annuaire: Annuaire) -> tuple[PartSousTraitant, ...]:
    """What is paid directly, cumulated to that month: the subcontractors' demands joined to the dossier."""
    cumuls: dict[str, Decimal] = {}
    for piece in etat.pieces.values():
        jour, ht = lecture.date_facture(piece.valeurs), lecture.montant(piece.valeurs, "montant_ht")
        jointe = piece.marche == marche.numero and piece.statut == "ASSOCIEE"
        jointe = jointe and fiche(piece.cadre).piece_api == DEMANDE_DIRECTE
        if jointe and jour is not None and ht is not None and (jour.year, jour.month) <= (mois.year, mois.month):
            cumuls[piece.deposant] = cumuls.get(piece.deposant, Decimal("0.00")) + ht
    parts = []
    for siret, cumul in cumuls.items():
        declare = marche.sous_traitant(siret)
        if declare is not None:
            nom = annuaire.structures[siret].nom
            parts.append(PartSousTraitant(nom, cumul, montants.euros(declare.montant_ttc)))
    return tuple(parts)
