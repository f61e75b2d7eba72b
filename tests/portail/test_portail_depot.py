"""The deposit's rules, one by one and together."""

from __future__ import annotations

import pytest
from joueurs import (
    ARCHITECTE,
    COMMUNE,
    COMMUNE_MOA,
    COUVREUR,
    DEPARTEMENT,
    ELECTRICIEN,
    HOPITAL,
    NETTOYAGE,
    VITRIER,
    Horloge,
    deposer,
    deposer_a4,
    deposer_a15,
    facture,
    piece_travaux,
)

from facturier.portail import Acteur, Piece, Portail, RefusPortail

FOURNISSEUR = Acteur("fournisseur", ELECTRICIEN)
A_L_HOPITAL = {"destinataire_siret": HOPITAL, "code_service": "CH-ACHATS", "numero_engagement": "BC-2026-00583"}


def refus(portail: Portail, demande: dict[str, str], acteur: Acteur = FOURNISSEUR) -> RefusPortail:
    with pytest.raises(RefusPortail) as capture:
        portail.deposer(acteur, demande)
    assert portail.pieces() == ()
    assert portail.journal == ()
    return capture.value


@pytest.mark.parametrize(
    ("champs", "regle", "extrait"),
    [
        ({"cadre": ""}, "cadre-joue", "Choisissez un cadre"),
        ({"cadre": "A11"}, "cadre-joue", "A8, A9, A10, A12, A13"),
        ({"cadre": "A99"}, "cadre-joue", "Choisissez un cadre"),
        ({"cadre": "A15"}, "cadre-du-role", "déposée par la maîtrise d’œuvre, et non par le fournisseur"),
        ({"cadre": "A19"}, "cadre-du-role", "déposée par la maîtrise d’ouvrage"),
        ({"destinataire_siret": ""}, "destinataire-valide", "Indiquez le SIRET"),
        ({"destinataire_siret": "26990001500019"}, "destinataire-valide", "chiffre de contrôle"),
        ({"destinataire_siret": "2699000150001"}, "destinataire-valide", "13 chiffres"),
        ({"destinataire_siret": "26990001500026"}, "destinataire-valide", "Aucune structure active"),
        (
            {"destinataire_siret": NETTOYAGE, "code_service": ""},
            "destinataire-du-cadre",
            "n’est pas une structure publique",
        ),
        (
            {"destinataire_siret": COMMUNE_MOA, "code_service": ""},
            "destinataire-du-cadre",
            "que des factures de travaux",
        ),
        ({"code_service": ""}, "service", "exige un code service"),
        ({"code_service": "CANTINE"}, "service", "MAIRIE, ECOLE, BATIMENTS, FINANCES"),
        ({**A_L_HOPITAL, "code_service": "CH-ANCIEN"}, "service", "n’est plus actif"),
        ({**A_L_HOPITAL, "numero_engagement": ""}, "engagement", "exige un numéro d’engagement"),
        ({"code_service": "BATIMENTS"}, "engagement", "Le service « BATIMENTS » exige"),
        ({"destinataire_siret": DEPARTEMENT, "code_service": ""}, "engagement-ou-service", "l’un des deux"),
        ({"numero_facture": ""}, "numero-forme", "Indiquez le numéro"),
        ({"numero_facture": "FA  42"}, "numero-forme", "espace double"),
        ({"numero_facture": " FA-42"}, "numero-forme", "sans espace au bord"),
        ({"numero_facture": "FA-n°42"}, "numero-forme", "n’admet que"),
        ({"numero_facture": "FA-2026-000000000042X"}, "numero-longueur", "21 caractères"),
        ({"date_facture": ""}, "date", "JJ/MM/AAAA"),
        ({"date_facture": "31/02/2026"}, "date", "JJ/MM/AAAA"),
        ({"type_facture": "999"}, "type-facture", "type de facture"),
        ({"mode_paiement": ""}, "mode-paiement", "Choisissez un mode"),
        ({"mode_paiement": "TROC"}, "mode-paiement", "n’est pas dans la liste"),
        ({"iban": ""}, "mode-paiement", "demande un IBAN"),
        ({"iban": "FR76 3000 1007 9412 3456 7890 186"}, "iban", "IBAN"),
        ({"montant_ht": "mille"}, "montants-lisibles", "HT"),
        ({"montant_ttc": "1e9"}, "montants-lisibles", "TTC"),
        ({"montant_ttc": "1 200,01"}, "total", "1 200,00 €, et non 1 200,01 €"),
        ({"cadre": "A9"}, "valideur", "exige un valideur"),
        ({"cadre": "A12"}, "valideur", "exige un valideur"),
        ({"cadre": "A9", "valideur_siret": "123"}, "valideur", "Valideur : "),
        ({"cadre": "A9", "valideur_siret": "26990001500026"}, "valideur", "celui du valideur"),
        ({"cadre": "A9", "valideur_siret": ELECTRICIEN}, "valideur", "votre propre valideur"),
        ({"cadre": "A4", "numero_marche": ""}, "travaux-ccag", "il est absent"),
        ({"cadre": "A4", "numero_marche": "2026-XXX"}, "travaux-ccag", "ne l’est pas"),
        ({"cadre": "A4"}, "travaux-ccag", "ne se réfère pas au CCAG-Travaux"),
    ],
)
def test_un_depot_fautif_est_refuse_par_sa_regle(
    portail: Portail, champs: dict[str, str], regle: str, extrait: str
) -> None:
    erreur = refus(portail, facture(**champs))
    assert regle in erreur.regles
    phrase = erreur.phrases[erreur.regles.index(regle)]
    assert extrait in phrase.replace("\u00a0", " ").replace("\u202f", " ")
    assert phrase.endswith(".")


