"""The services of a group, member by member: what each one invoiced of its share, what is paid, what is left.

There is no décompte outside works: each member sends its own invoices, which the mandataire lets through without
correcting them. This portal adds them up so that a group, and its buyer, see where the market stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from facturier import montants, referentiel
from facturier.annuaire import Annuaire, Marche
from facturier.delais import Etape
from facturier.delais.etapes import etape
from facturier.montants import format_euros
from facturier.portail import demande as lecture
from facturier.portail.echeances import PAYEE
from facturier.portail.etat import Etat
from facturier.portail.pieces import DEPOSEE, Piece, fiche
from facturier.portail.prix_marche import Manque
from facturier.portail.regles_decompte import SANS_EFFET
from facturier.travaux.explication import LigneDecompte, Sens
from facturier.travaux.groupement import DecompteMembre

VISEE = "VALIDEE_1"
ACCORDS = (VISEE, "ABSENCE_VALIDATION_1_HORS_DELAI")
REFUS = ("REFUSEE_1", "REFUSEE_2")
ZERO = Decimal("0.00")


@dataclass(frozen=True)
class DecompteServices:
    """Where a services market stands when that piece is deposited. The members add up to ``lignes`` and ``a_payer``."""

    membres: tuple[DecompteMembre, ...]
    lignes: tuple[LigneDecompte, ...]
    a_payer: Decimal
    etapes: tuple[Etape, ...]


@dataclass(frozen=True)
class _Compte:
    """What counts for one member, in euros."""

    facture: Decimal = ZERO
    tva: Decimal = ZERO
    ttc: Decimal = ZERO
    paye: Decimal = ZERO
    direct: Decimal = ZERO

    def plus(self, autre: _Compte) -> _Compte:
        return _Compte(*(getattr(self, champ) + getattr(autre, champ) for champ in self.__dataclass_fields__))


def porte(piece: Piece, marche: Marche | None) -> bool:
    """Whether that piece is an invoice of a group whose market is not one of works."""
    return marche is not None and marche.groupement and not marche.ccag_travaux and not fiche(piece.cadre).travaux


def decompte_services(piece: Piece, etat: Etat, marche: Marche, annuaire: Annuaire) -> DecompteServices:
    """The account of each member up to that piece, the mandataire first.

    Raises:
        Manque: the card does not share the market out, or an amount cannot be read.
    """
    if not marche.parts:
        raise Manque(
            f"Le marché « {marche.numero} » est tenu par un groupement : sa fiche ne répartit pas les prix entre ses "
            "membres."
        )
    sirets = (marche.titulaire, *marche.cotraitants)
    avant, apres = dict.fromkeys(sirets, _Compte()), dict.fromkeys(sirets, _Compte())
    dites: dict[str, list[Etape]] = {siret: [] for siret in sirets}
    for une in _jusqu_a(piece, etat, marche):
        membre, compte, dite = _part(une, marche, annuaire)
        dites[membre].append(dite)
        apres[membre] = apres[membre].plus(compte)
        if une.id != piece.id:
            avant[membre] = avant[membre].plus(compte)
    membres = tuple(_membre(s, avant[s], apres[s], dites[s], marche, annuaire) for s in sirets)
    totaux = tuple(_total(membres, rang) for rang in range(len(membres[0].lignes)))
    etapes = [e for membre in membres for e in membre.etapes]
    total = sum((m.a_payer for m in membres), ZERO)
    etapes.append(etape("services-total", " + ".join(format_euros(m.a_payer) for m in membres), format_euros(total)))
    return DecompteServices(membres, totaux, total, tuple(etapes))


def _jusqu_a(piece: Piece, etat: Etat, marche: Marche) -> Iterator[Piece]:
    """The invoices of the market that have left their author, in their order, that one last."""
    for une in etat.pieces.values():
        if une.marche == marche.numero and une.date_du(DEPOSEE) is not None:
            yield une
        if une.id == piece.id:
            return


def _part(une: Piece, marche: Marche, annuaire: Annuaire) -> tuple[str, _Compte, Etape]:
    """For which member that invoice counts, for how much, and why."""
    ht, tva, ttc = (_signe(une, champ) for champ in lecture.MONTANTS)
    genre = fiche(une.cadre).partie
    declare = marche.sous_traitant(une.deposant)
    membre = (declare.donneur_ordre or marche.titulaire) if declare is not None else une.deposant
    direct = genre == "sous_traitant"
    formule = f"{une.id} ({une.cadre} n° {une.numero}), {format_euros(ht)}"
    if une.statut in SANS_EFFET or any(une.date_du(statut) for statut in REFUS if direct):
        libelle = referentiel.statut(une.statut).libelle
        return membre, _Compte(), etape("services-ecartee", f"{formule} : « {libelle} »", format_euros(ZERO))
    if genre and not any(une.date_du(statut) for statut in (ACCORDS if direct else (VISEE,))):
        return membre, _Compte(), etape("services-attente", formule, format_euros(ZERO))
    if direct:
        qui = annuaire.structures[une.deposant].nom
        return membre, _Compte(direct=ht), etape("services-direct", f"{formule} pour {qui}", format_euros(ht))
    paye = ttc if une.date_du(PAYEE) is not None else ZERO
    code = "services-visee" if genre else "services-facture"
    return membre, _Compte(ht, tva, ttc, paye), etape(code, formule, format_euros(ht))


def _signe(une: Piece, champ: str) -> Decimal:
    """That amount, taken away by a credit note. Manque when it cannot be read."""
    lu = lecture.montant(une.valeurs, champ)
    if lu is None:
        raise Manque(f"Un montant de la pièce {une.id} ne se lit pas.")
    code = lecture.texte(une.valeurs, "type_facture")
    avoir = any(t.code == code and t.famille == "avoir" for t in referentiel.types_facture())
    return -abs(lu) if avoir else lu


_LIGNES: tuple[tuple[str, Sens, str], ...] = (
    ("facture", "plus", "Factures qui comptent, HT"),
    ("tva", "plus", "TVA"),
    ("ttc", "total", "Montant TTC"),
    ("paye", "moins", "Mis en paiement, TTC"),
    ("net", "total", "Reste à payer, TTC"),
    ("direct", "moins", "Demandé par ses sous-traitants payés directement, HT"),
    ("reste", "total", "Reste à facturer sur sa part, HT"),
)


def _membre(
    siret: str, avant: _Compte, apres: _Compte, dites: list[Etape], marche: Marche, annuaire: Annuaire
) -> DecompteMembre:
    nom = annuaire.structures[siret].nom
    part = montants.euros(next(p.montant_ht for p in marche.parts if p.siret == siret))
    lignes = tuple(
        LigneDecompte(code, libelle, sens, _valeur(code, apres, part), _valeur(code, avant, part))
        for code, sens, libelle in _LIGNES
    )
    reste, a_payer = _valeur("reste", apres, part), _valeur("net", apres, part)
    etapes = [
        *dites,
        etape("services-tva", f"TVA portée par ses factures : {format_euros(apres.tva)}", format_euros(apres.ttc)),
        etape("services-a-payer", f"{format_euros(apres.ttc)} - {format_euros(apres.paye)}", format_euros(a_payer)),
        etape(
            "services-depassement" if reste < 0 else "services-reste",
            f"{format_euros(part)} - {format_euros(apres.facture)} - {format_euros(apres.direct)}",
            format_euros(reste),
        ),
    ]
    return DecompteMembre(nom, lignes, a_payer, tuple(replace(e, libelle=f"{nom} : {e.libelle}") for e in etapes))


def _valeur(code: str, compte: _Compte, part: Decimal) -> Decimal:
    if code == "net":
        return compte.ttc - compte.paye
    if code == "reste":
        return part - compte.facture - compte.direct
    valeur: Decimal = getattr(compte, code)
    return valeur


def _total(membres: tuple[DecompteMembre, ...], rang: int) -> LigneDecompte:
    siennes = [membre.lignes[rang] for membre in membres]
    return replace(
        siennes[0],
        cumul=sum((ligne.cumul for ligne in siennes), ZERO),
        anterieur=sum((ligne.anterieur for ligne in siennes), ZERO),
    )
