"""Pieces of the portal as the API numbers and shows them: P0042 is 42 there, a structure is its SIRET as a number."""

from __future__ import annotations

from datetime import datetime

from facturier import referentiel
from facturier.portail import Acteur, Annuaire, Piece, Portail, RefusPortail, suivi
from facturier.portail import demande as lecture
from facturier.portail.pieces import DEPOSEE, fiche
from facturier.portail.remontee import piece_vue
from facturier.serveur.piste import reponses as r

FOURNISSEUR, RECIPIENDAIRE = ("fournisseur",), ("destinataire", "comptable")
VALIDEUR = ("valideur_1", "valideur_2")
"""Roles of the portal that each view of the API stands for."""


def numero_de(piece: str) -> int:
    """The number that the API gives to a piece."""
    return int(piece[1:])


def piece_du(numero: int) -> str:
    """The piece of that number of the API."""
    return f"P{numero:04d}"


def siret_de(identifiant: int | None) -> str:
    """The SIRET of a structure's number, "" for none."""
    return f"{identifiant:014d}" if identifiant else ""


def identifiant_de(siret: str) -> int | None:
    """The number of a structure, None when what was typed is not a SIRET."""
    return int(siret) if siret else None


def heure(moment: datetime) -> str:
    """A moment as this face writes it."""
    return moment.isoformat(timespec="seconds")


def acteur_de(piece: Piece, roles: tuple[str, ...], par: str) -> Acteur | None:
    """Who that participant is on that piece in one of these roles, None when nobody holds them there."""
    for role in roles:
        if structure := piece.structure_du(role):
            return Acteur(role, structure, par)
    return None


def vue(portail: Portail, numero: int, roles: tuple[str, ...], par: str) -> tuple[Piece, Acteur]:
    """The piece of that number, and who looks at it.

    Raises:
        RefusPortail: there is none, or it is not theirs to see: the same sentence.
    """
    piece = portail.etat.pieces.get(piece_du(numero))
    if piece is not None:
        for role in roles:
            acteur = acteur_de(piece, (role,), par)
            if acteur is not None and suivi.voit(portail, acteur, piece):
                return piece_vue(piece, portail.annuaire, acteur), acteur
    raise RefusPortail(
        (f"La facture n° {numero} n’existe pas, ou n’est pas à vous dans ce rôle : vérifiez son identifiant.",),
        ("piece",),
    )


def detail(portail: Portail, piece: Piece, acteur: Acteur) -> r.FactureDetaillee:
    """An invoice, whole."""
    annuaire, valeurs, cadre = portail.annuaire, piece.valeurs, fiche(piece.cadre)
    return r.FactureDetaillee(
        identifiantFactureCPP=numero_de(piece.id),
        numeroFacture=piece.numero,
        statutFacture=suivi.statut_vu(piece, acteur, annuaire),
        cadreDeFacturation=r.Cadre(
            codeCadreFacturation=cadre.enum_api,
            codeValideur1=piece.valideur or None,
            codeValideur2=piece.valideur_2 or None,
            raisonSocialeValideur1=nom(annuaire, piece.valideur),
            raisonSocialeValideur2=nom(annuaire, piece.valideur_2),
        ),
        destinataire=r.Destinataire(
            codeDestinataire=piece.destinataire or None,
            idDestinataire=identifiant_de(piece.destinataire),
            libelleDestinataire=nom(annuaire, piece.destinataire),
            codeServiceExecutant=lecture.texte(valeurs, "code_service") or None,
            libelleServiceExecutant=_service(annuaire, piece),
        ),
        fournisseur=r.Fournisseur(
            codeFournisseur=piece.deposant,
            idFournisseur=identifiant_de(piece.deposant),
            designationFournisseur=nom(annuaire, piece.deposant),
            typeIdentifiantFournisseur="SIRET",
        ),
        montantTotal=r.MontantTotal(
            montantHtTotal=lecture.montant(valeurs, "montant_ht"),
            montantTVA=lecture.montant(valeurs, "montant_tva"),
            montantTtcTotal=lecture.montant(valeurs, "montant_ttc"),
        ),
        references=r.References(
            dateFacture=lecture.date_facture(valeurs),
            dateDepot=depot(piece),
            typeFacture=type_api(piece),
            typeFactureTravaux=cadre.piece_api or None,
            modePaiement=lecture.texte(valeurs, "mode_paiement") or None,
            numeroBonCommande=lecture.texte(valeurs, "numero_engagement") or None,
            numeroMarche=piece.marche or None,
        ),
        listeDesPiecesJointes=r.Jointes(totalListePiecesJointe=len(piece.pieces_jointes)),
        piecePrecedente=_precedente(portail, piece),
        pieceSuivante=_suivante(portail, piece),
        commentaire=lecture.texte(valeurs, "commentaire") or None,
    )


def depot(piece: Piece) -> str | None:
    """When it was deposited last."""
    quand = piece.date_du(DEPOSEE)
    return heure(quand) if quand is not None else None


def type_api(piece: Piece) -> str | None:
    """FACTURE or AVOIR; None when the table does not say which of them that type is."""
    code = lecture.texte(piece.valeurs, "type_facture")
    return next((genre.type_api or None for genre in referentiel.types_facture() if genre.code == code), None)


def nom(annuaire: Annuaire, siret: str) -> str | None:
    """The name of that structure."""
    structure = annuaire.structures.get(siret)
    return structure.nom if structure is not None else None


def _service(annuaire: Annuaire, piece: Piece) -> str | None:
    structure = annuaire.structures.get(piece.destinataire)
    service = structure.service(lecture.texte(piece.valeurs, "code_service")) if structure is not None else None
    return service.libelle if service is not None else None


def _precedente(portail: Portail, piece: Piece) -> r.Precedente | None:
    autre = portail.etat.pieces.get(piece.precedente)
    return r.Precedente(idPiecePrecedente=numero_de(autre.id), numeroPiecePrecedente=autre.numero) if autre else None


def _suivante(portail: Portail, piece: Piece) -> r.Suivante | None:
    autre = portail.etat.pieces.get(piece.suivante)
    return r.Suivante(idPieceSuivante=numero_de(autre.id), numeroPieceSuivante=autre.numero) if autre else None
