"""Accounts: two steps, a link that dies, a code at each connection, and no password anywhere."""

from __future__ import annotations

import json

import pytest
from bureau import ENTREPRISE, LEA, PERSONNE, active, connecte, cree, dernier, entre, gestionnaire
from joueurs import Horloge, facture

from facturier.portail import Acteur, Annuaire, JournalRefuse, Ouverture, Portail, RefusPortail
from facturier.portail.boite import messages
from facturier.portail.comptes import CONFORME, mot_de_passe_conforme
from facturier.portail.criteres import evaluer
from facturier.portail.etat import octets
from facturier.portail.evenements import sceller

COMPTES = Ouverture(graine="promo-12", comptes=True)


@pytest.fixture
def ouvert(annuaire: Annuaire, horloge: Horloge) -> Portail:
    return Portail(annuaire, horloge, COMPTES)


def refuse(portail: Portail, acteur: Acteur, regle: str, action: str, objet: str = "", **donnees: str) -> str:
    """The act is refused by that rule and leaves nothing; the sentence."""
    avant = octets(portail.etat), portail.journal
    with pytest.raises(RefusPortail) as refus:
        portail.faire(acteur, action, objet, **donnees)
    assert regle in refus.value.regles
    assert (octets(portail.etat), portail.journal) == avant
    return refus.value.phrase


def faits(portail: Portail) -> set[str]:
    return {nom for nom, rempli in evaluer(portail.etat).items() if rempli}


def test_une_assistante_cree_son_compte_le_matin_et_se_connecte(ouvert: Portail, horloge: Horloge) -> None:
    compte = cree(ouvert)
    assert compte == "C0001"
    recu = dernier(ouvert, LEA)
    assert recu.objet == "Activez votre compte"
    assert recu.jeton in recu.texte
    assert "60 minutes" in recu.texte
    assert "24/11/2026 à 11\u00a0h\u00a042" in recu.texte
    horloge.passe(minutes=59)
    active(ouvert)
    assert dernier(ouvert, LEA).objet == "Votre compte est actif"
    acteur = connecte(ouvert)
    assert ouvert.etat.comptes[compte].connexions == 1
    assert faits(ouvert) == {"compte_cree", "compte_active", "double_authentification_faite", "profil_complet"}
    ouvert.faire(acteur, "se_deconnecter", compte)
    refuse(ouvert, acteur, "droits", "modifier_profil", compte, nom="Durand")
    connecte(ouvert)
    ouvert.faire(acteur, "modifier_profil", compte, nom="Durand", contact="")
    assert ouvert.etat.comptes[compte].nom == "Durand"
    assert ouvert.etat.comptes[compte].contact == LEA
    rejoue = Portail.rejouer(ouvert.journal, ouvert.annuaire, ouverture=COMPTES)
    assert octets(rejoue.etat) == octets(ouvert.etat)
    assert messages(rejoue, LEA) == messages(ouvert, LEA)


def test_apres_soixante_minutes_le_lien_ne_vaut_plus_rien_et_on_en_redemande_un(
    ouvert: Portail, horloge: Horloge
) -> None:
    compte = cree(ouvert)
    vieux = dernier(ouvert, LEA).jeton
    horloge.passe(minutes=60, seconds=1)
    phrase = refuse(ouvert, PERSONNE, "lien-expire", "activer_compte", compte, jeton=vieux, mot_de_passe=CONFORME)
    assert "60 minutes" in phrase
    ouvert.faire(PERSONNE, "redemander_lien", compte)
    neuf = dernier(ouvert, LEA).jeton
    assert neuf != vieux
    refuse(ouvert, PERSONNE, "lien-faux", "activer_compte", compte, jeton=vieux, mot_de_passe=CONFORME)
    ouvert.faire(PERSONNE, "activer_compte", compte, jeton=neuf, mot_de_passe=CONFORME)
    refuse(ouvert, PERSONNE, "deja-actif", "activer_compte", compte, jeton=neuf, mot_de_passe=CONFORME)
    refuse(ouvert, PERSONNE, "deja-actif", "redemander_lien", compte)
    assert "lien_redemande" in faits(ouvert)


def test_le_lien_vaut_encore_a_la_soixantieme_minute(ouvert: Portail, horloge: Horloge) -> None:
    cree(ouvert)
    horloge.passe(minutes=60)
    assert active(ouvert) == "C0001"


def test_un_code_sert_une_fois_et_expire(ouvert: Portail, horloge: Horloge) -> None:
    compte = cree(ouvert)
    active(ouvert)
    refuse(ouvert, PERSONNE, "code-absent", "se_connecter", compte, code="123456")
    ouvert.faire(PERSONNE, "demander_code", compte)
    premier = dernier(ouvert, LEA)
    assert len(premier.jeton) == 6
    assert premier.jeton.isdecimal()
    horloge.passe(minutes=11)
    refuse(ouvert, PERSONNE, "code-expire", "se_connecter", compte, code=premier.jeton)
    ouvert.faire(PERSONNE, "demander_code", compte)
    second = dernier(ouvert, LEA).jeton
    refuse(ouvert, PERSONNE, "code-faux", "se_connecter", compte, code=premier.jeton)
    ouvert.faire(PERSONNE, "se_connecter", compte, code=f"{second[:3]} {second[3:]}")
    acteur = Acteur("fournisseur", "", compte)
    ouvert.faire(acteur, "se_deconnecter", compte)
    refuse(ouvert, PERSONNE, "code-absent", "se_connecter", compte, code=second)


