"""Searches of invoices by the API face: what the participant may see, the latest deposit first, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from fastapi import APIRouter

from facturier.portail import Acteur, Piece, Portail, suivi
from facturier.portail import demande as lecture
from facturier.portail.pieces import DEPOSEE, fiche
from facturier.portail.recherche import plat
from facturier.portail.remontee import piece_vue
from facturier.serveur.piste import demandes_recherche as d
from facturier.serveur.piste import pieces as p
from facturier.serveur.piste import reponses as r
from facturier.serveur.piste.acces import Compte, LaClasse, LeCompte
from facturier.serveur.piste.demandes import Page
from facturier.serveur.piste.table import route

routes = APIRouter()
T = TypeVar("T", date, Decimal)
V = TypeVar("V")
_TRI = "Le plus récent dépôt d’abord : les colonnes de tri de l’API ne sont pas connues, elles sont sans effet."


@dataclass(frozen=True)
class _Recherche:
    """What is looked for, once read; an empty criterion is not asked."""

    criteres: d.Criteres
    roles: tuple[str, ...]
    tenue: str = ""
    cadre: str = ""
    engagement: str = ""
    lot: str = ""
    fournisseurs: frozenset[str] = field(default_factory=frozenset)
    destinataires: frozenset[str] = field(default_factory=frozenset)

    def retient(self, piece: Piece) -> bool:
        """Whether that piece meets all that does not depend on who looks."""
        valeurs, c = piece.valeurs, self.criteres
        depose = piece.date_du(DEPOSEE)
        return (
            _dans(piece.numero, c.numeroFacture)
            and _dans(piece.marche, c.numeroMarche)
            and _dans(lecture.texte(valeurs, "numero_engagement"), self.engagement)
            and self.cadre in ("", fiche(piece.cadre).enum_api)
            and self.lot in ("", piece.provenance.lot)
            and (not self.fournisseurs or piece.deposant in self.fournisseurs)
            and (not self.destinataires or piece.destinataire in self.destinataires)
            and _entre(lecture.montant(valeurs, "montant_ht"), c.montantHTMin, c.montantHTMax)
            and _entre(lecture.montant(valeurs, "montant_ttc"), c.montantTTCMin, c.montantTTCMax)
            and _entre(lecture.date_facture(valeurs), c.periodeDateFactureDu, c.periodeDateFactureAu)
            and _entre(depose.date() if depose else None, c.periodeDateDepotDu, c.periodeDateDepotAu)
        )


@routes.post(
    **route(
        "RechercherFactureParFournisseur",
        "Vos factures envoyées, brouillons compris. Sans « idFournisseur », celles de toutes les structures que "
        "vous jouez.",
        _TRI,
    )
)
def fournisseur(demande: d.RechercherFournisseur, compte: LeCompte, classe: LaClasse) -> r.TrouveesFournisseur:
    """Invoices sent."""

    def chercher(portail: Portail) -> r.TrouveesFournisseur:
        flux = portail.etat.flux.get(demande.numeroFluxDepot or "")
        voulue = _Recherche(
            demande,
            p.FOURNISSEUR,
            tenue=p.siret_de(demande.idFournisseur),
            cadre=demande.cadreFacturation.codeCadreFacturation or "",
            engagement=demande.numeroBonCommande or "",
            lot=flux.sha256 if flux else "inconnu" if demande.numeroFluxDepot else "",
            destinataires=frozenset(p.siret_de(x.idDestinataire) for x in demande.listeDestinataire),
        )
        page, retour = paginer(_chercher(portail, compte, voulue), demande.rechercheFactureParFournisseur)
        return r.TrouveesFournisseur(
            listeFactures=[_envoyee(portail, piece, acteur) for piece, acteur in page], parametresRetour=retour
        )

    return classe.lire(compte.lui, compte.espace, chercher)


@routes.post(
    **route(
        "RechercherFactureParRecipiendaire",
        "Les factures reçues, pour qui joue le destinataire ou le comptable.",
        _TRI,
    )
)
def recipiendaire(demande: d.RechercherRecipiendaire, compte: LeCompte, classe: LaClasse) -> r.TrouveesRecipiendaire:
    """Invoices received."""
    voulue = _Recherche(
        demande,
        p.RECIPIENDAIRE,
        tenue=p.siret_de(demande.idDestinataire),
        cadre=demande.cadreFacturation or "",
        engagement=demande.numeroBonCommande or "",
        fournisseurs=frozenset(p.siret_de(x.idFournisseur) for x in demande.listeFournisseurs),
    )

    def chercher(portail: Portail) -> r.TrouveesRecipiendaire:
        page, retour = paginer(_chercher(portail, compte, voulue), demande.paramRecherche)
        return r.TrouveesRecipiendaire(
            listeFactures=[
                r.TrouveeRecipiendaire(
                    idFacture=p.numero_de(piece.id),
                    codeDestinataire=piece.destinataire or None,
                    codeFournisseur=piece.deposant,
                    numeroBonCommande=lecture.texte(piece.valeurs, "numero_engagement") or None,
                    dateHeureEtatCourant=p.heure(piece.depuis),
                    commentaireEtatCourant=piece.historique[-1].commentaire or None,
                    **_commun(portail, piece, acteur),
                )
                for piece, acteur in page
            ],
            **retour.model_dump(),
        )

    return classe.lire(compte.lui, compte.espace, chercher)


@routes.post(**route("RechercherFactureParValideur", "Les factures que vous validez, pour qui joue le valideur.", _TRI))
def valideur(demande: d.RechercherValideur, compte: LeCompte, classe: LaClasse) -> r.TrouveesValideur:
    """Invoices to validate, or validated."""
    voulue = _Recherche(
        demande,
        p.VALIDEUR,
        tenue=p.siret_de(demande.idStructureValideur),
        cadre=demande.cadreFacturation.codeCadreFacturation or "",
        engagement=demande.numeroEngagement or "",
        fournisseurs=frozenset({p.siret_de(demande.idFournisseur)} - {""}),
        destinataires=frozenset({p.siret_de(demande.idDestinataire)} - {""}),
    )

    def chercher(portail: Portail) -> r.TrouveesValideur:
        page, retour = paginer(_chercher(portail, compte, voulue), demande.pagination)
        return r.TrouveesValideur(
            listeFactures=[
                r.TrouveeValideur(
                    idFacture=p.numero_de(piece.id),
                    idFournisseur=p.identifiant_de(piece.deposant),
                    identifiantDestinataire=piece.destinataire or None,
                    identifiantFournisseur=piece.deposant,
                    numeroEngagement=lecture.texte(piece.valeurs, "numero_engagement") or None,
                    **_commun(portail, piece, acteur),
                )
                for piece, acteur in page
            ],
            parametresRetour=retour,
        )

    return classe.lire(compte.lui, compte.espace, chercher)


@routes.post(
    **route(
        "RechercherATraiterFournisseur",
        "Vos factures qui attendent un geste de vous : à recycler, suspendues… La source ne dit pas ce que porte "
        "une ligne : ici, la même que dans la recherche.",
    )
)
def a_traiter(demande: d.RechercherATraiter, compte: LeCompte, classe: LaClasse) -> r.ATraiter:
    """Invoices that wait for the supplier."""

    def chercher(portail: Portail) -> r.ATraiter:
        toutes = _chercher(portail, compte, _Recherche(d.Criteres(), p.FOURNISSEUR))
        page, _ = paginer([(q, a) for q, a in toutes if portail.gestes(a, q.id)], demande.pagination)
        return r.ATraiter(listeFactures=[_envoyee(portail, piece, acteur) for piece, acteur in page])

    return classe.lire(compte.lui, compte.espace, chercher)


def _chercher(portail: Portail, compte: Compte, voulue: _Recherche) -> list[tuple[Piece, Acteur]]:
    statuts = set(voulue.criteres.statutCourant)

    def trouver() -> Iterator[tuple[Piece, Acteur]]:
        for piece in portail.pieces():
            if not voulue.retient(piece):
                continue
            for role in voulue.roles:
                acteur = p.acteur_de(piece, (role,), compte.par)
                if acteur is None or voulue.tenue not in ("", acteur.structure):
                    continue
                if suivi.voit(portail, acteur, piece):
                    if not statuts or suivi.statut_vu(piece, acteur, portail.annuaire) in statuts:
                        yield piece_vue(piece, portail.annuaire, acteur), acteur
                    break

    return sorted(trouver(), key=lambda paire: (p.depot(paire[0]) or "", paire[0].id), reverse=True)


def paginer(trouves: Sequence[V], page: Page) -> tuple[Sequence[V], r.ParametresRetour]:
    """That page of them, and which it is."""
    taille, total = page.nbResultatsParPage, len(trouves)
    debut = (page.pageResultatDemandee - 1) * taille
    retour = r.ParametresRetour(
        nbResultatsParPage=taille, pageCourante=page.pageResultatDemandee, pages=-(-total // taille), total=total
    )
    return trouves[debut : debut + taille], retour


def _envoyee(portail: Portail, piece: Piece, acteur: Acteur) -> r.TrouveeFournisseur:
    lot = piece.provenance.lot
    flux = next((f.id for f in portail.etat.flux.values() if lot and f.sha256 == lot), None)
    return r.TrouveeFournisseur(
        identifiantFactureCPP=p.numero_de(piece.id),
        codeDestinataire=piece.destinataire or None,
        codeFournisseur=piece.deposant,
        numeroBonCommande=lecture.texte(piece.valeurs, "numero_engagement") or None,
        numeroFluxDepot=flux,
        dateHeureEtatCourant=p.heure(piece.depuis),
        commentaireEtatCourant=piece.historique[-1].commentaire or None,
        **_commun(portail, piece, acteur),
    )


def _commun(portail: Portail, piece: Piece, acteur: Acteur) -> dict[str, Any]:
    valeurs, annuaire = piece.valeurs, portail.annuaire
    return {
        "numeroFacture": piece.numero,
        "statut": suivi.statut_vu(piece, acteur, annuaire),
        "dateFacture": lecture.date_facture(valeurs),
        "dateDepot": p.depot(piece),
        "idDestinataire": p.identifiant_de(piece.destinataire),
        "designationDestinataire": p.nom(annuaire, piece.destinataire),
        "designationFournisseur": p.nom(annuaire, piece.deposant),
        "codeServiceExecutant": lecture.texte(valeurs, "code_service") or None,
        "montantHT": lecture.montant(valeurs, "montant_ht"),
        "montantTTC": lecture.montant(valeurs, "montant_ttc"),
        "numeroMarche": piece.marche or None,
        "typeFacture": p.type_api(piece),
    }


def _dans(texte: str, cherche: str | None) -> bool:
    return not cherche or plat(cherche) in plat(texte)


def _entre(valeur: T | None, bas: T | None, haut: T | None) -> bool:
    if bas is None and haut is None:
        return True
    return valeur is not None and (bas is None or bas <= valeur) and (haut is None or valeur <= haut)
