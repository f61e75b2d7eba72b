"""What a market's identity card expects of a piece, and what an attentive partner notices: one predicate an anomaly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from facturier import montants
from facturier.annuaire import Marche
from facturier.portail import circuits
from facturier.portail import demande as lecture
from facturier.portail.circonstances import Situation
from facturier.portail.pieces import Piece, fiche

CENT = Decimal(100)


def aiguillage_attendu(piece: Piece, marche: Marche) -> dict[str, str]:
    """Recipient, service and commitment that the card wants on that piece, without what it is silent on."""
    etape = next((e for e in circuits.etapes(marche) if piece.cadre in e.cadres), None)
    return aiguillage(marche, etape.adresse_a if etape is not None else "payeur")


def aiguillage(marche: Marche, partie: str) -> dict[str, str]:
    """How one writes to that party of the market."""
    services = {"payeur": marche.payeur_service, "moe": marche.moe_service}
    champs = {
        "destinataire_siret": marche.partie(partie),
        "code_service": services.get(partie, ""),
        "numero_engagement": marche.engagement if partie == "payeur" else "",
    }
    return {champ: valeur for champ, valeur in champs.items() if valeur}


def valideur_attendu(piece: Piece, marche: Marche, role: str) -> str:
    """SIRET of who is to validate that piece, by the card; "" when it does not say."""
    if role == "valideur_2" or fiche(piece.cadre).partie == "cotraitant":
        return marche.titulaire
    declare = marche.sous_traitant(piece.deposant)
    return (declare.donneur_ordre or marche.titulaire) if declare is not None else ""


def taux_lu(valeurs: Mapping[str, str]) -> Decimal | None:
    """The rate of VAT typed, in per cent; None when there is none."""
    saisi = lecture.texte(valeurs, "taux_tva").replace(",", ".")
    return montants.lire_decimal(saisi) if saisi else None


def tva(ht: Decimal, taux: Decimal) -> Decimal:
    """The VAT on that amount, euros, to the cent."""
    return montants.arrondi(ht * taux / CENT)


def _differe(situation: Situation, champs: tuple[str, ...]) -> bool:
    piece, marche = situation.piece, situation.marche
    if marche is None:
        return False
    attendus = aiguillage_attendu(piece, marche)
    return any(c in attendus and lecture.texte(piece.valeurs, c).replace(" ", "") != attendus[c] for c in champs)


def _adresse(situation: Situation) -> bool:
    return _differe(situation, ("destinataire_siret", "code_service"))


def _engagement(situation: Situation) -> bool:
    return _differe(situation, ("numero_engagement",))


def _titulaire(situation: Situation) -> bool:
    marche = situation.marche
    if marche is None or fiche(situation.piece.cadre).deposant != "fournisseur":
        return False
    parties = (marche.titulaire, *marche.cotraitants, *marche.membres("sous_traitant"))
    return situation.piece.deposant not in parties


def _taux(situation: Situation) -> bool:
    valeurs = situation.piece.valeurs
    taux, ht, due = taux_lu(valeurs), lecture.montant(valeurs, "montant_ht"), lecture.montant(valeurs, "montant_tva")
    return taux is not None and ht is not None and due is not None and tva(ht, taux) != due


def _plafond(situation: Situation) -> bool:
    marche, ttc = situation.marche, lecture.montant(situation.piece.valeurs, "montant_ttc")
    declare = marche.sous_traitant(situation.piece.deposant) if marche is not None else None
    return declare is not None and ttc is not None and ttc > montants.euros(declare.montant_ttc)


def _valideur(situation: Situation) -> bool:
    if situation.marche is None:
        return False
    attendu = valideur_attendu(situation.piece, situation.marche, situation.acteur.role)
    return attendu not in ("", situation.acteur.structure)


CONTROLES: Mapping[str, Callable[[Situation], bool]] = {
    "adresse": _adresse,
    "engagement": _engagement,
    "titulaire": _titulaire,
    "taux": _taux,
    "plafond": _plafond,
    "valideur": _valideur,
}
"""By the code of the anomaly in ``data/partenaires.toml``; True when it is there."""
