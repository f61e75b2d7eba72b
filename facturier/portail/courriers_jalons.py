"""What is written about a works market outside its pieces: each notification to who receives it, and its deadlines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from facturier import referentiel
from facturier.annuaire import Annuaire, Marche
from facturier.delais.etapes import en_date, en_jours
from facturier.portail import droits
from facturier.portail.alertes import PREAVIS
from facturier.portail.courriers import Courrier, jour, nom_de
from facturier.portail.echeances import EcheancePiece
from facturier.portail.etat import Etat
from facturier.portail.evenements import Acteur
from facturier.portail.jalons import (
    ACTES,
    DELAI_FINAL,
    DEMEURE,
    DU_TITULAIRE,
    OFFICE,
    acheteur,
    attentes_notifiees,
    titulaire,
)


def courriers(etat: Etat, annuaire: Annuaire, jusqua: datetime) -> Iterator[Courrier]:
    """Every message caused by what was notified, then by the delays that it opened, each once."""
    for jalon in etat.jalons:
        marche = annuaire.marche(jalon.marche)
        if marche is not None:
            pour = acheteur(marche) if jalon.code in DU_TITULAIRE else titulaire(marche)
            texte = f" : « {jalon.commentaire} »" if jalon.commentaire else ""
            phrase = f"{ACTES[jalon.code].libelle}, le {jour(jalon.quand)}, par « {nom_de(annuaire, jalon.structure)} »"
            yield _courrier(jalon.quand, pour, marche, "jalon-notifie", f"{phrase}{texte}.")
    for marche, attendue in attentes_notifiees(etat, annuaire):
        yield from _alertes(marche, attendue, jusqua)


def _alertes(marche: Marche, attendue: EcheancePiece, jusqua: datetime) -> Iterator[Courrier]:
    limite = attendue.echeance.limite
    if limite is None:
        return
    objet, qui = attendue.echeance.objet, titulaire(marche)
    if quand := _tiree(limite - timedelta(days=PREAVIS), attendue, jusqua):
        reste = f"échoit dans {en_jours(PREAVIS)}, le {en_date(limite)}"
        phrase = f"« {objet} » {reste}. La réponse revient à {referentiel.role(qui.role).designation}."
        yield _courrier(quand, qui, marche, "alerte-proche", phrase)
    if quand := _tiree(limite + timedelta(days=1), attendue, jusqua):
        phrase = f"« {objet} » est dépassé (échéance le {en_date(limite)})."
        yield _courrier(quand, qui, marche, "alerte-depassee", phrase)
        yield _courrier(quand, acheteur(marche), marche, "alerte-depassee", f"{phrase}{_suite(attendue)}")


def _suite(attendue: EcheancePiece) -> str:
    """What the table lets the buyer do then, when it says something."""
    if attendue.echeance.code != DELAI_FINAL:
        return ""
    ligne = referentiel.delai(attendue.echeance.code, attendue.echeance.depart)
    gestes = f"« {ACTES[DEMEURE].libelle} », puis « {ACTES[OFFICE].libelle} »"
    return f" Suite que donne le texte : {ligne.effet} ({ligne.texte}). Vous pouvez : {gestes}."


def _tiree(quand: date, attendue: EcheancePiece, jusqua: datetime) -> datetime | None:
    """When that alert fires, at midnight; None not yet, or answered before."""
    heure = datetime.combine(quand, time())
    return heure if heure <= jusqua and (attendue.fait is None or attendue.fait >= quand) else None


def _courrier(quand: datetime, pour: Acteur, marche: Marche, code: str, phrase: str) -> Courrier:
    return Courrier(
        quand=quand,
        a=pour.structure,
        codes=(code,),
        structure=pour.structure,
        espace=droits.espace(pour.role, marche.cadre_final or "A7"),
        places={"numero": f"Marché {marche.numero}", "phrase": f"Marché {marche.numero} : {phrase}"},
    )
