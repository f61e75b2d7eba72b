"""Rules of a deposit: each is one record; all are asked, and every broken one is reported."""

from __future__ import annotations

import re

from facturier import identifiants, montants, referentiel
from facturier.erreurs import ErreurFacturier
from facturier.portail import demande as lecture
from facturier.portail.depot import Depot, RegleDepot
from facturier.portail.regles_aiguillage import REGLES_AIGUILLAGE
from facturier.portail.regles_circuit import REGLES_CIRCUIT
from facturier.portail.regles_decompte import REGLES_DECOMPTE
from facturier.portail.regles_groupement import REGLES_GROUPEMENT

_NUMERO = re.compile(r"[A-Za-z0-9\-+_/]+(?: [A-Za-z0-9\-+_/]+)*")


def _deposant_connu(depot: Depot) -> str | None:
    structure = depot.annuaire.structures.get(depot.acteur.structure)
    if structure is None or not structure.active:
        return (
            f"Votre structure ({depot.acteur.structure}) n’est pas active dans l’annuaire : elle ne peut rien déposer."
        )
    return None


def _numero_forme(depot: Depot) -> str | None:
    numero = depot.demande.get("numero_facture", "")
    if not numero.strip():
        return "Indiquez le numéro de la facture."
    if not _NUMERO.fullmatch(numero):
        return (
            "Le numéro de facture n’admet que des lettres sans accent, des chiffres, l’espace, le tiret, le plus, le "
            "soulignement et la barre oblique, sans espace au bord ni espace double."
        )
    return None


def _numero_longueur(depot: Depot) -> str | None:
    longueur, limite = len(depot.texte("numero_facture")), referentiel.limite("numero_facture_b2g", depot.au)
    if longueur > limite.valeur:
        return f"Le numéro de facture compte {longueur} caractères : Chorus Pro en accepte {limite.valeur} au plus."
    return None


def _numero_unique(depot: Depot) -> str | None:
    cle = lecture.cle_unicite(depot.acteur.structure, depot.demande)
    if cle is None or cle not in depot.prises:
        return None
    numero = lecture.court(depot.texte("numero_facture"))
    return (
        f"Votre entreprise a déjà déposé une facture n° « {numero} » en {cle[2]} : le numéro est unique par SIREN "
        "et par année, même après un rejet ; donnez un nouveau numéro."
    )


def _date(depot: Depot) -> str | None:
    if lecture.date_facture(depot.demande) is None:
        return "La date de la facture est absente ou illisible : écrivez-la JJ/MM/AAAA."
    return None


def _type_facture(depot: Depot) -> str | None:
    return "Choisissez un type de facture de la liste." if depot.type_facture is None else None


def _valideur(depot: Depot) -> str | None:
    if not depot.cadre.valideur_requis:
        return None
    saisi, qui = depot.texte("valideur_siret"), depot.cadre.valideur_libelle
    if not saisi:
        return f"Le cadre {depot.cadre.code} exige un valideur ({qui}) : indiquez son SIRET."
    try:
        siret = identifiants.siret(saisi)
    except ErreurFacturier as refus:
        return f"Valideur : {refus.phrase}"
    structure = depot.annuaire.structures.get(siret)
    if structure is None or not structure.active:
        return f"Aucune structure active ne porte le SIRET {siret} dans l’annuaire : vérifiez celui du valideur."
    if siret == depot.acteur.structure:
        return (
            f"Vous ne pouvez pas être votre propre valideur : le cadre {depot.cadre.code} passe par un autre ({qui})."
        )
    return None


def _mode_paiement(depot: Depot) -> str | None:
    code, genre = depot.texte("mode_paiement"), depot.type_facture
    avoir = genre is not None and genre.famille == "avoir"
    if not code:
        return None if depot.cadre.travaux or avoir else "Choisissez un mode de paiement."
    modes = [m for m in referentiel.modes_paiement(depot.au) if m.code == code]
    if not modes:
        return f"Le mode de paiement « {lecture.court(code)} » n’est pas dans la liste."
    if any(m.iban_requis for m in modes) and not depot.texte("iban"):
        return "Ce mode de paiement demande un IBAN : indiquez celui du compte à créditer."
    return None


def _iban(depot: Depot) -> str | None:
    if not depot.texte("iban"):
        return None
    try:
        identifiants.iban(depot.texte("iban"))
    except ErreurFacturier as refus:
        return refus.phrase
    return None


def _montants_lisibles(depot: Depot) -> str | None:
    noms = {"montant_ht": "HT", "montant_tva": "de la TVA", "montant_ttc": "TTC"}
    fautifs = [nom for champ, nom in noms.items() if lecture.montant(depot.demande, champ) is None]
    if fautifs:
        return f"Montant absent ou illisible ({', '.join(fautifs)}) : écrivez-le comme 1 234,56."
    return None


def _taux_lisible(depot: Depot) -> str | None:
    saisi = depot.texte("taux_tva")
    taux = montants.lire_decimal(saisi.replace(",", "."))
    if not saisi or (taux is not None and 0 <= taux <= 100):
        return None
    return f"Le taux de TVA « {lecture.court(saisi)} » n’est pas un pourcentage : écrivez-le comme 20 ou 5,5."


def _total(depot: Depot) -> str | None:
    ht, tva, ttc = (lecture.montant(depot.demande, champ) for champ in lecture.MONTANTS)
    if ht is None or tva is None or ttc is None or ht + tva == ttc:
        return None
    return (
        f"Le total est faux : {montants.format_euros(ht)} HT + {montants.format_euros(tva)} de TVA = "
        f"{montants.format_euros(ht + tva)}, et non {montants.format_euros(ttc)}."
    )


REGLES_BROUILLON = (RegleDepot("deposant-connu", _deposant_connu),)
"""A draft may be as incomplete as its author likes."""

REGLES_VALIDEUR = (RegleDepot("valideur", _valideur, selon_cadre=True),)

REGLES = (
    *REGLES_BROUILLON,
    *REGLES_AIGUILLAGE,
    RegleDepot("numero-forme", _numero_forme),
    RegleDepot("numero-longueur", _numero_longueur),
    RegleDepot("numero-unique", _numero_unique),
    RegleDepot("date", _date),
    RegleDepot("type-facture", _type_facture),
    *REGLES_VALIDEUR,
    RegleDepot("mode-paiement", _mode_paiement, selon_cadre=True),
    RegleDepot("iban", _iban),
    RegleDepot("montants-lisibles", _montants_lisibles),
    RegleDepot("taux-lisible", _taux_lisible),
    RegleDepot("total", _total),
    *REGLES_CIRCUIT,
    *REGLES_GROUPEMENT,
    *REGLES_DECOMPTE,
)
