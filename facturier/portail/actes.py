"""Acts of the portal that are not a step of a piece's life: one record each, gathered in ``repertoire``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from facturier.annuaire import Annuaire
from facturier.portail import demande as lecture
from facturier.portail.etat import Etat
from facturier.portail.evenements import Acteur, Evenement, FormeRefusee, lire_donnees
from facturier.portail.ouverture import Ouverture
from facturier.portail.refus import RefusPortail

Manquement = tuple[str, str]
"""Code of a broken rule, and its French sentence."""


@dataclass(frozen=True)
class Contexte:
    """What an act's control looks at. ``annuaire`` is the directory as it now stands."""

    etat: Etat
    annuaire: Annuaire
    acteur: Acteur
    objet: str
    donnees: Mapping[str, str]
    quand: datetime
    ouverture: Ouverture

    def texte(self, champ: str) -> str:
        """The field given with the act, without spaces around it."""
        return lecture.texte(self.donnees, champ)


@dataclass(frozen=True)
class Acte:
    """One act: who may do it, the fields it carries, what it creates, what it controls, what it changes.

    ``roles``: () for anyone. ``cree``: prefix of the object that it creates (« C », « T », « F », « S »; a structure is
    named by its field ``siret``), "" when it acts on ``objet``. ``portail``: it acts on the portal itself, without
    object. ``espace``: the space for which an account must be habilitated. ``sans_compte``: can be done by nobody in
    particular, even where accounts are compulsory (creating one). ``libre``: the rights of the role and structure are
    not asked, ``controle`` does (turning the clock).
    """

    code: str
    libelle: str
    roles: tuple[str, ...]
    champs: tuple[str, ...]
    controle: Callable[[Contexte], list[Manquement]]
    appliquer: Callable[[Etat, Evenement], Etat]
    cree: str = ""
    portail: bool = False
    espace: str = ""
    sans_compte: bool = False
    libre: bool = False


def donnees_admises(brut: Mapping[str, str], champs: tuple[str, ...]) -> dict[str, str]:
    """The fields given with an act, when it admits them and their form is right; a copy.

    Raises:
        RefusPortail: the sentence names the field.
    """
    try:
        donnees = lire_donnees(brut)
    except FormeRefusee as cause:
        raise RefusPortail((f"Saisie refusée : {cause}",), ("forme",)) from cause
    inconnus = sorted(set(donnees) - set(champs))
    if inconnus:
        phrase = f"Ce geste n’admet pas « {inconnus[0]} » (admis : {', '.join(champs)})."
        raise RefusPortail((phrase,), ("champ-inconnu",))
    return donnees
