"""Guards of the gestures: what the life cycle's table asks by code (column ``garde``), one record each.

A guard of a person's gesture returns French sentences; a guard of an automatic passage says yes or no.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from facturier import cycle, referentiel
from facturier.annuaire import Annuaire
from facturier.portail import circuits, conditions_motifs, pieces_jointes
from facturier.portail import demande as lecture
from facturier.portail.depot import Depot, RegleDepot, manquements
from facturier.portail.etat import Etat
from facturier.portail.evenements import SYSTEME, Acteur
from facturier.portail.offres import par_logiciel
from facturier.portail.pieces import DEPOSEE, Piece, fiche
from facturier.portail.pieces_jointes import PieceJointe
from facturier.portail.regles_aiguillage import REGLES_AIGUILLAGE
from facturier.portail.regles_circuit import REGLES_FICHE
from facturier.portail.regles_decompte import DEFINITIFS, PROJET_TACITE, terme
from facturier.portail.regles_depot import REGLES_VALIDEUR
from facturier.portail.regles_groupement import REGLES_VALIDEUR_2
from facturier.referentiel.lignes import Motif, Transition


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


_EFFETS: Mapping[str, frozenset[str]] = {
    "demander_recyclage": frozenset({"recyclage"}),
    "poser_a_recycler": frozenset({"recyclage"}),
    "suspendre": frozenset({"suspension"}),
    "rejeter_aiguillage": frozenset({"recyclage", "refus", "rejet"}),
}
_REFUS = frozenset({"refus", "rejet", "refus_valideur"})
"""What a reason must be able to do (column ``effets``), for each gesture; the others refuse or reject."""


def motif_admis(motif: Motif, action: str) -> bool:
    """Whether a person may give that reason with that gesture.

    The list of Chorus Pro does not tell refusing from suspending; the reasons of the administration's own platform
    answer flows, never a person.
    """
    if motif.referentiel == "norme-ppf":
        return False
    return motif.referentiel == "chorus-pro" or bool(_EFFETS.get(action, _REFUS) & set(motif.effets))


def _motif_obligatoire(geste: Geste) -> list[str]:
    code, libelle = geste.texte("motif"), geste.transition.libelle
    if not code:
        return [f"« {libelle} » demande un motif : choisissez-le dans la liste."]
    if not (connus := _motifs(geste)):
        return [f"Le motif « {lecture.court(code)} » n’est pas dans la liste : choisissez-en un autre."]
    if not (admis := [motif for motif in connus if motif_admis(motif, geste.transition.action)]):
        return [f"Le motif « {connus[0].libelle} » ne va pas avec « {libelle} » : choisissez-en un autre."]
    refus = [conditions_motifs.refus(motif, geste.piece, geste.annuaire) for motif in admis]
    return [] if "" in refus else refus[:1]


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
    try:
        jointe = PieceJointe(nom, pieces_jointes.lire_octets(geste.texte("piece_jointe_octets") or "0"))
    except ValueError:
        return ["La taille de la pièce jointe est illisible : donnez un nombre d’octets."]
    deja, facture = geste.piece.pieces_jointes, geste.piece.provenance.octets
    return [phrase for _, phrase in pieces_jointes.controler([jointe], au=geste.au, deja=deja, facture=facture)]


def _aiguillage(geste: Geste) -> list[str]:
    avant = geste.piece.valeurs
    if all(geste.donnees.get(champ, avant.get(champ, "")) == avant.get(champ, "") for champ in lecture.AIGUILLAGE):
        return ["Pour recycler, corrigez le destinataire, le service ou l’engagement : rien n’a changé."]
    return _redemander(geste, (*REGLES_AIGUILLAGE, *REGLES_FICHE))


def _nouveau_valideur(geste: Geste) -> list[str]:
    if lecture.siret({**geste.piece.valeurs, **geste.donnees}, "valideur_siret") == geste.piece.valideur:
        return ["Indiquez le SIRET d’un autre valideur : celui-ci a signalé l’erreur."]
    return _redemander(geste, REGLES_VALIDEUR)


def _nouveau_valideur_2(geste: Geste) -> list[str]:
    if lecture.siret({**geste.piece.valeurs, **geste.donnees}, "valideur_2_siret") == geste.piece.valideur_2:
        return ["Indiquez le SIRET d’un autre second valideur : celui-ci a signalé l’erreur."]
    return _redemander(geste, REGLES_VALIDEUR_2)


def _memoire_en_reclamation(geste: Geste) -> list[str]:
    """A décompte général is refused by a mémoire, as long as silence has not accepted it."""
    if geste.au > terme(geste.piece.depuis.date(), geste.transition.delai, geste.au):
        return [
            "Le délai de réponse au décompte général est écoulé : votre silence l’a fait accepter, "
            "il ne se refuse plus."
        ]
    if not geste.texte("piece_jointe"):
        return ["Refuser le décompte général demande un mémoire en réclamation : joignez ce fichier."]
    return _piece_ou_commentaire(geste)


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
    "recyclage_edi": Garde(_MOTIVE, _motif_obligatoire),  # and ``offres``: from a software only
    "motif_hors_montant": Garde(_MOTIVE, _motif_hors_montant),
    "piece_ou_commentaire": Garde(("commentaire", "piece_jointe", "piece_jointe_octets"), _piece_ou_commentaire),
    "donnees_aiguillage": Garde((*lecture.AIGUILLAGE, "commentaire"), _aiguillage),
    "nouveau_valideur": Garde(("valideur_siret", "commentaire"), _nouveau_valideur),
    "nouveau_valideur_2": Garde(("valideur_2_siret", "commentaire"), _nouveau_valideur_2),
    "memoire_en_reclamation": Garde(("commentaire", "piece_jointe", "piece_jointe_octets"), _memoire_en_reclamation),
}
"""Guards of people's gestures that this portal plays, by their code in the table."""


