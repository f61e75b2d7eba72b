"""Requests for help: opened from the decision tree, answered, asked again, closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from facturier.portail import demande as lecture
from facturier.portail.actes import Acte, Contexte, Manquement
from facturier.portail.assistance import arbre
from facturier.portail.controles_compte import courriel_complet
from facturier.portail.etat import Etat
from facturier.portail.evenements import ANIMATEUR, SIMULE, SYSTEME, Acteur, Evenement, lire_moment
from facturier.portail.personnes import Echange, Sollicitation

OUVRIR = "ouvrir_sollicitation"
REPONDRE = "repondre_sollicitation"
RELANCER = "relancer_sollicitation"
CLORE = "clore_sollicitation"
ESPACE = "sollicitations"
SUPPORT = "support"
SERVICE_METIER = "service_metier"
AUTEUR = "auteur"
OUVERTES_MAX = 9999
SUJET_MAX = 100
ECHANGES_MAX = 100

EN_COURS = "EN_COURS"
ACTION_REQUISE = "ACTION_REQUISE"
CLOTUREE = "CLOTUREE"
LIBELLES: Mapping[str, str] = {EN_COURS: "En cours", ACTION_REQUISE: "Action requise", CLOTUREE: "Clôturée"}
"""The tabs of the portal's requests."""


def est_auteur(sollicitation: Sollicitation, acteur: Acteur) -> bool:
    """Whether that is who opened the request (the same account or participant, else the same structure)."""
    if sollicitation.auteur != acteur.par:
        return False
    return bool(acteur.par) or sollicitation.structure == acteur.structure


def vient_de_l_auteur(sollicitation: Sollicitation, evenement: Evenement) -> bool:
    """Whether what that event wrote in the request was written by its author."""
    return any(e.rang == evenement["n"] and e.de == AUTEUR for e in sollicitation.echanges)


def repond_pour(sollicitation: Sollicitation, acteur: Acteur) -> bool:
    """Whether that actor answers on the addressee's side: the public client's people, the trainer, or the portal."""
    if acteur.par == ANIMATEUR or (acteur.role == SYSTEME and acteur.par == SIMULE):
        return True
    return (
        sollicitation.destinataire == SERVICE_METIER
        and acteur.role == "destinataire"
        and acteur.structure == sollicitation.client
    )


# --- controls ------------------------------------------------------------------------------------------


def _ouvrir(contexte: Contexte) -> list[Manquement]:
    assistance = arbre()
    refus: list[Manquement] = []
    if contexte.texte("question") not in assistance.feuilles:
        refus.append(
            ("question", "Suivez d’abord l’arbre d’assistance jusqu’à une réponse : la vôtre y est peut-être.")
        )
    destinataire = assistance.destinataires.get(contexte.texte("destinataire"))
    if destinataire is None or not destinataire.ticket:
        admis = " ; ".join(f"{d.libelle} ({d.code})" for d in assistance.destinataires.values() if d.ticket)
        refus.append(("destinataire", f"Choisissez à qui va cette sollicitation : {admis}."))
    if not 1 <= len(contexte.texte("sujet")) <= SUJET_MAX:
        refus.append(("sujet", f"Donnez un objet à votre sollicitation ({SUJET_MAX} caractères au plus)."))
    if not contexte.texte("texte"):
        refus.append(("texte", "Décrivez votre difficulté : ce que vous faisiez, ce que vous avez vu."))
    refus += _client(contexte) + _piece(contexte)
    courriel = contexte.texte("courriel")
    anonyme = not contexte.acteur.par and not contexte.acteur.structure
    if (courriel or anonyme) and not courriel_complet(courriel):
        refus.append(("courriel", "Indiquez le courriel où la réponse vous parviendra (nom@exemple.fr)."))
    if len(contexte.etat.sollicitations) >= OUVERTES_MAX:
        refus.append(("trop-de-sollicitations", "Ce portail de formation ne prend plus de sollicitation."))
    return refus


def _client(contexte: Contexte) -> list[Manquement]:
    siret = contexte.texte("client")
    if contexte.texte("destinataire") != SERVICE_METIER:
        return [("client", "Le support ne demande pas de client : laissez ce champ vide.")] if siret else []
    structure = contexte.annuaire.structures.get(lecture.siret(contexte.donnees, "client"))
    if structure is None or not structure.publique:
        return [("client", "Indiquez le SIRET du client public à qui vous écrivez : cherchez-le dans l’annuaire.")]
    return []


def _piece(contexte: Contexte) -> list[Manquement]:
    numero = contexte.texte("piece")
    if not numero:
        return []
    piece = contexte.etat.pieces.get(numero)
    siret = contexte.acteur.structure
    if piece is not None and siret and siret in (piece.deposant, piece.destinataire, piece.valideur):
        return []
    return [("piece", f"La pièce « {lecture.court(numero)} » n’est pas de votre structure : vérifiez son numéro.")]


