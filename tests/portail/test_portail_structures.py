"""Structures: created by SIRET, joined, run, filled in, searched; nobody acts where they have no right."""

from __future__ import annotations

import pytest
from bureau import (
    ENTREPRISE,
    IBAN,
    IBAN_BIS,
    LEA,
    PERSONNE,
    SECONDE,
    au_nom_de,
    dernier,
    entre,
    gestionnaire,
)
from joueurs import ARCHITECTE, COMMUNE, COMMUNE_MOA, COUVREUR, DEPARTEMENT, ELECTRICIEN, HOPITAL, Horloge, facture
from joueurs import piece_travaux as travaux

from facturier.portail import Acteur, Annuaire, Ouverture, Portail, RefusPortail
from facturier.portail.boite import messages
from facturier.portail.criteres import evaluer
from facturier.portail.etat import octets
from facturier.portail.organisation import espaces_de
from facturier.portail.personnes import StructureGeree
from facturier.portail.recherche import Filtres, parametres, recherche

COMPTES = Ouverture(graine="promo-12", comptes=True)
ZOE = "zoe@exemple.fr"
S = f"S{ENTREPRISE}"


@pytest.fixture
def ouvert(annuaire: Annuaire, horloge: Horloge) -> Portail:
    return Portail(annuaire, horloge, COMPTES)


def refuse(portail: Portail, acteur: Acteur, regle: str, action: str, objet: str = "", **donnees: str) -> str:
    avant = octets(portail.etat), portail.journal
    with pytest.raises(RefusPortail) as refus:
        portail.faire(acteur, action, objet, **donnees)
    assert regle in refus.value.regles
    assert (octets(portail.etat), portail.journal) == avant
    return refus.value.phrase


def geree(portail: Portail, siret: str = ENTREPRISE) -> StructureGeree:
    structure = portail.annuaire.structure(siret)
    assert isinstance(structure, StructureGeree)
    return structure


def rejoue_pareil(portail: Portail, annuaire: Annuaire) -> None:
    rejoue = Portail.rejouer(portail.journal, annuaire, ouverture=portail.ouverture)
    assert rejoue.journal == portail.journal
    assert octets(rejoue.etat) == octets(portail.etat)


def test_qui_cree_sa_structure_en_est_le_gestionnaire_principal_et_facture(ouvert: Portail, annuaire: Annuaire) -> None:
    lea = gestionnaire(ouvert)
    compte = ouvert.etat.comptes[lea.par]
    assert compte.gere(ENTREPRISE)
    assert compte.habilitations[ENTREPRISE] == {"factures_emises", "organisation", "sollicitations"}
    assert ouvert.faire(lea, "deposer", **facture()) == "P0001"
    assert ouvert.annuaire.structure(ENTREPRISE).nom == "Menuiserie Martin"
    assert ENTREPRISE not in annuaire.structures
    rejoue_pareil(ouvert, annuaire)


@pytest.mark.parametrize(
    ("siret", "regle", "dit"),
    [
        (COMMUNE, "siret-du-client", "structure publique"),
        (ELECTRICIEN, "structure-existante", "demandez à y être rattaché"),
        ("99990099600012", "siret", "le dernier chiffre de contrôle ne correspond pas"),
        ("999900996", "siret", "14"),
        ("", "siret", "vide"),
    ],
)
def test_une_structure_se_cree_avec_le_siret_de_sa_propre_entreprise(
    ouvert: Portail, siret: str, regle: str, dit: str
) -> None:
    lea = entre(ouvert)
    assert dit in refuse(ouvert, lea, regle, "creer_structure", siret=siret, nom="Chez Léa")


def test_sans_compte_on_ne_cree_ni_ne_rejoint_une_structure(portail: Portail) -> None:
    refuse(portail, PERSONNE, "compte", "creer_structure", siret=ENTREPRISE, nom="Chez Léa")
    refuse(portail, PERSONNE, "compte", "demander_rattachement", f"S{ELECTRICIEN}")
    refuse(portail, Acteur("fournisseur", ELECTRICIEN), "compte", "creer_service", f"S{ELECTRICIEN}", code="A")