def test_toutes_les_fautes_sont_dites_ensemble(portail: Portail) -> None:
    erreur = refus(portail, facture(numero="FA  1", code_service="", montant_ttc="1", date_facture="hier"))
    assert erreur.regles == ("service", "numero-forme", "date", "total")
    assert erreur.phrase == " ".join(erreur.phrases)


def test_une_demande_vide_dit_tout_ce_qui_manque(portail: Portail) -> None:
    assert refus(portail, {}).regles == (
        "cadre-joue",
        "destinataire-valide",
        "numero-forme",
        "date",
        "type-facture",
        "montants-lisibles",
    )


@pytest.mark.parametrize(
    "champs",
    [
        A_L_HOPITAL,
        {"destinataire_siret": "269 900 015 00018", "code_service": "CH-TRAVAUX", "numero_engagement": "EJ1"},
        {"destinataire_siret": DEPARTEMENT, "code_service": "", "numero_engagement": "EJ1"},
        {"destinataire_siret": DEPARTEMENT, "code_service": "COLLEGES"},
        {"code_service": "BATIMENTS", "numero_engagement": "EJ1"},
        {"numero_facture": "FA/2026_42+B 7"},
        {"numero_facture": "12345678901234567890"},
        {"date_facture": "2026-11-24"},
        {"montant_ht": "1000.00", "montant_tva": "200", "montant_ttc": "1 200,00 €"},
        {
            "type_facture": "381",
            "mode_paiement": "",
            "iban": "",
            "montant_ht": "-10",
            "montant_tva": "-2",
            "montant_ttc": "-12",
        },
        {"mode_paiement": "CHEQUE", "iban": ""},
    ],
)
def test_un_depot_juste_est_accepte(portail: Portail, champs: dict[str, str]) -> None:
    piece = portail.deposer(FOURNISSEUR, facture(**champs))
    assert piece.date_du("DEPOSEE") is not None


def test_le_numero_est_unique_par_siren_et_par_annee(portail: Portail) -> None:
    deposer(portail, numero="FA-1")
    with pytest.raises(RefusPortail, match="déjà déposé"):
        deposer(portail, numero="fa-1")
    deposer(portail, numero="FA-1", date_facture="24/11/2025")
    portail.deposer(Acteur("fournisseur", NETTOYAGE), facture(numero="FA-1"))
    assert len(portail.pieces()) == 3


def test_le_numero_d_une_facture_rejetee_reste_pris(portail: Portail) -> None:
    piece = deposer(portail, numero="FA-1")
    portail.agir(Acteur("destinataire", COMMUNE), piece.id, "rejeter", motif="FACT_NON_CONFORME")
    with pytest.raises(RefusPortail, match="même après un rejet"):
        deposer(portail, numero="FA-1")


def test_un_brouillon_ne_prend_pas_de_numero(portail: Portail) -> None:
    portail.enregistrer(FOURNISSEUR, facture(numero="FA-1"))
    assert deposer(portail, numero="FA-1").id == "P0002"
    with pytest.raises(RefusPortail, match="déjà déposé"):
        portail.envoyer(FOURNISSEUR, "P0001")


def test_un_deposant_absent_de_l_annuaire_est_refuse(portail: Portail) -> None:
    erreur = refus(portail, facture(), Acteur("fournisseur", "99990011100025"))
    assert erreur.regles == ("deposant-connu",)


@pytest.mark.parametrize("role", ["destinataire", "comptable", "valideur_1", "systeme", "moe", "inconnu"])
def test_seul_le_fournisseur_depose_une_facture_simple(portail: Portail, role: str) -> None:
    refus(portail, facture(), Acteur(role, ELECTRICIEN))


@pytest.mark.parametrize("champs", [{"iban2": "x"}, {"motif": "AUTRE"}, {"Cadre": "A1"}])
def test_un_champ_inconnu_est_refuse(portail: Portail, champs: dict[str, str]) -> None:
    refus(portail, {**facture(), **champs})


@pytest.mark.parametrize("valeur", [1, None, ["A1"], {"a": 1}, "x" * 2001, "a\x00b", "\ud800"])
def test_une_valeur_qui_n_est_pas_un_texte_sain_est_refusee(portail: Portail, valeur: object) -> None:
    refus(portail, {**facture(), "commentaire": valeur})  # type: ignore[dict-item]


