"""One's own account: identity, address of connection, password, leaving."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from facturier.champs import Valeurs
from facturier.champs import def_comptes as defs
from facturier.ecrans.blocs import (
    Bloc,
    Bouton,
    Boutons,
    Cible,
    Definitions,
    Lien,
    Liens,
    Paragraphe,
    a_remplir,
)
from facturier.ecrans.comptes import RUBRIQUE, compte, connecte, demande_un_compte, soi
from facturier.ecrans.ecran import Ecran, Suite
from facturier.portail.comptes import mot_de_passe_conforme

if TYPE_CHECKING:
    from facturier.ecrans.poste import Poste


def _profil(poste: Poste, _: str) -> Sequence[Bloc]:
    tenu = compte(poste)
    if tenu is None or not connecte(poste):
        return demande_un_compte(poste)
    return [
        Definitions(
            f"Compte {tenu.id}",
            [("Adresse de connexion", tenu.courriel), ("Adresse de contact", tenu.contact or tenu.courriel)],
        ),
        Paragraphe("L’adresse de connexion sert d’identifiant ; l’adresse de contact reçoit les notifications."),
        *a_remplir(
            "Vous pouvez enregistrer.",
            Bouton("enregistrer", "Enregistrer"),
            Bouton("sortir", "Se déconnecter", "second"),
        ),
        Liens(
            [
                Lien("Changer mon adresse de connexion", Cible("compte_adresse")),
                Lien("Changer mon mot de passe", Cible("mot_de_passe")),
                Lien("Mes rattachements et habilitations", Cible("rattachements")),
            ]
        ),
        Boutons(
            [
                Bouton(
                    "desactiver",
                    "Désactiver mon compte",
                    "danger",
                    confirmer="Désactiver votre compte ? Vous perdez vos rattachements, et il ne se rouvre pas.",
                )
            ]
        ),
    ]


def _profil_connu(poste: Poste, _: str) -> Valeurs:
    tenu = compte(poste)
    return {c.id: str(getattr(tenu, c.id)) for c in defs.PROFIL.champs} if tenu is not None else {}


def _profil_garde(poste: Poste, _: str, valeurs: Valeurs) -> Suite:
    donnees = {champ.id: valeurs[champ.id] for champ in defs.PROFIL.champs}
    poste.guichet.faire(soi(poste), "modifier_profil", poste.compte, version=None, **donnees)
    return Suite("Votre compte est à jour.")


def _sort(poste: Poste, _: str, __: Valeurs) -> Suite:
    poste.guichet.faire(soi(poste), "se_deconnecter", poste.compte)
    return Suite("Vous êtes déconnecté.", Cible("connexion"))


def _ferme(poste: Poste, _: str, __: Valeurs) -> Suite:
    poste.guichet.faire(soi(poste), "desactiver_compte", poste.compte)
    poste.compte = ""
    return Suite("Votre compte est désactivé.", Cible("tableau_de_bord"))


def _adresse(poste: Poste, _: str) -> Sequence[Bloc]:
    if not connecte(poste):
        return demande_un_compte(poste)
    return [
        Paragraphe("La nouvelle adresse ne compte qu’une fois confirmée, par un lien envoyé à cette nouvelle adresse."),
        *a_remplir(
            "Vous pouvez demander le changement.",
            Bouton("demander", "Demander le changement"),
            liens=[Lien("Revenir à mon compte", Cible("profil"))],
        ),
    ]


def _adresse_demandee(poste: Poste, _: str, valeurs: Valeurs) -> Suite:
    poste.guichet.faire(soi(poste), "changer_courriel", poste.compte, version=None, courriel=valeurs["courriel"])
    return Suite("Un lien de confirmation est parti à la nouvelle adresse : ouvrez la boîte.", Cible("boite"))


def _confirmer(poste: Poste, objet: str) -> Sequence[Bloc]:
    if not connecte(poste):
        return demande_un_compte(poste)
    return [
        Paragraphe("Ce lien confirme votre nouvelle adresse de connexion."),
        Boutons([Bouton("confirmer", "Confirmer mon adresse")]),
    ]


def _confirme(poste: Poste, objet: str, _: Valeurs) -> Suite:
    numero, _sep, jeton = objet.partition(":")
    poste.guichet.faire(soi(poste), "confirmer_courriel", numero, version=None, jeton=jeton)
    return Suite("Votre nouvelle adresse de connexion est confirmée.", Cible("profil"))


def _passe(poste: Poste, _: str) -> Sequence[Bloc]:
    if not connecte(poste):
        return demande_un_compte(poste)
    return [
        *a_remplir(
            "Vous pouvez changer le mot de passe.",
            Bouton("changer", "Changer mon mot de passe"),
            liens=[Lien("Revenir à mon compte", Cible("profil"))],
        ),
    ]


def _passe_change(poste: Poste, _: str, valeurs: Valeurs) -> Suite:
    verdict = mot_de_passe_conforme(valeurs["mot_de_passe"], valeurs["confirmation"])
    poste.guichet.faire(soi(poste), "changer_mot_de_passe", poste.compte, version=None, mot_de_passe=verdict)
    return Suite("Votre mot de passe est changé.", Cible("profil"))


ECRANS: tuple[Ecran, ...] = (
    Ecran(
        id="profil",
        titre="Mon compte",
        composer=_profil,
        gestes={"enregistrer": _profil_garde, "sortir": _sort, "desactiver": _ferme},
        rubrique=RUBRIQUE,
        formulaire=defs.PROFIL,
        initiales=_profil_connu,
        verifies=frozenset({"enregistrer"}),
        visible=connecte,
    ),
    Ecran(
        id="compte_adresse",
        titre="Changer mon adresse de connexion",
        composer=_adresse,
        gestes={"demander": _adresse_demandee},
        formulaire=defs.ADRESSE,
        verifies=frozenset({"demander"}),
    ),
    Ecran(
        id="compte_confirmer",
        titre="Confirmer ma nouvelle adresse",
        composer=_confirmer,
        gestes={"confirmer": _confirme},
    ),
    Ecran(
        id="mot_de_passe",
        titre="Changer mon mot de passe",
        composer=_passe,
        gestes={"changer": _passe_change},
        formulaire=defs.MOT_DE_PASSE,
        verifies=frozenset({"changer"}),
    ),
)
