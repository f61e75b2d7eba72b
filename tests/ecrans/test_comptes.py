"""Accounts and structures on the screens: created, activated, connected, changed; each trap is said, none is fatal."""

from __future__ import annotations

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


def creer(joueur: Joueur, geste: Geste) -> None:
    joueur.ouvrir(Cible("compte_creer"))
    joueur.saisir(**geste.champs)
    joueur.cliquer("creer")


def activer(joueur: Joueur, mot_de_passe: str = MOT_DE_PASSE) -> None:
    joueur.ouvrir(Cible("boite"))
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
    assert [lien.cible.ecran for lien in liens(joueur.poste)] == ["compte_activer"]


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
