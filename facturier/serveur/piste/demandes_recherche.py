"""What the API face is asked when it is searched, looked up or sent a file, by operation."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from facturier.serveur.piste import types as t
from facturier.serveur.piste.demandes import Base64, Demande, Page
from facturier.serveur.piste.table import documente

# invoices


class Criteres(Demande):
    """What every search of invoices may ask; an absent criterion is not asked, both ends of a span are included."""

    numeroFacture: t.Court | None = None
    numeroMarche: t.Court | None = None
    montantHTMin: t.Montant | None = None
    montantHTMax: t.Montant | None = None
    montantTTCMin: t.Montant | None = None
    montantTTCMax: t.Montant | None = None
    periodeDateDepotDu: t.Jour | None = None
    periodeDateDepotAu: t.Jour | None = None
    periodeDateFactureDu: t.Jour | None = None
    periodeDateFactureAu: t.Jour | None = None
    statutCourant: Annotated[list[t.CodeStatut], Field(max_length=100)] = Field(default_factory=list)


class CadreCherche(Demande):
    """The cadre looked for."""

    codeCadreFacturation: t.Court | None = None


@documente("RechercherFactureParFournisseur", "listeDestinataire")
class DestinataireCherche(Demande):
    """A recipient looked for."""

    idDestinataire: t.Entier


@documente("RechercherFactureParRecipiendaire", "listeFournisseurs")
class FournisseurCherche(Demande):
    """A supplier looked for."""

    idFournisseur: t.Entier


@documente("RechercherFactureParFournisseur", "cadreFacturation")
class CadreDuFournisseur(CadreCherche):
    """The cadre looked for."""


@documente("RechercherFactureParValideur", "cadreFacturation")
class CadreDuValideur(CadreCherche):
    """The cadre looked for."""


@documente("RechercherFactureParFournisseur")
class RechercherFournisseur(Criteres):
    """Invoices sent."""

    idFournisseur: t.Entier | None = None
    cadreFacturation: CadreDuFournisseur = CadreDuFournisseur()
    listeDestinataire: Annotated[list[DestinataireCherche], Field(max_length=100)] = Field(default_factory=list)
    numeroBonCommande: t.Court | None = None
    numeroFluxDepot: t.Court | None = None
    rechercheFactureParFournisseur: Page = Page()


@documente("RechercherFactureParRecipiendaire")
class RechercherRecipiendaire(Criteres):
    """Invoices received."""

    idDestinataire: t.Entier | None = None
    cadreFacturation: t.Court | None = None
    listeFournisseurs: Annotated[list[FournisseurCherche], Field(max_length=100)] = Field(default_factory=list)
    numeroBonCommande: t.Court | None = None
    paramRecherche: Page = Page()


@documente("RechercherFactureParValideur")
class RechercherValideur(Criteres):
    """Invoices to validate, or validated."""

    idStructureValideur: t.Entier | None = None
    idFournisseur: t.Entier | None = None
    idDestinataire: t.Entier | None = None
    cadreFacturation: CadreDuValideur = CadreDuValideur()
    numeroEngagement: t.Court | None = None
    pagination: Page = Page()


@documente("RechercherATraiterFournisseur")
class RechercherATraiter(Demande):
    """Invoices that wait for the supplier."""

    pagination: Page = Page()


# flows and files


@documente("DeposerFluxFacture")
class DeposerFlux(Demande):
    """One file of invoice, base64."""

    fichierFlux: Base64
    nomFichier: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    syntaxeFlux: t.SyntaxeFlux
    avecSignature: t.Drapeau | None = None


@documente("ConsulterCompteRendu")
class ConsulterCR(Demande):
    """The report of a flow."""

    numeroFluxDepot: t.Court
    syntaxeFlux: t.SyntaxeFlux | None = None


@documente("ConsulterCompteRenduDetaille")
class ConsulterCRDetaille(Demande):
    """The detailed report of a flow."""

    numeroFluxDepot: t.Court
    syntaxeFlux: t.SyntaxeFlux | None = None


@documente("AjouterPieceJointe")
class AjouterFichier(Demande):
    """A file to be joined to an invoice afterwards."""

    pieceJointeFichier: Base64
    pieceJointeNom: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    pieceJointeExtension: t.Court | None = None


# structures


@documente("ConsulterStructure")
class ConsulterStructure(Demande):
    """One structure."""

    idStructure: t.Entier


@documente("ConsulterService")
class ConsulterService(Demande):
    """One service of a structure."""

    idStructure: t.Entier
    idService: t.Entier


@documente("RechercherStructures", "structure")
class StructureCherchee(Demande):
    """What is known of the structure looked for."""

    identifiantStructure: t.Court | None = None
    typeIdentifiantStructure: t.TypeIdentifiant | None = None
    raisonSocialeStructure: t.Court | None = None
    typeStructure: t.TypeStructure | None = None
    estMOA: t.Drapeau | None = None
    estMOAUniquement: t.Drapeau | None = None


@documente("RechercherStructures")
class RechercherStructures(Demande):
    """Structures looked for."""

    structure: StructureCherchee = StructureCherchee()
    parametres: Page = Page()


@documente("RechercherServices")
class RechercherServices(Demande):
    """The services of a structure."""

    idStructure: t.Entier
    parametresRechercherServicesStructure: Page = Page()


@documente("RecupererCoordonneesBancairesValides")
class CoordonneesValides(Demande):
    """The bank accounts of a structure."""

    idStructure: t.Entier


class Vide(Demande):
    """Nothing is asked."""
