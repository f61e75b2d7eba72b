"""The judge of one question: which answer, how many points, what to say of it. Blank is not wrong."""

from __future__ import annotations

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

from facturier.evaluation.items import A_SAISIR, LIEN, PAR_LIGNES, Item
from facturier.evaluation.lecture_toml import CENTIEME
from facturier.evaluation.reponses import Valeur
from facturier.evaluation.valeurs import lire_jour, retour_piege, vaut, vaut_jour
from facturier.evaluation.verdicts import NON_REPONDU, CritereJuge, StatutCritere

_ZERO = Decimal(0)


def juger_item(item: Item, valeur: Valeur, sur: Decimal, remarques: list[str]) -> CritereJuge:
    """The verdict on one question worth ``sur`` points; what cannot come from its form is told in ``remarques``."""
    coches = [valeur] if isinstance(valeur, str) else list(valeur)
    if not any(c.strip() for c in coches):
        return _juge(item, sur, _ZERO, "non_repondu", NON_REPONDU)
    if item.genre in A_SAISIR:
        return _saisi(item, valeur, sur, remarques)
    if item.genre in PAR_LIGNES:
        return _par_lignes(item, valeur, sur, remarques)
    return _choisi(item, valeur, coches, sur, remarques)


def _juge(item: Item, sur: Decimal, points: Decimal, statut: StatutCritere, message: str) -> CritereJuge:
    return CritereJuge(item.id, item.question, item.objectif, points, sur, statut, message)


def _saisi(item: Item, valeur: Valeur, sur: Decimal, remarques: list[str]) -> CritereJuge:
    if isinstance(valeur, list):
        remarques.append(f"Réponse d’une forme inattendue à la question « {item.id} ».")
        return _juge(item, sur, _ZERO, "faux", item.retour_faux)
    if item.genre == "date":
        juste = vaut_jour(valeur, item.attendu)
        piege = next((p.retour for p in item.pieges if vaut_jour(valeur, p.valeur)), "")
        if not juste and not piege and lire_jour(valeur) is None:
            piege = f"Cette date ne se lit pas : écrivez-la comme 24/11/2026. {item.retour_faux}"
    else:
        juste = vaut(valeur, item.attendu, item.tolerance, item.unite)
        piege = retour_piege(item.pieges, valeur, item.unite)
    if juste:
        return _juge(item, sur, sur, "juste", item.retour_juste)
    return _juge(item, sur, _ZERO, "faux", piege or item.retour_faux)


def _choisi(item: Item, valeur: Valeur, coches: list[str], sur: Decimal, remarques: list[str]) -> CritereJuge:
    par_id = {c.id: c for c in item.choix}
    if any(c not in par_id for c in coches) or (item.genre != "multiple") != isinstance(valeur, str):
        remarques.append(f"Choix hors liste à la question « {item.id} ».")
        return _juge(item, sur, _ZERO, "faux", "Ce choix ne figure pas dans la liste proposée.")
    cochees = [c for c in item.choix if c.id in coches]
    if item.genre != "multiple":
        choix = cochees[0]
        return _juge(item, sur, sur if choix.juste else _ZERO, "juste" if choix.juste else "faux", choix.retour)
    points = _points_multiple(item, {c.id for c in cochees}, sur)
    statut: StatutCritere = "juste" if points == sur else "partiel" if points else "faux"
    oublis = sum(c.juste for c in item.choix) - sum(c.juste for c in cochees)
    retours = [c.retour for c in cochees]
    if oublis:
        retours.append("Il manque une réponse juste." if oublis == 1 else f"Il manque {oublis} réponses justes.")
    return _juge(item, sur, points, statut, " ".join(retours))


def _points_multiple(item: Item, cochees: set[str], sur: Decimal) -> Decimal:
    """Share of the right answers ticked, minus as much for each wrong one, never below zero."""
    justes = {c.id for c in item.choix if c.juste}
    net = max(len(cochees & justes) - len(cochees - justes), 0)
    return (sur * net / len(justes)).quantize(CENTIEME, ROUND_HALF_UP)


def _par_lignes(item: Item, valeur: Valeur, sur: Decimal, remarques: list[str]) -> CritereJuge:
    """A share for each line in its place or with its match; a rank given twice counts for nobody."""
    lignes = {ligne.id: ligne for ligne in item.lignes}
    paires = [str(morceau).partition(LIEN) for morceau in valeur] if isinstance(valeur, list) else []
    donnees = {ligne: cible for ligne, lien, cible in paires if lien}
    connues = {cible.id for cible in item.cibles}
    if (
        len(donnees) < len(paires)
        or not set(donnees) <= set(lignes)
        or not set(donnees.values()) <= connues
        or not paires
    ):
        remarques.append(f"Choix hors liste à la question « {item.id} ».")
        return _juge(item, sur, _ZERO, "faux", "Ce choix ne figure pas dans la liste proposée.")
    prises = Counter(donnees.values()) if item.genre == "ordre" else Counter[str]()
    doubles = {cible for cible, combien in prises.items() if combien > 1}
    justes = {cle for cle, cible in donnees.items() if lignes[cle].cible == cible and cible not in doubles}
    points = (sur * len(justes) / len(lignes)).quantize(CENTIEME, ROUND_HALF_UP)
    if len(justes) == len(lignes):
        return _juge(item, sur, sur, "juste", item.retour_juste)
    retours = [f"« {ligne.texte} » : {ligne.retour}" for cle, ligne in lignes.items() if cle in donnees.keys() - justes]
    if doubles:
        retours.insert(0, "Un même rang est donné à deux lignes.")
    oublis = len(lignes) - len(donnees)
    if oublis:
        retours.append("Une ligne est restée vide." if oublis == 1 else f"{oublis} lignes sont restées vides.")
    return _juge(item, sur, points, "partiel" if points else "faux", " ".join(retours))
