"""One frozen dataclass per table of the trade; its fields are the columns of the CSV file, its types the rules.

The loader (``chargeur``) knows the types used here and nothing of the tables: a new column is a new field,
a new table is a new class and a line in ``TABLES``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from facturier.referentiel.lignes_api import EnumApi, OperationApi
from facturier.referentiel.lignes_calculs import JourFerie, Payeur, RegleCalcul, Source
from facturier.referentiel.lignes_circuits import Bascule as Bascule
from facturier.referentiel.lignes_circuits import Circuit as Circuit
from facturier.referentiel.lignes_cours import Erreur as Erreur
from facturier.referentiel.lignes_depots import Depot as Depot
from facturier.referentiel.lignes_depots import Extension as Extension
from facturier.referentiel.lignes_depots import Interface as Interface
from facturier.referentiel.lignes_depots import StatutFlux as StatutFlux
from facturier.referentiel.lignes_depots import StatutPa as StatutPa
from facturier.referentiel.lignes_factures import CadreBt23 as CadreBt23
from facturier.referentiel.lignes_factures import CategorieTva as CategorieTva
from facturier.referentiel.lignes_factures import Mention as Mention
from facturier.referentiel.lignes_factures import ModePaiement as ModePaiement
from facturier.referentiel.lignes_factures import TauxBce as TauxBce
from facturier.referentiel.lignes_factures import TauxTva as TauxTva
from facturier.referentiel.lignes_factures import TypeFacture as TypeFacture
from facturier.referentiel.lignes_factures import Vatex as Vatex
from facturier.referentiel.socle import Fiabilite as Fiabilite
from facturier.referentiel.socle import LigneSourcee as LigneSourcee
from facturier.referentiel.socle import cle as _cle
from facturier.referentiel.socle import facultatif as _facultatif

Role = Literal[
    "fournisseur", "valideur_1", "valideur_2", "moe", "moa", "destinataire", "comptable", "systeme", "animateur"
]
Famille = Literal[
    "préparation",
    "acheminement",
    "retour fournisseur",
    "reprise",
    "traitement",
    "validation",
    "travaux",
    "fin",
    "technique",
]
Cycle = Literal["simple", "sous_traitance", "sous_traitance_2", "cotraitance", "travaux"]


@dataclass(frozen=True, kw_only=True)
class Cadre(LigneSourcee):
    """A cadre de facturation: which document, deposited by whom, who gets it, what may follow.

    ``joue``: whether the training portal plays it, which says nothing of Chorus Pro.
    ``partie``: the member of a market, other than its titulaire, that it is reserved to.
    """

    code: str = _cle()
    libelle: str
    deposant: Literal["fournisseur", "moe", "moa"]
    deposant_libelle: str
    partie: Literal["sous_traitant", "cotraitant"] = _facultatif()
    valideur_requis: bool
    valideur_libelle: str = _facultatif()
    destinataire: Literal["destinataire", "moe", "moa", "fournisseur"]
    destinataire_libelle: str
    suites: tuple[str, ...]
    suite_libelle: str = _facultatif()
    travaux: bool
    moe: Literal["avec", "sans", "les deux"]
    enum_api: str
    piece_api: str = _facultatif()
    bt23: tuple[str, ...]
    plateforme_agreee: bool
    actif: bool
    joue: bool
    remarque: str = _facultatif()


@dataclass(frozen=True, kw_only=True)
class Statut(LigneSourcee):
    """A status of a piece. ``terminal``: the piece goes no further; ``terminal_pour``: only for these cadres.

    ``non_joue``: why no piece of the portal ever has it; empty when the life cycle leads there.
    """

    code: str = _cle()
    libelle: str
    famille: Famille
    objet: str
    signification: str
    pose_par: str
    conduite: str = _facultatif()
    equivalent_pa: str = _facultatif()
    terminal: bool
    terminal_pour: tuple[str, ...]
    non_joue: str = _facultatif()


@dataclass(frozen=True, kw_only=True)
class Transition(LigneSourcee):
    """One gesture: for these cadres, in status ``de``, this role does this action and the piece goes to ``vers``.

    ``avant_bascule`` (``apres_bascule``): code of the announced change (``bascules``) that ends (opens) the gesture.
    """

    id: str = _cle()
    cycle: Cycle
    cadres: tuple[str, ...] = field(metadata={"non_vide": True})
    de: str
    action: str
    role: Role
    vers: str
    garde: str = _facultatif()
    delai: str = _facultatif()
    avant_bascule: str = _facultatif()
    apres_bascule: str = _facultatif()
    automatique: bool
    meme_numero: Literal["oui", "non", "sans objet"]
    libelle: str
    commentaire: str = _facultatif()


@dataclass(frozen=True, kw_only=True)
class ActeurCycle(LigneSourcee):
    """A role of the life cycle and how a sentence names it."""

    code: Role = field(metadata={"cle": True})
    libelle: str
    designation: str


@dataclass(frozen=True, kw_only=True)
class Espace(LigneSourcee):
    """A space of the portal for which an account is habilitated, and the gestures that are made there.

    ``roles`` make theirs there on the pieces that ``pieces`` says; a space without roles is for other gestures.
    """

    code: str = _cle()
    libelle: str
    roles: tuple[str, ...]
    pieces: Literal["simples", "travaux", "toutes", "aucune"]


@dataclass(frozen=True, kw_only=True)
class Motif(LigneSourcee):
    """A reason given with a refusal, a rejection, a suspension; the same code may live in two reference lists.

    ``refus_travaux``: whether it may found the refusal of a works piece (a disagreement on an amount may not).
    ``condition``: code of what it supposes of the piece, that the portal controls.
    """

    code: str = _cle()
    referentiel: Literal["chorus-pro", "portail", "norme-pa", "norme-ppf"] = field(metadata={"cle": True})
    libelle: str
    effets: tuple[str, ...] = field(metadata={"non_vide": True})
    portee: str
    refus_travaux: bool
    conduite: str
    equivalent_pa: str = _facultatif()
    condition: str = _facultatif()


@dataclass(frozen=True, kw_only=True)
class Delai(LigneSourcee):
    """A legal or contractual deadline, threshold or share: a whole number with its unit, and the texts around it.

    ``debut_au_plus_tard`` is given when sources disagree on the first day: ``valide_du`` is then the earliest.
    """

    code: str = _cle()
    objet: str
    duree: int | None
    unite: Literal["jours", "mois", "minutes", "fois", "euros", "points", "pour cent", "sans objet"]
    depart: str = _facultatif()
    effet: str = _facultatif()
    texte: str
    debut_au_plus_tard: date | None


@dataclass(frozen=True, kw_only=True)
class Limite(LigneSourcee):
    """A size or a count that the portal or the standard does not let pass: a whole number with its unit."""

    code: str = _cle()
    objet: str
    valeur: int
    unite: Literal["caractères", "Mo", "lignes", "factures", "occurrences"]


@dataclass(frozen=True, kw_only=True)
class SchemaVendeur(LigneSourcee):
    """An identifier scheme that a seller may use towards the public sector: lengths, digits at the head."""

    code: str = _cle()
    libelle: str
    longueur_min: int
    longueur_max: int
    chiffres_en_tete: int


TABLES: dict[str, type[LigneSourcee]] = {
    "cadres": Cadre,
    "circuits": Circuit,
    "statuts": Statut,
    "transitions": Transition,
    "bascules": Bascule,
    "roles": ActeurCycle,
    "espaces": Espace,
    "motifs": Motif,
    "delais": Delai,
    "limites": Limite,
    "taux_bce": TauxBce,
    "taux_tva": TauxTva,
    "types_facture": TypeFacture,
    "modes_paiement": ModePaiement,
    "mentions": Mention,
    "categories_tva": CategorieTva,
    "vatex": Vatex,
    "depots": Depot,
    "extensions": Extension,
    "statuts_flux": StatutFlux,
    "statuts_pa": StatutPa,
    "interfaces": Interface,
    "cadres_bt23": CadreBt23,
    "jours_feries": JourFerie,
    "payeurs": Payeur,
    "regles_calcul": RegleCalcul,
    "sources": Source,
    "schemas_vendeur": SchemaVendeur,
    "api": OperationApi,
    "enums_api": EnumApi,
    "erreurs": Erreur,
}
