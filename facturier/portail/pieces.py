"""A piece of the portal: an invoice or a works document, where it stands and how it came there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from facturier import referentiel
from facturier.portail import demande, pieces_jointes, provenance
from facturier.portail.evenements import Evenement, lire_moment
from facturier.portail.pieces_jointes import PieceJointe as PieceJointe
from facturier.portail.provenance import Provenance
from facturier.referentiel.lignes import Cadre, Transition

DEPOSEE = "DEPOSEE"
"""First status of a piece that has left its author: from there its number is taken."""

DEBITEURS = ("moe", "moa")


@dataclass(frozen=True)
class Passage:
    """One line of a piece's history: the status reached, when, by whom, with what was said."""

    statut: str
    quand: datetime
    role: str
    structure: str
    action: str
    motif: str = ""
    commentaire: str = ""


@dataclass(frozen=True)
class Piece:
    """A piece and its present status; ``valeurs`` are the texts of the demand as typed.

    ``dossier`` is the first piece of its chain (*dossier de facturation*); ``precedente`` and
    ``suivante`` are its neighbours there.
    """

    id: str
    cadre: str
    deposant: str
    valeurs: Mapping[str, str]
    historique: tuple[Passage, ...]
    dossier: str
    precedente: str = ""
    suivante: str = ""
    pieces_jointes: tuple[PieceJointe, ...] = ()
    unicite: tuple[str, str, int] | None = None
    provenance: Provenance = field(default_factory=Provenance)

    @property
    def statut(self) -> str:
        """Code of the present status."""
        return self.historique[-1].statut

    @property
    def depuis(self) -> datetime:
        """When the present status was reached."""
        return self.historique[-1].quand

    @property
    def numero(self) -> str:
        """The depositor's own number."""
        return demande.texte(self.valeurs, "numero_facture")

    @property
    def destinataire(self) -> str:
        """SIRET of who receives it, "" when what was typed is not a SIRET."""
        return demande.siret(self.valeurs, "destinataire_siret")

    @property
    def valideur(self) -> str:
        """SIRET of valideur 1, "" when there is none."""
        return demande.siret(self.valeurs, "valideur_siret")

    @property
    def valideur_2(self) -> str:
        """SIRET of valideur 2, "" when there is only one."""
        return demande.siret(self.valeurs, "valideur_2_siret")

    @property
    def marche(self) -> str:
        """Number of the market, "" when none was given."""
        return demande.texte(self.valeurs, "numero_marche")

    def date_du(self, statut: str) -> datetime | None:
        """When it last reached that status, None if it never did."""
        return next((p.quand for p in reversed(self.historique) if p.statut == statut), None)

    def structure_du(self, role: str) -> str:
        """SIRET of the structure that holds that role on this piece, "" for a role that it does not have."""
        cadre = fiche(self.cadre)
        if role == cadre.deposant:
            return self.deposant
        if role == cadre.destinataire or role in ("destinataire", "comptable"):
            return self.destinataire
        if role in DEBITEURS and cadre.destinataire in DEBITEURS:  # the market's card says which of the two receives it
            return self.destinataire
        return {"valideur_1": self.valideur, "valideur_2": self.valideur_2}.get(role, "")


def fiche(code: str) -> Cadre:
    """The row of that cadre de facturation (ErreurFacturier for an unknown one)."""
    return referentiel.cadre(code)


def nouvelle(evenement: Evenement, transition: Transition, precedente: Piece | None) -> Piece:
    """The piece that this deposit or recording creates."""
    donnees = evenement["donnees"]
    valeurs = provenance.valeurs(donnees)
    return Piece(
        id=evenement["objet"],
        cadre=demande.texte(valeurs, "cadre"),
        deposant=evenement["structure"],
        valeurs=valeurs,
        historique=(_passage(evenement, transition.vers, dit=False),),
        dossier=precedente.dossier if precedente else evenement["objet"],
        precedente=precedente.id if precedente else "",
        pieces_jointes=pieces_jointes.lire(donnees.get("pieces_jointes", "")),
        unicite=demande.cle_unicite(evenement["structure"], valeurs),
        provenance=provenance.provenance(donnees),
    )


def avancee(piece: Piece, evenement: Evenement, transition: Transition) -> Piece:
    """The piece after that gesture: new status, fields changed, file joined."""
    donnees = evenement["donnees"]
    changees = {
        champ: valeur for champ, valeur in donnees.items() if champ in demande.CHAMPS_PIECE and champ != "commentaire"
    }
    valeurs = {**piece.valeurs, **changees}
    jointe = donnees.get("piece_jointe", "")
    jointes = [PieceJointe(jointe, int(donnees.get("piece_jointe_octets") or 0))] if jointe else []
    jointes += pieces_jointes.lire(donnees.get("pieces_jointes", ""))
    return replace(
        piece,
        cadre=demande.texte(valeurs, "cadre"),
        valeurs=valeurs,
        historique=(*piece.historique, _passage(evenement, transition.vers)),
        pieces_jointes=(*piece.pieces_jointes, *jointes),
        unicite=demande.cle_unicite(piece.deposant, valeurs),
    )


def suivie(piece: Piece, evenement: Evenement, transition: Transition) -> Piece:
    """The earlier piece, once the next one of its dossier has been deposited."""
    return replace(
        piece,
        historique=(*piece.historique, _passage(evenement, transition.vers, dit=False)),
        suivante=evenement["objet"],
    )


def _passage(evenement: Evenement, statut: str, *, dit: bool = True) -> Passage:
    donnees = evenement["donnees"]
    return Passage(
        statut=statut,
        quand=lire_moment(evenement["quand"]),
        role=evenement["role"],
        structure=evenement["structure"],
        action=evenement["action"],
        motif=donnees.get("motif", "") if dit else "",
        commentaire=donnees.get("commentaire", "") if dit else "",
    )
