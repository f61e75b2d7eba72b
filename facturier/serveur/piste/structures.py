"""Structures, services and closed lists by the API face: the training directory, never the real one."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter

from facturier.portail import Portail, RefusPortail, Service, Structure
from facturier.portail.recherche import Filtres, plat, recherche
from facturier.serveur.piste import demandes_recherche as d
from facturier.serveur.piste import pieces as p
from facturier.serveur.piste import reponses_tables as r
from facturier.serveur.piste.acces import LaClasse, LeCompte
from facturier.serveur.piste.factures import coordonnees
from facturier.serveur.piste.recherche import paginer
from facturier.serveur.piste.table import route, syntaxes, valeurs

routes = APIRouter()
_ANNUAIRE = "Annuaire de formation : structures fictives. Leur identifiant est leur SIRET lu comme un nombre."


@routes.post(**route("RechercherStructures", _ANNUAIRE, "Cinquante structures au plus, par ordre de nom."))
def rechercher(demande: d.RechercherStructures, compte: LeCompte, classe: LaClasse) -> r.StructuresTrouvees:
    """Structures by name or SIRET, and by parameters."""
    cherchee = demande.structure
    filtres = Filtres(
        publique=None if cherchee.typeStructure is None else cherchee.typeStructure == "PUBLIQUE",
        moa=cherchee.estMOA,
        moa_uniquement=cherchee.estMOAUniquement,
    )
    texte = cherchee.identifiantStructure or cherchee.raisonSocialeStructure or ""

    def chercher(portail: Portail) -> list[Structure]:
        trouvees = recherche(portail.annuaire, texte, filtres)
        nom = plat(cherchee.raisonSocialeStructure or "")
        autre_genre = cherchee.typeIdentifiantStructure not in (None, "SIRET")
        return [] if autre_genre else [s for s in trouvees if nom in plat(s.nom)]

    page, retour = paginer(classe.lire(compte.lui, compte.espace, chercher), demande.parametres)
    return r.StructuresTrouvees(
        listeStructures=[
            r.StructureTrouvee(
                idStructureCPP=int(s.siret),
                identifiantStructure=s.siret,
                typeIdentifiantStructure="SIRET",
                designationStructure=s.nom,
                statut="ACTIF" if s.active else "INACTIF",
            )
            for s in page
        ],
        parametresRetour=retour,
    )


@routes.post(
    **route(
        "ConsulterStructure",
        "Ce que la structure demande à qui la facture : service, engagement, l’un ou l’autre.",
        _ANNUAIRE,
    )
)
def consulter(demande: d.ConsulterStructure, compte: LeCompte, classe: LaClasse) -> r.StructureConsultee:
    """A structure and its parameters."""
    structure = classe.lire(compte.lui, compte.espace, _structure(demande.idStructure))
    return r.StructureConsultee(
        informationGenerales=r.InformationsStructure(
            idStructureCPP=int(structure.siret),
            identifiantStructure=structure.siret,
            typeIdentifiantStructure="SIRET",
            raisonSocialeStructure=structure.nom,
            structurePriveePublique="PUBLIQUE" if structure.publique else "PRIVEE",
        ),
        parametres=r.ParametresStructure(
            codeServiceDoitEtreRenseigne=structure.service_obligatoire,
            numeroEJDoitEtreRenseigne=structure.engagement_obligatoire,
            gestionNumeroEJOuCodeService=structure.engagement_ou_service,
            estMoaUniquement=structure.moa_uniquement,
            getaMoa=structure.moa,
            statutMiseEnPaiementNestPasRemonte=not structure.paiement_remonte,
        ),
    )


@routes.post(**route("RechercherServices", "Les services d’une structure ; « idService » est leur rang.", _ANNUAIRE))
def services(demande: d.RechercherServices, compte: LeCompte, classe: LaClasse) -> r.ServicesTrouves:
    """The services of a structure."""
    structure = classe.lire(compte.lui, compte.espace, _structure(demande.idStructure))
    rangs = list(enumerate(structure.services, 1))
    page, retour = paginer(rangs, demande.parametresRechercherServicesStructure)
    return r.ServicesTrouves(
        listeServices=[
            r.ServiceTrouve(idService=rang, codeService=s.code, libelleService=s.libelle, estActif=s.actif)
            for rang, s in page
        ],
        parametresRetour=retour,
    )


@routes.post(**route("ConsulterService", "Ce que le service demande en plus de sa structure.", _ANNUAIRE))
def service(demande: d.ConsulterService, compte: LeCompte, classe: LaClasse) -> r.ServiceConsulte:
    """A service and its parameters."""
    trouve = _service(classe.lire(compte.lui, compte.espace, _structure(demande.idStructure)), demande.idService)
    return r.ServiceConsulte(
        informationsGenerales=r.InformationsService(codeService=trouve.code, nomService=trouve.libelle),
        parametres=r.ParametresService(numeroEngagement=trouve.engagement_obligatoire),
    )


@routes.post(
    **route(
        "RecupererCoordonneesBancairesValides",
        "Les coordonnées bancaires enregistrées de votre structure. Sans elles, « soumettre » admet ici un IBAN.",
    )
)
def coordonnees_valides(demande: d.CoordonneesValides, compte: LeCompte, classe: LaClasse) -> r.CoordonneesTrouvees:
    """The bank accounts of a structure."""

    def lister(portail: Portail) -> tuple[str, ...]:
        return coordonnees(portail, p.siret_de(demande.idStructure), compte.par)

    connues = classe.lire(compte.lui, compte.espace, lister)
    return r.CoordonneesTrouvees(
        listeCoordonneeBancaire=[
            r.Coordonnees(idCoordonneeBancaire=rang, nomCoordonneeBancaire=iban) for rang, iban in enumerate(connues, 1)
        ]
    )


@routes.post(**route("RecupererModesReglement", "Les modes de paiement."))
def modes(_: LeCompte, __: d.Vide | None = None) -> r.Modes:
    """The payment means."""
    return r.Modes(listeModePaiement=[r.Mode(modePaiement=code) for code in valeurs("ModePaiement")])


@routes.post(**route("RecupererCadresFacturation", "Les cadres que « soumettre » admet."))
def cadres(_: LeCompte, __: d.Vide | None = None) -> r.Cadres:
    """The cadres de facturation."""
    codes = valeurs("CodeCadreFacturation")
    return r.Cadres(listeCadreFacturation=[r.CodeCadre(codeCadreFacturation=code) for code in codes])


@routes.post(**route("RecupererSyntaxeFlux", "Les syntaxes de flux jouées ici."))
def syntaxes_flux(_: LeCompte, __: d.Vide | None = None) -> r.Syntaxes:
    """The syntaxes of flows."""
    return r.Syntaxes(listeSyntaxeFlux=list(syntaxes()))


@routes.get(**route("HealthCheck", "Le portail répond."))
async def sante(_: LeCompte) -> r.Sante:
    """The service answers."""
    return r.Sante(statusCode="OK", statusCodeValue=200, body="UP")


def _structure(identifiant: int) -> Callable[[Portail], Structure]:
    def chercher(portail: Portail) -> Structure:
        trouvee = portail.annuaire.structures.get(p.siret_de(identifiant))
        if trouvee is None:
            raise _inconnu(f"Aucune structure n’a l’identifiant {identifiant} : cherchez-la (structures/rechercher).")
        return trouvee

    return chercher


def _service(structure: Structure, identifiant: int) -> Service:
    if not 1 <= identifiant <= len(structure.services):
        raise _inconnu(f"Cette structure n’a pas de service n° {identifiant} : cherchez-le (rechercher/services).")
    return structure.services[identifiant - 1]


def _inconnu(phrase: str) -> RefusPortail:
    return RefusPortail((phrase,), ("piece",))
