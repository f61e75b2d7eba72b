"""The décompte of a works piece, computed from its market's identity card and the pieces of the dossier.

Convention of this portal: the amount HT of a works piece is the work of its month (or, at the end, what comes after the
last acompte), at initial prices; the cumul is rebuilt from the sums admitted before it.
"""

from __future__ import annotations

from dataclasses import dataclass

from facturier import travaux
from facturier.annuaire import Annuaire, Marche
from facturier.delais import Etape
from facturier.erreurs import ErreurFacturier
from facturier.portail import decomptes_services, groupements
from facturier.portail.decomptes_services import DecompteServices
from facturier.portail.echeances import NonCalculable, dossier_de
from facturier.portail.etat import Etat
from facturier.portail.pieces import Piece, fiche
from facturier.portail.prix_marche import Manque, prix_de
from facturier.portail.regles_decompte import CLOTURES, DECOMPTE_SIGNE, PROJET_FINAL, PROJET_TACITE
from facturier.portail.regles_groupement import PROJET_MENSUEL
from facturier.portail.situations_travaux import MENSUELLES, Index, admises, situation
from facturier.travaux import Decompte, DecompteGeneral, DecompteMembre, Ecart, MarchePrix, Situation, SommesAdmises

GENERALES = (*CLOTURES, DECOMPTE_SIGNE, PROJET_TACITE)
FINALES = (PROJET_FINAL, "PROJET_DECOMPTE_GENERAL", *GENERALES)
PROJETS = (PROJET_MENSUEL, PROJET_FINAL)


@dataclass(frozen=True)
class DecompteCalcule:
    """A décompte and what explains it. ``ecarts``: what was corrected; ``general``: the balance, at the end.

    ``membres``: what comes to each member of a group, the mandataire first; they add up to the décompte.
    """

    decompte: Decompte
    ecarts: tuple[Ecart, ...]
    general: DecompteGeneral | None
    etapes: tuple[Etape, ...]
    membres: tuple[DecompteMembre, ...] = ()


def decompte_de(
    piece: Piece, etat: Etat, annuaire: Annuaire, index: Index | None = None
) -> DecompteCalcule | DecompteServices | NonCalculable:
    """The décompte that this piece carries, from notification to it; for a group's services, each member's account.

    ``index``: values of the price indexes, beside those that the comments of the pieces give (``chiffres``); without
    them a revised market stops at its first project, and the reason says so.
    """
    marche = annuaire.marche(piece.marche)
    nature = fiche(piece.cadre).piece_api
    try:
        if marche is not None and decomptes_services.porte(piece, marche):
            return decomptes_services.decompte_services(piece, etat, marche, annuaire)
        if marche is None or nature not in (*MENSUELLES, *FINALES):
            raise Manque(f"La pièce {piece.id} ({piece.cadre}) n’est pas un décompte de travaux.")
        prix = prix_de(marche)
        if marche.groupement:
            return _du_groupement(piece, nature, prix, etat, marche, annuaire, index or {})
        dossier = dossier_de(piece, etat)
        ouvre = dossier[0]
        avant = admises(ouvre, etat, marche, annuaire, index or {})
        presentee = situation(ouvre, ouvre, avant, etat, marche, annuaire, index or {})
        admise = situation(ouvre, piece, avant, etat, marche, annuaire, index or {})
        return _calculer(nature, prix, (*avant, presentee), admise)
    except Manque as manque:
        return NonCalculable(str(manque))
    except ErreurFacturier as refus:
        return NonCalculable(refus.phrase)


def _calculer(nature: str, prix: MarchePrix, situations: tuple[Situation, ...], admise: Situation) -> DecompteCalcule:
    """The décompte of that nature; ``situations`` end with the one presented, ``admise`` is what is admitted of it."""
    final = nature in FINALES
    projet = (travaux.projet_decompte_final if final else travaux.projet_decompte_mensuel)(prix, situations)
    if nature in PROJETS:
        return DecompteCalcule(projet, (), None, projet.etapes)
    rectifier = travaux.decompte_final if final else travaux.etat_acompte
    sommes = SommesAdmises(admise.cumul_ht, admise.index, admise.jours_retard)
    rectifiee = rectifier(projet, sommes)
    if nature not in GENERALES:
        return DecompteCalcule(rectifiee.decompte, rectifiee.ecarts, None, rectifiee.etapes)
    general = travaux.decompte_general(rectifiee.decompte)
    return DecompteCalcule(rectifiee.decompte, rectifiee.ecarts, general, general.etapes)


def _du_groupement(
    piece: Piece, nature: str, prix: MarchePrix, etat: Etat, marche: Marche, annuaire: Annuaire, index: Index
) -> DecompteCalcule:
    """The market's décompte, then what comes to each member."""
    natures = FINALES if nature in FINALES else MENSUELLES
    presentee, admise = groupements.suites(piece, natures, etat, marche, annuaire, index)
    calcule = _calculer(nature, prix, presentee.situations, admise.situations[-1])
    suite = presentee if nature in PROJETS else admise
    membres = travaux.repartir(calcule.decompte, suite.membres)
    etapes = [*calcule.etapes, *suite.etapes]
    for membre in membres:
        etapes += membre.etapes
    etapes.append(travaux.somme_des_membres(membres))
    return DecompteCalcule(calcule.decompte, calcule.ecarts, calcule.general, tuple(etapes), membres)
