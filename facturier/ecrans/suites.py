"""Where to go after a gesture: to whoever must act now, when this person plays them too; else to the piece."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from facturier import cycle, referentiel
from facturier.ecrans import regard
from facturier.ecrans.blocs import Cible
from facturier.ecrans.chantier import suites
from facturier.ecrans.ecran import Siege, Suite
from facturier.portail import offres
from facturier.portail.affichage import confirmation
from facturier.portail.caracteres import reglages
from facturier.portail.pieces import Piece
from facturier.portail.pliage import ENVOYER, SUIVANTE
from facturier.referentiel.lignes import Transition

if TYPE_CHECKING:
    from facturier.ecrans.poste import Poste

FICHE, VALIDER, ENCHAINER = "fiche", "valider", "travaux_suivante"
_CHIFFRES = 6
_AILLEURS = (SUIVANTE, ENVOYER, "enregistrer", "supprimer", "refaire", "traiter_rejet")


def gestes_de(poste: Poste, piece: Piece, siege: Siege) -> tuple[Transition, ...]:
    """What the life cycle lets that seat do to that piece now."""
    acteur = siege.acteur
    if not acteur.structure or piece.structure_du(acteur.role) != acteur.structure:
        return ()
    au, bascules = poste.guichet.maintenant.date(), poste.guichet.etat.bascules
    possibles = cycle.transitions_possibles(piece.cadre, piece.statut, acteur.role, au, bascules)
    return offres.offertes(piece, possibles, poste.guichet.annuaire)


def simples(gestes: Sequence[Transition]) -> list[Transition]:
    """Those that ask for nothing more than a click, one of each."""
    par_action = {t.action: t for t in gestes if not t.garde and t.action not in _AILLEURS}
    return list(par_action.values())


def ordinaire(piece: Piece, role: str, gestes: Sequence[Transition]) -> str:
    """What that role ordinarily does there, "" when nothing is expected of it."""
    possibles = {t.action for t in gestes}
    attendues = reglages().actions(role, piece.statut, piece.cadre)
    if SUIVANTE in attendues and SUIVANTE in possibles:
        return SUIVANTE
    return next((action for action in attendues if action in possibles), "")


def version(valeurs: Mapping[str, str]) -> int | None:
    """The version of the piece that the person had before them, which the button carries."""
    vue = valeurs.get("vue", "")
    return int(vue) if vue.isascii() and vue.isdigit() and len(vue) < _CHIFFRES else None


def attendus(poste: Poste, piece: Piece) -> list[tuple[Siege, Cible]]:
    """The seats of this person that the piece waits for, and where each one answers."""
    trouves = []
    annuaire, au = poste.guichet.annuaire, poste.guichet.maintenant.date()
    for siege in poste.sieges:
        gestes = gestes_de(poste, piece, siege)
        action = ordinaire(piece, siege.acteur.role, gestes)
        if not action:
            continue
        ecran = FICHE
        if action == SUIVANTE and suites(annuaire, siege.acteur, piece, au):
            ecran = ENCHAINER
        elif action in {t.action for t in simples(gestes)}:
            ecran = VALIDER
        trouves.append((siege, Cible(ecran, piece.id, siege.cle)))
    return trouves


def apres(poste: Poste, piece_id: str, phrase: str) -> Suite:
    """The end of a gesture on that piece: the sentence, and straight to the next seat that must act."""
    piece = regard.piece(poste, piece_id)
    suite = attendus(poste, piece)
    if suite:
        siege, cible = suite[0]
        actuel = poste.siege
        if actuel is None or siege.cle != actuel.cle:
            phrase = f"{phrase} À vous de continuer comme « {siege.libelle} »."
        return Suite(phrase, cible)
    return Suite(phrase, Cible(FICHE, piece.id))


def deposee(poste: Poste, piece_id: str) -> str:
    """The sentence that says that a piece has left."""
    piece, annuaire = regard.piece(poste, piece_id), poste.guichet.annuaire
    avant = poste.guichet.etat.pieces.get(piece.precedente)
    libelle = referentiel.cadre(piece.cadre).libelle
    structure = annuaire.structures.get(piece.destinataire)
    pour = f" à « {structure.nom} »" if structure is not None else ""
    statut = referentiel.statut(piece.statut).libelle
    envoyee = f"Pièce {piece.id} ({libelle}) déposée{pour}, statut « {statut} »."
    reserve = confirmation(piece, annuaire, avant.cadre if avant is not None else "")
    return " ".join(filter(None, (envoyee, reserve)))