Pieces = Mapping[str, Piece]


def _destinataire_sur_portail(piece: Piece, annuaire: Annuaire, pieces: Pieces) -> bool:
    structure = annuaire.structures.get(piece.destinataire)
    return structure is not None and structure.sur_portail


def _sans_moe(piece: Piece, annuaire: Annuaire, pieces: Pieces) -> bool:
    return circuits.va_a_la_moa(piece.valeurs, annuaire)


def _valideur_2_designe(piece: Piece, annuaire: Annuaire, pieces: Pieces) -> bool:
    return bool(piece.valideur_2)


def _a22_deposee(piece: Piece, annuaire: Annuaire, pieces: Pieces) -> bool:
    return any(fiche(autre.cadre).piece_api == PROJET_TACITE for autre in _deposees(piece, pieces))


def _dgd_tacite_depose(piece: Piece, annuaire: Annuaire, pieces: Pieces) -> bool:
    return any(fiche(autre.cadre).piece_api in DEFINITIFS for autre in _deposees(piece, pieces))


def _deposees(piece: Piece, pieces: Pieces) -> list[Piece]:
    """The other pieces of its market that have left their author."""
    return [p for p in pieces.values() if p.id != piece.id and p.marche == piece.marche and p.date_du(DEPOSEE)]


def _canal_edi(piece: Piece, annuaire: Annuaire, pieces: Pieces) -> bool:
    return par_logiciel(piece, annuaire)


GARDES_AUTOMATIQUES: Mapping[str, Callable[[Piece, Annuaire, Pieces], bool]] = {
    "destinataire_sur_portail": _destinataire_sur_portail,
    "sans_moe": _sans_moe,
    "valideur_2_designe": _valideur_2_designe,
    "canal_edi": _canal_edi,
    "a22_deposee": _a22_deposee,
    "dgd_tacite_depose": _dgd_tacite_depose,
}
"""Guards of automatic passages, by their code in the table."""

DU_MARCHE = ("a22_deposee", "dgd_tacite_depose")
"""Those that another piece of the same market may open."""


def touchees(arrivee: Piece, etat: Etat, au: date) -> tuple[str, ...]:
    """The other pieces of its market whose automatic passages that arrival may open."""
    if not arrivee.marche:
        return ()
    return tuple(
        piece.id
        for piece in etat.pieces.values()
        if _attend_le_marche(piece.cadre, piece.statut, au, etat.bascules)
        and piece.marche == arrivee.marche
        and piece.id != arrivee.id
    )


@lru_cache(maxsize=4096)
def _attend_le_marche(cadre: str, statut: str, au: date, bascules: cycle.Bascules) -> bool:
    possibles = cycle.transitions_possibles(cadre, statut, SYSTEME, au, bascules)
    return any(transition.garde in DU_MARCHE for transition in possibles)


DELAI_ECOULE = "delai_ecoule"


def choisir_automatique(
    piece: Piece, possibles: tuple[Transition, ...], annuaire: Annuaire, pieces: Pieces
) -> Transition | None:
    """The automatic passage that applies at once: a guarded one whose guard says yes, else the unguarded one."""
    immediats = [t for t in possibles if t.automatique and t.garde != DELAI_ECOULE]
    for transition in sorted(immediats, key=lambda t: not t.garde):
        if not transition.garde or GARDES_AUTOMATIQUES[transition.garde](piece, annuaire, pieces):
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
