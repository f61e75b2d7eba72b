"""What a trainer may have notified on the works markets of a space, in the name of who notifies there."""

from __future__ import annotations

from dataclasses import dataclass

from facturier.annuaire import Marche
from facturier.portail import ANIMATEUR, Acteur, Portail, jalons
from facturier.portail import demande as lecture
from facturier.serveur.espace import EspacePartage
from facturier.serveur.refus import RefusClasse


@dataclass(frozen=True)
class Notifiable:
    """One notification: on which market, in whose name, and whether a text goes with it."""

    marche: str
    objet: str
    action: str
    libelle: str
    role: str
    structure: str
    texte_requis: bool


def notifiables(partage: EspacePartage, portail: Portail, marche_de_la_classe: Marche) -> tuple[Notifiable, ...]:
    """What can be notified now, market by market."""
    etat, au = portail.etat, portail.maintenant.date()
    possibles = []
    for marche in _marches(partage, portail, marche_de_la_classe):
        for code, acte in jalons.ACTES.items():
            qui = jalons.notifiant(marche, code)
            if code in jalons.possibles(etat, marche, qui, au):
                requis = code in jalons.AVEC_TEXTE
                possibles.append(
                    Notifiable(marche.numero, marche.objet, code, acte.libelle, qui.role, qui.structure, requis)
                )
    return tuple(possibles)


def acteur(portail: Portail, numero: str, code: str) -> Acteur:
    """In whose name the trainer notifies that.

    Raises:
        RefusClasse: no such market or notification.
    """
    marche = portail.annuaire.marche(numero)
    if marche is None or code not in jalons.ACTES:
        phrase = (
            f"« {lecture.court(code)} » ne se notifie pas sur le marché « {lecture.court(numero)} » : relisez la page."
        )
        raise RefusClasse(phrase, code="forme")
    qui = jalons.notifiant(marche, code)
    return Acteur(qui.role, qui.structure, ANIMATEUR)


def _marches(partage: EspacePartage, portail: Portail, marche_de_la_classe: Marche) -> list[Marche]:
    """The works markets of its pieces, of its story, of what was notified there; the class's one in a group."""
    numeros = [p.marche for p in portail.pieces()] + [j.marche for j in portail.etat.jalons]
    numeros += partage.recit.valeurs.values() if partage.recit is not None else ()
    if partage.nom.startswith("groupe-"):
        numeros.append(marche_de_la_classe.numero)
    connus = (portail.annuaire.marche(numero) for numero in dict.fromkeys(numeros))
    return [marche for marche in connus if marche is not None and marche.ccag_travaux]
