"""The price clauses of a works market, read on its identity card."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from facturier import montants, referentiel
from facturier.annuaire import Marche
from facturier.travaux import MarchePrix, Revision, TermeRevision

_NOMBRE = r"([0-9]+(?:,[0-9]+)?)"
_REVISION = re.compile(rf"{_NOMBRE} \+ {_NOMBRE} × \(In / I0\)")
_FRACTION = re.compile(r"([0-9]{1,6})/([0-9]{1,6})")


class Manque(Exception):
    """What the card or the pieces lack to compute a décompte: one French sentence."""


def prix_de(marche: Marche) -> MarchePrix:
    """The price clauses that the card gives.

    Raises:
        ErreurFacturier: they make no sense. Manque: one is missing or cannot be read.
    """
    for champ, nom in (
        ("notification", "la date de notification"),
        ("duree_mois", "la durée"),
        ("montant_ht", "le montant HT"),
        ("taux_tva", "le taux de TVA"),
    ):
        if not getattr(marche, champ):
            raise Manque(f"La fiche du marché « {marche.numero} » ne donne pas {nom}.")
    if marche.groupement and not marche.parts:
        raise Manque(
            f"Le marché « {marche.numero} » est tenu par un groupement : sa fiche ne répartit pas les prix entre ses "
            "membres."
        )
    if not marche.duree_mois.isdigit():
        raise Manque(f"La durée du marché « {marche.numero} » ne se lit pas comme un nombre de mois.")
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
            raise Manque(f"Le marché « {marche.numero} » rembourse son avance entre d’autres seuils que ceux du kit.")


def _nombre(marche: Marche, champ: str) -> Decimal:
    saisi = getattr(marche, champ)
    lu = montants.lire_decimal(saisi.replace(",", ".")) if saisi else Decimal(0)
    if lu is None:
        raise Manque(f"Sur la fiche du marché « {marche.numero} », « {saisi} » n’est pas un nombre.")
    return lu


def _revision(marche: Marche) -> Revision | None:
    if not marche.revision:
        return None
    formule = _REVISION.fullmatch(marche.revision.replace("\u00a0", " "))
    initial = montants.lire_decimal(marche.index_initial.replace(",", "."))
    if formule is None or initial is None or not marche.index:
        raise Manque(f"La formule de révision du marché « {marche.numero} » ne se lit pas, ou son index manque.")
    fixe, poids = (Decimal(n.replace(",", ".")) for n in formule.groups())
    return Revision(fixe, (TermeRevision(marche.index, poids, initial),))


def _penalite(marche: Marche, ht: Decimal) -> Decimal | None:
    if not marche.penalites:
        return None
    fraction = _FRACTION.fullmatch(marche.penalites)
    if fraction is None or not int(fraction[2]):
        raise Manque(f"Les pénalités du marché « {marche.numero} » ne se lisent pas comme une fraction du montant HT.")
    if int(fraction[1]) == 1 and int(fraction[2]) == referentiel.regle_calcul("penalite-diviseur").valeur:
        return None  # what the CCAG itself says, which is not rounded
    return montants.arrondi(ht * int(fraction[1]) / int(fraction[2]))
