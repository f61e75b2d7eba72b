"""An announced change whose day the trainer sets: the portal turns over on that very day, and replays."""

from __future__ import annotations

import pytest
from joueurs import COMMUNE, ELECTRICIEN, HOPITAL, Horloge, deposer, facture

from facturier.erreurs import ErreurFacturier
from facturier.portail import Acteur, Annuaire, JournalRefuse, Ouverture, Portail, RefusPortail
from facturier.portail.boite import messages_de
from facturier.portail.etat import octets
from facturier.portail.histoire import histoire

PAYEUR, FOURNISSEUR = Acteur("destinataire", COMMUNE), Acteur("fournisseur", ELECTRICIEN)
APRES = Ouverture(bascules={"arret-recyclage": "2026-11-26"})
"""The tests' clock starts on 24 November 2026."""


@pytest.fixture
def portail(annuaire: Annuaire, horloge: Horloge) -> Portail:
    return Portail(annuaire, horloge, APRES)


def gestes(portail: Portail, piece: str) -> set[str]:
    return {t.action for t in portail.gestes(PAYEUR, piece)} & {"demander_recyclage", "rejeter_aiguillage"}


def test_le_recyclage_s_offre_jusqu_a_la_veille_et_le_rejet_des_le_jour_dit(portail: Portail, horloge: Horloge) -> None:
    piece = deposer(portail).id
    vus = []
    for _ in range(3):
        vus.append(gestes(portail, piece))
        horloge.passe(days=1)
    assert vus == [{"demander_recyclage"}, {"demander_recyclage"}, {"rejeter_aiguillage"}]


def test_la_meme_erreur_est_recyclee_avant_et_veut_un_nouveau_numero_apres(portail: Portail, horloge: Horloge) -> None:
    avant, apres = deposer(portail, numero="FA-1"), deposer(portail, numero="FA-2")
    portail.agir(PAYEUR, avant.id, "demander_recyclage", motif="DEST_ERR")
    assert portail.agir(FOURNISSEUR, avant.id, "recycler", code_service="MAIRIE").numero == "FA-1"
    horloge.passe(days=2)
    with pytest.raises(RefusPortail, match="n’est pas possible"):
        portail.agir(PAYEUR, apres.id, "demander_recyclage", motif="DEST_ERR")
    assert portail.agir(PAYEUR, apres.id, "rejeter_aiguillage", motif="DEST_ERR").statut == "REJETEE"
    with pytest.raises(RefusPortail, match="même après un rejet"):
        deposer(portail, numero="FA-2", code_service="MAIRIE")
    assert deposer(portail, numero="FA-3", code_service="MAIRIE").statut == "MISE_A_DISPOSITION"


def test_chacun_lit_ce_qu_il_doit_faire_selon_le_jour(portail: Portail, horloge: Horloge) -> None:
    avant, apres = deposer(portail, numero="FA-1"), deposer(portail, numero="FA-2")
    portail.agir(PAYEUR, avant.id, "demander_recyclage", motif="DEST_ERR")
    horloge.passe(days=2)
    portail.agir(PAYEUR, apres.id, "rejeter_aiguillage", motif="DEST_ERR")
    courrier = {m.piece: m.texte for m in messages_de(portail, FOURNISSEUR)}
    assert "même numéro" in courrier[avant.id]
    assert "nouveau numéro" in courrier[apres.id]
    assert "même numéro" not in courrier[apres.id]
    assert histoire(portail, FOURNISSEUR, apres.id)[-1].quoi == "Rejeter pour erreur d’aiguillage"


def test_le_journal_se_rejoue_sous_le_meme_reglage_et_sous_nul_autre(
    portail: Portail, horloge: Horloge, annuaire: Annuaire
) -> None:
    horloge.passe(days=2)
    portail.agir(PAYEUR, deposer(portail).id, "rejeter_aiguillage", motif="DEST_ERR")
    relue = Ouverture.depuis_json(portail.document()["ouverture"])
    assert octets(Portail.rejouer(portail.journal, annuaire, ouverture=relue).etat) == octets(portail.etat)
    with pytest.raises(JournalRefuse) as refus:  # the trainer's opening prevails, whatever the file claims
        Portail.rejouer(portail.journal, annuaire, ouverture=Ouverture())
    assert refus.value.n == 1


def test_sans_reglage_le_sceau_des_journaux_deja_ecrits_ne_change_pas() -> None:
    assert "bascules" not in Ouverture().en_json()
    assert Ouverture(bascules={}).genese() == Ouverture().genese() != APRES.genese()


# who receives in a software of theirs, linked by flows (EDI), still sends « À recycler »: the portal converts it