def test_une_collegue_rejoint_la_structure_et_recoit_l_espace_travaux(ouvert: Portail, annuaire: Annuaire) -> None:
    lea, zoe = gestionnaire(ouvert), entre(ouvert, ZOE)
    refuse(ouvert, zoe, "structure-existante", "creer_structure", siret=ENTREPRISE, nom="Chez Léa")
    ouvert.faire(zoe, "demander_rattachement", S)
    refuse(ouvert, zoe, "deja-demande", "demander_rattachement", S)
    refuse(ouvert, zoe, "gestionnaire", "accepter_rattachement", S, compte=zoe.par)
    assert "attend votre approbation" in dernier(ouvert, LEA).objet
    assert messages(ouvert, ENTREPRISE)[-1].texte == dernier(ouvert, LEA).texte
    ouvert.faire(lea, "accepter_rattachement", S, compte=zoe.par)
    assert dernier(ouvert, ZOE).objet == "Vous êtes rattaché à «\u00a0Menuiserie Martin\u00a0»"
    zoe = au_nom_de(zoe, ENTREPRISE)
    assert ouvert.faire(zoe, "deposer", **facture()) == "P0001"
    refuse(ouvert, zoe, "droits", "deposer", **travaux("A4", ARCHITECTE, "SIT-1"))
    ouvert.faire(zoe, "demander_habilitation", S, espace="factures_travaux")
    refuse(ouvert, zoe, "deja-demande", "demander_habilitation", S, espace="factures_travaux")
    assert "habilitation" in dernier(ouvert, LEA).objet
    ouvert.faire(lea, "habiliter", S, compte=zoe.par, espace="factures_travaux")
    assert ouvert.etat.comptes[zoe.par].souhaits == {}
    assert "Factures de travaux" in dernier(ouvert, ZOE).objet
    assert evaluer(ouvert.etat)["habilitation_travaux_donnee"]
    ouvert.faire(lea, "retirer_habilitation", S, compte=zoe.par, espace="factures_emises")
    refuse(ouvert, zoe, "droits", "deposer", **facture(numero="FA-2"))
    refuse(ouvert, lea, "espace", "habiliter", S, compte=zoe.par, espace="factures_recues")
    ouvert.faire(lea, "detacher", S, compte=zoe.par)
    refuse(ouvert, zoe, "droits", "deposer", **facture(numero="FA-2"))
    rejoue_pareil(ouvert, annuaire)


def test_un_refus_de_rattachement_se_motive(ouvert: Portail) -> None:
    lea, zoe = gestionnaire(ouvert), entre(ouvert, ZOE)
    refuse(ouvert, lea, "demande", "accepter_rattachement", S, compte=zoe.par)
    ouvert.faire(zoe, "demander_rattachement", S)
    refuse(ouvert, lea, "motif", "refuser_rattachement", S, compte=zoe.par)
    ouvert.faire(lea, "refuser_rattachement", S, compte=zoe.par, motif="Vous n’êtes pas de la maison.")
    assert "Vous n’êtes pas de la maison." in dernier(ouvert, ZOE).texte
    assert ouvert.etat.comptes[zoe.par].rattachements == {}
    refuse(ouvert, lea, "demande", "accepter_rattachement", S, compte=zoe.par)


def test_le_gestionnaire_principal_designe_son_remplacant_avant_de_partir(ouvert: Portail) -> None:
    lea, zoe = gestionnaire(ouvert), entre(ouvert, ZOE)
    refuse(ouvert, lea, "membre", "designer_gestionnaire", S, compte=zoe.par)
    ouvert.faire(zoe, "demander_rattachement", S)
    ouvert.faire(lea, "accepter_rattachement", S, compte=zoe.par)
    refuse(ouvert, au_nom_de(zoe, ENTREPRISE), "gestionnaire", "designer_gestionnaire", S, compte=zoe.par)
    assert not evaluer(ouvert.etat)["gestionnaire_designe"]
    ouvert.faire(lea, "designer_gestionnaire", S, compte=zoe.par)
    assert evaluer(ouvert.etat)["gestionnaire_designe"]
    assert [c.gere(ENTREPRISE) for c in ouvert.etat.comptes.values()] == [False, True]
    refuse(ouvert, lea, "gestionnaire", "detacher", S, compte=zoe.par)
    ouvert.faire(lea, "quitter_structure", S)
    ouvert.faire(au_nom_de(lea, ""), "desactiver_compte", lea.par)
    ouvert.faire(au_nom_de(zoe, ENTREPRISE), "creer_service", S, code="SAV", libelle="Après-vente")


def test_un_compte_suffit_a_plusieurs_siret(ouvert: Portail) -> None:
    lea = gestionnaire(ouvert)
    ouvert.faire(au_nom_de(lea, ""), "creer_structure", siret=SECONDE, nom="Menuiserie Martin, agence")
    assert set(ouvert.etat.comptes[lea.par].rattachements) == {ENTREPRISE, SECONDE}
    refuse(ouvert, lea, "gestionnaire", "habiliter", f"S{SECONDE}", compte=lea.par, espace="factures_travaux")
    ouvert.faire(au_nom_de(lea, SECONDE), "habiliter", f"S{SECONDE}", compte=lea.par, espace="factures_travaux")
    refuse(ouvert, lea, "droits", "deposer", **travaux("A4", ARCHITECTE, "SIT-1"))
    assert evaluer(ouvert.etat)["plusieurs_structures"]


