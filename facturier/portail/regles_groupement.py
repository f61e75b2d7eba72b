"""Rules of who is not the titulaire: the subcontractor paid directly, the co-contractor, and who validates for them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from facturier import identifiants, montants, referentiel
from facturier.annuaire.fiches import Marche, SousTraitant
from facturier.erreurs import ErreurFacturier
from facturier.portail import circuits
from facturier.portail import demande as lecture
from facturier.portail.depot import Depot, RegleDepot
from facturier.portail.pieces import Piece, fiche
from facturier.portail.regles_decompte import PROJET_FINAL

SEUIL = "paiement-direct-seuil"
PROJET_MENSUEL = "PROJET_DECOMPTE_MENSUEL"
JOINTE = "ASSOCIEE"
"""Status of a demand joined to another dossier, when no piece follows it."""

ZERO = Decimal("0.00")


def _marche_connu(depot: Depot) -> str | None:
    if not depot.cadre.partie or depot.marche is not None or depot.cadre.travaux:  # works: another rule says so
        return None
    return (
        f"Le cadre {depot.cadre.code} suppose un marché : indiquez son numéro, sa fiche d’identité dit si votre "
        "entreprise y est déclarée."
    )


def _sous_traitant_admis(depot: Depot) -> str | None:
    marche = depot.marche
    if marche is None or depot.cadre.partie != "sous_traitant":
        return None
    declare = marche.sous_traitant(depot.acteur.structure)
    if declare is None:
        return (
            f"Votre entreprise n’est pas un sous-traitant déclaré par {circuits.nom_fiche(marche)} : faites-vous "
            "accepter et agréer (DC4) avant de demander un paiement direct."
        )
    return non_admis(marche, declare, depot.au)


def non_admis(marche: Marche, declare: SousTraitant, au: date) -> str | None:
    """Why that declared subcontractor is not paid directly on that day, None when it is."""
    return _rang(marche, declare) or _agrement(declare, au) or _seuil(marche, declare, au)


def _rang(marche: Marche, declare: SousTraitant) -> str | None:
    if declare.donneur_ordre in ("", marche.titulaire, *marche.cotraitants):
        return None
    return "Le paiement direct est réservé au sous-traitant de premier rang : adressez-vous à votre donneur d’ordre."


def _agrement(declare: SousTraitant, au: date) -> str | None:
    if declare.agrement and date.fromisoformat(declare.agrement) <= au:
        return None
    return "L’acheteur ne vous a pas encore agréé (DC4) : le paiement direct ne vous est pas ouvert."


def _seuil(marche: Marche, declare: SousTraitant, au: date) -> str | None:
    seuil = referentiel.delai(SEUIL, au)
    contrat = montants.euros(declare.montant_ttc)
    if seuil.duree is None or contrat >= seuil.duree:
        return None
    return (
        f"Votre contrat de sous-traitance ({montants.format_euros(contrat)} TTC) n’atteint pas "
        f"{montants.format_euros(montants.arrondi(montants.euros(str(seuil.duree))))} TTC ({seuil.texte}) : "
        "c’est le titulaire qui vous paie."
    )


def _cotraitant_declare(depot: Depot) -> str | None:
    marche = depot.marche
    if marche is None or depot.cadre.partie != "cotraitant" or depot.acteur.structure in marche.cotraitants:
        return None
    return (
        f"Votre entreprise n’est pas un cotraitant que nomme {circuits.nom_fiche(marche)} : le cadre "
        f"{depot.cadre.code} est réservé aux membres du groupement."
    )


def _valideur_2(depot: Depot) -> str | None:
    saisi, marche = depot.texte("valideur_2_siret"), depot.marche
    if not depot.cadre.valideur_requis:
        return "Ce cadre n’a pas de second valideur : laissez ce champ vide." if saisi else None
    declare = marche.sous_traitant(depot.acteur.structure) if marche is not None else None
    deux = marche is not None and declare is not None and declare.donneur_ordre in marche.cotraitants
    if not saisi:
        if not deux or marche is None:
            return None
        return (
            f"D’après {circuits.nom_fiche(marche)}, vous travaillez pour un cotraitant : il valide le premier, et le "
            "mandataire ensuite ; indiquez le SIRET du mandataire comme second valideur."
        )
    if not deux:
        return "Vous ne travaillez pas pour un cotraitant : il n’y a pas de second valideur, laissez ce champ vide."
    return _siret_du_second(depot, saisi)


def _siret_du_second(depot: Depot, saisi: str) -> str | None:
    try:
        siret = identifiants.siret(saisi)
    except ErreurFacturier as refus:
        return f"Second valideur : {refus.phrase}"
    structure = depot.annuaire.structures.get(siret)
    if structure is None or not structure.active:
        return f"Aucune structure active ne porte le SIRET {siret} : vérifiez celui du second valideur."
    if siret in (depot.acteur.structure, lecture.siret(depot.demande, "valideur_siret")):
        return "Le second valideur est une autre entreprise que vous et que le premier."
    return None


def _projet_du_mandataire(depot: Depot) -> str | None:
    """The mandataire lets a demand through or refuses it: its own project cannot cut the demands joined to it."""
    marche, nature = depot.marche, depot.cadre.piece_api
    if marche is None or not marche.groupement or depot.cadre.partie or nature not in (PROJET_MENSUEL, PROJET_FINAL):
        return None
    ht, jour = lecture.montant(depot.demande, "montant_ht"), lecture.date_facture(depot.demande)
    if ht is None or jour is None:
        return None
    jointes = [p for p in depot.du_marche(nature) if fiche(p.cadre).partie == "cotraitant" and _jointe_ce_mois(p, jour)]
    total = sum((lecture.montant(p.valeurs, "montant_ht") or ZERO for p in jointes), ZERO)
    if ht >= total:
        return None
    return (
        f"Votre projet ({montants.format_euros(ht)} HT) n’atteint pas les demandes de vos cotraitants déjà jointes "
        f"({montants.format_euros(total)} HT) : le mandataire vise ou refuse une demande, il ne la corrige pas."
    )


def _jointe_ce_mois(piece: Piece, jour: date) -> bool:
    sien = lecture.date_facture(piece.valeurs)
    return (
        piece.statut == JOINTE
        and not piece.suivante
        and sien is not None
        and sien.replace(day=1) == jour.replace(day=1)
    )


REGLES_VALIDEUR_2 = (RegleDepot("valideur-2", _valideur_2, selon_cadre=True),)

REGLES_GROUPEMENT = (
    RegleDepot("marche-du-groupement", _marche_connu, selon_cadre=True),
    RegleDepot("sous-traitant-admis", _sous_traitant_admis, selon_cadre=True),
    RegleDepot("cotraitant-declare", _cotraitant_declare, selon_cadre=True),
    RegleDepot("projet-du-mandataire", _projet_du_mandataire, selon_cadre=True),
    *REGLES_VALIDEUR_2,
)
