"""Who is away, who comes late: roles are lent to simulated partners, and taken back from them."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from facturier.erreurs import ErreurFacturier
from facturier.portail.partenaires import CARACTERES, PREFIXE
from facturier.registre import LigneParticipant, Lot
from facturier.registre.classe import regler
from facturier.serveur import formation, repartition
from facturier.serveur.montages import Poste
from facturier.serveur.refus import RefusClasse

if TYPE_CHECKING:
    from facturier.serveur.classe import Classe

CLE = "absent:"
"""Settings of the class that keep, for each absent, their group and the roles lent to simulated partners."""


def lire(reglages: dict[str, str]) -> dict[str, str]:
    """What is kept for each absent, as it was kept."""
    return {cle.removeprefix(CLE): valeur for cle, valeur in reglages.items() if cle.startswith(CLE) and valeur}


def absenter(classe: Classe, participant: str, caractere: str = "") -> None:
    """Lend their roles, after having kept which they were."""
    if caractere and caractere not in CARACTERES:
        connus = ", ".join(CARACTERES)
        raise RefusClasse(f"Choisissez le caractère du partenaire simulé parmi : {connus}.", code="caractere")
    ligne = classe.participants.participant(participant)
    if not ligne.groupe:
        return
    tenus = [poste for poste, tenant in formation.tenants(classe, ligne.groupe).items() if tenant == participant]
    if not tenus:
        return
    prete = {"groupe": ligne.groupe, "postes": [[poste.role, poste.structure] for poste in tenus]}
    _garder(classe, participant, json.dumps(prete))
    simule = PREFIXE + caractere if caractere else repartition.simule()
    for poste in tenus:
        classe.confier(ligne.groupe, poste, simule)


def revenir(classe: Classe, participant: str) -> tuple[str, ...]:
    """Give their roles back, those that are still simulated in the group that is still theirs; a free place when
    others have taken them all."""
    prete = json.loads(classe.absents.get(participant, "{}"))
    ligne = classe.participants.participant(participant)
    rendus, perdus = [], []
    if prete and prete["groupe"] == ligne.groupe:
        tenants = formation.tenants(classe, ligne.groupe)
        for role, structure in prete["postes"]:
            poste = Poste(role, structure)
            tenant = tenants.get(poste, "")
            if tenant.startswith(PREFIXE):
                classe.confier(ligne.groupe, poste, participant)
                rendus.append(role)
            elif tenant and tenant != participant:
                perdus.append(f"{role} (tenu par « {tenant} »)")
    if prete:
        _garder(classe, participant, "")
    if perdus and not rendus:
        for poste in repartition.libre(classe.montage_de(ligne.groupe).postes, formation.tenants(classe, ligne.groupe)):
            classe.confier(ligne.groupe, poste, participant)
            rendus.append(poste.role)
    if perdus:
        roles = ", ".join(perdus)
        classe.avis.append(f"« {ligne.prenom} » est de retour, mais n’a pas repris : {roles}.")
    return tuple(rendus)


def accueillir(classe: Classe, participant: str) -> None:
    """A sign of life of somebody who was away; nothing of it may shut them out."""
    if participant not in classe.absents:
        return
    try:
        revenir(classe, participant)
    except ErreurFacturier as cause:
        classe.avis.append(f"Les rôles de « {participant} » n’ont pas pu lui être rendus : {cause.suite}")


def placer(classe: Classe, ligne: LigneParticipant) -> LigneParticipant:
    """A latecomer takes a simulated place of the smallest group, once groups are formed."""
    with classe.verrou:
        effectifs = Counter(autre.groupe for autre in classe.participants.tous().values() if autre.groupe)
        for groupe in sorted(effectifs, key=lambda nom: (effectifs[nom], nom)):
            tenants = formation.tenants(classe, groupe)
            libres = repartition.libre(classe.montage_de(groupe).postes, tenants)
            if effectifs[groupe] < repartition.TAILLE_MAX and libres:
                for poste in libres:
                    classe.confier(groupe, poste, ligne.pseudonyme)
                classe.participants.changer({ligne.pseudonyme: {"groupe": groupe}})
                return classe.participants.participant(ligne.pseudonyme)
    return ligne


def _garder(classe: Classe, participant: str, valeur: str) -> None:
    classe.ecrivain.ecrire(Lot(ordres=regler(CLE + participant, valeur)))
    if valeur:
        classe.absents[participant] = valeur
    else:
        classe.absents.pop(participant, None)