A_L_HOPITAL = {"destinataire_siret": HOPITAL, "code_service": "CH-ACHATS", "numero_engagement": "BC-2026-00583"}
AGENT = Acteur("destinataire", HOPITAL)
FICHIER = {"fichier": "facture.xml", "fichier_octets": "2400", "fichier_sha256": "5a" * 32, "emetteur": ELECTRICIEN[:9]}
CANAUX = {
    "saisie": {},
    "flux sur Chorus Pro": {**FICHIER, "mode": "xml", "fichier_format": "ubl"},
    "plateforme agréée, EDI": {**FICHIER, "mode": "pa_edi", "fichier_format": "ubl", "cadre_norme": "S1"},
    "plateforme agréée, API": {**FICHIER, "mode": "pa_api", "fichier_format": "cii", "cadre_norme": "S1"},
}


@pytest.mark.parametrize("canal", CANAUX)
def test_apres_l_arret_un_a_recycler_pose_en_edi_devient_un_rejet(
    portail: Portail, horloge: Horloge, annuaire: Annuaire, canal: str
) -> None:
    horloge.passe(days=2)
    piece = portail.deposer(FOURNISSEUR, {**facture(numero="FA-9", **A_L_HOPITAL), **CANAUX[canal]})
    assert piece.provenance.mode == CANAUX[canal].get("mode", "saisie")
    dit = {"motif": "SE_ERR", "commentaire": "Mauvais service."}
    rejetee = portail.agir(AGENT, piece.id, "poser_a_recycler", **dit)
    assert [(p.statut, p.role, p.motif) for p in rejetee.historique[-2:]] == [
        ("A_RECYCLER", "destinataire", "SE_ERR"),
        ("REJETEE", "systeme", "SE_ERR"),
    ]
    with pytest.raises(RefusPortail, match="même après un rejet"):
        portail.deposer(FOURNISSEUR, facture(numero="FA-9", **A_L_HOPITAL))
    courriers = [m.texte for m in messages_de(portail, FOURNISSEUR) if m.piece == piece.id]
    assert any("nouveau numéro" in texte and "Mauvais service." in texte for texte in courriers)
    assert not any("même numéro" in texte for texte in courriers)
    assert octets(Portail.rejouer(portail.journal, annuaire, ouverture=APRES).etat) == octets(portail.etat)


def test_qui_travaille_sur_le_portail_ne_pose_plus_a_recycler(portail: Portail, horloge: Horloge) -> None:
    horloge.passe(days=2)
    piece = deposer(portail)
    assert "poser_a_recycler" not in {t.action for t in portail.gestes(PAYEUR, piece.id)}
    with pytest.raises(RefusPortail, match="arrêté sur le portail"):
        portail.agir(PAYEUR, piece.id, "poser_a_recycler", motif="SE_ERR")
    assert portail.piece(piece.id) == piece


def test_avant_l_arret_l_edi_demande_le_recyclage_et_rien_n_est_converti(
    portail: Portail, horloge: Horloge, annuaire: Annuaire
) -> None:
    piece = portail.deposer(FOURNISSEUR, facture(numero="FA-9", **A_L_HOPITAL))
    with pytest.raises(RefusPortail, match="n’est pas possible"):
        portail.agir(AGENT, piece.id, "poser_a_recycler", motif="SE_ERR")
    portail.agir(AGENT, piece.id, "demander_recyclage", motif="SE_ERR")
    horloge.passe(days=5)
    portail.avancer()
    assert portail.piece(piece.id).statut == "A_RECYCLER"  # what was being recycled keeps its number
    recyclee = portail.agir(FOURNISSEUR, piece.id, "recycler", numero_engagement="BC-2026-00584")
    assert (recyclee.statut, recyclee.numero) == ("MISE_A_DISPOSITION", "FA-9")
    assert octets(Portail.rejouer(portail.journal, annuaire, ouverture=APRES).etat) == octets(portail.etat)


def test_un_hopital_simule_rejette_par_son_logiciel(annuaire: Annuaire, horloge: Horloge) -> None:
    simule = {f"destinataire:{HOPITAL}": "prompt"}
    portail = Portail(annuaire, horloge, Ouverture(bascules={"arret-recyclage": "2026-11-24"}, partenaires=simule))
    piece = portail.deposer(FOURNISSEUR, facture(numero="FA-9", **A_L_HOPITAL))
    horloge.passe(days=10)
    portail.avancer()
    actions = [p.action for p in portail.piece(piece.id).historique[-2:]]
    assert actions == ["poser_a_recycler", "convertir_en_rejet"]
    assert octets(Portail.rejouer(portail.journal, annuaire, ouverture=portail.ouverture).etat) == octets(portail.etat)


@pytest.mark.parametrize(
    ("bascules", "extrait"),
    [
        ({"fin-du-monde": "2026-11-26"}, "arret-recyclage"),
        ({"arret-recyclage": "26/11/2026"}, "AAAA-MM-JJ"),
        ({"arret-recyclage": "2026-11-31"}, "pas une date"),
        ({"arret-recyclage": 3}, "forme attendue"),
    ],
)
def test_une_bascule_impossible_est_refusee(bascules: dict[str, object], extrait: str) -> None:
    with pytest.raises(ErreurFacturier, match=extrait):
        Ouverture.depuis_json({"bascules": bascules})
