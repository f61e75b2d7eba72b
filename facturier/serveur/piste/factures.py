"""Invoices by the API face: submitted, looked at, recycled, completed. Each act is ``Classe.faire``, as a form's is."""

from __future__ import annotations

from decimal import Decimal

from fastapi import APIRouter

from facturier import referentiel
from facturier.portail import Acteur, Piece, PieceJointe, Portail, RefusPortail, droits, pieces_jointes, suivi
from facturier.portail.evenements import Evenement
from facturier.portail.personnes import StructureGeree
from facturier.portail.pieces import fiche
from facturier.serveur.classe import Classe
from facturier.serveur.piste import demandes as d
from facturier.serveur.piste import pieces as p
from facturier.serveur.piste import reponses as r
from facturier.serveur.piste.acces import Compte, LaClasse, LaMemoire, LeCompte
from facturier.serveur.piste.memoire import Memoire
from facturier.serveur.piste.table import route

routes = APIRouter()
_SANS_CLE = "Cette API n’a pas de clé d’idempotence :"
_APRES = 20
"""Events that may follow a deposit in its own act: automatic passages are fewer."""


@routes.post(
    **route(
        "SoumettreFacture",
        "Dépose une facture saisie par votre logiciel. Les règles du portail de formation s’appliquent, et toutes "
        "celles qui manquent sont dites ensemble dans « libelle ».",
        f"{_SANS_CLE} une demande envoyée deux fois est refusée la seconde fois, car le numéro est unique par SIREN "
        "et par année. Avant de recommencer après une coupure, cherchez votre numéro (rechercher/fournisseur).",
        "Ici, « idFournisseur » est le SIRET lu comme un nombre ; les lignes sont acceptées sans être conservées ; "
        "la TVA tient en un seul taux.",
    )
)
def soumettre(demande: d.Soumettre, compte: LeCompte, classe: LaClasse, memoire: LaMemoire) -> r.Soumise:
    """Deposit."""
    siret = p.siret_de(demande.fournisseur.idFournisseur) or classe.lire(
        compte.lui, compte.espace, lambda portail: structure_par_defaut(portail, classe, compte)
    )
    acteur = Acteur("fournisseur", siret)
    iban = classe.lire(compte.lui, compte.espace, lambda portail: _iban(portail, demande, acteur, compte.par))
    jointes = memoire.fichiers(compte.par, [j.pieceJointeComplementaireId for j in demande.pieceJointeComplementaire])
    champs = {**_champs(demande), "iban": iban}
    if jointes:
        champs["pieces_jointes"] = pieces_jointes.ecrire(jointes)
    fait = classe.faire(compte.lui, compte.espace, acteur, "deposer", "", champs)

    def repondre(portail: Portail) -> r.Soumise:
        piece = portail.piece(fait["objet"])
        recents = portail.depuis(max(0, fait["n"] - _APRES))
        return r.Soumise(
            identifiantFactureCPP=p.numero_de(piece.id),
            identifiantStructure=piece.deposant,
            numeroFacture=piece.numero,
            statutFacture=suivi.statut_vu(piece, acteur, portail.annuaire),
            dateDepot=p.depot(piece),
            empreinteCertificatDepot=_empreinte(recents, piece),
        )

    return classe.lire(compte.lui, compte.espace, repondre)


@routes.post(
    **route(
        "RecyclerFacture",
        "Corrige l’aiguillage (destinataire, service, engagement) d’une facture « À recycler » et la renvoie sous "
        "le même numéro. L’arrêt de ce statut est annoncé : la table « bascules » en porte la date quand elle est "
        "publiée.",
        f"{_SANS_CLE} envoyée deux fois, la demande est refusée la seconde fois, car la facture n’est plus « À "
        "recycler ».",
    )
)
def recycler(demande: d.Recycler, compte: LeCompte, classe: LaClasse) -> r.Recyclee:
    """Correct where it goes."""
    corriges = {
        "destinataire_siret": demande.destinataire.codeDestinataire,
        "code_service": demande.destinataire.codeServiceExecutant,
        "numero_engagement": demande.reference.numeroBonCommande,
        "commentaire": demande.commentaire,
    }
    donnees = {champ: valeur for champ, valeur in corriges.items() if valeur is not None}
    piece, acteur = _agir(classe, compte, demande.identifiantFactureCPP, "recycler", donnees)
    statut = classe.lire(compte.lui, compte.espace, lambda q: suivi.statut_vu(piece, acteur, q.annuaire))
    return r.Recyclee(
        identifiantFactureCPP=p.numero_de(piece.id),
        numeroFacture=piece.numero,
        statutFacture=statut,
        dateDepot=p.depot(piece),
    )


