"""Accounts: created, activated by a link that dies, connected with a code, changed, closed.

No password ever enters an act: the screen asks ``mot_de_passe_conforme`` about it and sends the verdict alone, so that
no journal, no server and no copy handed in holds what a learner typed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from facturier.portail import controles_compte as controles
from facturier.portail.actes import Acte
from facturier.portail.controles_compte import CONFORME, compte_de, detient, mot_de_passe_conforme
from facturier.portail.etat import Etat
from facturier.portail.evenements import Evenement, lire_moment
from facturier.portail.personnes import Compte, Envoi

__all__ = ["ACTES", "CONFORME", "avec", "compte_de", "detient", "mot_de_passe_conforme"]


def avec(etat: Etat, compte: Compte) -> Etat:
    """The state in which that account is so."""
    return replace(etat, comptes={**etat.comptes, compte.id: compte})


def _donnees(evenement: Evenement) -> dict[str, str]:
    return {champ: valeur.strip() for champ, valeur in evenement["donnees"].items()}


def _envoi(evenement: Evenement) -> Envoi:
    return Envoi(evenement["n"], lire_moment(evenement["quand"]))


def _cree(etat: Etat, evenement: Evenement) -> Etat:
    donnees = _donnees(evenement)
    courriel = donnees.get("courriel", "")
    return avec(
        etat,
        Compte(
            id=evenement["objet"],
            courriel=courriel,
            nom=donnees.get("nom", ""),
            prenom=donnees.get("prenom", ""),
            telephone=donnees.get("telephone", ""),
            contact=donnees.get("contact", "") or courriel,
            createur=evenement["par"],
            liens_envoyes=1,
            lien=_envoi(evenement),
        ),
    )


def _change(quoi: Callable[[Compte, Evenement], dict[str, Any]]) -> Callable[[Etat, Evenement], Etat]:
    """An act that replaces fields of its account."""

    def appliquer(etat: Etat, evenement: Evenement) -> Etat:
        compte = etat.comptes[evenement["objet"]]
        return avec(etat, replace(compte, **quoi(compte, evenement)))

    return appliquer


def _profil(compte: Compte, evenement: Evenement) -> dict[str, Any]:
    donnees = _donnees(evenement)
    if "contact" in donnees and not donnees["contact"]:
        donnees["contact"] = compte.courriel
    return donnees


def _ferme(compte: Compte, evenement: Evenement) -> dict[str, Any]:
    return {
        "actif": False,
        "ferme": True,
        "rattachements": {},
        "habilitations": {},
        "demandes": {},
        "souhaits": {},
        "code": None,
        "confirmation": None,
    }


CREER = "creer_compte"
REDEMANDER_LIEN = "redemander_lien"
ACTIVER = "activer_compte"
DEMANDER_CODE = "demander_code"
SE_CONNECTER = "se_connecter"
CHANGER_COURRIEL = "changer_courriel"
CONFIRMER_COURRIEL = "confirmer_courriel"
DESACTIVER = "desactiver_compte"
PROFIL = ("nom", "prenom", "telephone", "contact")

ACTES: Mapping[str, Acte] = {
    acte.code: acte
    for acte in (
        Acte(
            CREER,
            "Créer un compte",
            (),
            ("courriel", *PROFIL, "conditions"),
            controles.creer,
            _cree,
            cree="C",
            sans_compte=True,
        ),
        Acte(
            REDEMANDER_LIEN,
            "Redemander un lien d’activation",
            (),
            (),
            controles.redemander,
            _change(lambda c, e: {"lien": _envoi(e), "liens_envoyes": c.liens_envoyes + 1}),
            sans_compte=True,
        ),
        Acte(
            ACTIVER,
            "Activer le compte",
            (),
            ("jeton", "mot_de_passe"),
            controles.activer,
            _change(lambda c, e: {"actif": True, "deconnecte": True, "lien": None}),
            sans_compte=True,
        ),
        Acte(
            DEMANDER_CODE,
            "Demander un code de connexion",
            (),
            (),
            controles.demander_code,
            _change(lambda c, e: {"code": _envoi(e)}),
            sans_compte=True,
        ),
        Acte(
            SE_CONNECTER,
            "Se connecter",
            (),
            ("code",),
            controles.se_connecter,
            _change(lambda c, e: {"deconnecte": False, "code": None, "connexions": c.connexions + 1}),
            sans_compte=True,
        ),
        Acte(
            "se_deconnecter", "Se déconnecter", (), (), controles.connecte, _change(lambda c, e: {"deconnecte": True})
        ),
        Acte("modifier_profil", "Modifier son profil", (), PROFIL, controles.modifier, _change(_profil)),
        Acte(
            CHANGER_COURRIEL,
            "Changer son adresse de connexion",
            (),
            ("courriel",),
            controles.changer_courriel,
            _change(lambda c, e: {"nouveau_courriel": _donnees(e)["courriel"], "confirmation": _envoi(e)}),
        ),
        Acte(
            CONFIRMER_COURRIEL,
            "Confirmer sa nouvelle adresse",
            (),
            ("jeton",),
            controles.confirmer,
            _change(lambda c, e: {"courriel": c.nouveau_courriel, "nouveau_courriel": "", "confirmation": None}),
        ),
        Acte(
            "changer_mot_de_passe",
            "Changer son mot de passe",
            (),
            ("mot_de_passe",),
            controles.changer_mot_de_passe,
            _change(lambda c, e: {"mot_de_passe_change": c.mot_de_passe_change + 1}),
        ),
        Acte(DESACTIVER, "Désactiver son compte", (), (), controles.desactiver, _change(_ferme)),
    )
}
