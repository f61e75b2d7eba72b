"""Guards of the gestures: what the life cycle's table asks by code (column ``garde``), one record each.

A guard of a person's gesture returns French sentences; a guard of an automatic passage says yes or no.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from facturier import referentiel
from facturier.annuaire import Annuaire
from facturier.portail import demande as lecture
from facturier.portail.depot import Depot, RegleDepot, manquements
from facturier.portail.evenements import Acteur
from facturier.portail.pieces import Piece, fiche
from facturier.portail.regles_aiguillage import REGLES_AIGUILLAGE
from facturier.portail.regles_depot import REGLES_VALIDEUR
from facturier.referentiel.lignes import Motif, Transition

MEGA = 1024 * 1024


@dataclass(frozen=True)
class Geste:
    """What a guard looks at: the piece as it is, the texts given with the gesture, the directory, the day."""

    piece: Piece
    acteur: Acteur
    transition: Transition
    donnees: Mapping[str, str]
    annuaire: Annuaire
    au: date

    def texte(self, champ: str) -> str:
        """The field given with the gesture, without spaces around it."""
        return lecture.texte(self.donnees, champ)


@dataclass(frozen=True)
class Garde:
    """A guard: the fields that its gesture may carry, and the control that returns the sentences of what is missing."""

    champs: tuple[str, ...]
    controle: Callable[[Geste], list[str]]


def _rien(geste: Geste) -> list[str]:
    return []


def _motif_obligatoire(geste: Geste) -> list[str]:
    code = geste.texte("motif")
    if not code:
        return [f"« {geste.transition.libelle} » demande un motif : choisissez-le dans la liste."]
    if not _motifs(geste):
        return [f"Le motif « {lecture.court(code)} » n’est pas dans la liste : choisissez-en un autre."]
    return []


def _motif_hors_montant(geste: Geste) -> list[str]:
    manque = _motif_obligatoire(geste)
    if manque or any(motif.refus_travaux for motif in _motifs(geste)):
        return manque
    libelle = _motifs(geste)[0].libelle
    return [
        f"En travaux, « {libelle} » ne peut pas motiver un refus : un désaccord de montant se corrige dans la pièce "
        "suivante, en y portant les sommes admises."
    ]


def _motifs(geste: Geste) -> list[Motif]:
    return [motif for motif in referentiel.motifs(geste.au) if motif.code == geste.texte("motif")]


def _piece_ou_commentaire(geste: Geste) -> list[str]:
    nom, commentaire = geste.texte("piece_jointe"), geste.texte("commentaire")
    if not nom:
        vide = [] if commentaire else ["Pour compléter, joignez la pièce demandée ou écrivez un commentaire."]
        return vide + (["Donnez le nom de la pièce jointe."] if geste.texte("piece_jointe_octets") else [])
    phrases = []
    limite = referentiel.limite("nom_piece_jointe", geste.au).valeur
    if len(nom) > limite:
        phrases.append(
            f"Le nom de la pièce jointe compte {len(nom)} caractères : {limite} au plus, extension comprise."
        )
    if any(c in nom for c in '/\\:*?"<>|\n\r\t'):
        phrases.append("Le nom de la pièce jointe contient un caractère interdit : donnez un simple nom de fichier.")
    return phrases + _taille(geste)


def _taille(geste: Geste) -> list[str]:
    saisi = geste.texte("piece_jointe_octets") or "0"
    if not (saisi.isascii() and saisi.isdigit() and len(saisi) <= 12):
        return ["La taille de la pièce jointe est illisible : donnez un nombre d’octets."]
    octets, seule = int(saisi), referentiel.limite("piece_jointe_mo", geste.au).valeur
    if octets > seule * MEGA:
        return [f"La pièce jointe dépasse {seule} Mo : réduisez-la ou divisez-la."]
    ensemble = referentiel.limite("total_mo", geste.au).valeur
    if octets + sum(jointe.octets for jointe in geste.piece.pieces_jointes) > ensemble * MEGA:
        return [f"La facture et ses pièces dépasseraient {ensemble} Mo."]
    return []


def _aiguillage(geste: Geste) -> list[str]:
    avant = geste.piece.valeurs
    if all(geste.donnees.get(champ, avant.get(champ, "")) == avant.get(champ, "") for champ in lecture.AIGUILLAGE):
        return ["Pour recycler, corrigez le destinataire, le service ou l’engagement : rien n’a changé."]
    return _redemander(geste, REGLES_AIGUILLAGE)


def _nouveau_valideur(geste: Geste) -> list[str]:
    if lecture.siret({**geste.piece.valeurs, **geste.donnees}, "valideur_siret") == geste.piece.valideur:
        return ["Indiquez le SIRET d’un autre valideur : celui-ci a signalé l’erreur."]
    return _redemander(geste, REGLES_VALIDEUR)


def _redemander(geste: Geste, regles: tuple[RegleDepot, ...]) -> list[str]:
    depot = Depot(
        acteur=Acteur(geste.acteur.role, geste.piece.deposant),
        demande={**geste.piece.valeurs, **geste.donnees},
        fiche=fiche(geste.piece.cadre),
        annuaire=geste.annuaire,
        prises=frozenset(),
        precedente=None,
        au=geste.au,
    )
    return [phrase for _, phrase in manquements(depot, regles)]


_MOTIVE = ("motif", "commentaire")
GARDES: Mapping[str, Garde] = {
    "": Garde(("commentaire",), _rien),
    "motif_obligatoire": Garde(_MOTIVE, _motif_obligatoire),
    "motif_hors_montant": Garde(_MOTIVE, _motif_hors_montant),
    "piece_ou_commentaire": Garde(("commentaire", "piece_jointe", "piece_jointe_octets"), _piece_ou_commentaire),
    "donnees_aiguillage": Garde((*lecture.AIGUILLAGE, "commentaire"), _aiguillage),
    "nouveau_valideur": Garde(("valideur_siret", "commentaire"), _nouveau_valideur),
}
"""Guards of people's gestures that this portal plays, by their code in the table."""


