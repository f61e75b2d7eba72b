"""What a simulated partner writes with its gesture: the next piece of the dossier, a correction, a missing file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from facturier import montants, referentiel
from facturier.annuaire import Marche
from facturier.montants import format_euros, format_taux
from facturier.portail import circuits
from facturier.portail import demande as lecture
from facturier.portail.anomalies import aiguillage, aiguillage_attendu, taux_lu, tva, valideur_attendu
from facturier.portail.caracteres import MILLE, MONTANTS, Profil
from facturier.portail.circonstances import Situation
from facturier.portail.pieces import fiche
from facturier.portail.regles_decompte import DECOMPTE_GENERAL, DECOMPTE_SIGNE, PROJET_TACITE
from facturier.referentiel.lignes import Circuit, Transition

Champs = dict[str, str]
SIGNATURES = {DECOMPTE_GENERAL: "signe", PROJET_TACITE: "signe", DECOMPTE_SIGNE: "sans_reserve"}
JUSTIFICATIF, OCTETS = "justificatif", "184320"
CHAMPS_VALIDEUR = {"valideur_1": "valideur_siret", "valideur_2": "valideur_2_siret"}
PRESENTE = "fournisseur"
"""Who presents amounts; what answers it admits them, corrected or not."""


def champs(situation: Situation, profil: Profil, transition: Transition, jour: date) -> Champs | None:
    """The fields of that gesture made on that day, None when the partner has nothing to put in them."""
    remplir = REMPLIR.get(transition.action)
    return {} if remplir is None else remplir(situation, profil, transition, jour)


def _suivante(situation: Situation, profil: Profil, transition: Transition, jour: date) -> Champs | None:
    piece, marche = situation.piece, situation.marche
    if marche is None or piece.suivante:
        return None
    if transition.vers == transition.de:  # it stays rejected or refused: the one that replaces it
        return _refaite(situation, marche, jour)
    etape = _etape(situation, marche, jour)
    if etape is None:
        return None
    cadre = etape.cadres[0]
    sommes, raisons = _sommes(situation, profil, marche)
    return {
        "cadre": cadre,
        "type_facture": lecture.texte(piece.valeurs, "type_facture"),
        "numero_facture": f"{cadre}-{piece.id}",
        "date_facture": f"{jour:%d/%m/%Y}",
        "numero_marche": piece.marche,
        **aiguillage(marche, etape.adresse_a),
        **({"copie_siret": marche.partie(etape.copie_a)} if etape.copie_a else {}),
        **signature(cadre),
        **sommes,
        "commentaire": " ".join(raisons),
    }


def _etape(situation: Situation, marche: Marche, jour: date) -> Circuit | None:
    """The step of the card by which this role answers that piece."""
    role, structure = situation.acteur.role, situation.acteur.structure
    for etape in circuits.etapes(marche, jour):
        sienne = structure in marche.membres(etape.depose_par) and situation.piece.cadre in etape.apres
        if sienne and referentiel.cadre(etape.cadres[0]).deposant == role:
            return etape
    return None


def signature(cadre: str) -> Champs:
    """How a simulated party signs a piece of that cadre, if it is a signed one."""
    signe = SIGNATURES.get(referentiel.cadre(cadre).piece_api, "")
    return {"signature": signe} if signe else {}


def _refaite(situation: Situation, marche: Marche, jour: date) -> Champs:
    piece = situation.piece
    valeurs = {champ: valeur for champ, valeur in piece.valeurs.items() if champ in lecture.CHAMPS_PIECE}
    ht, taux = lecture.montant(valeurs, "montant_ht"), taux_lu(valeurs)
    sommes = sommes_ecrites(ht, tva(ht, taux), valeurs) if ht is not None and taux is not None else {}
    return {
        **valeurs,
        **aiguillage_attendu(piece, marche),
        **sommes,
        "numero_facture": f"{piece.cadre}-{piece.id}-BIS",
        "date_facture": f"{jour:%d/%m/%Y}",
        "commentaire": f"Remplace la pièce {piece.id}, rejetée.",
    }


def _sommes(situation: Situation, profil: Profil, marche: Marche) -> tuple[Champs, list[str]]:
    """The amounts of the next piece, and why they differ from those presented, if they do."""
    valeurs = situation.piece.valeurs
    presentes = {c: lecture.texte(valeurs, c) for c in ("montant_ht", "taux_tva", "montant_tva", "montant_ttc")}
    ht, taux = lecture.montant(valeurs, "montant_ht"), taux_lu(valeurs)
    if ht is None or ht <= 0 or fiche(situation.piece.cadre).deposant != PRESENTE:
        return presentes, []
    raisons: list[str] = []
    if MONTANTS in profil.controles:
        ht, taux = _d_apres_la_fiche(marche, ht, taux, raisons)
    if situation.sort("métré", profil.corrections):
        pour_mille = situation.tirage("abattement", *profil.abattement)
        admis = montants.arrondi(ht * (MILLE - pour_mille) / MILLE)
        raisons.append(f"Après métré contradictoire, {format_euros(admis)} HT admis pour {format_euros(ht)} présentés.")
        ht = admis
    presentee = lecture.montant(valeurs, "montant_tva")
    due = presentee if taux is None else tva(ht, taux)
    if MONTANTS in profil.controles and due != presentee and not raisons:
        raisons.append("TVA recalculée d’après le taux.")
    if due is None or not raisons:
        return presentes, []
    ecrites = sommes_ecrites(ht, due, {"taux_tva": presentes["taux_tva"] if taux is None else _texte(taux)})
    return ecrites, raisons


def _d_apres_la_fiche(
    marche: Marche, ht: Decimal, taux: Decimal | None, raisons: list[str]
) -> tuple[Decimal, Decimal | None]:
    prevu = taux_lu({"taux_tva": marche.taux_tva})
    if prevu is not None and prevu != taux:
        raisons.append(f"Le taux du marché est de {format_taux(prevu)}.")
        taux = prevu
    plafond = montants.euros(marche.montant_ht) if marche.montant_ht else None
    if plafond is not None and ht > plafond:
        raisons.append(f"Le montant HT du marché est de {format_euros(plafond)} : rien n’est admis au-delà.")
        ht = plafond
    return ht, taux


def sommes_ecrites(ht: Decimal, due: Decimal, valeurs: Mapping[str, str]) -> Champs:
    """Amounts as a demand writes them, at the rate that ``valeurs`` says."""
    return {
        "montant_ht": _texte(ht),
        "taux_tva": lecture.texte(valeurs, "taux_tva"),
        "montant_tva": _texte(due),
        "montant_ttc": _texte(ht + due),
    }


def _texte(valeur: Decimal) -> str:
    """As a demand writes a number: « 1234,56 »."""
    return f"{valeur:f}".replace(".", ",")


def _recycler(situation: Situation, profil: Profil, transition: Transition, jour: date) -> Champs | None:
    piece, marche = situation.piece, situation.marche
    if marche is None:
        return None
    attendus = aiguillage_attendu(piece, marche)
    if all(lecture.texte(piece.valeurs, champ) == valeur for champ, valeur in attendus.items()):
        return None
    return {**attendus, "commentaire": "Adresse corrigée d’après la fiche du marché."}


def _completer(situation: Situation, profil: Profil, transition: Transition, jour: date) -> Champs | None:
    deja = {jointe.nom for jointe in situation.piece.pieces_jointes}
    suites = (f"{JUSTIFICATIF}-{rang}.pdf" for rang in range(2, len(deja) + 2))
    nom = next(n for n in (f"{JUSTIFICATIF}.pdf", *suites) if n not in deja)  # it may be asked for again
    return {"piece_jointe": nom, "piece_jointe_octets": OCTETS, "commentaire": "Voici la pièce demandée."}


def _corriger_valideur(situation: Situation, profil: Profil, transition: Transition, jour: date) -> Champs | None:
    piece, marche = situation.piece, situation.marche
    role = "valideur_2" if transition.garde == "nouveau_valideur_2" else "valideur_1"
    attendu = valideur_attendu(piece, marche, role) if marche is not None else ""
    if not attendu or attendu == piece.structure_du(role):
        return None
    return {CHAMPS_VALIDEUR[role]: attendu, "commentaire": "Valideur corrigé d’après la fiche du marché."}


Reponse = Callable[[Situation, Profil, Transition, date], Champs | None]
REMPLIR: Mapping[str, Reponse] = {
    "deposer_suivante": _suivante,
    "recycler": _recycler,
    "completer": _completer,
    "corriger_valideur": _corriger_valideur,
}
"""By gesture; the others carry nothing."""
