"""Drawn questions on deadlines and on what lateness costs; every answer comes from ``facturier.delais``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from facturier import referentiel
from facturier.delais import Suspension, delai_de_paiement, echeance, interets_moratoires
from facturier.erreurs import ErreurFacturier
from facturier.evaluation.calculs import (
    Calcul,
    Donnees,
    choisir,
    entier,
    jour,
    somme,
    un_jour_ouvre,
    un_montant,
)
from facturier.montants import arrondi, format_euros, format_taux
from facturier.referentiel import faits

_ETAT = ("commune", "département", "service de l’État", "établissement public local d’enseignement")
_DITS = {
    "commune": "une commune",
    "département": "un département",
    "service de l’État": "un service de l’État",
    "établissement public local d’enseignement": "un collège public",
    "établissement public de santé": "un hôpital public",
}
_HOPITAL = "établissement public de santé"
_DEBUT = date(2026, 1, 12)
_AN = 330


def _limite(categorie: str, reception: date) -> date:
    fin = delai_de_paiement(categorie, reception).limite
    if fin is None:
        raise ErreurFacturier("Ce délai n’a pas de fin.", code="tirage-impossible")
    return fin


def _du_code(code: str, depart: date) -> date:
    fin = echeance(code, depart).limite
    if fin is None:
        raise ErreurFacturier("Ce délai n’a pas de fin.", code="tirage-impossible")
    return fin


def _paiement(categorie: str, autre: str, hasard: Random) -> Donnees:
    reception = un_jour_ouvre(hasard, _DEBUT, _AN, lambda j: _limite(categorie, j))
    emission = reception - timedelta(days=4 + hasard.randrange(6))
    return jour(
        _limite(categorie, reception),
        {"emission": _limite(categorie, emission), "autre": _limite(autre, reception)},
        acheteur=_DITS[categorie],
        emission=faits.jour(emission),
        reception=faits.jour(reception),
    )


def echeance_paiement(hasard: Random, au: date) -> Donnees:
    """Last day to pay, from the reception by the buyer; mistakes: from the invoice's date, a hospital's delay."""
    return _paiement(choisir(hasard, *_ETAT), _HOPITAL, hasard)


def echeance_hopital(hasard: Random, au: date) -> Donnees:
    """Last day for a public hospital to pay; mistakes: from the invoice's date, everybody else's delay."""
    return _paiement(_HOPITAL, "commune", hasard)


def echeance_moe(hasard: Random, au: date) -> Donnees:
    """Last day to pay a demand received by the maîtrise d'œuvre; mistake: from its état d'acompte."""
    recue = un_jour_ouvre(hasard, _DEBUT, _AN, lambda j: _limite("commune", j))
    acompte = _du_code("moe-etat-acompte", recue)
    return jour(
        _limite("commune", recue),
        {"acompte": _limite("commune", acompte)},
        reception=faits.jour(recue),
        acompte=faits.jour(acompte),
    )


def jours_de_retard(hasard: Random, au: date) -> Donnees:
    """Days late; mistakes: counted from the reception, one day too many."""
    categorie = choisir(hasard, *_ETAT)
    reception = un_jour_ouvre(hasard, _DEBUT, 240, lambda j: _limite(categorie, j))
    fin = _limite(categorie, reception)
    retard = 6 + hasard.randrange(30)
    paiement = fin + timedelta(days=retard)
    return entier(
        interets_moratoires(Decimal(1000), Decimal(0), fin, paiement).jours,
        {"reception": (paiement - reception).days, "un_de_trop": retard + 1},
        acheteur=_DITS[categorie],
        reception=faits.jour(reception),
        limite=faits.jour(fin),
        paiement=faits.jour(paiement),
    )


def _retard(hasard: Random) -> tuple[Decimal, date, date]:
    montant = un_montant(hasard, 4_000, 48_000, 500)
    fin = un_jour_ouvre(hasard, _DEBUT, 290)
    return montant, fin, fin + timedelta(days=10 + hasard.randrange(40))


def interets(hasard: Random, au: date) -> Donnees:
    """Default interest alone; mistakes: the BCE's rate alone, the added points alone, the indemnity counted in."""
    montant, fin, paiement = _retard(hasard)
    du = interets_moratoires(montant, Decimal(0), fin, paiement)
    taux = referentiel.taux_bce(fin + timedelta(days=1))[0]
    majoration = Decimal(referentiel.delai("interets-majoration", fin).duree or 0)
    annee = Decimal(referentiel.delai("interets-base-annee", fin).duree or 1)

    def au_taux(pour_cent: Decimal) -> Decimal:
        return arrondi(montant * pour_cent * du.jours / (100 * annee))

    return somme(
        du.montant,
        {"refi": au_taux(taux.refi), "majoration": au_taux(majoration), "indemnite": du.total},
        **_dit_du_retard(montant, fin, paiement, du.jours),
        annee=faits.delai("interets-base-annee").split(" (")[0],
    )


def interets_et_indemnite(hasard: Random, au: date) -> Donnees:
    """Interest and the fixed indemnity; mistakes: interest alone, an indemnity a day."""
    montant, fin, paiement = _retard(hasard)
    du = interets_moratoires(montant, Decimal(0), fin, paiement)
    return somme(
        du.total,
        {"sans_indemnite": du.montant, "par_jour": du.montant + du.indemnite * du.jours},
        **_dit_du_retard(montant, fin, paiement, du.jours),
        interets=format_euros(du.montant),
    )