@routes.post(
    **route(
        "CompleterFacture",
        "Répond à une suspension par un commentaire, par un fichier envoyé avant (ajouter/fichier), ou par les "
        "deux. Un seul fichier à la fois sur ce portail.",
        f"{_SANS_CLE} envoyée deux fois, la demande est refusée la seconde fois, car la facture n’est plus suspendue.",
    )
)
def completer(demande: d.Completer, compte: LeCompte, classe: LaClasse, memoire: LaMemoire) -> r.Completee:
    """Answer a suspension."""
    donnees = {"commentaire": demande.commentaire} if demande.commentaire is not None else {}
    jointe = _jointe(memoire, compte.par, [j.pieceJointeComplementaireId for j in demande.pieceJointeComplementaire])
    if jointe is not None:
        donnees |= {"piece_jointe": jointe.nom, "piece_jointe_octets": str(jointe.octets)}
    piece, _ = _agir(classe, compte, demande.identifiantFactureCPP, "completer", donnees)
    return r.Completee(
        identifiantFactureCPP=p.numero_de(piece.id), numeroFacture=piece.numero, dateTraitement=p.heure(piece.depuis)
    )


@routes.post(**route("ConsulterFactureParFournisseur", "Une de vos factures envoyées."))
def consulter_fournisseur(demande: d.ConsulterFournisseur, compte: LeCompte, classe: LaClasse) -> r.Consultee:
    """As the supplier sees it."""
    return _consulter(classe, compte, demande.identifiantFactureCPP, p.FOURNISSEUR)


@routes.post(**route("ConsulterFactureParRecipiendaire", "Une facture reçue, pour qui joue le destinataire."))
def consulter_recipiendaire(demande: d.ConsulterRecipiendaire, compte: LeCompte, classe: LaClasse) -> r.Consultee:
    """As the recipient sees it."""
    return _consulter(classe, compte, demande.identifiantFactureCPP, p.RECIPIENDAIRE)


@routes.post(**route("ConsulterFactureParValideur", "Une facture à valider, pour qui joue le valideur."))
def consulter_valideur(demande: d.ConsulterValideur, compte: LeCompte, classe: LaClasse) -> r.Consultee:
    """As the valideur sees it."""
    return _consulter(classe, compte, demande.identifiantFactureCPP, p.VALIDEUR)


@routes.post(
    **route(
        "ConsulterHistoriqueFacture",
        "Les statuts atteints, du plus ancien au plus récent. Les actions et les événements complémentaires ne sont"
        " pas rendus ; les auteurs sont nommés par leur rôle.",
    )
)
def historique(demande: d.ConsulterHistorique, compte: LeCompte, classe: LaClasse) -> r.Historique:
    """The statuses reached."""

    def regarder(portail: Portail) -> r.Historique:
        roles = (*p.FOURNISSEUR, *p.RECIPIENDAIRE, *p.VALIDEUR, "moe", "moa")
        piece, _ = p.vue(portail, demande.idFacture, roles, compte.par)
        lignes = [
            r.HistoStatut(
                histoStatutId=rang,
                histoStatutCode=passage.statut,
                histoStatutDatePassage=p.heure(passage.quand),
                histoStatutCommentaire=passage.commentaire or None,
                histoStatutUtilisateurNom=referentiel.role(passage.role).libelle,
            )
            for rang, passage in enumerate(piece.historique, 1)
        ]
        return r.Historique(
            idFacture=demande.idFacture,
            numeroFacture=piece.numero,
            statutCourantCode=piece.statut,
            historiquesDesStatuts=r.HistoStatuts(histoStatut=lignes, totalHistoStatut=len(lignes)),
        )

    return classe.lire(compte.lui, compte.espace, regarder)


def structure_par_defaut(portail: Portail, classe: Classe, compte: Compte) -> str:
    """The supplier that the technical account is attached to: the role given by the trainer, else the titulaire."""
    siens = [
        siret
        for (role, siret), tenant in sorted(portail.etat.attributions.items())
        if role == "fournisseur" and tenant == compte.par
    ]
    return siens[0] if siens else classe.montage_de(compte.espace).marche.titulaire


def coordonnees(portail: Portail, siret: str, par: str) -> tuple[str, ...]:
    """IBANs of a supplier's structure, for who may act for it."""
    acteur = Acteur("fournisseur", siret, par)
    structure = portail.annuaire.structures.get(siret)
    if not isinstance(structure, StructureGeree):
        return ()
    permis = droits.peut(portail.etat, portail.annuaire, portail.ouverture, acteur)
    return tuple(compte.iban for compte in structure.coordonnees) if permis else ()


