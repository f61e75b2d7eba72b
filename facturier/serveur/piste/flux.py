"""Files by the API face: a flow of one invoice, judged in a worker process of its own, its reports; files to join."""

from __future__ import annotations

import base64
import binascii
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from fastapi import APIRouter

from facturier import referentiel
from facturier.portail import Acteur, PieceJointe, Portail, RefusPortail, droits, pieces_jointes
from facturier.portail.fichiers import Analyse, analyser
from facturier.portail.lots import MOTS, integrer
from facturier.portail.provenance import LOT, Flux
from facturier.serveur.classe import Classe
from facturier.serveur.piste import demandes_recherche as d
from facturier.serveur.piste import reponses_tables as r
from facturier.serveur.piste.acces import Compte, LaClasse, LaMemoire, LeCompte
from facturier.serveur.piste.factures import structure_par_defaut
from facturier.serveur.piste.table import route, syntaxes
from facturier.serveur.refus import RefusClasse

routes = APIRouter()
_EXTENSION = {"ubl": "xml", "cii": "xml", "facturx": "pdf"}
_TECHNIQUES = ("irrecevable", "incident")
_CONTROLES = threading.BoundedSemaphore(2)
"""Files judged at once: each is a process that fills a core."""
_SALLE = threading.BoundedSemaphore(10)
"""Files judged or waiting; the others are told to come again, so that threads are left for the rest of the class."""


@dataclass(frozen=True)
class _Guichet:
    """The one verb, through the class: its rights, its journal, its commit."""

    classe: Classe
    compte: Compte

    def faire(
        self, acteur: Acteur, action: str, objet: str = "", /, *, version: int | None = None, **donnees: str
    ) -> str:
        fait = self.classe.faire(self.compte.lui, self.compte.espace, acteur, action, objet, donnees, version=version)
        return str(fait["objet"])


@routes.post(
    **route(
        "DeposerFluxFacture",
        "Dépose un fichier d’une facture, en base64 : UBL (IN_DP_E1_UBL_INVOICE), CII (IN_DP_E1_CII_16B) ou "
        "Factur-X (IN_DP_E2_CII_FACTURX). Les autres syntaxes de la liste ne sont pas jouées ici. Le fichier est "
        "jugé aussitôt, à part, par les règles officielles, puis par celles du portail ; lisez son sort dans "
        "consulterCR.",
        "Toute la demande tient en 256 Kio ici ; la limite de l’API est dans la table « depots » (api_flux).",
        "Cette API n’a pas de clé d’idempotence : le même fichier déposé deux fois donne un second flux, rejeté, "
        "car le numéro de la facture est déjà pris.",
    )
)
def deposer_flux(demande: d.DeposerFlux, compte: LeCompte, classe: LaClasse, memoire: LaMemoire) -> r.FluxDepose:
    """Judge, deposit, report."""
    contenu = _contenu(demande.fichierFlux, "fichierFlux")
    attendu = syntaxes().get(demande.syntaxeFlux, "")
    if not attendu:
        admises = ", ".join(syntaxes())
        raise _refus(
            "syntaxe-flux", f"La syntaxe « {demande.syntaxeFlux} » n’est pas jouée ici ; au choix : {admises}."
        )
    if pieces_jointes.extension(demande.nomFichier) != _EXTENSION[attendu] or pieces_jointes.nom_interdit(
        demande.nomFichier
    ):
        raise _refus("fichier-nom", f"Donnez à « nomFichier » un nom simple qui finit par « .{_EXTENSION[attendu]} ».")
    with _place():
        (analyse,) = analyser([(demande.nomFichier, contenu)], LOT)
    if analyse.format not in ("", attendu):
        phrase = f"Le fichier est du {analyse.format.upper()} : ce n’est pas la syntaxe « {demande.syntaxeFlux} »."
        analyse = replace(analyse, verdict="irrecevable", phrases=(phrase,), regles=("syntaxe-flux",))
    siret = classe.lire(compte.lui, compte.espace, lambda portail: _deposant(portail, classe, compte, analyse))
    acteur = Acteur("fournisseur", siret)
    rendu = integrer(_Guichet(classe, compte), acteur, (demande.nomFichier, contenu), [analyse])
    memoire.garder_rapport(compte.espace, rendu.flux, rendu.lignes)
    flux = classe.lire(compte.lui, compte.espace, lambda portail: portail.etat.flux[rendu.flux])
    return r.FluxDepose(numeroFluxDepot=flux.id, dateDepot=flux.quand, syntaxeFlux=demande.syntaxeFlux)


@routes.post(
    **route(
        "ConsulterCompteRendu",
        "L’état d’un flux déposé, de la table « statuts_flux ». Le fichier du compte rendu n’est pas rendu ici : "
        "lisez le compte rendu détaillé. Le code d’interface n’est donné que si vous redites la syntaxe.",
    )
)
def consulter_cr(demande: d.ConsulterCR, compte: LeCompte, classe: LaClasse) -> r.CompteRendu:
    """Where a flow stands."""
    flux = _flux(classe, compte, demande.numeroFluxDepot)
    return r.CompteRendu(
        numeroFluxDepot=flux.id,
        etatCourantFlux=flux.statut,
        nomFichierFlux=flux.fichier,
        dateDepotFlux=flux.quand,
        dateHeureEtatCourantFlux=flux.quand,
        codeInterfaceFlux=_interface(demande.syntaxeFlux),
    )


