"""What the API face answers of flows, files, structures and closed lists, in the shape of the table."""

from __future__ import annotations

from pydantic import Field

from facturier.serveur.piste.reponses import ParametresRetour, Partie, Retour
from facturier.serveur.piste.table import documente

# flows and files


@documente("DeposerFluxFacture", reponse=True)
class FluxDepose(Retour):
    """A flow has been received."""

    numeroFluxDepot: str | None = None
    dateDepot: str | None = None
    syntaxeFlux: str | None = None


@documente("ConsulterCompteRendu", reponse=True)
class CompteRendu(Retour):
    """Where a flow stands."""

    numeroFluxDepot: str | None = None
    etatCourantFlux: str | None = None
    nomFichierFlux: str | None = None
    dateDepotFlux: str | None = None
    dateHeureEtatCourantFlux: str | None = None
    codeInterfaceFlux: str | None = None


@documente("ConsulterCompteRenduDetaille", "listeErreurDP", reponse=True)
class ErreurDP(Partie):
    """A demand of the flow that a business rule refuses."""

    libelleErreurDP: str


@documente("ConsulterCompteRenduDetaille", "listeErreurTechnique", reponse=True)
class ErreurTechnique(Partie):
    """What makes the file itself unreadable."""

    codeErreur: str
    libelleErreur: str
    natureErreur: str


@documente("ConsulterCompteRenduDetaille", reponse=True)
class CompteRenduDetaille(Retour):
    """Where a flow stands, and why."""

    etatCourantDepotFlux: str | None = None
    nomFichier: str | None = None
    dateDepotFlux: str | None = None
    dateHeureEtatCourantFlux: str | None = None
    codeInterfaceDepotFlux: str | None = None
    listeErreurDP: list[ErreurDP] = Field(default_factory=list)
    listeErreurTechnique: list[ErreurTechnique] = Field(default_factory=list)


@documente("AjouterPieceJointe", reponse=True)
class FichierAjoute(Retour):
    """A file that may now be joined."""

    pieceJointeId: int | None = None


# structures


@documente("ConsulterStructure", "informationGenerales", reponse=True)
class InformationsStructure(Partie):
    """Who it is."""

    idStructureCPP: int
    identifiantStructure: str
    typeIdentifiantStructure: str
    raisonSocialeStructure: str
    structurePriveePublique: str


@documente("ConsulterStructure", "parametres", reponse=True)
class ParametresStructure(Partie):
    """What it demands of who invoices it."""

    codeServiceDoitEtreRenseigne: bool
    numeroEJDoitEtreRenseigne: bool
    gestionNumeroEJOuCodeService: bool
    estMoaUniquement: bool
    getaMoa: bool
    statutMiseEnPaiementNestPasRemonte: bool


@documente("ConsulterStructure", reponse=True)
class StructureConsultee(Retour):
    """A structure and its parameters."""

    informationGenerales: InformationsStructure | None = None
    parametres: ParametresStructure | None = None


@documente("RechercherStructures", "listeStructures", reponse=True)
class StructureTrouvee(Partie):
    """A structure of the directory."""

    idStructureCPP: int
    identifiantStructure: str
    typeIdentifiantStructure: str
    designationStructure: str
    statut: str


@documente("RechercherStructures", reponse=True)
class StructuresTrouvees(Retour):
    """Structures of the directory."""

    listeStructures: list[StructureTrouvee] = Field(default_factory=list)
    parametresRetour: ParametresRetour | None = None


@documente("ConsulterService", "informationsGenerales", reponse=True)
class InformationsService(Partie):
    """Which service it is."""

    codeService: str
    nomService: str


@documente("ConsulterService", "parametres", reponse=True)
class ParametresService(Partie):
    """What it demands."""

    numeroEngagement: bool


@documente("ConsulterService", reponse=True)
class ServiceConsulte(Retour):
    """A service and its parameters."""

    informationsGenerales: InformationsService | None = None
    parametres: ParametresService | None = None


@documente("RechercherServices", "listeServices", reponse=True)
class ServiceTrouve(Partie):
    """A service of a structure."""

    idService: int
    codeService: str
    libelleService: str
    estActif: bool


@documente("RechercherServices", reponse=True)
class ServicesTrouves(Retour):
    """The services of a structure."""

    listeServices: list[ServiceTrouve] = Field(default_factory=list)
    parametresRetour: ParametresRetour | None = None


class Coordonnees(Partie):
    """A bank account."""

    idCoordonneeBancaire: int
    nomCoordonneeBancaire: str


class CoordonneesTrouvees(Retour):
    """The bank accounts of a structure."""

    listeCoordonneeBancaire: list[Coordonnees] = Field(default_factory=list)


# closed lists


class Mode(Partie):
    """A payment means."""

    modePaiement: str


class Modes(Retour):
    """The payment means."""

    listeModePaiement: list[Mode] = Field(default_factory=list)


class CodeCadre(Partie):
    """A cadre de facturation."""

    codeCadreFacturation: str


class Cadres(Retour):
    """The cadres de facturation."""

    listeCadreFacturation: list[CodeCadre] = Field(default_factory=list)


class Syntaxes(Retour):
    """The syntaxes of flows; the table does not say what a line holds: here, the code."""

    listeSyntaxeFlux: list[str] = Field(default_factory=list)


class Sante(Partie):
    """The service answers."""

    statusCode: str
    statusCodeValue: int
    body: str