def test_un_mot_de_passe_ne_va_dans_aucun_journal(ouvert: Portail) -> None:
    secret = "Correct-Horse-42"
    verdict = mot_de_passe_conforme(secret, secret)
    compte = cree(ouvert)
    jeton = dernier(ouvert, LEA).jeton
    phrase = refuse(ouvert, PERSONNE, "mot-de-passe", "activer_compte", compte, jeton=jeton, mot_de_passe=secret)
    assert secret not in phrase
    ouvert.faire(PERSONNE, "activer_compte", compte, jeton=jeton, mot_de_passe=verdict)
    acteur = connecte(ouvert)
    refuse(ouvert, acteur, "mot-de-passe", "changer_mot_de_passe", compte, mot_de_passe=secret)
    ouvert.faire(acteur, "changer_mot_de_passe", compte, mot_de_passe=verdict)
    assert secret not in json.dumps(ouvert.journal)
    assert secret not in octets(ouvert.etat).decode()


@pytest.mark.parametrize(
    ("saisi", "confirme", "regle"),
    [
        ("court", "court", "mot-de-passe-court"),
        ("assez-long-pour-aller", "autre", "mot-de-passe-confirme"),
        ("", "", "mot-de-passe-court"),
    ],
)
def test_un_mot_de_passe_court_ou_mal_confirme_est_dit(saisi: str, confirme: str, regle: str) -> None:
    with pytest.raises(RefusPortail) as refus:
        mot_de_passe_conforme(saisi, confirme)
    assert refus.value.regles == (regle,)


@pytest.mark.parametrize(
    ("champs", "regle"),
    [
        ({"courriel": "lea"}, "courriel-forme"),
        ({"courriel": "lea@exemple"}, "courriel-forme"),
        ({"courriel": "a" * 300 + "@exemple.fr"}, "courriel-forme"),
        ({"courriel": "lea@exemple.fr, zoe@exemple.fr"}, "courriel-forme"),
        ({"nom": "  "}, "nom"),
        ({"prenom": "x" * 101}, "prenom"),
        ({"telephone": "appelez-moi"}, "telephone"),
        ({"contact": "comptabilite"}, "contact-forme"),
        ({"conditions": ""}, "conditions"),
        ({"conditions": "non"}, "conditions"),
    ],
)
def test_une_creation_incomplete_est_refusee(ouvert: Portail, champs: dict[str, str], regle: str) -> None:
    demande = {"courriel": LEA, "nom": "Martin", "prenom": "Léa", "conditions": "oui", **champs}
    refuse(ouvert, PERSONNE, regle, "creer_compte", **demande)


def test_un_seul_compte_par_personne(ouvert: Portail) -> None:
    acteur = entre(ouvert)
    demande = {"nom": "Martin", "prenom": "Léa", "conditions": "oui"}
    refuse(ouvert, PERSONNE, "courriel-pris", "creer_compte", courriel=LEA.upper(), **demande)
    refuse(ouvert, acteur, "compte-unique", "creer_compte", courriel="autre@exemple.fr", **demande)


def test_une_adresse_de_connexion_change_quand_la_nouvelle_boite_a_repondu(ouvert: Portail, horloge: Horloge) -> None:
    acteur = entre(ouvert)
    cree(ouvert, "zoe@exemple.fr")
    refuse(ouvert, acteur, "courriel-pris", "changer_courriel", acteur.par, courriel="Zoe@exemple.fr")
    ouvert.faire(acteur, "changer_courriel", acteur.par, courriel="lea@entreprise.fr")
    assert ouvert.etat.comptes[acteur.par].courriel == LEA
    assert dernier(ouvert, LEA).objet == "Votre adresse de connexion change"
    recu = dernier(ouvert, "lea@entreprise.fr")
    horloge.passe(minutes=61)
    refuse(ouvert, acteur, "confirmation-expire", "confirmer_courriel", acteur.par, jeton=recu.jeton)
    ouvert.faire(acteur, "changer_courriel", acteur.par, courriel="lea@entreprise.fr")
    refuse(ouvert, acteur, "confirmation-faux", "confirmer_courriel", acteur.par, jeton=recu.jeton)
    ouvert.faire(acteur, "confirmer_courriel", acteur.par, jeton=dernier(ouvert, "lea@entreprise.fr").jeton)
    assert ouvert.etat.comptes[acteur.par].courriel == "lea@entreprise.fr"
    ouvert.faire(acteur, "se_deconnecter", acteur.par)
    connecte(ouvert, "lea@entreprise.fr")
    assert messages(ouvert, LEA)[-1].objet == "Votre adresse de connexion change"