def test_un_gestionnaire_que_personne_ne_joue_repond_le_jour_meme(
    ouvert: Portail, horloge: Horloge, annuaire: Annuaire
) -> None:
    zoe = entre(ouvert, ZOE)
    ouvert.faire(zoe, "demander_rattachement", f"S{COUVREUR}")
    assert COUVREUR not in ouvert.etat.comptes[zoe.par].rattachements
    ouvert.avancer(1)
    assert ouvert.etat.comptes[zoe.par].rattachements == {COUVREUR: "utilisateur"}
    accepte = ouvert.journal[-1]
    assert (accepte["role"], accepte["par"], accepte["action"]) == ("systeme", "simule", "accepter_rattachement")
    zoe = au_nom_de(zoe, COUVREUR)
    refuse(ouvert, zoe, "droits", "deposer", **travaux("A4", ARCHITECTE, "SIT-1"))
    ouvert.faire(zoe, "demander_habilitation", f"S{COUVREUR}", espace="factures_travaux")
    ouvert.avancer(3)
    assert ouvert.faire(zoe, "deposer", **travaux("A4", ARCHITECTE, "SIT-1")) == "P0001"
    rejoue_pareil(ouvert, annuaire)
    for n in range(ouvert.longueur + 1):
        rejoue = Portail.rejouer(ouvert.journal[:n], annuaire, ouverture=COMPTES)
        assert rejoue.journal == ouvert.journal[: rejoue.longueur]


def test_un_agent_public_apprend_que_son_compte_vient_d_ailleurs(ouvert: Portail) -> None:
    zoe = entre(ouvert, ZOE)
    ouvert.faire(zoe, "demander_rattachement", f"S{COMMUNE}")
    ouvert.avancer(4)
    assert "PIGP" in dernier(ouvert, ZOE).texte
    assert "factures_recues" in ouvert.etat.comptes[zoe.par].habilitations[COMMUNE]


def test_une_structure_privee_n_a_pas_d_espace_de_factures_recues(annuaire: Annuaire) -> None:
    assert "factures_recues" not in espaces_de(annuaire.structure(ELECTRICIEN))
    assert "factures_recues" in espaces_de(annuaire.structure(COMMUNE))


def test_les_coordonnees_bancaires_se_tiennent_a_jour(ouvert: Portail, annuaire: Annuaire) -> None:
    lea = gestionnaire(ouvert)
    compte = {"titulaire": "Menuiserie Martin", "affactureur": "non"}
    refuse(ouvert, lea, "iban", "ajouter_coordonnees", S, iban=IBAN.replace("7", "8", 1), **compte)
    refuse(ouvert, lea, "titulaire", "ajouter_coordonnees", S, iban=IBAN)
    refuse(ouvert, lea, "affactureur", "ajouter_coordonnees", S, iban=IBAN, titulaire="M", affactureur="peut-être")
    ouvert.faire(lea, "ajouter_coordonnees", S, iban=IBAN, **compte)
    refuse(ouvert, lea, "iban-existant", "ajouter_coordonnees", S, iban=IBAN.replace(" ", ""), **compte)
    assert not evaluer(ouvert.etat)["iban_modifie"]
    refuse(ouvert, lea, "iban_remplace", "modifier_coordonnees", S, iban_remplace=IBAN_BIS, iban=IBAN_BIS, **compte)
    ouvert.faire(
        lea, "modifier_coordonnees", S, iban_remplace=IBAN, iban=IBAN_BIS, titulaire="Affacture SA", affactureur="oui"
    )
    assert [(c.iban, c.affactureur) for c in geree(ouvert).coordonnees] == [(IBAN_BIS.replace(" ", ""), True)]
    assert "coordonnées bancaires" in dernier(ouvert, LEA).objet
    assert evaluer(ouvert.etat)["iban_modifie"]
    ouvert.faire(lea, "retirer_coordonnees", S, iban=IBAN_BIS)
    assert geree(ouvert).coordonnees == ()
    rejoue_pareil(ouvert, annuaire)


def test_les_services_d_une_structure_s_ouvrent_et_se_ferment(ouvert: Portail) -> None:
    lea = gestionnaire(ouvert)
    refuse(ouvert, lea, "code", "creer_service", S, code="deux mots", libelle="Chantiers")
    ouvert.faire(lea, "creer_service", S, code="CHANTIERS", libelle="Chantiers")
    refuse(ouvert, lea, "service-existant", "creer_service", S, code="CHANTIERS", libelle="Autre")
    refuse(ouvert, lea, "deja", "activer_service", S, code="CHANTIERS")
    ouvert.faire(lea, "desactiver_service", S, code="CHANTIERS")
    assert geree(ouvert).service("CHANTIERS") is None
    ouvert.faire(lea, "activer_service", S, code="CHANTIERS")
    assert geree(ouvert).service("CHANTIERS") is not None
    refuse(ouvert, lea, "service", "activer_service", S, code="INCONNU")