def _vise(contexte: Contexte) -> tuple[Sollicitation | None, list[Manquement]]:
    sollicitation = contexte.etat.sollicitations.get(contexte.objet)
    if sollicitation is None:
        return None, [("objet", "Ce geste vise une sollicitation : donnez son numéro, comme T0001.")]
    acteur = contexte.acteur
    if not est_auteur(sollicitation, acteur) and not repond_pour(sollicitation, acteur):
        phrase = f"La sollicitation {sollicitation.id} n’est ni la vôtre, ni adressée à votre structure."
        return None, [("auteur", phrase)]
    if sollicitation.statut == CLOTUREE:
        return None, [("cloturee", f"La sollicitation {sollicitation.id} est clôturée : ouvrez-en une autre.")]
    if len(sollicitation.echanges) >= ECHANGES_MAX:
        return None, [
            ("trop-d-echanges", "Cette sollicitation est trop longue : clôturez-la, puis ouvrez-en une autre.")
        ]
    return sollicitation, []


def _repondre(contexte: Contexte) -> list[Manquement]:
    _, refus = _vise(contexte)
    if not contexte.texte("texte"):
        refus.append(("texte", "Écrivez votre réponse."))
    return refus


def _relancer(contexte: Contexte) -> list[Manquement]:
    sollicitation, refus = _vise(contexte)
    if sollicitation is None:
        return refus
    if not est_auteur(sollicitation, contexte.acteur):
        return [("auteur", "On relance sa propre sollicitation : répondez à celle-ci.")]
    if sollicitation.statut != EN_COURS:
        return [("action-requise", "Vous avez une réponse : lisez-la, puis répondez ou clôturez.")]
    if sollicitation.echanges[-1].quand.date() == contexte.quand.date():
        return [("trop-tot", "Vous avez écrit aujourd’hui : laissez au moins passer la journée avant de relancer.")]
    return []


def _clore(contexte: Contexte) -> list[Manquement]:
    return _vise(contexte)[1]


# --- what each act changes -------------------------------------------------------------------------------


def _ouverte(etat: Etat, evenement: Evenement) -> Etat:
    donnees = {champ: valeur.strip() for champ, valeur in evenement["donnees"].items()}
    quand = lire_moment(evenement["quand"])
    feuille = arbre().feuilles[donnees["question"]]
    destinataire = donnees["destinataire"]
    return _avec(
        etat,
        Sollicitation(
            id=evenement["objet"],
            auteur=evenement["par"],
            structure=evenement["structure"],
            sujet=donnees["sujet"],
            statut="EN_COURS",
            destinataire=destinataire,
            client=lecture.siret(donnees, "client"),
            question=feuille.id,
            piece=donnees.get("piece", ""),
            courriel=donnees.get("courriel", ""),
            bien_adressee=destinataire == feuille.destination,
            attend=quand,
            echanges=(Echange(evenement["n"], quand, AUTEUR, donnees["texte"]),),
        ),
    )


def _avec(etat: Etat, sollicitation: Sollicitation) -> Etat:
    return replace(etat, sollicitations={**etat.sollicitations, sollicitation.id: sollicitation})


def _echangee(etat: Etat, evenement: Evenement) -> Etat:
    """An answer hands the request to the other side."""
    sollicitation = etat.sollicitations[evenement["objet"]]
    quand = lire_moment(evenement["quand"])
    acteur = Acteur(evenement["role"], evenement["structure"], evenement["par"])
    auteur = est_auteur(sollicitation, acteur) and not _des_deux_cotes(sollicitation, acteur)
    echange = Echange(
        evenement["n"], quand, AUTEUR if auteur else sollicitation.destinataire, evenement["donnees"]["texte"].strip()
    )
    return _avec(
        etat,
        replace(
            sollicitation,
            statut="EN_COURS" if auteur else "ACTION_REQUISE",
            attend=quand if auteur else None,
            echanges=(*sollicitation.echanges, echange),
        ),
    )


def _des_deux_cotes(sollicitation: Sollicitation, acteur: Acteur) -> bool:
    """Whoever plays both sides (alone, or the trainer) answers for the one whose turn it is."""
    return repond_pour(sollicitation, acteur) and sollicitation.statut == EN_COURS


def _relancee(etat: Etat, evenement: Evenement) -> Etat:
    sollicitation = etat.sollicitations[evenement["objet"]]
    echange = Echange(
        evenement["n"], lire_moment(evenement["quand"]), AUTEUR, evenement["donnees"].get("texte", "").strip()
    )
    relances = sollicitation.relances + 1
    return _avec(etat, replace(sollicitation, relances=relances, echanges=(*sollicitation.echanges, echange)))


def _close(etat: Etat, evenement: Evenement) -> Etat:
    sollicitation = etat.sollicitations[evenement["objet"]]
    return _avec(etat, replace(sollicitation, statut="CLOTUREE", attend=None))


CHAMPS = ("question", "destinataire", "client", "piece", "sujet", "texte", "courriel")

ACTES: Mapping[str, Acte] = {
    acte.code: acte
    for acte in (
        Acte(
            OUVRIR,
            "Ouvrir une sollicitation",
            (),
            CHAMPS,
            _ouvrir,
            _ouverte,
            cree="T",
            espace=ESPACE,
            sans_compte=True,
        ),
        Acte(REPONDRE, "Répondre à une sollicitation", (), ("texte",), _repondre, _echangee, espace=ESPACE),
        Acte(RELANCER, "Relancer une sollicitation", (), ("texte",), _relancer, _relancee, espace=ESPACE),
        Acte(CLORE, "Clôturer une sollicitation", (), (), _clore, _close, espace=ESPACE),
    )
}
