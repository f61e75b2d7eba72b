"""What the API face is asked, by operation. Nearly nothing is compulsory here: the portal's rules say what is missing.

Names are those of the table, which also completes each model (``documente``); ``idUtilisateurCourant`` has no effect:
the author is the account.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from facturier.serveur.piste import types as t
from facturier.serveur.piste.table import documente

Base64 = Annotated[str, StringConstraints(min_length=1)]
"""A file; ``garde`` bounds the whole body before it is read."""
LIGNES_MAX = 500
PAR_PAGE_MAX = 100


class Demande(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Page(Demande):
    """Which page of a search. The order is always the latest deposit first: the columns to sort by are not known."""

    nbResultatsParPage: Annotated[int, Field(strict=True, ge=1, le=PAR_PAGE_MAX)] = 10
    pageResultatDemandee: Annotated[int, Field(strict=True, ge=1, le=10_000)] = 1
    triColonne: t.Court | None = None
    triSense: t.Court | None = None


# soumettre


@documente("SoumettreFacture", "cadreDeFacturation")
class CadreSoumis(Demande):
    """The cadre de facturation, and the valideur's SIRET when it asks for one."""

    codeCadreFacturation: t.CodeCadre | None = None
    codeStructureValideur: t.Court | None = None


@documente("SoumettreFacture", "destinataire")
class DestinataireSoumis(Demande):
    """Whom the invoice is for: SIRET, code service."""

    codeDestinataire: t.Court | None = None
    codeServiceExecutant: t.Court | None = None


@documente("SoumettreFacture", "fournisseur")
class FournisseurSoumis(Demande):
    """Who invoices. The bank account is a number of ``coordbanc/valides``, or here an IBAN."""

    idFournisseur: t.Entier | None = None
    codeCoordonneesBancairesFournisseur: t.Entier | t.Court | None = None


@documente("SoumettreFacture", "references")
class ReferencesSoumises(Demande):
    """Type, payment, commitment (``numeroBonCommande``), market."""

    typeFacture: t.TypeFacture | None = None
    modePaiement: t.ModePaiement | None = None
    typeTva: t.TypeTva | None = None
    numeroBonCommande: t.Court | None = None
    numeroMarche: t.Court | None = None


@documente("SoumettreFacture", "ligneTva")
class LigneTva(Demande):
    """A line of the VAT recap. This portal keeps one rate for an invoice."""

    ligneTvaTauxManuel: t.Montant | None = None
    ligneTvaMontantBaseHtParTaux: t.Montant | None = None
    ligneTvaMontantTvaParTaux: t.Montant | None = None


@documente("SoumettreFacture", "montantTotal")
class Totaux(Demande):
    """Totals in euros."""

    montantHtTotal: t.Montant | None = None
    montantTVA: t.Montant | None = None
    montantTtcTotal: t.Montant | None = None
    montantAPayer: t.Montant | None = None


@documente("SoumettreFacture", "pieceJointeComplementaire")
class JointeComplementaire(Demande):
    """A file sent before by ``ajouter/fichier``."""

    pieceJointeComplementaireId: t.Entier


@documente("SoumettreFacture")
class Soumettre(Demande):
    """An invoice typed by a machine. Lines are accepted, and not kept: this portal keeps totals."""

    modeDepot: t.ModeDepot | None = None
    numeroFactureSaisi: t.Court | None = None
    dateFacture: t.Jour | None = None
    cadreDeFacturation: CadreSoumis = CadreSoumis()
    destinataire: DestinataireSoumis = DestinataireSoumis()
    fournisseur: FournisseurSoumis = FournisseurSoumis()
    references: ReferencesSoumises = ReferencesSoumises()
    ligneTva: Annotated[list[LigneTva], Field(max_length=LIGNES_MAX)] = Field(default_factory=list)
    montantTotal: Totaux = Totaux()
    pieceJointeComplementaire: Annotated[list[JointeComplementaire], Field(max_length=10)] = Field(default_factory=list)
    commentaire: t.Texte | None = None


# one invoice


@documente("ConsulterFactureParFournisseur")
class ConsulterFournisseur(Demande):
    """One of the supplier's invoices."""

    identifiantFactureCPP: t.IdFacture


@documente("ConsulterFactureParRecipiendaire")
class ConsulterRecipiendaire(Demande):
    """An invoice received."""

    identifiantFactureCPP: t.IdFacture


@documente("ConsulterFactureParValideur")
class ConsulterValideur(Demande):
    """An invoice to validate."""

    identifiantFactureCPP: t.IdFacture


@documente("ConsulterHistoriqueFacture")
class ConsulterHistorique(Demande):
    """The story of an invoice."""

    idFacture: t.IdFacture


@documente("CompleterFacture", "pieceJointeComplementaire")
class JointeDemandee(Demande):
    """A file sent before by ``ajouter/fichier``."""

    pieceJointeComplementaireId: t.Entier


@documente("CompleterFacture")
class Completer(Demande):
    """The answer to a suspension: a comment, a file, or both."""

    identifiantFactureCPP: t.IdFacture
    commentaire: t.Texte | None = None
    pieceJointeComplementaire: Annotated[list[JointeDemandee], Field(max_length=10)] = Field(default_factory=list)


@documente("RecyclerFacture", "destinataire")
class DestinataireCorrige(Demande):
    """The right recipient."""

    codeDestinataire: t.Court | None = None
    codeServiceExecutant: t.Court | None = None


@documente("RecyclerFacture", "reference")
class ReferenceCorrigee(Demande):
    """The right commitment."""

    numeroBonCommande: t.Court | None = None


@documente("RecyclerFacture")
class Recycler(Demande):
    """Correct where an invoice goes; its number stays."""

    identifiantFactureCPP: t.IdFacture
    destinataire: DestinataireCorrige = DestinataireCorrige()
    reference: ReferenceCorrigee = ReferenceCorrigee()
    commentaire: t.Texte | None = None
