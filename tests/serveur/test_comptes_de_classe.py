"""Accounts in a class: each acts through their own only, reads their own mailbox only, and no code is guessed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from classe_essai import COMMUNE, ELECTRICIEN, Horloge, facture

from facturier.liaison.client import ErreurLiaison, Liaison
from facturier.portail import Acteur, RefusPortail
from facturier.portail.comptes import CONFORME
from facturier.portail.guichet import Guichet
from facturier.serveur import Animation, Classe
from facturier.serveur.acces import ESSAIS
from facturier.serveur.lancement import en_fond

COUVREUR = "99990014500015"
ENTREPRISE = "99990099600011"
SANS_STRUCTURE = Acteur("fournisseur", "")
NOMS = {"nom": "Martin", "prenom": "Léa", "telephone": "01 99 00 12 34", "conditions": "oui"}


@pytest.fixture
def guichets(classe: Classe) -> Iterator[dict[str, Guichet]]:
    """Léa and Paul, both in the space of their group."""
    with en_fond(classe) as adresse:
        liaisons = {nom: Liaison.rejoindre(adresse, classe.code, nom) for nom in ("lea", "paul")}
        Animation(classe).repartir([["lea", "paul"]])
        yield {nom: liaison.guichet(SANS_STRUCTURE, "groupe-1-1") for nom, liaison in liaisons.items()}
        for liaison in liaisons.values():
            liaison.fermer()


def jeton(guichet: Guichet) -> str:
    return guichet.messages(SANS_STRUCTURE)[-1].jeton


def active(guichet: Guichet, courriel: str = "lea.martin@exemple.fr") -> str:
    compte = guichet.faire(SANS_STRUCTURE, "creer_compte", **{**NOMS, "courriel": courriel})
    guichet.faire(SANS_STRUCTURE, "activer_compte", compte, jeton=jeton(guichet), mot_de_passe=CONFORME)
    return compte


def connecte(guichet: Guichet) -> str:
    compte = active(guichet)
    guichet.faire(SANS_STRUCTURE, "demander_code", compte)
    guichet.faire(SANS_STRUCTURE, "se_connecter", compte, code=jeton(guichet))
    return compte


def test_on_agit_par_son_compte_et_c_est_ecrit(guichets: dict[str, Guichet]) -> None:
    lea = guichets["lea"]
    compte = connecte(lea)
    par_compte = Acteur("fournisseur", "", compte)
    lea.faire(par_compte, "modifier_profil", compte, telephone="01 99 00 12 35")
    assert (lea.journal[-1]["action"], lea.journal[-1]["par"]) == ("modifier_profil", compte)
    assert lea.etat.comptes[compte].telephone == "01 99 00 12 35"


def test_le_compte_d_un_autre_ne_se_prete_pas(guichets: dict[str, Guichet]) -> None:
    compte = connecte(guichets["lea"])
    paul, longueur = guichets["paul"], len(guichets["paul"].journal)
    vole = Acteur("fournisseur", "", compte)
    with pytest.raises(RefusPortail, match="n’est pas le vôtre"):
        paul.faire(vole, "modifier_profil", compte, telephone="01 99 00 12 36")
    for question in (paul.messages, paul.tableau, lambda a: paul.histoire(a, "P0001")):
        with pytest.raises(RefusPortail, match="n’est pas le vôtre"):
            question(vole)
    with pytest.raises(RefusPortail, match="n’est pas le vôtre"):
        paul.faire(Acteur("fournisseur", "", "C0099"), "modifier_profil", compte, telephone="01 99 00 12 36")
    assert len(paul.journal) == longueur


def test_la_boite_d_un_compte_n_est_lue_que_de_son_titulaire(guichets: dict[str, Guichet]) -> None:
    active(guichets["lea"])
    assert guichets["lea"].messages(SANS_STRUCTURE)
    assert guichets["paul"].messages(SANS_STRUCTURE) == ()


def test_un_role_confie_a_une_personne_se_joue_aussi_par_son_compte(classe: Classe) -> None:
    classe.rejoindre(classe.code, "Léa")
    Animation(classe).repartir()
    lea = classe.participants.participant("lea")
    espace = lea.groupe
    classe.faire(lea, espace, SANS_STRUCTURE, "creer_compte", "", {**NOMS, "courriel": "lea@exemple.fr"})
    with pytest.raises(RefusPortail, match="pas activé"):
        classe.faire(lea, espace, Acteur("fournisseur", COUVREUR, "C0001"), "enregistrer", "", {"cadre": "A4"})
    lien = classe.consulter(lea, espace, SANS_STRUCTURE, lambda p, a: _dernier(p, a))
    classe.faire(lea, espace, SANS_STRUCTURE, "activer_compte", "C0001", {"jeton": lien, "mot_de_passe": CONFORME})
    classe.faire(lea, espace, SANS_STRUCTURE, "demander_code", "C0001")
    code = classe.consulter(lea, espace, SANS_STRUCTURE, lambda p, a: _dernier(p, a))
    classe.faire(lea, espace, SANS_STRUCTURE, "se_connecter", "C0001", {"code": code})
    with pytest.raises(RefusPortail, match="pas rattaché"):  # the role is hers; the account has its own rights
        classe.faire(lea, espace, Acteur("fournisseur", COUVREUR, "C0001"), "enregistrer", "", {"cadre": "A4"})


def _dernier(portail: object, acteur: Acteur) -> str:
    from facturier.portail import Portail
    from facturier.portail.boite import messages_de

    assert isinstance(portail, Portail)
    return messages_de(portail, acteur)[-1].jeton


def test_un_code_ne_se_devine_pas(guichets: dict[str, Guichet], horloge: Horloge) -> None:
    lea, paul = guichets["lea"], guichets["paul"]
    compte = active(lea)
    lea.faire(SANS_STRUCTURE, "demander_code", compte)
    for essai in range(ESSAIS):
        with pytest.raises(RefusPortail, match="pas le dernier code"):
            lea.faire(SANS_STRUCTURE, "se_connecter", compte, code=f"{essai:06d}")
    with pytest.raises(ErreurLiaison, match="Trop de codes faux") as refus:
        lea.faire(SANS_STRUCTURE, "se_connecter", compte, code=jeton(lea))
    assert refus.value.code == "trop-d-essais"
    assert connecte_autrement(paul)
    horloge.passe(seconds=61)
    lea.faire(SANS_STRUCTURE, "se_connecter", compte, code=jeton(lea))
    assert not lea.etat.comptes[compte].deconnecte


def connecte_autrement(guichet: Guichet) -> bool:
    """Somebody else's attempts are their own: they connect at once."""
    compte = active(guichet, "paul.durand@exemple.fr")
    guichet.faire(SANS_STRUCTURE, "demander_code", compte)
    guichet.faire(SANS_STRUCTURE, "se_connecter", compte, code=jeton(guichet))
    return not guichet.etat.comptes[compte].deconnecte


def test_les_autres_gestes_ne_comptent_pas_comme_des_essais(guichets: dict[str, Guichet]) -> None:
    lea = guichets["lea"]
    compte = active(lea)
    for _ in range(ESSAIS + 2):
        with pytest.raises(RefusPortail, match="Aucun code"):
            lea.faire(SANS_STRUCTURE, "se_connecter", compte, code="123456")
        with pytest.raises(RefusPortail):
            lea.faire(Acteur("destinataire", COMMUNE), "deposer", **facture())
    lea.faire(SANS_STRUCTURE, "demander_code", compte)
    lea.faire(SANS_STRUCTURE, "se_connecter", compte, code=jeton(lea))


def test_un_role_de_personne_ne_se_regarde_pas(guichets: dict[str, Guichet]) -> None:
    with pytest.raises(RefusPortail, match="confié à personne"):
        guichets["lea"].messages(Acteur("fournisseur", ELECTRICIEN))
