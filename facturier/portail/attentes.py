"""What the portal answers by itself for those whom nobody plays: the support, a client's service, a gestionnaire.

Like the acts of simulated partners: derived from the state and the seed, written when their date comes, found again
by a replay.
"""

from __future__ import annotations

from collections.abc import Iterator

from facturier.portail import partenaires, rattachements, sollicitations
from facturier.portail.assistance import arbre
from facturier.portail.etat import Etat
from facturier.portail.evenements import SIMULE, SYSTEME, Acteur
from facturier.portail.jetons import tirage
from facturier.portail.ouverture import Ouverture
from facturier.portail.partenaires import ActeDu
from facturier.portail.personnes import Sollicitation

GESTIONNAIRE = "gestionnaire"
ACTEUR = Acteur(SYSTEME, "", SIMULE)
CAUSES = ("comptes", "sollicitations")
"""Parts of the state from which these answers are derived, besides who plays what."""


def actes_dus(etat: Etat, ouverture: Ouverture) -> dict[str, ActeDu]:
    """Every answer that will come if nobody gives it before, by a key of its own."""
    return dict((*_demandes(etat, ouverture), *_sollicitations(etat, ouverture)))


def _demandes(etat: Etat, ouverture: Ouverture) -> Iterator[tuple[str, ActeDu]]:
    """A structure whose gestionnaire nobody plays accepts who asks, and opens the spaces asked for."""
    attente = arbre().attente
    geres = {siret for c in etat.comptes.values() for siret in c.rattachements if c.gere(siret)}
    for compte in etat.comptes.values():
        for siret, quand in compte.demandes.items():
            if siret not in geres:
                cle = f"{compte.id} S{siret}"
                due = attente.echeance(quand, GESTIONNAIRE, tirage(ouverture.graine, cle, quand))
                yield cle, ActeDu(due, ACTEUR, rattachements.ACCEPTER, f"S{siret}", {"compte": compte.id})
        for (siret, espace), quand in compte.souhaits.items():
            if siret not in geres:
                cle = f"{compte.id} S{siret} {espace}"
                due = attente.echeance(quand, GESTIONNAIRE, tirage(ouverture.graine, cle, quand))
                donnees = {"compte": compte.id, "espace": espace}
                yield cle, ActeDu(due, ACTEUR, rattachements.HABILITER, f"S{siret}", donnees)


def _sollicitations(etat: Etat, ouverture: Ouverture) -> Iterator[tuple[str, ActeDu]]:
    attente = arbre().attente
    for sollicitation in etat.sollicitations.values():
        if sollicitation.attend is None or _tenue(etat, sollicitation):
            continue
        cle, depuis = sollicitation.id, sollicitation.attend
        due = attente.echeance(depuis, sollicitation.destinataire, tirage(ouverture.graine, cle, depuis))
        donnees = {"texte": _reponse(sollicitation)}
        yield cle, ActeDu(due, ACTEUR, sollicitations.REPONDRE, sollicitation.id, donnees)


def _tenue(etat: Etat, sollicitation: Sollicitation) -> bool:
    """Whether a person plays the client's side: their answer is awaited."""
    tenant = etat.attributions.get(("destinataire", sollicitation.client), "")
    joue = bool(tenant) and not partenaires.caractere(tenant)
    habilite = (c.habilite(sollicitation.client, sollicitations.ESPACE) for c in etat.comptes.values())
    return sollicitation.destinataire == sollicitations.SERVICE_METIER and (joue or any(habilite))


def _reponse(sollicitation: Sollicitation) -> str:
    """What the tree answers there; to who asked the wrong addressee, whom to ask."""
    assistance = arbre()
    feuille = assistance.feuilles[sollicitation.question]
    if sollicitation.bien_adressee:
        return feuille.reponse
    return assistance.destinataires[feuille.destination].oriente
