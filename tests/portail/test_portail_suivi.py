"""Following up: what each structure sees, finds, is waited for, and can download."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from joueurs import (
    ARCHITECTE,
    CAISSE,
    COMMUNE,
    COMMUNE_MOA,
    COUVREUR,
    ELECTRICIEN,
    NETTOYAGE,
    VITRIER,
    Horloge,
    chantier,
    deposer,
    deposer_a4,
    deposer_a15,
    facture,
)

from facturier.erreurs import ErreurFacturier
from facturier.portail import Acteur, Annuaire, Ouverture, Portail
from facturier.portail.consultation import calculs_de
from facturier.portail.histoire import frises, histoire, telechargements
from facturier.portail.suivi import Recherche, Tri, pieces_vues, rechercher, tableau

FOURNISSEUR, PAYEUR = Acteur("fournisseur", ELECTRICIEN), Acteur("destinataire", COMMUNE)


def vus(portail: Portail, acteur: Acteur) -> list[str]:
    return [piece.id for piece in pieces_vues(portail, acteur)]


# who sees what


def test_chacun_ne_voit_que_les_pieces_ou_sa_structure_tient_un_role(portail: Portail) -> None:
    simple, sous_traitant, a4 = deposer(portail), deposer(portail, cadre="A9", numero="ST-1"), deposer_a4(portail)
    assert vus(portail, FOURNISSEUR) == [simple.id]
    assert vus(portail, Acteur("fournisseur", VITRIER)) == [sous_traitant.id]
    assert vus(portail, Acteur("valideur_1", NETTOYAGE)) == [sous_traitant.id]
    assert vus(portail, PAYEUR) == [simple.id, sous_traitant.id]
    assert vus(portail, Acteur("moe", ARCHITECTE)) == [a4.id]
    assert vus(portail, Acteur("fournisseur", "")) == []


def test_un_brouillon_n_est_vu_que_de_son_auteur(portail: Portail) -> None:
    brouillon = portail.enregistrer(FOURNISSEUR, facture())
    assert vus(portail, FOURNISSEUR) == [brouillon.id]
    assert vus(portail, PAYEUR) == []


def test_la_structure_en_copie_voit_la_piece(portail: Portail) -> None:
    a7 = portail.deposer(Acteur("fournisseur", COUVREUR), chantier(portail.annuaire, "2026-TVX-014", "A7", ARCHITECTE))
    assert vus(portail, Acteur("moa", COMMUNE_MOA)) == [a7.id]


def test_en_classe_un_participant_ne_lit_pas_pour_un_autre(annuaire: Annuaire, horloge: Horloge) -> None:
    portail = Portail(annuaire, horloge, Ouverture(classe=True))
    animateur = Acteur("animateur", "", "animateur")
    portail.faire(animateur, "confier", role="fournisseur", structure=ELECTRICIEN, a="lea")
    piece = portail.deposer(Acteur("fournisseur", ELECTRICIEN, "lea"), facture())
    assert vus(portail, Acteur("fournisseur", ELECTRICIEN, "lea")) == [piece.id]
    assert vus(portail, Acteur("fournisseur", ELECTRICIEN, "tom")) == []
    assert vus(portail, Acteur("fournisseur", ELECTRICIEN)) == []
    assert vus(portail, animateur) == [piece.id]
    assert histoire(portail, Acteur("fournisseur", ELECTRICIEN, "tom"), piece.id) == ()
    assert telechargements(portail, Acteur("fournisseur", ELECTRICIEN, "tom"), piece.id) == ()
    assert frises(portail, Acteur("fournisseur", ELECTRICIEN, "tom"), piece.id) == ()


# dashboard


def test_le_tableau_de_bord_compte_somme_et_dit_ce_qui_attend(portail: Portail, horloge: Horloge) -> None:
    premiere = deposer(portail, numero="F1")
    horloge.passe(days=1)
    seconde = deposer(portail, numero="F2", montant_ht="100,00", montant_tva="20,00", montant_ttc="120,00")
    portail.agir(PAYEUR, seconde.id, "suspendre", motif="JUSTIF_ABS")
    lu = tableau(portail, PAYEUR)
    assert [(c.code, c.nombre, c.montant) for c in lu.statuts] == [
        ("MISE_A_DISPOSITION", 1, Decimal("1200.00")),
        ("SUSPENDUE", 1, Decimal("120.00")),
    ]
    assert [(c.code, c.nombre) for c in lu.roles] == [("destinataire", 2), ("comptable", 2)]
    assert [a.piece.id for a in lu.attentes] == [premiere.id, seconde.id]
    assert [t.action for t in tableau(portail, FOURNISSEUR).attentes[0].gestes] == ["completer"]


def test_le_fournisseur_ne_voit_pas_un_paiement_qui_n_est_pas_remonte(portail: Portail) -> None:
    jardins = Acteur("fournisseur", "99990031900016")
    a6 = portail.deposer(jardins, chantier(portail.annuaire, "2026-TVX-070", "A6", CAISSE))
    portail.agir(Acteur("destinataire", CAISSE), a6.id, "mandater")
    portail.agir(Acteur("comptable", CAISSE), a6.id, "mettre_en_paiement")
    assert [c.code for c in tableau(portail, jardins).statuts] == ["MANDATEE"]
    assert [c.code for c in tableau(portail, Acteur("comptable", CAISSE)).statuts] == ["MISE_EN_PAIEMENT"]


@pytest.mark.parametrize("jours", [3, 200], ids=["a_temps", "en_retard"])
def test_rien_ne_distingue_pour_le_fournisseur_un_paiement_non_remonte_d_un_paiement_qui_n_est_pas_fait(
    annuaire: Annuaire, jours: int
) -> None:
    jardins, comptable = Acteur("fournisseur", "99990031900016"), Acteur("comptable", CAISSE)

    def lu(qui: Acteur, *, paye: bool) -> tuple[object, ...]:
        horloge = Horloge()
        portail = Portail(annuaire, horloge)
        a6 = portail.deposer(jardins, chantier(annuaire, "2026-TVX-070", "A6", CAISSE))
        portail.agir(Acteur("destinataire", CAISSE), a6.id, "mandater")
        horloge.passe(days=jours)
        if paye:
            portail.agir(comptable, a6.id, "mettre_en_paiement")
        horloge.passe(days=20)
        telecharges = telechargements(portail, qui, a6.id)
        return histoire(portail, qui, a6.id), frises(portail, qui, a6.id), calculs_de(portail, qui, a6.id), telecharges

    assert lu(jardins, paye=True) == lu(jardins, paye=False)
    paye, non_paye = lu(comptable, paye=True), lu(comptable, paye=False)
    assert all(paye[rang] != non_paye[rang] for rang in range(3)), "qui paie le voit"


# search


@pytest.fixture
def garni(portail: Portail) -> Portail:
    for rang in range(1, 5):
        ht = Decimal(100 * rang)
        deposer(
            portail,
            numero=f"FA-{rang}",
            date_facture=f"0{rang}/11/2026",
            numero_engagement=f"EJ-{rang % 2}",
            montant_ht=f"{ht}",
            montant_tva=f"{ht / 5}",
            montant_ttc=f"{ht * 6 / 5}",
        )
    portail.agir(PAYEUR, "P0002", "mandater")
    return portail


@pytest.mark.parametrize(
    ("recherche", "attendus"),
    [
        (Recherche(), ["P0004", "P0003", "P0002", "P0001"]),
        (Recherche(numero="fa-3"), ["P0003"]),
        (Recherche(statut="MANDATEE"), ["P0002"]),
        (Recherche(depuis=date(2026, 11, 2), jusqu_a=date(2026, 11, 3)), ["P0003", "P0002"]),
        (Recherche(minimum="240", maximum="360,00"), ["P0003", "P0002"]),
        (Recherche(engagement="EJ-1", decroissant=False), ["P0001", "P0003"]),
        (Recherche(structure=ELECTRICIEN), ["P0004", "P0003", "P0002", "P0001"]),
        (Recherche(structure=COUVREUR), []),
        (Recherche(texte="electricite lumen", cadre="A1", marche="ENT-007"), ["P0004", "P0003", "P0002", "P0001"]),
        (Recherche(texte="introuvable"), []),
    ],
)
def test_la_recherche_croise_les_criteres(garni: Portail, recherche: Recherche, attendus: list[str]) -> None:
    trouves = rechercher(garni, PAYEUR, recherche)
    assert [p.id for p in trouves.pieces] == attendus
    assert trouves.total == len(attendus)


@pytest.mark.parametrize("tri", ["date", "montant", "numero"])
def test_la_recherche_trie_et_se_borne(garni: Portail, tri: Tri) -> None:
    trouves = rechercher(garni, PAYEUR, Recherche(tri=tri, decroissant=False), limite=2)
    assert ([p.id for p in trouves.pieces], trouves.total) == (["P0001", "P0002"], 4)


def test_la_recherche_ne_sort_pas_des_pieces_vues_et_refuse_un_montant_illisible(garni: Portail) -> None:
    assert rechercher(garni, Acteur("moe", ARCHITECTE), Recherche()).total == 0
    with pytest.raises(ErreurFacturier, match="n’est pas un montant"):
        rechercher(garni, PAYEUR, Recherche(minimum="beaucoup"))


# history


def test_l_histoire_dit_qui_a_fait_quoi_et_quand(portail: Portail, horloge: Horloge) -> None:
    piece = deposer(portail)
    horloge.passe(days=2)
    portail.agir(PAYEUR, piece.id, "demander_recyclage", motif="SE_ERR", commentaire="Mauvais service.")
    portail.agir(FOURNISSEUR, piece.id, "recycler", code_service="MAIRIE")
    lignes = histoire(portail, FOURNISSEUR, piece.id)
    assert [ligne.quoi for ligne in lignes] == [
        "Déposer la pièce",
        "Mettre à disposition sur le portail",
        "Demander le recyclage",
        "Recycler",
        "Mettre à disposition sur le portail",
    ]
    assert lignes[0].qui == "Fournisseur, Électricité Lumen-Fictif"
    assert lignes[1].qui == "Chorus Pro"
    assert (lignes[2].motif, lignes[2].commentaire) == ("SE (service exécutant) incorrect", "Mauvais service.")
    assert [d.replace("\u00a0", " ") for d in lignes[3].details] == ["code service : MAIRIE"]
    assert (lignes[2].quand - lignes[0].quand).days == 2


def test_l_histoire_d_un_dossier_relie_les_pieces_et_nomme_les_partenaires_simules(
    annuaire: Annuaire, horloge: Horloge
) -> None:
    portail = Portail(annuaire, horloge, Ouverture(partenaires={f"moe:{ARCHITECTE}": "prompt"}))
    a4 = deposer_a4(portail)
    portail.avancer(10)
    a15 = portail.pieces()[1]
    lignes = histoire(portail, Acteur("fournisseur", COUVREUR), a4.id)
    assert lignes[-1].quoi == f"Déposer la pièce suivante, {a15.id}"
    assert (lignes[-1].par, lignes[-1].qui.split(" (")[1]) == ("simule", "partenaire simulé)")
    premiere = histoire(portail, Acteur("moa", COMMUNE_MOA), a15.id)[0]
    assert premiere.quoi == f"Déposer cette pièce, à la suite de la pièce {a4.id}"


# timelines and downloads


def test_les_frises_datent_chaque_delai_de_la_piece(portail: Portail, horloge: Horloge) -> None:
    a4 = deposer_a4(portail)
    horloge.passe(days=9)
    deposer_a15(portail, a4.id)
    delai_moe, paiement = frises(portail, Acteur("fournisseur", COUVREUR), a4.id)
    assert delai_moe.retard == 2
    assert [r.libelle for r in delai_moe.reperes][:1] == ["Départ du délai"]
    assert "Il reste" in paiement.phrase
    assert {"fait", "échéance"} <= {r.genre for r in paiement.reperes}


def test_les_telechargements_sont_le_certificat_la_piece_et_ses_pieces_jointes(portail: Portail) -> None:
    piece = deposer(portail)
    portail.agir(PAYEUR, piece.id, "suspendre", motif="JUSTIF_ABS")
    portail.agir(FOURNISSEUR, piece.id, "completer", piece_jointe="bon.pdf", piece_jointe_octets="1000")
    noms = [(t.genre, t.nom) for t in telechargements(portail, FOURNISSEUR, piece.id)]
    assert noms == [("piece", "P0001.pdf"), ("certificat", "certificat-P0001.pdf"), ("jointe", "bon.pdf")]
    brouillon = portail.enregistrer(FOURNISSEUR, facture(numero="FA-2"))
    assert [t.genre for t in telechargements(portail, FOURNISSEUR, brouillon.id)] == ["piece"]
    a4 = deposer_a4(portail)
    assert "decompte" in {t.genre for t in telechargements(portail, Acteur("fournisseur", COUVREUR), a4.id)}
