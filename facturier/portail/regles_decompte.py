"""Rules of the end of a works market: one final project, one décompte général, its signature, and a silent MOA.

A piece is told by its nature (column ``piece_api``), a step by its phase: no code of cadre is named here.
"""

from __future__ import annotations

from datetime import date, timedelta

from facturier import referentiel
from facturier.portail import circuits
from facturier.portail import demande as lecture
from facturier.portail.depot import Depot, RegleDepot
from facturier.portail.pieces import Piece

PROJET_FINAL = "PROJET_DECOMPTE_FINAL"
DECOMPTE_GENERAL = "DECOMPTE_GENERAL"
DECOMPTE_SIGNE = "DECOMPTE_GENERAL_SIGNE"
PROJET_TACITE = "PROJET_DECOMPTE_GENERAL_PROCEDURE_TACITE"
DEFINITIFS = ("DECOMPTE_GENERAL_DEFINITIF_TACITE", "DECOMPTE_GENERAL_DEFINITIF_PROCEDURE_TACITE")
"""What ends the tacit procedure without another signature."""

CLOTURES = (DECOMPTE_GENERAL, *DEFINITIFS)
"""What closes the accounts of a market: there is one."""

SANS_EFFET = ("REFUSEE_MOE", "REFUSEE_MOA", "REFUSEE_FOURNISSEUR", "REFUSEE_1", "REJETEE", "ABANDONNEE", "SUPPRIMEE")
"""Statuses of a piece that no longer counts in its market."""

ARRIVEES = ("MISE_A_DISPOSITION_MOE", "MISE_A_DISPOSITION_MOA", "A_ASSOCIER_MOA", "A_ASSOCIER_FOURNISSEUR")

DELAI_DECOMPTE = "moa-decompte-general"
DELAI_TACITE = "moa-procedure-tacite"
DELAI_TITULAIRE = "titulaire-decompte-general"


def vivantes(depot: Depot, *natures: str) -> list[Piece]:
    """The pieces of these natures that still count in the market."""
    return [p for p in depot.du_marche(*natures) if p.statut not in SANS_EFFET]


def recue(piece: Piece) -> date | None:
    """The day its addressee received it, None before."""
    dates = [quand for statut in ARRIVEES if (quand := piece.date_du(statut))]
    return min(dates).date() if dates else None


def terme(debut: date, delai: str, au: date) -> date:
    """The last day of that delay, counted in whole days from ``debut``."""
    return debut + timedelta(days=referentiel.delai(delai, au).duree or 0)


def _jour(jour: date) -> str:
    return f"{jour:%d/%m/%Y}"


def _un_seul_projet(depot: Depot) -> str | None:
    if depot.cadre.piece_api != PROJET_FINAL or depot.cadre.partie or depot.precedente is not None:
        return None
    if depot.marche is not None and depot.marche.numero in depot.offices:
        return "Le décompte final est établi d’office : vous n’avez pas remis votre projet après la mise en demeure."
    deja = [p for p in vivantes(depot, PROJET_FINAL) if not referentiel.cadre(p.cadre).partie]
    if not deja:
        return None
    return f"Le projet de décompte final est unique et vous lie : la pièce {deja[0].id} est déjà déposée."


def _un_seul_decompte(depot: Depot) -> str | None:
    if depot.cadre.piece_api not in CLOTURES or depot.remplace:
        return None
    deja = vivantes(depot, *CLOTURES)
    if not deja:
        return None
    return f"Un marché n’a qu’un décompte général : la pièce {deja[0].id} ({deja[0].cadre}) l’a déjà établi."


def _un_seul_office(depot: Depot) -> str | None:
    if not depot.d_office or not (deja := vivantes(depot, depot.cadre.piece_api)):
        return None
    return f"Le décompte établi d’office est déjà déposé : c’est la pièce {deja[0].id}."


