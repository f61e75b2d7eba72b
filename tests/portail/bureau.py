"""What an assistant does with her account, in few words: created, activated, connected, by what her mailbox says."""

from __future__ import annotations

from facturier.portail import Acteur, Portail
from facturier.portail.boite import Message, messages
from facturier.portail.comptes import CONFORME, compte_de

ENTREPRISE = "99990099600011"
"""A well-formed SIRET that nobody has in the directory."""
SECONDE = "99990099600029"
LEA = "lea.martin@exemple.fr"
IBAN = "FR76 3000 1007 9412 3456 7890 185"
IBAN_BIS = "FR14 2004 1010 0505 0001 3M02 606"
PERSONNE = Acteur("fournisseur", "")
NOMS = {"nom": "Martin", "prenom": "Léa", "telephone": "01 99 00 12 34", "conditions": "oui"}


def dernier(portail: Portail, pour: str) -> Message:
    """The last message of that mailbox."""
    return messages(portail, pour)[-1]


def cree(portail: Portail, courriel: str = LEA, par: str = "", **champs: str) -> str:
    return portail.faire(Acteur("fournisseur", "", par), "creer_compte", **{**NOMS, "courriel": courriel, **champs})


def active(portail: Portail, courriel: str = LEA, par: str = "") -> str:
    """Activate by the last link received."""
    compte = compte_de(portail.etat, courriel)
    assert compte is not None
    jeton = dernier(portail, courriel).jeton
    acteur = Acteur("fournisseur", "", par)
    return portail.faire(acteur, "activer_compte", compte.id, jeton=jeton, mot_de_passe=CONFORME)


def connecte(portail: Portail, courriel: str = LEA, par: str = "") -> Acteur:
    """Connect by the code received; the account, acting for no structure yet."""
    compte = compte_de(portail.etat, courriel)
    assert compte is not None
    acteur = Acteur("fournisseur", "", par)
    portail.faire(acteur, "demander_code", compte.id)
    portail.faire(acteur, "se_connecter", compte.id, code=dernier(portail, courriel).jeton)
    return Acteur("fournisseur", "", compte.id)


def entre(portail: Portail, courriel: str = LEA, par: str = "") -> Acteur:
    """All of it: a new account, connected."""
    cree(portail, courriel, par)
    active(portail, courriel, par)
    return connecte(portail, courriel, par)


def au_nom_de(acteur: Acteur, siret: str) -> Acteur:
    """The same account, acting for that structure."""
    return Acteur(acteur.role, siret, acteur.par)


def gestionnaire(portail: Portail, courriel: str = LEA, siret: str = ENTREPRISE) -> Acteur:
    """A new account that has created its structure."""
    acteur = entre(portail, courriel)
    portail.faire(acteur, "creer_structure", siret=siret, nom="Menuiserie Martin")
    return au_nom_de(acteur, siret)
