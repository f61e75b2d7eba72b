"""Accounts and structures on the screens: created, activated, connected, changed; each trap is said, none is fatal."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from facturier.ecrans.blocs import Cible, Repli
from facturier.portail.personnes import StructureGeree
from facturier.situations import Geste, Situation, evaluer, tirer
from tests.ecrans.joueur import Joueur, boutons, liens, poste_de, tous
from tests.ecrans.test_factures import HOSTILES

MOT_DE_PASSE = "Un-chantier-en-novembre"


@pytest.fixture
def situation() -> Situation:
    return tirer("compte_a_creer", "ecrans")


@pytest.fixture
def joueur(situation: Situation) -> Joueur:
    return Joueur(poste_de(situation.recit))


def dit(joueur: Joueur) -> str:
    statut = joueur.poste.statut
    return statut.texte if statut is not None else ""


def page(joueur: Joueur) -> str:
    return " ".join(str(bloc) for bloc in tous(joueur.poste.vue().blocs))


def creer(joueur: Joueur, geste: Geste) -> None:
    joueur.ouvrir(Cible("compte_creer"))
    joueur.saisir(**geste.champs)
    joueur.cliquer("creer")


def activer(joueur: Joueur, mot_de_passe: str = MOT_DE_PASSE) -> None:
    joueur.ouvrir(Cible("boite"))
    adresse = next(lien for lien in liens(joueur.poste) if lien.texte.startswith("https://"))
    assert adresse.cible.ecran == "compte_activer", "l’adresse écrite dans le message mène où mène son bouton"
    joueur.ouvrir(next(lien.cible for lien in liens(joueur.poste) if lien.cible.ecran == "compte_activer"))
    joueur.saisir(mot_de_passe=mot_de_passe, confirmation=MOT_DE_PASSE)
    joueur.cliquer("activer")


def se_connecter(joueur: Joueur) -> None:
    joueur.ouvrir(Cible("connexion"))
    joueur.cliquer("code")
    joueur.ouvrir(Cible("boite"))
    recu = next(
        m for m in joueur.poste.guichet.messages(joueur.poste.acteur)[::-1] if m.objet == "Votre code de connexion"
    )
    joueur.ouvrir(Cible("connexion"))
    joueur.saisir(code=recu.jeton)
    joueur.cliquer("entrer")


def tout(joueur: Joueur, situation: Situation) -> None:
    par_action = {geste.action: geste for geste in situation.saisie}
    creer(joueur, par_action["creer_compte"])
    activer(joueur)
    se_connecter(joueur)
    assert joueur.poste.lieu.ecran == "structure_creer"
    joueur.saisir(**par_action["creer_structure"].champs)
    joueur.cliquer("creer")
    siret = joueur.poste.lieu.objet
    joueur.ouvrir(Cible("coordonnees", siret))
    joueur.saisir(**par_action["ajouter_coordonnees"].champs)
    joueur.cliquer("enregistrer")
    joueur.ouvrir(Cible("rattachements", siret))
    joueur.cliquer("agir", action="habiliter", **par_action["habiliter"].champs)


def test_le_compte_de_la_situation_se_cree_en_entier_sur_les_ecrans(joueur: Joueur, situation: Situation) -> None:
    tout(joueur, situation)
    assert all(evaluer(situation, joueur.poste.guichet.etat).values()), dit(joueur)
    assert joueur.poste.siege is not None
    assert joueur.poste.siege.acteur.par == "C0001"
    assert joueur.clics <= 20


def test_le_siret_d_un_client_ne_cree_pas_de_structure(joueur: Joueur, situation: Situation) -> None:
    creer(joueur, situation.saisie[0])
    activer(joueur)
    se_connecter(joueur)
    joueur.saisir(siret="26990001500018", nom="Moi")
    joueur.cliquer("creer")
    assert dit(joueur).startswith("Le portail refuse")
    assert joueur.poste.valeurs["nom"] == "Moi", "ce qui est tapé reste"


def test_un_lien_trop_vieux_se_redemande(joueur: Joueur, situation: Situation) -> None:
    creer(joueur, situation.saisie[0])
    joueur.poste.guichet.avancer(1)
    activer(joueur)
    assert dit(joueur).startswith("Le portail refuse")
    joueur.cliquer("redemander")
    activer(joueur)
    assert "actif" in dit(joueur)


def test_deux_mots_de_passe_differents_et_aucun_n_est_garde(joueur: Joueur, situation: Situation) -> None:
    creer(joueur, situation.saisie[0])
    activer(joueur, "tout-autre-chose-ici")
    assert "diffèrent" in dit(joueur)
    garde = str(joueur.poste.en_json())
    assert MOT_DE_PASSE not in garde
    assert "tout-autre-chose" not in garde
    assert MOT_DE_PASSE not in str(joueur.poste.guichet.journal)


def test_le_profil_l_adresse_et_les_services_se_modifient(joueur: Joueur, situation: Situation) -> None:
    tout(joueur, situation)
    poste = joueur.poste
    joueur.ouvrir(Cible("profil"))
    joueur.saisir(telephone="01 99 00 00 00")
    joueur.cliquer("enregistrer")
    assert poste.guichet.etat.comptes["C0001"].telephone == "01 99 00 00 00"
    joueur.ouvrir(Cible("compte_adresse"))
    joueur.saisir(courriel="nouvelle@exemple.fr")
    joueur.cliquer("demander")
    joueur.ouvrir(next(lien.cible for lien in liens(poste) if lien.cible.ecran == "compte_confirmer"))
    joueur.cliquer("confirmer")
    assert poste.guichet.etat.comptes["C0001"].courriel == "nouvelle@exemple.fr"
    siret = poste.acteur.structure
    joueur.ouvrir(Cible("service_creer", siret))
    joueur.saisir(code="COMPTA", libelle="Comptabilité")
    joueur.cliquer("creer")
    joueur.cliquer("service", code="COMPTA", action="desactiver_service")
    joueur.saisir(adresse="3 rue des Essais, 99000 Val-Fictif")
    joueur.cliquer("enregistrer")
    structure = poste.guichet.annuaire.structure(siret)
    assert isinstance(structure, StructureGeree)
    assert structure.adresse.startswith("3 rue")
    assert not structure.services[0].actif
    iban = structure.coordonnees[0].iban
    joueur.cliquer("retirer_iban", iban=iban)
    assert "retiré" in dit(joueur)


def test_sortir_puis_revenir_et_ne_pas_fermer_le_compte_du_seul_gestionnaire(
    joueur: Joueur, situation: Situation
) -> None:
    tout(joueur, situation)
    joueur.ouvrir(Cible("profil"))
    joueur.cliquer("sortir")
    assert joueur.poste.siege is None, dit(joueur)
    se_connecter(joueur)
    assert joueur.poste.siege is not None
    joueur.ouvrir(Cible("profil"))
    assert next(b for b in boutons(joueur.poste) if b.geste == "desactiver").confirmer
    joueur.cliquer("desactiver")
    assert "désignez un remplaçant" in dit(joueur), "le seul gestionnaire ne part pas sans relais"


def test_un_message_mene_a_l_ecran_dont_il_parle(joueur: Joueur, situation: Situation) -> None:
    creer(joueur, situation.saisie[0])
    assert joueur.poste.lieu.ecran == "boite"
    replis = [bloc for bloc in tous(joueur.poste.vue().blocs) if isinstance(bloc, Repli)]
    assert replis[0].ouvert
    adresse, bouton = liens(joueur.poste)
    assert adresse.cible == bouton.cible
    assert adresse.cible.ecran == "compte_activer"


# the account that exists already


@pytest.fixture
def a_modifier() -> Situation:
    return tirer("compte_a_modifier", "ecrans")


@pytest.fixture
def chez_soi(a_modifier: Situation) -> Joueur:
    """The learner of « compte_a_modifier », once they are in."""
    joueur = Joueur(poste_de(a_modifier.recit))
    joueur.ouvrir(Cible("recit"))
    assert "connexion" in [lien.cible.ecran for lien in liens(joueur.poste)]
    joueur.ouvrir(Cible("connexion"))
    joueur.saisir(courriel=a_modifier.attendu["courriel"])
    se_connecter(joueur)
    assert joueur.poste.siege is not None, dit(joueur)
    return joueur


def remplacer_l_iban(joueur: Joueur, attendu: Mapping[str, str]) -> None:
    joueur.ouvrir(Cible("structure", attendu["siret"]))
    joueur.ouvrir(next(lien.cible for lien in liens(joueur.poste) if lien.texte == "Modifier"))
    joueur.saisir(iban=attendu["iban"])
    joueur.cliquer("enregistrer")


def test_le_compte_de_la_situation_se_modifie_en_entier_sur_les_ecrans(chez_soi: Joueur, a_modifier: Situation) -> None:
    attendu = a_modifier.attendu
    chez_soi.ouvrir(Cible("profil"))
    chez_soi.saisir(telephone=attendu["telephone"])
    chez_soi.cliquer("enregistrer")
    remplacer_l_iban(chez_soi, attendu)
    chez_soi.ouvrir(Cible("rattachements", attendu["siret"]))
    chez_soi.cliquer("agir", action="accepter_rattachement", compte="C0002")
    chez_soi.cliquer("agir", action="habiliter", compte="C0002", espace="factures_travaux")
    assert all(evaluer(a_modifier, chez_soi.poste.guichet.etat).values()), dit(chez_soi)
    assert chez_soi.clics <= 20


def test_un_iban_ajoute_laisse_l_ancien_et_se_rattrape(chez_soi: Joueur, a_modifier: Situation) -> None:
    attendu = a_modifier.attendu
    chez_soi.ouvrir(Cible("coordonnees", attendu["siret"]))
    chez_soi.saisir(iban=attendu["iban"], titulaire="Moi")
    chez_soi.cliquer("enregistrer")
    remplis = evaluer(a_modifier, chez_soi.poste.guichet.etat)
    assert (remplis["iban_demande"], remplis["ancien_iban_retire"]) == (True, False)
    chez_soi.cliquer("retirer_iban", iban=attendu["ancien_iban"].replace(" ", ""))
    assert evaluer(a_modifier, chez_soi.poste.guichet.etat)["ancien_iban_retire"]


def test_le_compte_du_collegue_ne_se_prend_pas(a_modifier: Situation) -> None:
    joueur = Joueur(poste_de(a_modifier.recit))
    joueur.ouvrir(Cible("connexion"))
    joueur.saisir(courriel=a_modifier.attendu["collegue"])
    joueur.cliquer("code")
    assert "déjà connecté" in dit(joueur)
    assert joueur.poste.siege is None


@pytest.mark.parametrize(
    "ecran", ["compte_creer", "connexion", "structure_creer", "rattachement_demander", "coordonnees"]
)
@pytest.mark.parametrize("texte", HOSTILES)
def test_une_saisie_absurde_ne_casse_rien(joueur: Joueur, ecran: str, texte: str) -> None:
    poste = joueur.poste
    poste.ouvrir(Cible(ecran))
    definition = poste.formulaire()
    assert definition is not None
    for champ in definition.champs:
        poste.changer(champ.id, texte)
    poste.vue()
    for geste in poste.ecran.gestes:
        poste.agir(geste)
        assert poste.statut is not None
        assert poste.statut.texte.endswith((".", "!"))


def test_se_connecter_sans_code_dit_comment_en_avoir_un(joueur: Joueur, situation: Situation) -> None:
    creer(joueur, next(g for g in situation.saisie if g.action == "creer_compte"))
    activer(joueur)
    joueur.ouvrir(Cible("connexion"))
    joueur.cliquer("entrer")
    assert dit(joueur).startswith("Rien n’est envoyé")
    assert joueur.poste.bloquants()[0][0] == "code"
    joueur.cliquer("code")
    assert "un code vous est envoyé" in dit(joueur).casefold()


def test_l_espace_ouvert_a_soi_ne_se_prend_pas_pour_celui_d_un_collegue(joueur: Joueur, situation: Situation) -> None:
    tout(joueur, situation)
    assert dit(joueur).endswith("est ouvert à votre propre compte.")


def test_ce_que_le_gestionnaire_accorde_est_dit_avec_le_nom_de_qui_le_recoit() -> None:
    modifie = tirer("compte_a_modifier", "ecrans")
    joueur = Joueur(poste_de(modifie.recit))
    joueur.poste.compte = "C0001"
    se_connecter(joueur)
    collegue = joueur.poste.guichet.etat.comptes["C0002"]
    qui = f"{collegue.prenom} {collegue.nom}"
    attente = "Une demande de rattachement ou d’espace attend votre décision."
    joueur.ouvrir(Cible("tableau_de_bord"))
    assert attente in page(joueur)
    assert f"Répondre à {qui}" in page(joueur)
    assert "Aucune pièce ne vous attend." in page(joueur)
    joueur.ouvrir(Cible("rattachements"))
    joueur.cliquer("agir", action="accepter_rattachement", compte=collegue.id)
    assert dit(joueur).startswith(f"Le rattachement de {qui} est accepté.")
    joueur.ouvrir(Cible("tableau_de_bord"))
    assert attente not in page(joueur)
    assert "Rien ne vous attend." in page(joueur)
    joueur.ouvrir(Cible("rattachements"))
    joueur.cliquer("agir", action="habiliter", compte=collegue.id, espace="factures_travaux")
    assert dit(joueur).endswith(f"est ouvert à {qui}\u00a0: un message l’attend dans sa boîte.")