def test_nul_ne_touche_au_compte_d_un_autre(ouvert: Portail) -> None:
    lea = entre(ouvert)
    zoe = entre(ouvert, "zoe@exemple.fr")
    refuse(ouvert, zoe, "titulaire", "modifier_profil", lea.par, nom="Durand")
    refuse(ouvert, zoe, "titulaire", "changer_courriel", lea.par, courriel="z@exemple.fr")
    refuse(ouvert, zoe, "titulaire", "desactiver_compte", lea.par)
    refuse(ouvert, PERSONNE, "droits", "modifier_profil", lea.par, nom="Durand")
    refuse(ouvert, lea, "titulaire", "modifier_profil", f"S{next(iter(ouvert.annuaire.structures))}", nom="X")


def test_en_classe_un_compte_est_a_qui_l_a_cree(annuaire: Annuaire, horloge: Horloge) -> None:
    portail = Portail(annuaire, horloge, Ouverture(graine="g", comptes=True, classe=True))
    compte = cree(portail, par="lea")
    jeton = dernier(portail, LEA).jeton
    voisin = Acteur("fournisseur", "", "zoe")
    refuse(portail, voisin, "titulaire", "activer_compte", compte, jeton=jeton, mot_de_passe=CONFORME)
    refuse(portail, voisin, "titulaire", "redemander_lien", compte)
    active(portail, par="lea")
    refuse(portail, voisin, "titulaire", "demander_code", compte)
    assert connecte(portail, par="lea").par == compte


def test_un_compte_desactive_ne_revient_pas(ouvert: Portail) -> None:
    acteur = entre(ouvert)
    ouvert.faire(acteur, "desactiver_compte", acteur.par)
    refuse(ouvert, acteur, "droits", "modifier_profil", acteur.par, nom="X")
    refuse(ouvert, PERSONNE, "compte-ferme", "redemander_lien", acteur.par)
    refuse(ouvert, PERSONNE, "compte-ferme", "demander_code", acteur.par)
    assert cree(ouvert) == "C0002"


def test_un_gestionnaire_ne_part_pas_sans_relais(ouvert: Portail) -> None:
    acteur = gestionnaire(ouvert)
    refuse(ouvert, acteur, "sans-relais", "desactiver_compte", acteur.par)
    refuse(ouvert, acteur, "sans-relais", "quitter_structure", f"S{ENTREPRISE}")


def test_un_compte_actif_mais_deconnecte_ne_depose_rien(ouvert: Portail) -> None:
    acteur = gestionnaire(ouvert)
    assert ouvert.faire(acteur, "deposer", **facture()) == "P0001"
    ouvert.faire(acteur, "se_deconnecter", acteur.par)
    phrase = refuse(ouvert, acteur, "droits", "deposer", **facture(numero="FA-2"))
    assert "n’est pas connecté" in phrase


def test_les_secrets_dependent_de_la_graine(annuaire: Annuaire) -> None:
    recus = []
    for graine in ("un", "deux", "un"):
        portail = Portail(annuaire, Horloge(), Ouverture(graine=graine))
        cree(portail)
        recus.append(dernier(portail, LEA).jeton)
    assert recus[0] == recus[2] != recus[1]


@pytest.mark.parametrize(
    ("action", "champ", "faux", "dit"),
    [
        ("activer_compte", "jeton", "0" * 32, "dernier lien"),
        ("activer_compte", "mot_de_passe", "azerty", "ne s’envoie pas"),
        ("se_connecter", "code", "000000", "dernier code"),
        ("creer_structure", "siret", "21990002400015", "structure publique"),
    ],
)
def test_un_journal_recousu_qui_invente_un_secret_ou_un_droit_est_refuse(
    ouvert: Portail, annuaire: Annuaire, action: str, champ: str, faux: str, dit: str
) -> None:
    gestionnaire(ouvert)
    recousu = [{**e, "donnees": {**e["donnees"]}} for e in ouvert.journal]
    fautif = next(e for e in recousu if e["action"] == action)
    fautif["donnees"][champ] = faux
    if champ == "siret":
        fautif["objet"] = f"S{faux}"
    with pytest.raises(JournalRefuse, match=dit) as refus:
        Portail.rejouer(sceller(COMPTES.genese(), recousu), annuaire, ouverture=COMPTES)
    assert refus.value.n == fautif["n"]


def test_un_journal_qui_saute_la_connexion_est_refuse(ouvert: Portail, annuaire: Annuaire) -> None:
    gestionnaire(ouvert)
    sans = [dict(e) for e in ouvert.journal if e["action"] not in ("demander_code", "se_connecter")]
    for n, evenement in enumerate(sans, start=1):
        evenement["n"] = n
    with pytest.raises(JournalRefuse, match="n’est pas connecté") as refus:
        Portail.rejouer(sceller(COMPTES.genese(), sans), annuaire, ouverture=COMPTES)
    assert refus.value.n == 3
