"""What the API face answers, by operation, in the shape of the table; what this portal does not know is absent."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from facturier.serveur.piste import types as t
from facturier.serveur.piste.table import documente

FAIT = "Opération effectuée."


class Retour(BaseModel):
    """The two fields that every answer bears; a refusal bears nothing else."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    codeRetour: int = 0
    libelle: str = FAIT


class Partie(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Jeton(Partie):
    """A PISTE-shaped token."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105 - a kind, not a secret
    expires_in: int


class ErreurJeton(Partie):
    """A token refused, as RFC 6749 (5.2) writes it: the table documents no failure."""

    error: str
    error_description: str


# what is done to an invoice


@documente("SoumettreFacture", reponse=True)
class Soumise(Retour):
    """Deposited."""

    identifiantFactureCPP: int | None = None
    identifiantStructure: str | None = None
    numeroFacture: str | None = None
    statutFacture: str | None = None
    dateDepot: str | None = None
    empreinteCertificatDepot: str | None = None


@documente("CompleterFacture", reponse=True)
class Completee(Retour):
    """Completed."""

    identifiantFactureCPP: int | None = None
    numeroFacture: str | None = None
    dateTraitement: str | None = None


@documente("RecyclerFacture", reponse=True)
class Recyclee(Retour):
    """Sent again under the same number."""

    identifiantFactureCPP: int | None = None
    numeroFacture: str | None = None
    statutFacture: str | None = None
    dateDepot: str | None = None


# an invoice


class Cadre(Partie):
    """Cadre, and who validates."""

    codeCadreFacturation: str | None = None
    codeValideur1: str | None = None
    codeValideur2: str | None = None
    raisonSocialeValideur1: str | None = None
    raisonSocialeValideur2: str | None = None


class Destinataire(Partie):
    """Recipient and service."""

    codeDestinataire: str | None = None
    idDestinataire: int | None = None
    libelleDestinataire: str | None = None
    codeServiceExecutant: str | None = None
    libelleServiceExecutant: str | None = None


class Fournisseur(Partie):
    """Who deposited it."""

    codeFournisseur: str | None = None
    idFournisseur: int | None = None
    designationFournisseur: str | None = None
    typeIdentifiantFournisseur: str | None = None


class MontantTotal(Partie):
    """Totals in euros."""

    montantHtTotal: t.Montant | None = None
    montantTVA: t.Montant | None = None
    montantTtcTotal: t.Montant | None = None


class References(Partie):
    """Dates, commitment, market, payment."""

    dateFacture: t.Jour | None = None
    dateDepot: str | None = None
    typeFacture: str | None = None
    typeFactureTravaux: str | None = None
    modePaiement: str | None = None
    numeroBonCommande: str | None = None
    numeroMarche: str | None = None


class Precedente(Partie):
    """The piece before it in its dossier."""

    idPiecePrecedente: int
    numeroPiecePrecedente: str


class Suivante(Partie):
    """The piece after it in its dossier."""

    idPieceSuivante: int
    numeroPieceSuivante: str


class Jointes(Partie):
    """How many files are joined."""

    totalListePiecesJointe: int


class Facture(Partie):
    """An invoice as this portal keeps it."""

    identifiantFactureCPP: int
    numeroFacture: str
    statutFacture: str
    cadreDeFacturation: Cadre
    destinataire: Destinataire
    fournisseur: Fournisseur
    montantTotal: MontantTotal
    references: References
    listeDesPiecesJointes: Jointes
    piecePrecedente: Precedente | None = None
    pieceSuivante: Suivante | None = None
    commentaire: str | None = None


@documente("ConsulterFactureParFournisseur", "facture", reponse=True)
class FactureDetaillee(Facture):
    """An invoice as this portal keeps it, and the other fields of the table, absent."""


@documente("ConsulterFactureParFournisseur", reponse=True)
class Consultee(Retour):
    """An invoice, whoever looks at it: the three operations of the table answer alike."""

    facture: FactureDetaillee | None = None


class HistoStatut(Partie):
    """A status reached."""

    histoStatutId: int
    histoStatutCode: str
    histoStatutDatePassage: str
    histoStatutCommentaire: str | None = None
    histoStatutUtilisateurNom: str | None = None


class HistoStatuts(Partie):
    """The statuses reached, oldest first."""

    histoStatut: list[HistoStatut]
    totalHistoStatut: int


@documente("ConsulterHistoriqueFacture", reponse=True)
class Historique(Retour):
    """The story of an invoice."""

    idFacture: int | None = None
    numeroFacture: str | None = None
    statutCourantCode: str | None = None
    historiquesDesStatuts: HistoStatuts | None = None


# lists of invoices


class ParametresRetour(Partie):
    """Which page it is, of how many."""

    nbResultatsParPage: int
    pageCourante: int
    pages: int
    total: int


class _Trouvee(Partie):
    numeroFacture: str
    statut: str
    dateFacture: t.Jour | None = None
    dateDepot: str | None = None
    idDestinataire: int | None = None
    designationDestinataire: str | None = None
    designationFournisseur: str | None = None
    codeServiceExecutant: str | None = None
    montantHT: t.Montant | None = None
    montantTTC: t.Montant | None = None
    numeroMarche: str | None = None
    typeFacture: str | None = None


@documente("RechercherFactureParFournisseur", "listeFactures", reponse=True)
class TrouveeFournisseur(_Trouvee):
    """An invoice sent."""

    identifiantFactureCPP: int
    codeDestinataire: str | None = None
    codeFournisseur: str | None = None
    numeroBonCommande: str | None = None
    numeroFluxDepot: str | None = None
    dateHeureEtatCourant: str | None = None
    commentaireEtatCourant: str | None = None


@documente("RechercherFactureParFournisseur", reponse=True)
class TrouveesFournisseur(Retour):
    """Invoices sent."""

    listeFactures: list[TrouveeFournisseur] = Field(default_factory=list)
    parametresRetour: ParametresRetour | None = None


class ATraiter(Retour):
    """Invoices that wait for the supplier; the table does not say what a line holds: it is that of the search."""

    listeFactures: list[TrouveeFournisseur] = Field(default_factory=list)


@documente("RechercherFactureParRecipiendaire", "listeFactures", reponse=True)
class TrouveeRecipiendaire(_Trouvee):
    """An invoice received."""

    idFacture: int
    codeDestinataire: str | None = None
    codeFournisseur: str | None = None
    numeroBonCommande: str | None = None
    dateHeureEtatCourant: str | None = None
    commentaireEtatCourant: str | None = None


@documente("RechercherFactureParRecipiendaire", reponse=True)
class TrouveesRecipiendaire(Retour):
    """Invoices received; the page is told at the top."""

    listeFactures: list[TrouveeRecipiendaire] = Field(default_factory=list)
    nbResultatsParPage: int | None = None
    pageCourante: int | None = None
    pages: int | None = None
    total: int | None = None


@documente("RechercherFactureParValideur", "listeFactures", reponse=True)
class TrouveeValideur(_Trouvee):
    """An invoice to validate, or validated."""

    idFacture: int
    idFournisseur: int | None = None
    identifiantDestinataire: str | None = None
    identifiantFournisseur: str | None = None
    numeroEngagement: str | None = None


@documente("RechercherFactureParValideur", reponse=True)
class TrouveesValideur(Retour):
    """Invoices to validate, or validated."""

    listeFactures: list[TrouveeValideur] = Field(default_factory=list)
    parametresRetour: ParametresRetour | None = None
