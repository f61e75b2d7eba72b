"""Simple invoices on the screens: entered, sent, recycled, completed, made again; what is wrong is said."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from facturier import referentiel
from facturier.champs import def_facture as defs
from facturier.ecrans import garde, gestes, joints, saisie
from facturier.ecrans.blocs import Boutons, Cible, Grille, Liens, Message, Repli, Tableau
from facturier.ecrans.catalogue import ECRANS
from facturier.ecrans.conversation import Conversation
from facturier.ecrans.poste import Poste
from facturier.ecrans.rendu import rendre
from facturier.portail import pieces_jointes
from facturier.portail.gardes import GARDES
from facturier.portail.guichet import GuichetLocal
from facturier.portail.pieces_jointes import PieceJointe
from facturier.situations import evaluer, tirer
from tests.ecrans.joueur import MATIN, Joueur, boutons, liens, poste_de, tous

SIMPLES = (
    "nettoyage_public",
    "architecte_honoraires",
    "facture_a_recycler",
    "facture_rejetee",
    "facture_suspendue",
    "cotraitant_services",
    "sous_traitant_services",
)
HOSTILES = (
    "😀" * 30,
    "x" * 10_000,
    "<script>alert(1)</script>",
    "'; DROP TABLE pieces; --",
    "-99999999999999999999",
    "31/02/2026",
    "1\t2\t3\n4\t5\t6",
    "\u202eمرحبا",
    "{{ 7*7 }}",
    "\x00",
)


@pytest.mark.parametrize("code", SIMPLES)
def test_une_situation_jouee_sur_les_ecrans_remplit_tous_ses_criteres(code: str) -> None:
    situation = tirer(code, "ecrans")
    joueur = Joueur(poste_de(situation.recit))
    for geste in situation.saisie:
        joueur.jouer(geste)
        statut = joueur.poste.statut
        assert statut is None or statut.ton == "succes", (geste, statut)
    assert all(evaluer(situation, joueur.poste.guichet.etat).values())
    assert joueur.clics <= 20


@pytest.fixture
def joueur() -> Joueur:
    return Joueur(poste_de(tirer("nettoyage_public", "ecrans").recit))


def test_rien_n_est_envoye_tant_qu_un_champ_bloque_et_chaque_blocage_mene_a_son_etape(joueur: Joueur) -> None:
    poste = joueur.poste
    joueur.ouvrir(Cible("saisie_recapitulatif"))
    joueur.cliquer("envoyer")
    assert poste.statut is not None
    assert "Rien n’est envoyé" in poste.statut.texte
    assert not poste.guichet.pieces()
    vers = {lien.cible.ecran for lien in liens(poste) if lien.cible.ecran.startswith("saisie_")}
    assert {"saisie_destinataire", "saisie_cadre", "saisie_lignes"} <= vers


def test_ce_que_le_destinataire_exige_est_dit_avant_le_clic(joueur: Joueur) -> None:
    poste = joueur.poste
    joueur.ouvrir(Cible("saisie_destinataire"))
    exigeant = next(s for s in poste.guichet.annuaire.structures.values() if s.publique and s.service_obligatoire)
    joueur.saisir(destinataire_siret=exigeant.siret)
    dit = [m for m in poste.vue().blocs if isinstance(m, Message)]
    assert any("Code service obligatoire" in str(ligne) for m in dit for ligne in m.lignes)
    assert dict(poste.vue().champs["code_service"].options)


def test_un_brouillon_se_garde_se_reprend_et_ne_laisse_qu_une_piece(joueur: Joueur) -> None:
    poste = joueur.poste
    joueur.ouvrir(Cible("saisie_cadre"))
    joueur.saisir(cadre="A1", numero_facture="FA-2026-0001")
    joueur.cliquer("enregistrer")
    (brouillon,) = [p for p in poste.guichet.pieces() if p.statut == "BROUILLON"]
    assert poste.valeurs["numero_facture"] == "FA-2026-0001"
    joueur.ouvrir(Cible("saisie_cadre", brouillon.id))
    joueur.saisir(numero_facture="FA-2026-0002")
    joueur.cliquer("enregistrer")
    restants = [p for p in poste.guichet.pieces() if p.statut == "BROUILLON"]
    assert [p.numero for p in restants] == ["FA-2026-0002"]


def test_les_lignes_font_les_totaux_et_deux_taux_se_refusent(joueur: Joueur) -> None:
    poste = joueur.poste
    joueur.ouvrir(Cible("saisie_lignes"))
    joueur.saisir(ligne_1_designation="Vitres", ligne_1_quantite="12,5", ligne_1_prix="31,60", ligne_1_taux="20")
    assert any(isinstance(bloc, Tableau) for bloc in poste.vue().blocs)
    joueur.cliquer("calculer")
    assert (poste.valeurs["montant_ht"], poste.valeurs["montant_tva"], poste.valeurs["montant_ttc"]) == (
        "395,00",
        "79,00",
        "474,00",
    )
    joueur.cliquer("ajouter")
    joueur.saisir(ligne_2_quantite="1", ligne_2_prix="10", ligne_2_taux="5.5")
    joueur.cliquer("calculer")
    assert poste.statut is not None
    assert "un seul taux" in poste.statut.texte
    joueur.cliquer("retirer")
    assert len(next(b for b in poste.vue().blocs if isinstance(b, Grille)).rangees) == 1


def test_soixante_lignes_se_saisissent_et_pas_une_de_plus(joueur: Joueur) -> None:
    joueur.ouvrir(Cible("saisie_lignes"))
    for _ in range(defs.LIGNES_MAX - 1):
        joueur.cliquer("ajouter")
    assert "ajouter" not in {b.geste for b in boutons(joueur.poste)}
    joueur.saisir(ligne_60_designation="La dernière")
    assert joueur.poste.valeurs["ligne_60_designation"] == "La dernière"


def test_refaire_une_facture_rejetee_reprend_tout_sauf_le_numero() -> None:
    situation = tirer("facture_rejetee", "ecrans")
    joueur = Joueur(poste_de(situation.recit))
    rejetee = next(p for p in joueur.poste.guichet.pieces() if p.statut == "REJETEE")
    joueur.ouvrir(Cible("fiche", rejetee.id))
    cible = Cible("saisie_destinataire", saisie.REFAIRE + rejetee.id)
    assert cible in [lien.cible for lien in liens(joueur.poste)]
    joueur.ouvrir(cible)
    assert joueur.poste.valeurs["numero_facture"] == ""
    assert joueur.poste.valeurs["cadre"] == rejetee.cadre


@pytest.mark.parametrize("garde", sorted(GARDES))
def test_chaque_donnee_qu_une_garde_admet_a_son_champ(garde: str) -> None:
    assert set(GARDES[garde].champs) - {"piece_jointe_octets"} <= defs.DU_GESTE.keys()


def test_chaque_geste_de_personne_a_sa_garde_et_chaque_motif_sa_liste() -> None:
    situation = tirer("facture_suspendue", "ecrans")
    piece = next(iter(poste_de(situation.recit).guichet.pieces()))
    for transition in referentiel.transitions():
        if transition.role == "systeme" or transition.automatique or transition.action == "deposer_suivante":
            continue
        if transition.garde in ("motif_obligatoire", "motif_hors_montant"):
            liste = gestes.motifs(transition.action, piece)
            assert liste, transition.id
            assert len(dict(liste)) == len(liste)


@pytest.mark.parametrize("ecran", ["saisie_destinataire", "saisie_cadre", "saisie_lignes", "recherche"])
@pytest.mark.parametrize("texte", HOSTILES)
def test_une_saisie_absurde_dans_chaque_champ_donne_une_phrase_jamais_une_panne(ecran: str, texte: str) -> None:
    joueur = Joueur(poste_de(tirer("nettoyage_public", "ecrans").recit))
    poste = joueur.poste
    poste.ouvrir(Cible(ecran))
    definition = poste.formulaire()
    assert definition is not None
    for champ in definition.champs:
        poste.changer(champ.id, texte)
        vue = poste.vue()
        assert vue.statut is None or vue.statut.texte.endswith((".", "!"))
        for etat in vue.champs.values():
            assert not etat.erreur or len(etat.erreur) < 400
    if ecran != "recherche":
        poste.ouvrir(Cible("saisie_recapitulatif"))
        poste.agir("envoyer")
        assert not poste.guichet.pieces()


def test_le_tableau_de_bord_dit_ce_qui_attend_et_la_recherche_trouve() -> None:
    situation = tirer("facture_suspendue", "ecrans")
    joueur = Joueur(poste_de(situation.recit))
    poste = joueur.poste
    piece = next(p for p in poste.guichet.pieces() if p.statut == "SUSPENDUE")
    joueur.ouvrir(Cible("tableau_de_bord"))
    assert Cible("fiche", piece.id) in [lien.cible for lien in liens(poste)]
    joueur.ouvrir(Cible("recherche"))
    joueur.saisir(texte=piece.numero)
    assert Cible("fiche", piece.id) in [lien.cible for lien in liens(poste)]
    joueur.saisir(texte="introuvable")
    assert not [lien for lien in liens(poste) if lien.cible.ecran == "fiche"]
    joueur.saisir(minimum="abc")
    assert "minimum" in poste.erreurs()


def test_la_recherche_ne_propose_que_ce_qu_elle_peut_trouver() -> None:
    """The payer never sees the piece that the MOE answers to: neither its cadre nor its status is offered."""
    situation = tirer("electricien_avec_moe", "ecrans")
    poste = poste_de(situation.recit)
    poste.ouvrir(Cible("recherche"))
    definition = poste.formulaire()
    assert definition is not None
    for siege in poste.sieges:
        poste.asseoir(siege.cle)
        for champ in ("cadre", "statut"):
            poste.ouvrir(Cible("recherche"))
            offerts = [code for code, _ in poste.choix(definition.champ(champ))]
            for code in offerts:
                poste.changer(champ, code)
                assert [lien for lien in liens(poste) if lien.cible.ecran == "fiche"], (siege.cle, champ, code)
            poste.changer(champ, "")


def test_la_fiche_dit_qui_agit_ses_delais_et_son_histoire() -> None:
    situation = tirer("facture_suspendue", "ecrans")
    poste = poste_de(situation.recit)
    piece = next(iter(poste.guichet.pieces()))
    poste.ouvrir(Cible("fiche", piece.id))
    legendes = [bloc.legende for bloc in tous(poste.vue().blocs) if isinstance(bloc, Tableau)]
    assert "Qui a fait quoi, et quand" in legendes
    assert "Chaque étape, avec sa source" in legendes


def test_ce_qui_ne_se_defait_pas_vient_apres_le_geste_attendu() -> None:
    poste = poste_de(tirer("facture_a_recycler", "ecrans").recit)
    (piece,) = poste.guichet.pieces()
    blocs = gestes.boutons(poste, piece)
    assert [type(bloc) for bloc in blocs] == [Liens, Boutons]
    assert isinstance(blocs[1], Boutons)
    assert [b.genre for b in blocs[1].boutons] == ["danger"]


def test_le_recit_donne_le_document_que_la_facture_suspendue_attend() -> None:
    situation = tirer("facture_suspendue", "ecrans")
    (document,) = situation.recit.documents
    joueur = Joueur(poste_de(situation.recit))
    joueur.ouvrir(Cible("recit"))
    offert = joueur.poste.agir("document", {"document": document.nom})
    assert offert is not None
    assert offert.nom == document.nom == situation.saisie[0].champs["piece_jointe"]
    assert document.titre in (PdfReader(io.BytesIO(offert.octets)).pages[0].extract_text())
    assert joueur.poste.agir("document", {"document": "autre.pdf"}) is None
    (piece,) = joueur.poste.guichet.pieces()
    joueur.ouvrir(Cible("geste", gestes.objet_du_geste(piece.id, "completer")))
    joueur.poste.joindre("piece_jointe", offert.nom, offert.octets)
    joueur.cliquer("valider")
    assert all(evaluer(situation, joueur.poste.guichet.etat).values())


def repris(poste: Poste) -> Conversation:
    """The same place in another kernel: the journal and what is kept of the answers, no memory."""
    guichet = GuichetLocal(poste.acteur.structure, poste.guichet.journal, horloge=lambda: MATIN)
    neuf = Poste(guichet, ECRANS, lambda _: poste.sieges)
    neuf.reprendre(garde.deplier(garde.aplatir(poste.en_json())))
    return Conversation(neuf)


def test_une_piece_jointe_survit_au_noyau_sans_que_son_contenu_quitte_le_navigateur(joueur: Joueur) -> None:
    poste = joueur.poste
    joueur.ouvrir(Cible("saisie_pieces"))
    page = Conversation(poste)
    for nom, taille in (("bon de livraison.pdf", 9 * 1024 * 1024), ("attestation.pdf", 12)):  # 10 Mo: the rule's bound
        dit = page.repondre({"type": "joindre", "champ": "pieces_jointes", "nom": nom, "taille": taille})
        assert nom in str(dit["page"] or dit["ilots"])
    assert not any(contenus for contenus in poste.fichiers.values())
    autre = repris(poste)
    assert all(nom in autre.page() for nom in ("bon de livraison.pdf", "attestation.pdf"))
    assert saisie._donnees(autre.poste, autre.poste.valeurs)["pieces_jointes"] == pieces_jointes.ecrire(
        [PieceJointe("bon de livraison.pdf", 9 * 1024 * 1024), PieceJointe("attestation.pdf", 12)]
    )
    autre.repondre({"type": "retirer", "champ": "pieces_jointes", "nom": "attestation.pdf"})
    assert [nom for nom, _ in joints.jointes(autre.poste, "pieces_jointes")] == ["bon de livraison.pdf"]


def test_un_seul_fichier_se_depose_a_la_fois_le_dernier_choisi(joueur: Joueur) -> None:
    joueur.ouvrir(Cible("depot_fichier"))
    page = Conversation(joueur.poste)
    assert " multiple" not in page.page()
    assert "quitte votre poste" not in page.page(), "dans une classe, le fichier va au portail de la classe"
    for nom in ("une.xml", "autre.xml"):
        page.repondre({"type": "joindre", "champ": "fichier", "nom": nom, "octets": b"<Invoice/>"})
    assert joints.contenu(joueur.poste, "fichier") == [("autre.xml", b"<Invoice/>")]
    assert joueur.poste.valeurs["fichier"] == "autre.xml"


@pytest.mark.parametrize(
    "gardees", ["[]", "null", "{", '{"a.pdf": "9"}', '{"a.pdf": -1}', '{"a.pdf": true}', "[" * 9000]
)
def test_des_tailles_gardees_de_travers_sont_laissees_de_cote(joueur: Joueur, gardees: str) -> None:
    joueur.ouvrir(Cible("saisie_pieces"))
    joueur.poste.saisies[joueur.poste.cle] = {"tailles de pieces_jointes": gardees}
    assert joints.jointes(joueur.poste, "pieces_jointes") == []


def test_traiter_le_rejet_n_est_plus_offert_une_fois_fait() -> None:
    joueur = Joueur(poste_de(tirer("facture_rejetee", "ecrans").recit))
    rejetee = next(p for p in joueur.poste.guichet.pieces() if p.statut == "REJETEE")
    joueur.ouvrir(Cible("fiche", rejetee.id))
    assert "traiter_rejet" in {b.valeurs.get("action") for b in boutons(joueur.poste)}
    joueur.cliquer("faire", action="traiter_rejet")
    joueur.ouvrir(Cible("fiche", rejetee.id))
    assert "traiter_rejet" not in {b.valeurs.get("action") for b in boutons(joueur.poste)}
    assert gestes.attendus(joueur.poste, joueur.poste.guichet.piece(rejetee.id)) == []
    assert saisie.REFAIRE + rejetee.id in {lien.cible.objet for lien in liens(joueur.poste)}


def test_l_histoire_se_relit_la_ou_l_on_saisit_et_la_ou_l_on_repond() -> None:
    situation = tirer("facture_a_recycler", "ecrans")
    poste = poste_de(situation.recit)
    for cible in (Cible("geste", "P0001:recycler"), Cible("saisie_destinataire"), Cible("saisie_cadre")):
        poste.ouvrir(cible)
        relue = next(b for b in tous(poste.vue().blocs) if isinstance(b, Repli) and b.titre == "Relire l’histoire")
        assert "Le bon de commande dit" in str(relue.blocs)


def test_rien_d_obligatoire_ne_se_dit_pas_tout_rempli() -> None:
    poste = poste_de(tirer("facture_suspendue", "ecrans").recit)
    poste.ouvrir(Cible("geste", "P0001:completer"))
    page = rendre(poste.vue()).html()
    assert "Tout est rempli" not in page
    assert "Aucun champ n’est obligatoire" in page


def test_le_recapitulatif_dit_les_montants_en_euros_et_un_champ_exige_reste_dit_obligatoire() -> None:
    joueur = Joueur(poste_de(tirer("nettoyage_public", "ecrans").recit))
    poste = joueur.poste
    poste.ouvrir(Cible("saisie_cadre"))
    joueur.saisir(mode_paiement="VIREMENT", iban="FR76 3000 1007 9412 3456 7890 185")
    assert poste.vue().champs["iban"].requis
    poste.ouvrir(Cible("saisie_lignes"))
    joueur.saisir(montant_ht="4137,82")
    poste.ouvrir(Cible("saisie_recapitulatif"))
    assert "4\u202f137,82\u00a0€" in rendre(poste.vue()).html()
