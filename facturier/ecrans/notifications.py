"""What is notified on a market outside its pieces: reception, mise en demeure, penalties, observations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from facturier import referentiel
from facturier.annuaire import Marche
from facturier.champs import FormulaireDef, Valeurs
from facturier.champs import def_facture as defs
from facturier.ecrans.blocs import (
    Bloc,
    Bloquants,
    Bouton,
    Boutons,
    Cellule,
    Champs,
    Cible,
    Lien,
    Liens,
    Paragraphe,
    Section,
    Tableau,
)
from facturier.ecrans.ecran import Ecran, Suite
from facturier.ecrans.sieges import nom_structure
from facturier.erreurs import ErreurFacturier
from facturier.portail import jalons
from facturier.portail.echeances import EcheancePiece

if TYPE_CHECKING:
    from facturier.ecrans.poste import Poste

SEPARATEUR = "~"
FORMULAIRE = FormulaireDef(id="notifier", titre="Notification", champs=(defs.COMMENTAIRE,))


def section(poste: Poste, marche: Marche) -> Sequence[Bloc]:
    """What was notified on that market, the delays that run from there, and what this seat may notify now."""
    guichet = poste.guichet
    au = guichet.maintenant.date()
    recus = jalons.du_marche(guichet.etat, marche.numero)
    offerts = jalons.possibles(guichet.etat, marche, poste.acteur, au) if marche.ccag_travaux else ()
    if not recus and not offerts:
        return []
    rangees: list[Sequence[Cellule]] = [
        (j.quand, jalons.ACTES[j.code].libelle, nom_structure(poste, j.structure), j.commentaire) for j in recus
    ]
    delais: list[Sequence[Cellule]] = [
        (e.echeance.objet, e.echeance.limite or "", _ou_en_est(e, poste), referentiel.delai(e.echeance.code).source)
        for e in jalons.echeances_du_marche(guichet.etat, marche)
    ]
    liens = [
        Lien(jalons.ACTES[c].libelle, Cible("notifier", f"{marche.numero}{SEPARATEUR}{c}"), f"marché {marche.numero}")
        for c in offerts
    ]
    return [
        Section(
            "Réception et pénalités",
            [
                Tableau("Ce qui a été notifié", ("Quand", "Quoi", "Par", "Texte"), rangees, vide="Rien encore."),
                *(
                    [Tableau("Les délais ouverts", ("Délai", "Dernier jour", "Où il en est", "Source"), delais)]
                    if delais
                    else []
                ),
                *([Liens(liens)] if liens else []),
            ],
            "notifications",
        )
    ]


def _ou_en_est(attendue: EcheancePiece, poste: Poste) -> str:
    return attendue.issue(poste.guichet.maintenant.date())


def _vise(poste: Poste, objet: str) -> tuple[Marche, str]:
    """The market and the act of the screen.

    Raises:
        ErreurFacturier: no such market, or this seat cannot notify that now.
    """
    numero, _, code = objet.partition(SEPARATEUR)
    guichet = poste.guichet
    marche = guichet.annuaire.marche(numero)
    au = guichet.maintenant.date()
    if marche is None or code not in jalons.possibles(guichet.etat, marche, poste.acteur, au):
        raise ErreurFacturier("Cette notification n’est pas possible à cette place : revenez à la fiche du marché.")
    return marche, code


def _composer(poste: Poste, objet: str) -> Sequence[Bloc]:
    marche, code = _vise(poste, objet)
    pour = jalons.acheteur(marche) if code in jalons.DU_TITULAIRE else jalons.titulaire(marche)
    return [
        Paragraphe(f"Marché {marche.numero} : « {marche.objet} ». Pour : {nom_structure(poste, pour.structure)}."),
        *(_effet(delai) for delai in (_DELAIS.get(code, ""),) if delai),
        Champs(),
        Bloquants("Vous pouvez notifier."),
        Boutons([Bouton("notifier", jalons.ACTES[code].libelle)]),
        Liens([Lien("Revenir à la fiche du marché", Cible("marche", marche.numero))]),
    ]


_DELAIS = {jalons.RECEPTION: jalons.DELAI_FINAL, jalons.INVITATION: jalons.DELAI_OBSERVATIONS}


def _effet(code: str) -> Paragraphe:
    """The delay that this notification opens, its effect and its source."""
    ligne = referentiel.delai(code)
    effet = f" Passé ce délai : {ligne.effet}." if code == jalons.DELAI_FINAL else f" {ligne.effet.capitalize()}."
    return Paragraphe(f"{ligne.objet} : {ligne.duree} {ligne.unite}.{effet} Source : {ligne.source}.", note=True)


def _notifier(poste: Poste, objet: str, valeurs: Valeurs) -> Suite:
    marche, code = _vise(poste, objet)
    donnees = {"numero_marche": marche.numero}
    if texte := valeurs.get("commentaire", "").strip():
        donnees["commentaire"] = texte
    poste.guichet.faire(poste.acteur, code, "", version=None, **donnees)
    return Suite(
        f"« {jalons.ACTES[code].libelle} » : c’est fait, l’autre partie en est avertie.", Cible("marche", marche.numero)
    )


def _titre(poste: Poste, objet: str) -> str:
    return jalons.ACTES[_vise(poste, objet)[1]].libelle


ECRANS: tuple[Ecran, ...] = (
    Ecran(
        id="notifier",
        titre="Notification",
        titre_objet=_titre,
        composer=_composer,
        gestes={"notifier": _notifier},
        formulaire=FORMULAIRE,
    ),
)
