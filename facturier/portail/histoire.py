"""The story of a piece: who did what and when, in words; its timeline; what can be downloaded of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from facturier import cycle, delais, referentiel
from facturier.annuaire import Annuaire
from facturier.delais import Frise
from facturier.portail.decomptes import decompte_de
from facturier.portail.echeances import NonCalculable, echeances_de
from facturier.portail.evenements import ANIMATEUR, SIMULE, SYSTEME, Acteur, Evenement, lire_moment
from facturier.portail.pieces import DEPOSEE, Passage
from facturier.portail.pliage import DEPOSER, PRECEDENTE, SUIVANTE
from facturier.portail.portail import Portail
from facturier.portail.remontee import etat_vu
from facturier.portail.suivi import voit
from facturier.referentiel import CREATION

Genre = Literal["certificat", "piece", "jointe", "decompte"]
CORRECTIONS = ("recycler", "corriger_valideur")
CORRIGES = {
    "destinataire_siret": "destinataire",
    "code_service": "code service",
    "numero_engagement": "engagement",
    "valideur_siret": "valideur",
    "valideur_2_siret": "second valideur",
}


@dataclass(frozen=True)
class Ligne:
    """One line of the story, all in French words. ``par``: who really acted (« » for an exercise of one's own)."""

    quand: datetime
    qui: str
    quoi: str
    statut: str
    par: str
    motif: str = ""
    commentaire: str = ""
    details: tuple[str, ...] = ()


def histoire(portail: Portail, acteur: Acteur, piece: str) -> tuple[Ligne, ...]:
    """The whole story of that piece, oldest first; () for who may not look at it (RefusPortail: there is none)."""
    visee = portail.piece(piece)
    if not voit(portail, acteur, visee):
        return ()
    vue = etat_vu(portail.etat, portail.annuaire, acteur).pieces[piece]
    lignes, attendus, avant = [], list(vue.historique), ""
    for evenement in portail.journal:
        if piece not in (evenement["objet"], evenement["donnees"].get(PRECEDENTE)):
            continue
        if not attendus or attendus[0].action != evenement["action"]:
            continue  # an act on the piece that is no step of its life
        passage = attendus.pop(0)
        lignes.append(
            Ligne(
                quand=lire_moment(evenement["quand"]),
                qui=_qui(evenement, portail.annuaire),
                quoi=_quoi(evenement, piece, visee.cadre, avant, passage, portail.etat.bascules),
                statut=referentiel.statut(passage.statut).libelle,
                par=evenement["par"],
                motif=_motif(passage.motif),
                commentaire=passage.commentaire,
                details=_details(evenement),
            )
        )
        avant = passage.statut
    return tuple(lignes)


def _qui(evenement: Evenement, annuaire: Annuaire) -> str:
    role = referentiel.role(evenement["role"]).libelle
    if evenement["role"] == SYSTEME:
        return role
    structure = annuaire.structures.get(evenement["structure"])
    qui = f"{role}, {structure.nom if structure is not None else evenement['structure']}"
    precisions = {SIMULE: " (partenaire simulé)", ANIMATEUR: " (joué par l’animateur)", "": ""}
    return qui + precisions.get(evenement["par"], f" ({evenement['par']})")


def _quoi(evenement: Evenement, piece: str, cadre: str, avant: str, passage: Passage, bascules: cycle.Bascules) -> str:
    action = evenement["action"]
    if action == SUIVANTE:
        if evenement["objet"] == piece:
            return f"Déposer cette pièce, à la suite de la pièce {evenement['donnees'][PRECEDENTE]}"
        return f"Déposer la pièce suivante, {evenement['objet']}"
    if action == DEPOSER:
        return "Déposer la pièce"
    siennes = [t for t in cycle.transitions_du_cadre(cadre, passage.quand.date(), bascules) if t.action == action]
    exactes = [t for t in siennes if (t.de, t.vers, t.role) == (avant or CREATION, passage.statut, passage.role)]
    return next((t.libelle for t in (*exactes, *siennes)), action)


def _motif(code: str) -> str:
    """The wording of Chorus Pro for that reason, else of the standard."""
    motifs = sorted(referentiel.motifs(), key=lambda m: m.referentiel != "chorus-pro")
    return next((m.libelle for m in motifs if m.code == code), code)


def _details(evenement: Evenement) -> tuple[str, ...]:
    """The fields that a correction changed, and the file that was joined."""
    donnees = evenement["donnees"]
    dits = []
    if evenement["action"] in CORRECTIONS:
        dits = [f"{nom} : {donnees[champ]}" for champ, nom in CORRIGES.items() if champ in donnees]
    if donnees.get("piece_jointe"):
        dits.append(f"pièce jointe : {donnees['piece_jointe']}")
    return tuple(dits)


def frises(portail: Portail, acteur: Acteur, piece: str) -> tuple[Frise, ...]:
    """One timeline for each deadline of that piece, with what happened to it; () for who may not look at it."""
    visee = portail.piece(piece)
    if not voit(portail, acteur, visee):
        return ()
    etat = etat_vu(portail.etat, portail.annuaire, acteur)
    visee = etat.pieces[piece]
    faits = [(p.quand.date(), referentiel.statut(p.statut).libelle) for p in visee.historique]
    au = portail.maintenant.date()
    return tuple(
        delais.frise(attendue.echeance, attendue.fait, faits, fini=True)
        if attendue.fait is not None and attendue.fait <= au
        else delais.frise(attendue.echeance, au, faits)
        for attendue in echeances_de(visee, etat, portail.annuaire)
    )


@dataclass(frozen=True)
class Telechargement:
    """A file that the portal can give: its kind, its name, what it is in French."""

    genre: Genre
    nom: str
    libelle: str


def telechargements(portail: Portail, acteur: Acteur, piece: str) -> tuple[Telechargement, ...]:
    """What can be downloaded of that piece; () for who may not look at it."""
    visee = portail.piece(piece)
    if not voit(portail, acteur, visee):
        return ()
    fichiers = [Telechargement("piece", f"{visee.id}.pdf", f"{visee.cadre} n° {visee.numero}")]
    if visee.date_du(DEPOSEE) is not None:
        fichiers.append(Telechargement("certificat", f"certificat-{visee.id}.pdf", "Certificat de dépôt"))
    if not isinstance(decompte_de(visee, portail.etat, portail.annuaire), NonCalculable):
        fichiers.append(Telechargement("decompte", f"decompte-{visee.id}.pdf", "Décompte expliqué"))
    fichiers += [Telechargement("jointe", jointe.nom, "Pièce jointe") for jointe in visee.pieces_jointes]
    return tuple(fichiers)
