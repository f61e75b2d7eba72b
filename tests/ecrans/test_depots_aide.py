"""Files deposited, the directory searched, help asked for, on the screens."""

from __future__ import annotations

from pathlib import Path

import pytest

from facturier.ecrans import joints
from facturier.ecrans.blocs import Cible, Lien, Liste, Message, Tableau
from facturier.portail.assistance import arbre
from facturier.situations import tirer
from tests.ecrans.joueur import Joueur, liens, poste_de, tous
from tests.ecrans.test_factures import HOSTILES

FACTURES = Path(__file__).resolve().parents[2] / "data" / "factures"
NETTOYAGE = "99990013700012"


@pytest.fixture
def joueur() -> Joueur:
    recit = tirer("nettoyage_public", "depots").recit
    return Joueur(poste_de(recit))


def dit(joueur: Joueur) -> str:
    statut = joueur.poste.statut
    return statut.texte if statut is not None else ""


def deposer(joueur: Joueur, fichier: Path, **champs: str) -> None:
    joueur.ouvrir(Cible("depot_fichier"))
    joueur.poste.joindre("fichier", fichier.name, fichier.read_bytes())
    joueur.saisir(**champs)
    joueur.cliquer("deposer")


def test_un_fichier_d_une_autre_entreprise_ou_faux_est_refuse_avec_la_raison(joueur: Joueur) -> None:
    deposer(joueur, FACTURES / "numero_trop_long.ubl.xml", mode="donnees")
    assert dit(joueur).startswith("Le portail refuse")
    assert "numéro de facture" in dit(joueur)
    assert not joueur.poste.guichet.pieces()
    assert joints.contenu(joueur.poste, "fichier"), "le fichier choisi reste"


def test_un_pdf_lu_par_la_machine_attend_d_etre_verifie(joueur: Joueur) -> None:
    deposer(joueur, FACTURES / "menage_val_fictif.facturx.pdf", mode="pdf", cadre="A1")
    (piece,) = joueur.poste.guichet.pieces()
    assert piece.statut == "INTERPRETEE_OCR"
    assert joueur.poste.lieu == Cible("saisie_destinataire", piece.id)
    alertes = [m for m in joueur.poste.vue().blocs if isinstance(m, Message) and m.ton == "alerte"]
    assert alertes, "la page dit que la machine se trompe"
    joueur.cliquer("enregistrer")
    assert len(joueur.poste.guichet.pieces()) == 1


def test_un_pdf_sans_cadre_ou_un_fichier_perdu_se_disent(joueur: Joueur) -> None:
    deposer(joueur, FACTURES / "menage_val_fictif.facturx.pdf", mode="pdf")
    assert "choisissez le cadre" in dit(joueur)
    joueur.poste.fichiers.clear()
    joueur.poste.agir("deposer")
    assert "choisissez-le de nouveau" in dit(joueur)


def test_un_faux_lot_se_refuse(joueur: Joueur) -> None:
    joueur.ouvrir(Cible("depot_lot"))
    joueur.poste.joindre("archive", "factures.zip", b"pas une archive")
    joueur.cliquer("deposer")
    assert dit(joueur).startswith("Le portail refuse")


def test_le_certificat_d_une_piece_deposee_se_telecharge(joueur: Joueur) -> None:
    for geste in tirer("nettoyage_public", "depots").saisie[:1]:
        joueur.jouer(geste)
    fichier = joueur.poste.agir("certificat")
    assert fichier is not None
    assert fichier.octets.startswith(b"%PDF-")


def test_l_annuaire_trouve_par_le_nom_par_le_siret_et_dit_ce_qui_est_exige(joueur: Joueur) -> None:
    joueur.ouvrir(Cible("annuaire"))
    joueur.saisir(texte="hospitalier")
    trouves = [lien.cible for lien in liens(joueur.poste) if lien.cible.ecran == "annuaire_fiche"]
    assert trouves
    joueur.ouvrir(trouves[0])
    assert any(isinstance(bloc, Tableau) for bloc in tous(joueur.poste.vue().blocs))
    joueur.ouvrir(Cible("annuaire"))
    joueur.saisir(texte="zzzz")
    assert not [lien for lien in liens(joueur.poste) if lien.cible.ecran == "annuaire_fiche"]


def test_ce_qu_une_structure_exige_se_lit_dans_la_liste_et_vaut_pour_chaque_service(joueur: Joueur) -> None:
    joueur.ouvrir(Cible("annuaire"))
    joueur.saisir(texte="val fictif")
    (liste,) = (bloc for bloc in tous(joueur.poste.vue().blocs) if isinstance(bloc, Tableau))
    ((*_, dit),) = liste.rangees
    assert dit == "Code service obligatoire. Numéro d’engagement obligatoire."
    joueur.ouvrir(Cible("annuaire_fiche", "26990001500018"))
    services = next(bloc for bloc in tous(joueur.poste.vue().blocs) if isinstance(bloc, Tableau))
    assert {rangee[2] for rangee in services.rangees} == {"oui"}


def test_chaque_chemin_de_l_assistance_finit_par_une_reponse_sourcee(joueur: Joueur) -> None:
    vus: set[str] = set()
    a_voir = [Cible("assistance")]
    while a_voir:
        cible = a_voir.pop()
        vus.add(cible.objet)
        joueur.ouvrir(cible)
        choix = [bloc for bloc in joueur.poste.vue().blocs if isinstance(bloc, Liste)]
        suites = [ligne.cible for bloc in choix for ligne in bloc.lignes if isinstance(ligne, Lien)]
        a_voir += [suite for suite in suites if suite.objet not in vus]
    assert set(arbre().feuilles) <= vus


def test_une_sollicitation_part_se_suit_et_se_clot(joueur: Joueur) -> None:
    feuille = next(f.id for f in arbre().feuilles.values() if f.destination == "support")
    joueur.ouvrir(Cible("sollicitation_ouvrir", feuille))
    joueur.cliquer("ouvrir")
    assert "Rien n’est envoyé" in dit(joueur)
    joueur.saisir(destinataire="support", sujet="Mon lien", texte="Il ne marche plus.")
    joueur.cliquer("ouvrir")
    assert joueur.poste.lieu == Cible("sollicitation", "T0001")
    joueur.saisir(texte="Toujours rien.")
    joueur.cliquer("relancer")
    joueur.cliquer("clore")
    assert joueur.poste.guichet.etat.sollicitations["T0001"].statut == "CLOTUREE"
    joueur.ouvrir(Cible("sollicitation", "T0099"))
    vue = joueur.poste.vue()
    assert vue.statut is not None
    assert "n’est pas de celles" in vue.statut.texte


@pytest.mark.parametrize("ecran", ["annuaire", "sollicitation_ouvrir", "depot_fichier", "depot_lot"])
@pytest.mark.parametrize("texte", HOSTILES)
def test_une_saisie_absurde_ne_casse_rien(joueur: Joueur, ecran: str, texte: str) -> None:
    poste = joueur.poste
    poste.ouvrir(Cible(ecran, next(iter(arbre().feuilles)) if ecran == "sollicitation_ouvrir" else ""))
    definition = poste.formulaire()
    assert definition is not None
    for champ in definition.champs:
        poste.changer(champ.id, texte)
    poste.vue()
    for geste in poste.ecran.gestes:
        poste.agir(geste)
        assert poste.statut is not None
        assert poste.statut.texte.endswith((".", "!"))
