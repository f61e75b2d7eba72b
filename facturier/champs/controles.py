"""Controls of a form, as sentences: what is wrong beside which field, and what still blocks the sending."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from facturier.champs.exigences import est_avoir, exige
from facturier.champs.fiches import Champ, Contexte, FormulaireDef, Valeurs
from facturier.champs.lecture import lire
from facturier.erreurs import ErreurFacturier
from facturier.montants import arrondi, format_euros

#: A control across fields: from the read values, (field id, sentence) or None.
Controle = Callable[[dict[str, Any], Valeurs, Contexte], tuple[str, str] | None]


def controler(definition: FormulaireDef, valeurs: Valeurs, contexte: Contexte | None = None) -> dict[str, str]:
    """What is wrong in what was typed, by field: an empty field is never wrong here (see :func:`manquants`)."""
    cadre = contexte or Contexte()
    erreurs: dict[str, str] = {}
    lues: dict[str, Any] = {}
    for champ in definition.champs:
        texte = valeurs.get(champ.id, "")
        if not texte.strip():
            continue
        try:
            lues[champ.id] = lire(champ, texte, cadre.au)
        except ErreurFacturier as refus:
            erreurs[champ.id] = refus.phrase
    for code in definition.controles:
        trouve = CONTROLES[code](lues, valeurs, cadre)
        if trouve is not None:
            erreurs.setdefault(*trouve)
    return erreurs


def manquants(definition: FormulaireDef, valeurs: Valeurs, contexte: Contexte | None = None) -> tuple[Champ, ...]:
    """The fields that are required, given the others, and empty."""
    cadre = contexte or Contexte()
    return tuple(c for c in definition.champs if not valeurs.get(c.id, "").strip() and exige(c, valeurs, cadre))


def bloquants(definition: FormulaireDef, valeurs: Valeurs, contexte: Contexte | None = None) -> list[str]:
    """What still blocks the sending, in the order of the form: one sentence per field, starting with its label."""
    erreurs = controler(definition, valeurs, contexte)
    vides = {champ.id for champ in manquants(definition, valeurs, contexte)}
    phrases: list[str] = []
    for champ in definition.champs:
        if champ.id in erreurs:
            phrases.append(f"{champ.libelle} : {erreurs[champ.id]}")
        elif champ.id in vides:
            phrases.append(f"{champ.libelle} : {champ.phrase_vide or 'Ce champ est obligatoire.'}")
    return phrases


def _destinataire_public(lues: dict[str, Any], _: Valeurs, contexte: Contexte) -> tuple[str, str] | None:
    if contexte.annuaire is None or "destinataire_siret" not in lues:
        return None
    try:
        structure = contexte.annuaire.structure(lues["destinataire_siret"])
    except ErreurFacturier as refus:
        return "destinataire_siret", refus.phrase
    if structure.publique:
        return None
    return "destinataire_siret", (
        f"« {structure.nom} » n’est pas une structure publique : indiquez le SIRET de l’acheteur public."
    )


def _service_connu(lues: dict[str, Any], _: Valeurs, contexte: Contexte) -> tuple[str, str] | None:
    if contexte.annuaire is None or not {"destinataire_siret", "code_service"} <= lues.keys():
        return None
    try:
        structure = contexte.annuaire.structure(lues["destinataire_siret"])
    except ErreurFacturier:
        return None
    if structure.service(lues["code_service"]) is not None:
        return None
    return "code_service", (
        f"« {structure.nom} » n’a pas de service actif « {lues['code_service']} » : cherchez son code dans l’annuaire."
    )


def _montants_positifs(lues: dict[str, Any], valeurs: Valeurs, contexte: Contexte) -> tuple[str, str] | None:
    if est_avoir(valeurs, contexte):
        return None
    for champ in ("montant_ht", "montant_tva", "montant_ttc"):
        if lues.get(champ, 0) < 0:
            return champ, "Un montant négatif n’est admis que sur un avoir."
    return None


def _mode_absent_sur_avoir(lues: dict[str, Any], valeurs: Valeurs, contexte: Contexte) -> tuple[str, str] | None:
    if "mode_paiement" in lues and est_avoir(valeurs, contexte):
        return "mode_paiement", "Un avoir ne porte pas de mode de paiement : laissez « — choisir — »."
    return None


def _tva_calculee(lues: dict[str, Any], _: Valeurs, __: Contexte) -> tuple[str, str] | None:
    if not {"montant_ht", "taux_tva", "montant_tva"} <= lues.keys():
        return None
    attendue = arrondi(lues["montant_ht"] * Decimal(lues["taux_tva"]) / 100)
    if attendue == lues["montant_tva"]:
        return None
    return "montant_tva", (
        "Ce montant n’est pas le montant HT multiplié par le taux choisi, arrondi au centime : refaites le calcul."
    )


def _ttc_calcule(lues: dict[str, Any], _: Valeurs, __: Contexte) -> tuple[str, str] | None:
    if not {"montant_ht", "montant_tva", "montant_ttc"} <= lues.keys():
        return None
    if lues["montant_ht"] + lues["montant_tva"] == lues["montant_ttc"]:
        return None
    return "montant_ttc", (
        f"HT ({format_euros(lues['montant_ht'])}) et TVA ({format_euros(lues['montant_tva'])}) "
        f"ne font pas {format_euros(lues['montant_ttc'])} : vérifiez les trois montants."
    )


CONTROLES: dict[str, Controle] = {
    "montants_positifs": _montants_positifs,
    "destinataire_public": _destinataire_public,
    "service_connu": _service_connu,
    "mode_absent_sur_avoir": _mode_absent_sur_avoir,
    "tva_calculee": _tva_calculee,
    "ttc_calcule": _ttc_calcule,
}
