"""Le formulaire de dépôt : ce qui est faux se dit à côté du champ, ce qui manque se dit avant l’envoi."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facturier.champs import (
    ACCUEIL,
    DEPOT_FACTURE,
    Champ,
    Contexte,
    aide,
    bloquants,
    controler,
    def_assistance,
    def_facture,
    def_travaux,
    libelle_choix,
    options,
)
from facturier.champs.controles import CONTROLES, manquants
from facturier.champs.def_comptes import CONNEXION
from facturier.champs.exigences import EXIGENCES
from facturier.champs.lecture import lire, lire_date
from facturier.champs.listes import LISTES
from facturier.erreurs import ErreurFacturier
from facturier.portail import Annuaire

AU = date(2026, 11, 24)
HOPITAL, MAIRIE, DEPARTEMENT = "26990001500018", "21990002400015", "22990003000011"
FOURNISSEUR = "99990013700012"
CONTEXTE = Contexte(Annuaire.charger(), AU)

BONNE = {
    **DEPOT_FACTURE.vierge(),
    "destinataire_siret": "269 900 015 00018",
    "code_service": "CH-ACHATS",
    "numero_engagement": "BC-2026-00583",
    "cadre": "A1",
    "type_facture": "380",
    "numero_facture": "FA-2026-10-0417",
    "date_facture": "02/11/2026",
    "mode_paiement": "VIREMENT",
    "iban": "FR76 9999 9004 1700 0261 1041 718",
    "montant_ht": "3 860,50",
    "taux_tva": "20",
    "montant_tva": "772,10 €",
    "montant_ttc": "4632.60",
}


def erreurs(**changes: str) -> dict[str, str]:
    return controler(DEPOT_FACTURE, {**BONNE, **changes}, CONTEXTE)


def vides(**changes: str) -> set[str]:
    return {champ.id for champ in manquants(DEPOT_FACTURE, {**BONNE, **changes}, CONTEXTE)}


def test_une_facture_bien_remplie_ne_bloque_rien() -> None:
    assert erreurs() == {}
    assert bloquants(DEPOT_FACTURE, BONNE, CONTEXTE) == []


def test_les_champs_du_depot_sont_ceux_du_portail() -> None:
    from facturier.portail.demande import CHAMPS

    assert tuple(champ.id for champ in DEPOT_FACTURE.champs) == CHAMPS


def test_rien_n_est_choisi_d_avance_et_un_champ_vide_n_est_pas_faux() -> None:
    vierge = DEPOT_FACTURE.vierge()
    assert set(vierge.values()) == {""}
    assert controler(DEPOT_FACTURE, vierge, CONTEXTE) == {}
    assert len(bloquants(DEPOT_FACTURE, vierge, CONTEXTE)) == 9


@pytest.mark.parametrize(
    ("champ", "texte", "dit"),
    [
        ("destinataire_siret", "26990001500019", "le dernier chiffre de contrôle ne correspond pas"),
        ("destinataire_siret", "269900015", "14"),
        ("destinataire_siret", "Commune", "chiffres"),
        ("destinataire_siret", FOURNISSEUR, "pas une structure publique"),
        ("destinataire_siret", "99990088900018", "Aucune structure"),
        ("destinataire_siret", "SIRET de la mairie : 219 900 024 00015.", "chiffres seulement\u00a0: 21990002400015"),
        ("destinataire_siret", "SIRET : 26990001500018 ou 21990002400015", "20 caractères au plus"),
        ("code_service", "CH-ANCIEN", "pas de service actif"),
        ("code_service", "VOIRIE", "pas de service actif"),
        ("cadre", "A4", "pas dans la liste"),
        ("cadre", "a1", "pas dans la liste"),
        ("type_facture", "999", "pas dans la liste"),
        ("numero_facture", "PROPRETE/HOPITAL/2026/OCTOBRE/0417", "20 caractères au plus : vous en avez saisi 34"),
        ("date_facture", "31/02/2026", "n’existe pas au calendrier"),
        ("date_facture", "novembre", "jour/mois/année"),
        ("date_facture", "02-11-2026", "jour/mois/année"),
        ("valideur_siret", "123", "14"),
        ("iban", "FR76 9999 9004 1700 0261 1041 719", "chiffres de contrôle"),
        ("montant_ht", "1.234,56", "n’est pas un montant"),
        ("montant_ht", "1,234", "deux façons"),
        ("montant_ht", "trois mille", "n’est pas un montant"),
        ("montant_ht", "-3860,50", "négatif"),
        ("taux_tva", "7", "pas dans la liste"),
        ("montant_tva", "772,11", "multiplié par le taux"),
        ("montant_ttc", "4 632,61", "vérifiez les trois montants"),
        ("commentaire", "x" * 2001, "2000 caractères au plus"),
    ],
)
def test_chaque_erreur_se_dit_en_mots_a_cote_du_champ(champ: str, texte: str, dit: str) -> None:
    trouvees = erreurs(**{champ: texte})
    assert dit in trouvees[champ]
    assert trouvees[champ].endswith(".")
    libelle = DEPOT_FACTURE.champ(champ).libelle
    assert any(p.startswith(f"{libelle} : ") for p in bloquants(DEPOT_FACTURE, {**BONNE, champ: texte}, CONTEXTE))


@pytest.mark.parametrize(
    ("changes", "attendus"),
    [
        ({}, set()),
        # l’hôpital exige les deux, la mairie le service, le département l’un ou l’autre
        ({"code_service": "", "numero_engagement": ""}, {"code_service", "numero_engagement"}),
        ({"destinataire_siret": MAIRIE, "code_service": "", "numero_engagement": ""}, {"code_service"}),
        ({"destinataire_siret": MAIRIE, "code_service": "MAIRIE", "numero_engagement": ""}, set()),
        ({"destinataire_siret": MAIRIE, "code_service": "BATIMENTS", "numero_engagement": ""}, {"numero_engagement"}),
        ({"destinataire_siret": DEPARTEMENT, "code_service": "", "numero_engagement": ""}, {"code_service"}),
        ({"destinataire_siret": DEPARTEMENT, "code_service": ""}, set()),
        ({"destinataire_siret": DEPARTEMENT, "code_service": "ROUTES", "numero_engagement": ""}, set()),
        # le valideur dépend du cadre
        ({"cadre": "A2"}, set()),
        ({"cadre": "A9"}, {"valideur_siret"}),
        ({"cadre": "A12"}, {"valideur_siret"}),
        # l’IBAN dépend du mode de paiement, qui dépend du type
        ({"iban": ""}, {"iban"}),
        ({"mode_paiement": "CHEQUE", "iban": ""}, set()),
        ({"mode_paiement": "", "iban": ""}, {"mode_paiement"}),
        ({"type_facture": "381", "mode_paiement": "", "iban": ""}, set()),
        ({"numero_marche": "", "commentaire": ""}, set()),
        ({"numero_facture": "   "}, {"numero_facture"}),
    ],
)
def test_ce_qui_est_exige_depend_du_destinataire_du_cadre_et_du_paiement(
    changes: dict[str, str], attendus: set[str]
) -> None:
    assert vides(**changes) == attendus


def test_un_avoir_ne_porte_pas_de_mode_de_paiement() -> None:
    assert "Un avoir ne porte pas de mode de paiement" in erreurs(type_facture="381")["mode_paiement"]


def test_un_avoir_admet_des_montants_negatifs() -> None:
    negatifs = {"montant_ht": "-100,00", "montant_tva": "-20,00", "montant_ttc": "-120,00"}
    assert set(erreurs(**negatifs)) == {"montant_ht"}
    assert erreurs(**negatifs, type_facture="381", mode_paiement="", iban="") == {}


def test_sans_annuaire_les_controles_du_destinataire_se_taisent() -> None:
    assert controler(DEPOT_FACTURE, {**BONNE, "code_service": "NULLE-PART"}) == {}


def test_les_listes_viennent_du_referentiel() -> None:
    assert [code for code, _ in options(DEPOT_FACTURE.champ("cadre"), AU)] == ["A1", "A2", "A9", "A12"]
    assert "380" in dict(options(DEPOT_FACTURE.champ("type_facture"), AU))
    taux = dict(options(DEPOT_FACTURE.champ("taux_tva"), AU))
    assert {"20", "10", "5.5", "2.1"} <= set(taux)
    assert not {"19.6", "7", "9.2"} & set(taux)
    assert libelle_choix(DEPOT_FACTURE.champ("cadre"), "A1").startswith("A1 — ")
    assert libelle_choix(DEPOT_FACTURE.champ("cadre"), "Z9") == "Z9"


def test_la_limite_du_numero_se_lit_dans_le_referentiel() -> None:
    assert "20 caractères au plus." in aide(DEPOT_FACTURE.champ("numero_facture"), AU)


def test_une_limite_incertaine_est_montree_comme_telle() -> None:
    assert "partiel" in aide(DEPOT_FACTURE.champ("numero_engagement"), AU)
    assert "à vérifier" in aide(DEPOT_FACTURE.champ("code_service"), AU)


@pytest.mark.parametrize("definition", [DEPOT_FACTURE, ACCUEIL])
def test_chaque_fiche_est_complete(definition: Any) -> None:
    ids = [champ.id for champ in definition.champs]
    assert len(set(ids)) == len(ids)
    assert set(definition.controles) <= set(CONTROLES)
    for champ in definition.champs:
        assert champ.libelle
        assert isinstance(champ.obligatoire, bool) or champ.obligatoire in EXIGENCES
        assert champ.phrase_vide or champ.obligatoire is False
        if champ.genre == "choix":
            assert champ.choix in LISTES
        elif champ.exemple:
            lire(champ, champ.exemple)


@given(st.dates(date(1990, 1, 1), date(2199, 12, 31)))
def test_une_date_se_lit_sous_ses_deux_ecritures(jour: date) -> None:
    assert lire_date(f"{jour:%d/%m/%Y}") == jour == lire_date(jour.isoformat())


@pytest.mark.parametrize(
    ("genre", "texte", "lu"),
    [
        ("entier", "042", 42),
        ("courriel", "camille@exemple.fr", "camille@exemple.fr"),
        ("montant", "5,1", Decimal("5.10")),
    ],
)
def test_les_autres_genres_se_lisent(genre: Any, texte: str, lu: Any) -> None:
    assert lire(Champ("c", "C", genre=genre), texte) == lu


@pytest.mark.parametrize(
    ("genre", "texte"), [("entier", "4,2"), ("entier", "²"), ("courriel", "camille@exemple"), ("date", "")]
)
def test_les_autres_genres_refusent(genre: Any, texte: str) -> None:
    with pytest.raises(ErreurFacturier):
        lire(Champ("c", "C", genre=genre), texte)


@given(st.dictionaries(st.sampled_from([c.id for c in DEPOT_FACTURE.champs]), st.text(max_size=60)))
def test_aucune_saisie_ne_fait_tomber_les_controles(saisie: dict[str, str]) -> None:
    for phrase in controler(DEPOT_FACTURE, saisie, CONTEXTE).values():
        assert phrase
    bloquants(DEPOT_FACTURE, saisie, CONTEXTE)


@pytest.mark.parametrize(
    ("texte", "dit"),
    [
        ("camille@exemple.fr.", "Retirez «\u00a0.\u00a0» à la fin"),
        ("camille@exemple.fr,", "Retirez «\u00a0,\u00a0» à la fin"),
        ("camille@exemple", "incomplète"),
        ("camille", "incomplète"),
    ],
)
def test_une_adresse_collee_avec_la_ponctuation_de_la_phrase_dit_quoi_retirer(texte: str, dit: str) -> None:
    assert dit in controler(CONNEXION, {"courriel": texte})["courriel"]
    assert "courriel" not in controler(CONNEXION, {"courriel": "  camille@exemple.fr "})


@pytest.mark.parametrize(
    "champ",
    [
        def_facture.PIECES_JOINTES,
        def_facture.PIECE_JOINTE,
        def_travaux.MEMOIRE,
        *def_assistance.DEPOT_FICHIER.champs[:1],
    ],
    ids=lambda champ: champ.id,
)
def test_qui_donne_un_fichier_lit_ce_qui_en_est_garde(champ: Champ) -> None:
    assert champ.genre == "fichier"
    assert re.search(r"gardés?, jamais le (contenu|fichier)\.$", champ.aide)