def test_une_structure_se_modifie_se_desactive_et_se_reactive(ouvert: Portail) -> None:
    lea = gestionnaire(ouvert)
    refuse(ouvert, lea, "rien", "modifier_structure", S)
    ouvert.faire(lea, "modifier_structure", S, adresse="1 rue des Essais")
    ouvert.faire(lea, "modifier_structure", S, telephone="01 99 00 12 34")
    assert (geree(ouvert).adresse, geree(ouvert).telephone) == ("1 rue des Essais", "01 99 00 12 34")
    ouvert.faire(lea, "desactiver_structure", S)
    refuse(ouvert, lea, "deja", "desactiver_structure", S)
    zoe = entre(ouvert, ZOE)
    refuse(ouvert, zoe, "structure-inactive", "demander_rattachement", S)
    ouvert.faire(lea, "activer_structure", S)
    ouvert.faire(zoe, "demander_rattachement", S)


def test_l_espace_organisation_suffit_pour_la_fiche_pas_pour_les_droits(ouvert: Portail) -> None:
    lea, zoe = gestionnaire(ouvert), entre(ouvert, ZOE)
    ouvert.faire(zoe, "demander_rattachement", S)
    ouvert.faire(lea, "accepter_rattachement", S, compte=zoe.par)
    zoe = au_nom_de(zoe, ENTREPRISE)
    refuse(ouvert, zoe, "organisation", "modifier_structure", S, adresse="2 rue des Essais")
    ouvert.faire(lea, "habiliter", S, compte=zoe.par, espace="organisation")
    ouvert.faire(zoe, "modifier_structure", S, adresse="2 rue des Essais")
    refuse(ouvert, zoe, "gestionnaire", "habiliter", S, compte=zoe.par, espace="factures_travaux")


# --- the directory ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texte", "siret"),
    [
        ("BOURG IMAGINAIRE", COMMUNE),
        ("bourg-imaginaire commune", COMMUNE),
        ("hopit", ""),
        ("hospitalier val fictif", HOPITAL),
        ("departement haute fiction", DEPARTEMENT),
        (COMMUNE, COMMUNE),
        (f"{HOPITAL[:3]} {HOPITAL[3:6]} {HOPITAL[6:9]}", HOPITAL),
        (COMMUNE_MOA[-6:], COMMUNE_MOA),
        ("26", ""),
        ("zzz", ""),
    ],
)
def test_l_annuaire_se_cherche_sans_accent_ni_casse_et_par_bout_de_siret(
    annuaire: Annuaire, texte: str, siret: str
) -> None:
    trouvees = [structure.siret for structure in recherche(annuaire, texte)]
    assert (siret in trouvees) if siret else (trouvees == [])


def test_une_recherche_est_filtree_bornee_et_rangee(annuaire: Annuaire, ouvert: Portail) -> None:
    publiques = recherche(annuaire, "", Filtres(publique=True))
    assert publiques
    assert all(structure.publique for structure in publiques)
    assert len(recherche(annuaire, "", limite=2)) == 2
    assert recherche(annuaire, "x" * 100_000) == ()
    exigent = recherche(annuaire, "", Filtres(exige_service=True, exige_engagement=True))
    assert HOPITAL in {structure.siret for structure in exigent}
    assert all(structure.moa or structure.moa_uniquement for structure in recherche(annuaire, "", Filtres(moa=True)))
    gestionnaire(ouvert)
    assert [s.siret for s in recherche(ouvert.annuaire, "MARTIN menuiserie")] == [ENTREPRISE]
    assert recherche(annuaire, "menuiserie martin") == ()


def test_les_parametres_d_une_structure_se_lisent_en_mots(annuaire: Annuaire) -> None:
    assert "Numéro d’engagement obligatoire." in parametres(annuaire.structure(HOPITAL))
    assert "Code service obligatoire." in parametres(annuaire.structure(COMMUNE))
    assert any("l’un des deux" in phrase for phrase in parametres(annuaire.structure(DEPARTEMENT)))
    assert any("BATIMENTS" in phrase for phrase in parametres(annuaire.structure(COMMUNE)))
    assert parametres(annuaire.structure(ELECTRICIEN)) == (
        "Structure privée\u00a0: elle ne reçoit pas de facture sur Chorus Pro.",
    )
