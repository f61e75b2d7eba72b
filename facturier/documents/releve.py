"""What is downloaded of a piece beside its certificate: the piece itself, and the décompte that it carries, explained.

Both are made from what a counter answers, wherever its portal is: they say no more than its screens.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from facturier import referentiel
from facturier.champs import DEPOT_FACTURE
from facturier.delais import Etape
from facturier.erreurs import ErreurFacturier
from facturier.impression import imprimable, imprimer
from facturier.montants import format_euros
from facturier.portail.consultation import pas_a_vous
from facturier.portail.decomptes_services import DecompteServices
from facturier.portail.echeances import NonCalculable
from facturier.portail.evenements import Acteur
from facturier.portail.guichet import Guichet
from facturier.portail.histoire import Ligne
from facturier.portail.pieces import Piece
from facturier.portail.refus import RefusPortail
from facturier.portail.remontee import piece_vue
from facturier.travaux import LigneDecompte

_MODELE = Path(__file__).parent / "modeles" / "releve.typ"
_AUTRES = {
    "valideur_2_siret": "SIRET du second valideur",
    "copie_siret": "Copie remise à (SIRET)",
    "signature": "Signature",
    "memoire": "Mémoire en réclamation",
}
_SIGNES = {"plus": "+", "moins": "−", "total": "="}


def piece_en_pdf(guichet: Guichet, acteur: Acteur, numero: str) -> bytes:
    """That piece, as this actor sees it at that counter: what it holds, then its story.

    Raises:
        RefusPortail: no such piece, or it is not theirs to look at.
    """
    piece, histoire = _vue(guichet, acteur, numero), guichet.histoire(acteur, numero)
    noms = guichet.annuaire.structures
    libelles = {champ.id: champ.libelle for champ in DEPOT_FACTURE.champs} | _AUTRES
    paires = [[libelles[champ], texte] for champ, texte in piece.valeurs.items() if texte and champ in libelles]
    cadre = referentiel.cadre(piece.cadre)
    resume = [
        ["Cadre de facturation", f"{cadre.code} : {cadre.libelle}"],
        ["Statut", f"{referentiel.statut(piece.statut).libelle}, depuis le {piece.depuis:%d/%m/%Y}"],
        *(
            [nom, noms[s].nom]
            for nom, s in (("Déposée par", piece.deposant), ("Adressée à", piece.destinataire))
            if s in noms
        ),
        *(["Pièce jointe", jointe.nom] for jointe in piece.pieces_jointes),
    ]
    donnees = {
        "genre": "pièce",
        "titre": f"Pièce {piece.id}",
        "objet": f"{cadre.code} n° {piece.numero}" if piece.numero else cadre.libelle,
        "fiches": [{"titre": "La pièce", "paires": resume}, {"titre": "Ce qu’elle porte", "paires": paires}],
        "tableaux": [_histoire(histoire)] if histoire else [],
    }
    return _imprimer(donnees, piece)


def decompte_en_pdf(guichet: Guichet, acteur: Acteur, numero: str) -> bytes:
    """The décompte that this piece carries: its lines, each member's, then the steps with their sources.

    Raises:
        RefusPortail: no such piece, or it is not theirs to look at.
        ErreurFacturier: it carries none (« sans-decompte »), the sentence says why.
    """
    piece, calcule = _vue(guichet, acteur, numero), guichet.calculs(acteur, numero).decompte
    if isinstance(calcule, NonCalculable):
        raise ErreurFacturier(f"Pas de décompte à télécharger : {calcule.raison}", code="sans-decompte")
    services = isinstance(calcule, DecompteServices)
    lignes = calcule.lignes if isinstance(calcule, DecompteServices) else calcule.decompte.lignes
    a_payer = calcule.a_payer if isinstance(calcule, DecompteServices) else calcule.decompte.a_payer
    donnees = {
        "genre": "décompte",
        "titre": f"Décompte de la pièce {piece.id}",
        "objet": f"Marché {piece.marche}, {piece.cadre} n° {piece.numero}. À payer : {format_euros(a_payer)}.",
        "fiches": [],
        "tableaux": [
            _lignes("Le marché" if services else "Depuis la notification", lignes),
            *(_lignes(membre.nom, membre.lignes) for membre in calcule.membres),
            _etapes(calcule.etapes),
        ],
    }
    return _imprimer(donnees, piece)


def _vue(guichet: Guichet, acteur: Acteur, numero: str) -> Piece:
    piece = piece_vue(guichet.piece(numero), guichet.annuaire, acteur)
    if not guichet.telechargements(acteur, numero):
        raise RefusPortail((pas_a_vous(piece.id),), ("droits",), code="droits")
    return piece


def _histoire(lignes: Sequence[Ligne]) -> dict[str, Any]:
    rangees = [[f"{li.quand:%d/%m/%Y %H:%M}", li.qui, li.quoi, li.statut] for li in lignes]
    return _tableau("Son histoire", ("Date", "Qui", "Geste", "Statut"), rangees, (3, 5, 5, 4))


def _lignes(titre: str, lignes: Sequence[LigneDecompte]) -> dict[str, Any]:
    rangees = [
        [f"{_SIGNES[li.sens]} {li.libelle}", *(format_euros(m) for m in (li.cumul, li.anterieur, li.mois))]
        for li in lignes
    ]
    return _tableau(titre, ("Ligne", "Cumul", "Avant", "Cette pièce"), rangees, (6, 3, 3, 3), (1, 2, 3))


def _etapes(etapes: Sequence[Etape]) -> dict[str, Any]:
    rangees = [
        [e.libelle, e.formule, e.valeur, f"{e.source} ({e.fiabilite}{f' : {e.precision}' if e.precision else ''})"]
        for e in etapes
    ]
    colonnes = ("Étape", "Calcul", "Résultat", "Source et fiabilité")
    return _tableau("Le calcul, étape par étape", colonnes, rangees, (4, 4, 3, 5))


def _tableau(
    titre: str,
    colonnes: Sequence[str],
    rangees: Sequence[Sequence[str]],
    largeurs: Sequence[int],
    droite: Sequence[int] = (),
) -> dict[str, Any]:
    return {
        "titre": titre,
        "colonnes": list(colonnes),
        "rangees": [list(rangee) for rangee in rangees],
        "largeurs": list(largeurs),
        "droite": list(droite),
    }


def _imprimer(donnees: dict[str, Any], piece: Piece) -> bytes:
    propre = imprimable(donnees)
    if not isinstance(propre, dict):
        raise TypeError("donnees")
    return imprimer(_MODELE, propre, piece.depuis.date())