def _dit_du_retard(montant: Decimal, fin: date, paiement: date, jours: int) -> Mapping[str, str]:
    return {
        "montant": format_euros(montant),
        "limite": faits.jour(fin),
        "paiement": faits.jour(paiement),
        "jours": str(jours),
        "taux": faits.interets(fin + timedelta(days=1)),
        "refi": faits.refinancement(fin + timedelta(days=1)),
    }


def taux_du_retard(hasard: Random, au: date) -> Donnees:
    """The rate of a delay, among those of other half-years; for an item whose choices call the figures."""
    _, fin, paiement = _retard(hasard)
    debut = fin + timedelta(days=1)
    juste = referentiel.taux_bce(debut)[0]
    autres = [t for t in referentiel.taux_bce() if t.interets != juste.interets and t.valide_du]
    autre = max(autres, key=lambda ligne: ligne.valide_du or debut)
    return Donnees(
        {
            "limite": faits.jour(fin),
            "paiement": faits.jour(paiement),
            "taux": faits.interets(debut),
            "refi": faits.refinancement(debut),
            "majoration": format_taux(Decimal(referentiel.delai("interets-majoration", debut).duree or 0)),
            "autre": faits.interets(autre.valide_du or debut),
            "semestre": autre.semestre.replace("-S1", ", premier semestre").replace("-S2", ", second semestre"),
        },
        "",
        {},
        frozenset(),
    )


def amende_facture(hasard: Random, au: date) -> Donnees:
    """What several invoices on paper may cost; for an item whose choices call the figures."""
    combien = 3 + hasard.randrange(6)
    une = Decimal(referentiel.delai("amende-facture").duree or 0)
    donnee = Decimal(referentiel.delai("amende-ereporting").duree or 0)
    return Donnees(
        {"combien": str(combien), "total": format_euros(une * combien), "donnees": format_euros(donnee * combien)},
        "",
        {},
        frozenset(),
    )


def versement_interets(hasard: Random, au: date) -> Donnees:
    """Last day to pay the interest once the principal is paid; mistake: the delay of the principal."""
    paiement = un_jour_ouvre(hasard, _DEBUT, _AN, lambda j: _du_code("interets-versement", j))
    return jour(
        _du_code("interets-versement", paiement),
        {"principal": _limite("commune", paiement)},
        paiement=faits.jour(paiement),
    )


def reception_incertaine(hasard: Random, au: date) -> Donnees:
    """Last day to pay when the reception is uncertain; mistake: from the date of the demand itself."""

    def fin(demande: date) -> date:
        limite = delai_de_paiement("commune", None, demande=demande).limite
        return limite or demande

    demande = un_jour_ouvre(hasard, _DEBUT, _AN, fin)
    return jour(fin(demande), {"demande": _limite("commune", demande)}, demande=faits.jour(demande))


def avant_execution(hasard: Random, au: date) -> Donnees:
    """Last day to pay a demand received before the services were done; mistake: from its reception."""
    reception = un_jour_ouvre(hasard, _DEBUT, 300)
    fait = un_jour_ouvre(hasard, reception + timedelta(days=8), 20, lambda j: _limite_apres_execution(reception, j))
    return jour(
        _limite_apres_execution(reception, fait),
        {"reception": _limite("commune", reception)},
        reception=faits.jour(reception),
        execution=faits.jour(fait),
    )


def _limite_apres_execution(reception: date, execution: date) -> date:
    return delai_de_paiement("commune", reception, execution=execution).limite or execution


def apres_interruption(hasard: Random, au: date) -> Donnees:
    """Last day to pay after an interruption; mistakes: what was left alone, the first deadline kept."""
    reception = un_jour_ouvre(hasard, _DEBUT, 280)
    suspension = reception + timedelta(days=8 + hasard.randrange(10))

    def fin(reponse: date) -> date:
        arret = Suspension(suspension, "pièce manquante", reponse)
        return delai_de_paiement("commune", reception, suspensions=(arret,)).limite or reponse

    reponse = un_jour_ouvre(hasard, suspension + timedelta(days=3), 20, fin)
    premiere = _limite("commune", reception)
    return jour(
        fin(reponse),
        {"solde": reponse + (premiere - suspension), "premiere": premiere},
        reception=faits.jour(reception),
        suspension=faits.jour(suspension),
        completee=faits.jour(reponse),
    )


def _simple(code: str, autre: str | None = None) -> Calcul:
    def calcul(hasard: Random, au: date) -> Donnees:
        depart = un_jour_ouvre(hasard, _DEBUT, _AN, lambda j: _du_code(code, j))
        pieges = {"autre": _du_code(autre, depart)} if autre else {}
        return jour(_du_code(code, depart), pieges, depart=faits.jour(depart))

    return calcul


CALCULS: Mapping[str, Calcul] = {
    "echeance_paiement": echeance_paiement,
    "echeance_hopital": echeance_hopital,
    "echeance_moe": echeance_moe,
    "jours_de_retard": jours_de_retard,
    "interets": interets,
    "interets_et_indemnite": interets_et_indemnite,
    "taux_du_retard": taux_du_retard,
    "amende_facture": amende_facture,
    "versement_interets": versement_interets,
    "reception_incertaine": reception_incertaine,
    "avant_execution": avant_execution,
    "apres_interruption": apres_interruption,
    "etat_acompte": _simple("moe-etat-acompte", "moa-procedure-tacite"),
    "decompte_final": _simple("titulaire-decompte-final", "moa-procedure-tacite"),
    "reponse_decompte_general": _simple("titulaire-decompte-general", "moa-procedure-tacite"),
    "procedure_tacite": _simple("moa-procedure-tacite", "titulaire-decompte-general"),
    "accord_sous_traitance": _simple("tacite-sous-traitance", "titulaire-decompte-general"),
}
