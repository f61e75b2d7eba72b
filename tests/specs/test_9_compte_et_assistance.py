"""The manual, chapter 7: an account, its structure, its spaces, its mailbox, and whom to ask."""

from __future__ import annotations

import pytest
from bureau import ENTREPRISE, LEA, NOMS, PERSONNE, au_nom_de, connecte, dernier
from joueurs import ARCHITECTE, COMMUNE, Horloge, facture, piece_travaux

from facturier.portail import Acteur, Annuaire, Ouverture, Portail, RefusPortail
from facturier.portail.boite import messages
from facturier.portail.comptes import mot_de_passe_conforme
from facturier.portail.criteres import evaluer
from facturier.portail.etat import octets
from facturier.portail.recherche import parametres, recherche

STRUCTURE = f"S{ENTREPRISE}"


@pytest.fixture
def portail(annuaire: Annuaire, horloge: Horloge) -> Portail:
    return Portail(annuaire, horloge, Ouverture(graine="promo", comptes=True, depart="2026-11-24T08:45:00"))


def test_une_assistante_cree_son_compte_le_matin_et_facture_avant_midi(
    portail: Portail, annuaire: Annuaire, horloge: Horloge
) -> None:
    compte = portail.faire(PERSONNE, "creer_compte", courriel=LEA, **NOMS)
    lien = dernier(portail, LEA).jeton
    verdict = mot_de_passe_conforme("une phrase longue", "une phrase longue")

    # Une réunion plus tard, le lien a expiré : elle en redemande un.
    horloge.passe(minutes=75)
    with pytest.raises(RefusPortail, match="expiré"):
        portail.faire(PERSONNE, "activer_compte", compte, jeton=lien, mot_de_passe=verdict)
    portail.faire(PERSONNE, "redemander_lien", compte)
    portail.faire(PERSONNE, "activer_compte", compte, jeton=dernier(portail, LEA).jeton, mot_de_passe=verdict)

    # Pas de connexion sans le code reçu dans la boîte.
    with pytest.raises(RefusPortail, match="n’est pas connecté"):
        portail.faire(Acteur("fournisseur", "", compte), "creer_structure", siret=ENTREPRISE, nom="Menuiserie Martin")
    lea = connecte(portail)

    # Le SIRET est le sien, pas celui de la mairie.
    with pytest.raises(RefusPortail, match="votre propre entreprise"):
        portail.faire(lea, "creer_structure", siret=COMMUNE, nom="Menuiserie Martin")
    portail.faire(lea, "creer_structure", siret=ENTREPRISE, nom="Menuiserie Martin")
    lea = au_nom_de(lea, ENTREPRISE)

    # L’annuaire dit ce que la commune exige.
    (commune,) = recherche(portail.annuaire, COMMUNE[:9] + " " + COMMUNE[9:])
    assert "Code service obligatoire." in parametres(commune)
    piece = portail.faire(lea, "deposer", **facture())

    # L’espace des travaux s’ouvre à part, par le gestionnaire : elle-même.
    with pytest.raises(RefusPortail, match="Factures de travaux"):
        portail.faire(lea, "deposer", **piece_travaux("A4", ARCHITECTE, "SIT-1"))
    portail.faire(lea, "habiliter", STRUCTURE, compte=compte, espace="factures_travaux")

    # Sa boîte a tout retenu, et n’importe qui rejoue sa matinée.
    assert next(message.piece for message in messages(portail, LEA) if message.piece) == piece
    faits = evaluer(portail.etat)
    assert all(faits[nom] for nom in ("compte_active", "double_authentification_faite", "habilitation_travaux_donnee"))
    rejoue = Portail.rejouer(portail.journal, annuaire, ouverture=portail.ouverture)
    assert octets(rejoue.etat) == octets(portail.etat)
    assert messages(rejoue, LEA) == messages(portail, LEA)


def test_la_date_de_paiement_se_demande_au_client_pas_au_support(portail: Portail) -> None:
    demande = {"question": "pas-payee", "sujet": "FA-42", "texte": "Quand serons-nous payés ?", "courriel": LEA}
    portail.faire(PERSONNE, "ouvrir_sollicitation", destinataire="support", **demande)
    portail.avancer(5)
    assert "client public" in dernier(portail, LEA).texte
    assert not evaluer(portail.etat)["sollicitation_bien_adressee"]
    portail.faire(PERSONNE, "ouvrir_sollicitation", destinataire="service_metier", client=COMMUNE, **demande)
    portail.avancer(7)
    assert "en cours de traitement" in dernier(portail, LEA).texte
    assert evaluer(portail.etat)["sollicitation_bien_adressee"]


def test_un_compte_ne_se_prete_pas(portail: Portail) -> None:
    compte = portail.faire(PERSONNE, "creer_compte", courriel=LEA, **NOMS)
    jeton = dernier(portail, LEA).jeton
    portail.faire(PERSONNE, "activer_compte", compte, jeton=jeton, mot_de_passe="conforme")
    lea = connecte(portail)
    autre = portail.faire(PERSONNE, "creer_compte", courriel="zoe@exemple.fr", **NOMS)
    with pytest.raises(RefusPortail, match="personnel"):
        portail.faire(lea, "activer_compte", autre, jeton="0", mot_de_passe="conforme")