def _signature(depot: Depot) -> str | None:
    nature, signature = depot.cadre.piece_api, depot.texte("signature")
    if nature in (DECOMPTE_GENERAL, PROJET_TACITE):
        if signature == "signe":
            return None
        return f"La pièce {depot.cadre.code} est un document signé : indiquez sa signature (« signe »)."
    if nature != DECOMPTE_SIGNE:
        return None
    if signature not in ("sans_reserve", "avec_reserves"):
        return "Le décompte général revient signé : dites s’il l’est « sans_reserve » ou « avec_reserves »."
    if signature == "sans_reserve":
        return None
    if not depot.texte("memoire"):
        return "Des réserves s’accompagnent d’un mémoire en réclamation : donnez le nom de ce fichier."
    if depot.precedente is not None and depot.au > terme(depot.precedente.depuis.date(), DELAI_TITULAIRE, depot.au):
        return (
            "Le délai de réponse au décompte général est écoulé : votre silence l’a fait accepter, "
            "il se signe désormais sans réserve."
        )
    return None


def _procedure_tacite(depot: Depot) -> str | None:
    if depot.cadre.piece_api != PROJET_TACITE:
        return None
    if deja := depot.du_marche(*CLOTURES) + vivantes(depot, PROJET_TACITE):  # even refused, a décompte général bars it
        piece = deja[0]
        return f"La pièce {piece.id} ({piece.cadre}) est déjà déposée : la procédure tacite n’est pas ouverte."
    recues = [jour for p in vivantes(depot, PROJET_FINAL) if (jour := recue(p)) is not None]
    if not recues:
        return (
            "La procédure tacite suppose un projet de décompte final reçu dans Chorus Pro : déposez-le d’abord, et "
            "laissez courir le délai de la maîtrise d’ouvrage."
        )
    limite = terme(min(recues), DELAI_DECOMPTE, depot.au)
    if depot.au <= limite:
        return (
            f"C’est trop tôt : la maîtrise d’ouvrage peut notifier le décompte général jusqu’au {_jour(limite)} inclus "
            f"({referentiel.delai(DELAI_DECOMPTE, depot.au).texte})."
        )
    return None


def _decompte_tacite(depot: Depot) -> str | None:
    """A DGD that rests on the MOA's silence: opening step of the tacit procedure, sent to who pays."""
    etape = depot.etape
    if etape is None or etape.phase != circuits.TACITE or etape.apres or etape.adresse_a != "payeur" or depot.remplace:
        return None
    projets = [p for p in vivantes(depot, PROJET_TACITE) if not p.suivante]
    jour = recue(projets[0]) if projets else None
    if jour is None:
        return (
            f"La pièce {depot.cadre.code} suppose un projet de décompte général de la procédure tacite, resté sans "
            "réponse de la maîtrise d’ouvrage."
        )
    limite = terme(jour, DELAI_TACITE, depot.au)
    if depot.au <= limite:
        return (
            f"C’est trop tôt : la maîtrise d’ouvrage peut répondre jusqu’au {_jour(limite)} inclus "
            f"({referentiel.delai(DELAI_TACITE, depot.au).texte})."
        )
    return None


def _reponse_tardive(depot: Depot) -> str | None:
    precedente = depot.precedente
    if precedente is None or depot.remplace:
        return None
    jour = recue(precedente)
    if referentiel.cadre(precedente.cadre).piece_api != PROJET_TACITE or jour is None:
        return None
    limite = terme(jour, DELAI_TACITE, depot.au)
    if depot.au <= limite:
        return None
    return (
        f"Le délai de réponse est écoulé depuis le {_jour(limite)} : le silence de la maîtrise d’ouvrage a donné un "
        "décompte général et définitif tacite."
    )


def _signature_inutile(depot: Depot) -> str | None:
    saisie = depot.texte("signature")
    if saisie and saisie not in lecture.SIGNATURES:
        return f"Signature inconnue : choisissez parmi {', '.join(lecture.SIGNATURES)}."
    return None


REGLES_DECOMPTE = (
    RegleDepot("un-seul-projet-final", _un_seul_projet, selon_cadre=True),
    RegleDepot("un-seul-decompte-general", _un_seul_decompte, selon_cadre=True),
    RegleDepot("un-seul-decompte-d-office", _un_seul_office, selon_cadre=True),
    RegleDepot("signature", _signature, selon_cadre=True),
    RegleDepot("signature-connue", _signature_inutile),
    RegleDepot("procedure-tacite", _procedure_tacite, selon_cadre=True),
    RegleDepot("decompte-tacite", _decompte_tacite, selon_cadre=True),
    RegleDepot("reponse-tardive", _reponse_tardive, selon_cadre=True),
)