def _destinataire_sur_portail(piece: Piece, annuaire: Annuaire) -> bool:
    structure = annuaire.structures.get(piece.destinataire)
    return structure is not None and structure.sur_portail


def _sans_moe(piece: Piece, annuaire: Annuaire) -> bool:
    marche = annuaire.marche(lecture.texte(piece.valeurs, "numero_marche"))
    return marche is not None and not marche.moe


def _jamais(piece: Piece, annuaire: Annuaire) -> bool:
    return False


GARDES_AUTOMATIQUES: Mapping[str, Callable[[Piece, Annuaire], bool]] = {
    "destinataire_sur_portail": _destinataire_sur_portail,
    "sans_moe": _sans_moe,
    "valideur_2_designe": _jamais,  # one level of validation is played
    "canal_edi": _jamais,  # everybody acts on the portal
    "a22_deposee": _jamais,  # the end of the market is not played yet
}
"""Guards of automatic passages, by their code in the table."""

DELAI_ECOULE = "delai_ecoule"


def choisir_automatique(piece: Piece, possibles: tuple[Transition, ...], annuaire: Annuaire) -> Transition | None:
    """The automatic passage that applies at once: a guarded one whose guard says yes, else the unguarded one."""
    immediats = [t for t in possibles if t.automatique and t.garde != DELAI_ECOULE]
    for transition in sorted(immediats, key=lambda t: not t.garde):
        if not transition.garde or GARDES_AUTOMATIQUES[transition.garde](piece, annuaire):
            return transition
    return None


def echeance(piece: Piece, possibles: tuple[Transition, ...]) -> tuple[datetime, Transition] | None:
    """When the silence on that piece will be noted, and by which passage: so many whole days after its status began."""
    for transition in possibles:
        if transition.automatique and transition.garde == DELAI_ECOULE:
            duree = referentiel.delai(transition.delai, piece.depuis.date()).duree
            if duree is not None:
                return piece.depuis + timedelta(days=duree), transition
    return None
