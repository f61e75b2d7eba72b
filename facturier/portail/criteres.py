"""Named criteria of an exercise: what was really done, asked of the state that a replayed journal gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from facturier.portail import criteres_comptes, lecture_controlee
from facturier.portail import provenance as origine
from facturier.portail.demande import MONTANTS, montant, texte
from facturier.portail.echeances import reponses_de
from facturier.portail.etat import Etat
from facturier.portail.pieces import DEPOSEE, Piece, fiche


@dataclass(frozen=True)
class CritereEtat:
    """One criterion: a stable name, what it says in French, and a predicate that only looks at the state."""

    nom: str
    libelle: str
    rempli: Callable[[Etat], bool]


def _piece(predicat: Callable[[Piece], bool]) -> Callable[[Etat], bool]:
    return lambda etat: any(predicat(piece) for piece in etat.pieces.values())


def _geste(action: str) -> Callable[[Etat], bool]:
    return _piece(lambda piece: any(passage.action == action for passage in piece.historique))


def _statut(statut: str) -> Callable[[Etat], bool]:
    return _piece(lambda piece: piece.date_du(statut) is not None)


def _par(*modes: str) -> Callable[[Piece], bool]:
    """Pieces that have left their author, by one of these ways."""
    return lambda piece: piece.provenance.mode in modes and piece.date_du(DEPOSEE) is not None


def _travaux_complets(piece: Piece) -> bool:
    """The last link of a works dossier: a piece that answers another one and goes to who pays."""
    cadre = fiche(piece.cadre) if piece.precedente else None
    return cadre is not None and cadre.travaux and cadre.destinataire == "destinataire"


def _delais_tenus(etat: Etat) -> bool:
    """At least one answer was due within a delay, and each that was given, or whose silence was noted, was in time."""
    attendues = [e for piece in etat.pieces.values() for e in reponses_de(piece, etat.bascules)]
    tenues = [e.fait is not None and e.issue(e.fait) == "tenue" for e in attendues if e.fait is not None or e.silence]
    return bool(tenues) and all(tenues)


def _sommes_corrigees(etat: Etat) -> bool:
    """A piece admits other amounts than the one that it answers, and says why."""
    return any(
        any(montant(piece.valeurs, c) != montant(etat.pieces[piece.precedente].valeurs, c) for c in MONTANTS)
        for piece in etat.pieces.values()
        if piece.precedente and texte(piece.valeurs, "commentaire")
    )


CRITERES: Mapping[str, CritereEtat] = {
    critere.nom: critere
    for critere in (
        CritereEtat("facture_deposee", "Une pièce a été déposée", _statut(DEPOSEE)),
        CritereEtat("facture_recyclee", "Une pièce a été recyclée sous le même numéro", _geste("recycler")),
        CritereEtat("facture_completee", "Une pièce suspendue a été complétée", _geste("completer")),
        CritereEtat("valideur_corrige", "Un mauvais valideur a été corrigé", _geste("corriger_valideur")),
        CritereEtat("validation_donnee", "Un valideur a donné son accord", _geste("valider")),
        CritereEtat("silence_constate", "Le silence d’un valideur a été constaté", _geste("constater_silence")),
        CritereEtat("rejet_traite", "Un rejet a été traité", _geste("traiter_rejet")),
        CritereEtat("paiement_obtenu", "Une pièce a été mise en paiement", _statut("MISE_EN_PAIEMENT")),
        CritereEtat(
            "dossier_travaux_complet", "Un dossier de travaux est allé jusqu’au payeur", _piece(_travaux_complets)
        ),
        CritereEtat("delais_tenus", "Chaque réponse attendue dans un délai est venue à temps", _delais_tenus),
        CritereEtat("sommes_corrigees", "Des sommes admises ont été corrigées, avec leur raison", _sommes_corrigees),
        CritereEtat("pdf_lu", "Un PDF lu par la machine a été envoyé", _piece(_par(origine.PDF))),
        CritereEtat(
            "lecture_corrigee",
            "Toutes les fautes de lecture d’un PDF du kit ont été corrigées avant l’envoi",
            _piece(lecture_controlee.corrigee),
        ),
        CritereEtat(
            "fichier_depose",
            "Une facture structurée (UBL, CII ou Factur-X) a été déposée",
            _piece(_par(origine.XML, origine.MIXTE, origine.LOT, *origine.PLATEFORMES)),
        ),
        CritereEtat("lot_depose", "Un lot de factures a été déposé", lambda etat: bool(etat.flux)),
        CritereEtat(
            "plateforme_utilisee",
            "Une facture est passée par une plateforme agréée",
            _piece(_par(*origine.PLATEFORMES)),
        ),
        CritereEtat(
            "compte_active", "Un compte a été activé", lambda etat: any(c.actif for c in etat.comptes.values())
        ),
        CritereEtat(
            "structure_rattachee",
            "Un compte actif est rattaché à une structure",
            lambda etat: any(c.actif and c.rattachements for c in etat.comptes.values()),
        ),
        *(CritereEtat(*critere) for critere in criteres_comptes.CRITERES),
    )
}
"""By name. A new module of acts adds its own here."""


def evaluer(etat: Etat) -> dict[str, bool]:
    """Every criterion, on that state."""
    return {nom: critere.rempli(etat) for nom, critere in CRITERES.items()}