def test_un_brouillon_se_complete_a_l_envoi(portail: Portail) -> None:
    brouillon = portail.enregistrer(FOURNISSEUR, {"cadre": "A1", "numero_facture": "FA-9"})
    assert brouillon.statut == "BROUILLON"
    with pytest.raises(RefusPortail) as refus_envoi:
        portail.envoyer(FOURNISSEUR, brouillon.id)
    assert "destinataire-valide" in refus_envoi.value.regles
    assert portail.piece(brouillon.id) == brouillon
    envoyee = portail.envoyer(FOURNISSEUR, brouillon.id, facture(numero="FA-9"))
    assert envoyee.statut == "MISE_A_DISPOSITION"
    assert envoyee.valeurs["code_service"] == "ECOLE"


def test_un_brouillon_n_est_envoye_que_par_son_auteur(portail: Portail) -> None:
    brouillon = portail.enregistrer(FOURNISSEUR, facture())
    with pytest.raises(RefusPortail, match="revient à une autre"):
        portail.envoyer(Acteur("fournisseur", NETTOYAGE), brouillon.id)


def a4_recue(portail: Portail) -> Piece:
    return deposer_a4(portail)


def test_l_etat_d_acompte_repond_toujours_a_un_projet_de_decompte(portail: Portail) -> None:
    erreur = refus(portail, piece_travaux("A15", COMMUNE_MOA, "EA-1"), Acteur("moe", ARCHITECTE))
    assert erreur.regles == ("suite-du-dossier",)


def test_la_suite_d_un_a4_n_est_pas_un_a19(portail: Portail) -> None:
    a4 = a4_recue(portail)
    with pytest.raises(RefusPortail, match="ne peut pas suivre une pièce A4") as erreur:
        portail.deposer_suivante(
            Acteur("moe", ARCHITECTE), a4.id, piece_travaux("A19", COMMUNE, "X-1", code_service="FINANCES")
        )
    assert erreur.value.regles == ("cadre-du-role", "suite-du-dossier")


def test_la_piece_suivante_garde_le_marche(portail: Portail) -> None:
    a4 = a4_recue(portail)
    with pytest.raises(RefusPortail, match="même marché"):
        deposer_a15(portail, a4.id, numero_marche="2026-TVX-031")


def test_des_sommes_admises_sans_explication_sont_refusees(portail: Portail) -> None:
    a4 = a4_recue(portail)
    avant = portail.journal
    moins = {"montant_ht": "900,00", "montant_tva": "180,00", "montant_ttc": "1 080,00"}
    with pytest.raises(RefusPortail, match="dites pourquoi"):
        deposer_a15(portail, a4.id, **moins)
    assert portail.journal == avant
    assert deposer_a15(portail, a4.id, **moins, commentaire="Métré corrigé.").statut == "MISE_A_DISPOSITION_MOA"


def test_le_destinataire_d_un_etat_d_acompte_est_une_maitrise_d_ouvrage(portail: Portail) -> None:
    a4 = a4_recue(portail)
    with pytest.raises(RefusPortail, match="n’est pas une maîtrise d’ouvrage"):
        deposer_a15(portail, a4.id, destinataire_siret=VITRIER)


def test_une_autre_moe_ne_depose_pas_la_suite(portail: Portail) -> None:
    a4 = a4_recue(portail)
    with pytest.raises(RefusPortail, match="revient à une autre"):
        portail.deposer_suivante(Acteur("moe", COUVREUR), a4.id, piece_travaux("A15", COMMUNE_MOA, "EA-1"))


def test_la_suite_n_est_pas_un_simple_geste(portail: Portail) -> None:
    a4 = a4_recue(portail)
    with pytest.raises(RefusPortail, match="demande une pièce"):
        portail.agir(Acteur("moe", ARCHITECTE), a4.id, "deposer_suivante")


def test_un_numero_de_piece_inconnu_est_refuse(portail: Portail) -> None:
    with pytest.raises(RefusPortail, match="n’existe pas"):
        portail.agir(FOURNISSEUR, "P0009", "recycler")


def test_les_gestes_proposes_sont_ceux_de_la_table(portail: Portail, horloge: Horloge) -> None:
    piece = deposer(portail)
    gestes = {t.action for t in portail.gestes(Acteur("destinataire", COMMUNE), piece.id)}
    assert {"suspendre", "rejeter", "mandater"} <= gestes
    assert portail.gestes(Acteur("destinataire", HOPITAL), piece.id) == ()
    assert portail.gestes(FOURNISSEUR, piece.id) == ()


def test_un_brouillon_sans_structure_connue_est_refuse(portail: Portail) -> None:
    for structure in ("", "99990011100025", "x"):
        with pytest.raises(RefusPortail, match="annuaire"):
            portail.enregistrer(Acteur("fournisseur", structure), {"cadre": "A1"})
    assert portail.journal == ()


def test_l_horloge_qui_recule_ne_fait_pas_reculer_le_journal(portail: Portail, horloge: Horloge) -> None:
    deposer(portail, numero="FA-1")
    horloge.passe(hours=-3)
    deposer(portail, numero="FA-2")
    dates = [evenement["quand"] for evenement in portail.journal]
    assert dates == sorted(dates)
    assert dates[-1] == "2026-11-24T10:42:00"