def _consulter(classe: Classe, compte: Compte, numero: int, roles: tuple[str, ...]) -> r.Consultee:
    def regarder(portail: Portail) -> r.Consultee:
        piece, acteur = p.vue(portail, numero, roles, compte.par)
        return r.Consultee(facture=p.detail(portail, piece, acteur))

    return classe.lire(compte.lui, compte.espace, regarder)


def _agir(classe: Classe, compte: Compte, numero: int, action: str, donnees: dict[str, str]) -> tuple[Piece, Acteur]:
    """That gesture of the depositor; the piece after it, and who acted."""

    def deposant(portail: Portail) -> Acteur:
        piece = portail.etat.pieces.get(p.piece_du(numero))
        roles = p.FOURNISSEUR if piece is None else (fiche(piece.cadre).deposant,)
        return p.vue(portail, numero, roles, compte.par)[1]

    acteur = classe.lire(compte.lui, compte.espace, deposant)
    fait = classe.faire(compte.lui, compte.espace, acteur, action, p.piece_du(numero), donnees)
    return classe.lire(compte.lui, compte.espace, lambda portail: portail.piece(fait["objet"])), acteur


def _champs(demande: d.Soumettre) -> dict[str, str]:
    """The fields of the deposit form, from those of the API; what is absent stays empty, and a rule says so."""
    cadres = {cadre.enum_api: cadre.code for cadre in referentiel.cadres()}
    types = {genre.type_api: genre.code for genre in reversed(referentiel.types_facture()) if genre.type_api}
    destinataire, references, totaux = demande.destinataire, demande.references, demande.montantTotal
    return {
        "destinataire_siret": destinataire.codeDestinataire or "",
        "code_service": destinataire.codeServiceExecutant or "",
        "numero_engagement": references.numeroBonCommande or "",
        "numero_marche": references.numeroMarche or "",
        "cadre": cadres.get(demande.cadreDeFacturation.codeCadreFacturation or "", ""),
        "type_facture": types.get(references.typeFacture or "", ""),
        "numero_facture": demande.numeroFactureSaisi or "",
        "date_facture": f"{demande.dateFacture:%d/%m/%Y}" if demande.dateFacture else "",
        "valideur_siret": demande.cadreDeFacturation.codeStructureValideur or "",
        "mode_paiement": references.modePaiement or "",
        "montant_ht": _texte(totaux.montantHtTotal),
        "taux_tva": _taux(demande.ligneTva),
        "montant_tva": _texte(totaux.montantTVA),
        "montant_ttc": _texte(totaux.montantTtcTotal),
        "commentaire": demande.commentaire or "",
    }


def _texte(montant: Decimal | None) -> str:
    return "" if montant is None else f"{montant:f}".replace(".", ",")


def _taux(lignes: list[d.LigneTva]) -> str:
    taux = {ligne.ligneTvaTauxManuel for ligne in lignes} - {None}
    if len(taux) > 1:
        raise RefusPortail(
            ("Ce portail de formation tient un seul taux de TVA par facture : faites une facture par taux.",),
            ("taux-lisible",),
        )
    return "".join(f"{valeur:f}".rstrip("0").rstrip(".") or "0" for valeur in taux if valeur is not None)


def _iban(portail: Portail, demande: d.Soumettre, acteur: Acteur, par: str) -> str:
    code = demande.fournisseur.codeCoordonneesBancairesFournisseur
    if isinstance(code, str) or code is None:
        return code or ""
    connus = coordonnees(portail, acteur.structure, par)
    if not 1 <= code <= len(connus):
        raise RefusPortail(
            (
                f"Les coordonnées bancaires n° {code} n’existent pas pour ce fournisseur : lisez coordbanc/valides, "
                "ou écrivez l’IBAN.",
            ),
            ("iban",),
        )
    return connus[code - 1]


def _jointe(memoire: Memoire, par: str, numeros: list[int]) -> PieceJointe | None:
    jointes = memoire.fichiers(par, numeros)
    if len(jointes) > 1:
        raise RefusPortail(
            ("Ce portail de formation ne joint qu’un fichier à la fois pour compléter : envoyez-en un seul.",),
            ("jointes",),
        )
    return jointes[0] if jointes else None


def _empreinte(recents: tuple[Evenement, ...], piece: Piece) -> str | None:
    """The sha256 of the certificate of deposit of a typed invoice: that of its event."""
    return next((e["empreinte"] for e in recents if e["objet"] == piece.id and e["action"] == "deposer"), None)
