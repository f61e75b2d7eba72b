"""What waits for this seat: subcontractors’ and members’ demands to accept or refuse, pieces to take on, to pay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from facturier import referentiel
from facturier.champs import Valeurs
from facturier.delais.etapes import en_date
from facturier.ecrans import dessins, gestes, regard, suites
from facturier.ecrans.blocs import (
    Bloc,
    Bouton,
    Boutons,
    Cellule,
    Cible,
    Definitions,
    Dessin,
    Lien,
    Liens,
    Message,
    Paragraphe,
    Repli,
    Section,
    Tableau,
)
from facturier.ecrans.chantier_vue import decompte_dessine
from facturier.ecrans.ecran import Ecran, Suite
from facturier.ecrans.fiche import etiquette
from facturier.ecrans.sieges import nom_structure
from facturier.portail import demande as lecture
from facturier.portail.decomptes import DecompteCalcule
from facturier.portail.echeances import EcheancePiece, reponses_de
from facturier.portail.pieces import Piece
from facturier.portail.pliage import SUIVANTE
from facturier.portail.refus import RefusPortail
from facturier.referentiel.lignes import Transition

if TYPE_CHECKING:
    from facturier.ecrans.poste import Poste

_CITE_MAX = 30
_CONFIRMER = ("abandonner", "signaler_erreur_valideur")


# what is shown


def _composer(poste: Poste, objet: str) -> Sequence[Bloc]:
    return _une(poste, regard.piece(poste, objet)) if objet else _liste(poste)


def _liste(poste: Poste) -> Sequence[Bloc]:
    attentes = poste.guichet.tableau(poste.acteur).attentes
    rangees = [_rangee(poste, a.piece, a.gestes) for a in attentes]
    colonnes = ("Pièce", "Déposée par", "Montant TTC", "Statut", "À répondre avant", "Votre réponse")
    blocs: list[Bloc] = [
        Paragraphe("Ouvrez une pièce pour la lire ; un geste simple se fait d’ici, en un clic."),
        Tableau("Ce qui attend votre réponse", colonnes, rangees, vide="Rien n’attend de réponse à cette place."),
    ]
    autres = _ailleurs(poste)
    if autres:
        blocs.append(
            Section("Vos autres places", [Paragraphe("On y attend aussi une réponse de vous."), Liens(autres)])
        )
    return blocs


def _rangee(poste: Poste, piece: Piece, gestes: Sequence[Transition]) -> Sequence[Cellule]:
    ttc = lecture.montant(piece.valeurs, "montant_ttc")
    nom = f"{piece.id} — {piece.cadre} n° {piece.numero}"
    return (
        Lien(nom, Cible("valider", piece.id)),
        nom_structure(poste, piece.deposant),
        ttc if ttc is not None else "",
        etiquette(piece.statut),
        _avant(piece, poste),
        _reponse(poste, piece, gestes),
    )


def _reponse(poste: Poste, piece: Piece, gestes: Sequence[Transition]) -> Cellule:
    action = suites.ordinaire(piece, poste.acteur.role, gestes)
    if action == SUIVANTE:
        return Lien("Déposer la pièce suivante", Cible("travaux_suivante", piece.id), f"après la pièce {piece.id}")
    geste = next((t for t in suites.simples(gestes) if t.action == action), None)
    if geste is None:
        return Lien("Voir ce qui est possible", Cible("fiche", piece.id), f"pour la pièce {piece.id}")
    return _bouton(geste, piece, genre="principal")


def _bouton(geste: Transition, piece: Piece, *, genre: str) -> Bouton:
    valeurs = {"piece": piece.id, "action": geste.action, "vue": str(len(piece.historique))}
    confirmer = f"« {geste.libelle} » la pièce {piece.id} ?" if geste.action in _CONFIRMER else ""
    principal = genre == "principal"
    return Bouton(
        "geste",
        geste.libelle,
        "principal" if principal else "second",
        valeurs,
        f"de la pièce {piece.id}",
        confirmer,
    )


def _avant(piece: Piece, poste: Poste) -> Cellule:
    limites = [e.echeance.limite for e in _delais(piece) if e.role == poste.acteur.role and e.fait is None]
    dates = [limite for limite in limites if limite is not None]
    return min(dates) if dates else "sans délai fixé"


def _delais(piece: Piece) -> list[EcheancePiece]:
    return list(reponses_de(piece))


def _ailleurs(poste: Poste) -> list[Lien]:
    actuel = poste.siege
    trouves = []
    for siege in poste.sieges:
        if actuel is None or siege.cle == actuel.cle:
            continue
        pieces = [
            p for p in regard.pieces(poste) if suites.ordinaire(p, siege.acteur.role, suites.gestes_de(poste, p, siege))
        ]
        if pieces:
            combien = "1 pièce" if len(pieces) == 1 else f"{len(pieces)} pièces"
            trouves.append(Lien(f"{siege.libelle} ({combien})", Cible("valider", "", siege.cle)))
    return trouves


def _une(poste: Poste, piece: Piece) -> Sequence[Bloc]:
    cadre = referentiel.cadre(piece.cadre)
    ht, ttc = (lecture.montant(piece.valeurs, c) for c in ("montant_ht", "montant_ttc"))
    paires: list[tuple[str, Cellule]] = [
        ("Pièce", f"{cadre.code} — {cadre.libelle}, n° {piece.numero}"),
        ("Déposée par", nom_structure(poste, piece.deposant)),
        ("Marché", Lien(piece.marche, Cible("marche", piece.marche)) if piece.marche else "sans marché"),
        ("Montant HT", ht if ht is not None else "illisible"),
        ("Montant TTC", ttc if ttc is not None else "illisible"),
        ("Statut", etiquette(piece.statut)),
    ]
    if commentaire := lecture.texte(piece.valeurs, "commentaire"):
        paires.append(("Commentaire du déposant", commentaire))
    if dit := _dernier_mot(poste, piece):
        paires.append(("Ce qui vous est écrit", dit))
    blocs: list[Bloc] = [Definitions(f"Pièce {piece.id}", paires)]
    blocs += _delai_dit(poste, piece)
    blocs += _reponses(poste, piece, poste.guichet.gestes(poste.acteur, piece.id))
    frises = [dessins.frise(f) for f in poste.guichet.frises(poste.acteur, piece.id)]
    if frises:
        blocs.append(Section("Les délais", [Dessin(svg, texte) for svg, texte in frises]))
    blocs += _decompte(poste, piece)
    blocs.append(Liens([Lien(f"Tout savoir de la pièce {piece.id}", Cible("fiche", piece.id)), _retour()]))
    return blocs


def _dernier_mot(poste: Poste, piece: Piece) -> str:
    """The reason and the comment that came with the present status."""
    histoire = poste.guichet.histoire(poste.acteur, piece.id)
    return " ; ".join(filter(None, (histoire[-1].motif, histoire[-1].commentaire))) if histoire else ""


def _retour() -> Lien:
    return Lien("Ce qui vous attend", Cible("valider"))


def _delai_dit(poste: Poste, piece: Piece) -> list[Bloc]:
    """What happens when this seat stays silent, with the text that says it."""
    au = poste.guichet.maintenant.date()
    dits = []
    for attendue in _delais(piece):
        limite = attendue.echeance.limite
        if attendue.role != poste.acteur.role or attendue.fait is not None or limite is None or attendue.silence:
            continue
        ligne = referentiel.delai(attendue.echeance.code, attendue.echeance.depart)
        effet = f" Passé ce jour : {ligne.effet}." if ligne.effet else ""
        doute = "" if ligne.fiabilite == "établi" else f" (fait « {ligne.fiabilite} »)"
        dits.append(f"{ligne.objet} : jusqu’au {en_date(limite)} inclus.{effet} Source : {ligne.source}{doute}.")
    ton = "alerte" if any(e.issue(au) == "dépassée" for e in _delais(piece)) else "info"
    return [Message("alerte" if ton == "alerte" else "info", phrase) for phrase in dits]


def _reponses(poste: Poste, piece: Piece, possibles: Sequence[Transition]) -> list[Bloc]:
    if not possibles:
        return [Message("info", "Cette pièce n’attend rien de vous à cette place : vous pouvez la lire.")]
    ordinaire = suites.ordinaire(piece, poste.acteur.role, possibles)
    boutons = [
        _bouton(t, piece, genre="principal" if t.action == ordinaire else "second") for t in suites.simples(possibles)
    ]
    blocs: list[Bloc] = []
    if any(t.action == SUIVANTE for t in possibles):
        blocs.append(Liens([Lien("Déposer la pièce suivante", Cible("travaux_suivante", piece.id))]))
    if boutons:
        boutons.sort(key=lambda b: b.genre != "principal")
        blocs.append(Boutons(boutons))
    directs = {t.action for t in suites.simples(possibles)} | {SUIVANTE}
    autres = {t.action: t for t in possibles if t.action not in directs}
    if autres:
        blocs.append(
            Liens(
                [
                    Lien(t.libelle, Cible("geste", gestes.objet_du_geste(piece.id, t.action)), f"la pièce {piece.id}")
                    for t in autres.values()
                ]
            )
        )
    return blocs


def _decompte(poste: Poste, piece: Piece) -> list[Bloc]:
    if not referentiel.cadre(piece.cadre).travaux:
        return []
    calcule = poste.guichet.calculs(poste.acteur, piece.id).decompte
    if not isinstance(calcule, DecompteCalcule):
        return []
    return [Repli("Le décompte que porte cette pièce", list(decompte_dessine(calcule)))]


# gestures


def _visee(objet: str, valeurs: Valeurs) -> str:
    return objet or valeurs.get("piece", "")


def _geste(poste: Poste, objet: str, valeurs: Valeurs) -> Suite:
    piece = regard.piece(poste, _visee(objet, valeurs))
    action = valeurs.get("action", "")
    geste = next((t for t in suites.simples(poste.guichet.gestes(poste.acteur, piece.id)) if t.action == action), None)
    if geste is None:
        phrase = f"La pièce {piece.id} n’attend pas, ou plus, ce geste de vous : relisez-la."
        raise RefusPortail((phrase,), ("geste",))
    poste.guichet.faire(poste.acteur, geste.action, piece.id, version=suites.version(valeurs))
    return suites.apres(poste, piece.id, f"« {geste.libelle} » : c’est fait pour la pièce {piece.id}.")


def _titre(poste: Poste, objet: str) -> str:
    return f"Répondre à la pièce {objet[:_CITE_MAX]}" if objet else "À valider et à traiter"


ECRANS: tuple[Ecran, ...] = (
    Ecran(
        id="valider",
        titre="À valider et à traiter",
        composer=_composer,
        gestes={"geste": _geste},
        rubrique="Validation",
        titre_objet=_titre,
    ),
)