@routes.post(
    **route(
        "ConsulterCompteRenduDetaille",
        "L’état d’un flux et ce qui l’a fait refuser : fautes du fichier lui-même (technique), règles enfreintes "
        "(demande de paiement). Après un redémarrage du portail, seul le code de la première règle est encore "
        "connu.",
    )
)
def consulter_cr_detaille(
    demande: d.ConsulterCRDetaille, compte: LeCompte, classe: LaClasse, memoire: LaMemoire
) -> r.CompteRenduDetaille:
    """Why a flow was refused."""
    flux = _flux(classe, compte, demande.numeroFluxDepot)
    metier: list[r.ErreurDP] = []
    technique: list[r.ErreurTechnique] = []
    for ligne in memoire.rapport(compte.espace, flux.id):
        for regle, phrase in zip(ligne.regles, ligne.phrases, strict=True):
            if ligne.verdict in _TECHNIQUES:
                technique.append(
                    r.ErreurTechnique(codeErreur=regle, libelleErreur=phrase, natureErreur=MOTS[ligne.verdict])
                )
            else:
                metier.append(r.ErreurDP(libelleErreurDP=f"{regle} : {phrase}"))
    if not metier and not technique:
        metier = [r.ErreurDP(libelleErreurDP=refusee) for refusee in flux.refusees]
    return r.CompteRenduDetaille(
        etatCourantDepotFlux=flux.statut,
        nomFichier=flux.fichier,
        dateDepotFlux=flux.quand,
        dateHeureEtatCourantFlux=flux.quand,
        codeInterfaceDepotFlux=_interface(demande.syntaxeFlux),
        listeErreurDP=metier,
        listeErreurTechnique=technique,
    )


@routes.post(
    **route(
        "AjouterPieceJointe",
        "Envoie un fichier à joindre ensuite à une facture (soumettre, completer). Le portail n’en garde que le nom"
        " et la taille, tant qu’il tourne.",
    )
)
def ajouter_fichier(demande: d.AjouterFichier, compte: LeCompte, memoire: LaMemoire) -> r.FichierAjoute:
    """A file to join."""
    nom = demande.pieceJointeNom
    if demande.pieceJointeExtension and not pieces_jointes.extension(nom):
        nom = f"{nom}.{demande.pieceJointeExtension.lstrip('.').lower()}"
    contenu = _contenu(demande.pieceJointeFichier, "pieceJointeFichier")
    jointe = PieceJointe(nom, len(contenu))
    refus = [*pieces_jointes.controler_contenu(nom, contenu), *pieces_jointes.controler([jointe])]
    if refus:
        raise RefusPortail([phrase for _, phrase in refus], [regle for regle, _ in refus])
    return r.FichierAjoute(pieceJointeId=memoire.garder_fichier(compte.par, jointe))


def _contenu(texte: str, champ: str) -> bytes:
    try:
        contenu = base64.b64decode("".join(texte.split()), validate=True)
    except (binascii.Error, ValueError) as cause:
        raise _refus("base64", f"« {champ} » n’est pas du base64 : encodez le fichier entier.") from cause
    if not contenu:
        raise _refus("fichier-vide", f"« {champ} » est vide : encodez le fichier entier.")
    return contenu


@contextmanager
def _place() -> Iterator[None]:
    if not _SALLE.acquire(blocking=False):
        raise RefusClasse(
            "Le portail juge déjà beaucoup de fichiers : recommencez dans une minute, rien n’est déposé.",
            code="occupe",
        )
    try:
        with _CONTROLES:
            yield
    finally:
        _SALLE.release()


def _deposant(portail: Portail, classe: Classe, compte: Compte, analyse: Analyse) -> str:
    """The structure that deposits: in one's own space, the one that the invoice says, when the directory knows it."""
    sienne = structure_par_defaut(portail, classe, compte)
    if compte.espace != compte.lui.solo or not analyse.emetteur:
        return sienne
    connues = [siret for siret in sorted(portail.annuaire.structures) if siret.startswith(analyse.emetteur)]
    return connues[0] if connues else sienne


def _flux(classe: Classe, compte: Compte, numero: str) -> Flux:
    def chercher(portail: Portail) -> Flux | None:
        flux = portail.etat.flux.get(numero)
        if flux is None:
            return None
        acteur = Acteur("fournisseur", flux.deposant, compte.par)
        return flux if droits.peut(portail.etat, portail.annuaire, portail.ouverture, acteur) else None

    flux = classe.lire(compte.lui, compte.espace, chercher)
    if flux is None:
        raise _refus("piece", f"Le flux « {numero[:20]} » n’existe pas, ou n’est pas à vous : vérifiez son numéro.")
    return flux


def _interface(syntaxe: str | None) -> str | None:
    """The EDI flow that carries that syntax from a supplier, when the table says one that is not for works alone."""
    attendu = syntaxes().get(syntaxe or "", "")
    siennes = [i for i in referentiel.interfaces() if i.sens == "fournisseur vers Chorus Pro" and i.format == attendu]
    return siennes[0].code if attendu and siennes else None


def _refus(regle: str, phrase: str) -> RefusPortail:
    return RefusPortail((phrase,), (regle,))
