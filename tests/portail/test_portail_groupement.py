"""Who is not the titulaire: admission to direct payment, one or two valideurs, and what their answer does."""

from __future__ import annotations

import pytest
from joueurs import (
    ARCHITECTE,
    COMMUNE,
    COMMUNE_MOA,
    COUVREUR,
    ELECTRICIEN,
    MANDATAIRE,
    NETTOYAGE,
    PAPIERS,
    PEINTRE,
    VITRIER,
    ZINGUEUR,
    Horloge,
    chantier,
    facture,
)

from facturier.portail import Acteur, Piece, Portail, RefusPortail

BALAIS = "99990037600016"
STAFF = "99990038400010"
GROUPEMENT = "2026-TVX-020"


def demande_directe(portail: Portail, qui: str, marche: str = "2026-NET-015", **champs: str) -> Piece:
    demande = facture("A9", **{"numero_marche": marche, "valideur_siret": NETTOYAGE, **champs})
    return portail.deposer(Acteur("fournisseur", qui), demande)


@pytest.mark.parametrize(
    ("qui", "champs", "regle", "extrait"),
    [
        (COUVREUR, {}, "sous-traitant-admis", "n’est pas un sous-traitant déclaré"),
        (STAFF, {}, "sous-traitant-admis", "ne vous a pas encore agréé"),
        (BALAIS, {}, "sous-traitant-admis", "n’atteint pas 600,00"),
        (ZINGUEUR, {}, "sous-traitant-admis", "premier rang"),
        (VITRIER, {"numero_marche": ""}, "marche-du-groupement", "suppose un marché"),
        (VITRIER, {"valideur_2_siret": MANDATAIRE}, "valideur-2", "pas de second valideur"),
        (PAPIERS, {"numero_marche": "2026-ENT-019", "valideur_siret": PEINTRE}, "valideur-2", "le mandataire ensuite"),
        (
            PAPIERS,
            {"numero_marche": "2026-ENT-019", "valideur_siret": PEINTRE, "valideur_2_siret": PEINTRE},
            "valideur-2",
            "une autre entreprise",
        ),
        (
            PAPIERS,
            {"numero_marche": "2026-ENT-019", "valideur_siret": PEINTRE, "valideur_2_siret": "123"},
            "valideur-2",
            "Second valideur",
        ),
        (
            PAPIERS,
            {"numero_marche": "2026-ENT-019", "valideur_siret": PEINTRE, "valideur_2_siret": "26990001500026"},
            "valideur-2",
            "celui du second valideur",
        ),
    ],
)
def test_le_paiement_direct_s_ouvre_sur_la_fiche_du_marche(
    portail: Portail, qui: str, champs: dict[str, str], regle: str, extrait: str
) -> None:
    with pytest.raises(RefusPortail) as refus:
        demande_directe(portail, qui, **champs)
    assert refus.value.regles == (regle,)
    assert extrait in refus.value.phrase


def test_l_agrement_ne_vaut_qu_a_partir_de_sa_date(portail: Portail, horloge: Horloge) -> None:
    horloge.passe(days=-260)  # 9 March 2026, a week before
    with pytest.raises(RefusPortail, match="pas encore agréé"):
        demande_directe(portail, VITRIER, date_facture="09/03/2026")
    horloge.passe(days=7)
    assert demande_directe(portail, VITRIER, date_facture="09/03/2026").statut == "A_VALIDER_1"


def test_un_cotraitant_est_nomme_par_la_fiche(portail: Portail) -> None:
    with pytest.raises(RefusPortail, match="réservé aux membres du groupement"):
        portail.deposer(
            Acteur("fournisseur", ELECTRICIEN),
            facture("A12", numero_marche="2026-ENT-019", valideur_siret=MANDATAIRE),
        )


def deux_niveaux(portail: Portail) -> Piece:
    return demande_directe(portail, PAPIERS, "2026-ENT-019", valideur_siret=PEINTRE, valideur_2_siret=MANDATAIRE)


@pytest.mark.parametrize(
    ("premier", "second", "passages"),
    [
        ("valider", "valider", ["VALIDEE_1", "A_VALIDER_2", "VALIDEE_2"]),
        ("valider", "refuser", ["VALIDEE_1", "A_VALIDER_2", "REFUSEE_2"]),
        ("silence", "valider", ["ABSENCE_VALIDATION_1_HORS_DELAI", "A_VALIDER_2", "VALIDEE_2"]),
        (
            "silence",
            "silence",
            ["ABSENCE_VALIDATION_1_HORS_DELAI", "A_VALIDER_2", "ABSENCE_VALIDATION_2_HORS_DELAI"],
        ),
        ("refuser", "", ["REFUSEE_1"]),
    ],
)
def test_le_cotraitant_puis_le_mandataire_valident_et_l_acheteur_recoit_dans_tous_les_cas(
    portail: Portail, horloge: Horloge, premier: str, second: str, passages: list[str]
) -> None:
    piece = deux_niveaux(portail)
    for role, siret, geste in (("valideur_1", PEINTRE, premier), ("valideur_2", MANDATAIRE, second)):
        if geste == "silence":
            horloge.passe(days=15)
            portail.avancer()
        elif geste:
            portail.agir(Acteur(role, siret), piece.id, geste, **({"motif": "AUTRE"} if geste == "refuser" else {}))
    statuts = [p.statut for p in portail.piece(piece.id).historique]
    assert statuts[statuts.index("A_VALIDER_1") + 1 :] == [*passages, "EN_COURS_ACHEMINEMENT", "MISE_A_DISPOSITION"]


def test_un_second_valideur_mal_designe_se_corrige(portail: Portail) -> None:
    piece = deux_niveaux(portail)
    portail.agir(Acteur("valideur_1", PEINTRE), piece.id, "valider")
    portail.agir(Acteur("valideur_2", MANDATAIRE), piece.id, "signaler_erreur_valideur")
    sous_traitant = Acteur("fournisseur", PAPIERS)
    with pytest.raises(RefusPortail, match="d’un autre second valideur"):
        portail.agir(sous_traitant, piece.id, "corriger_valideur", valideur_2_siret=MANDATAIRE)
    corrigee = portail.agir(sous_traitant, piece.id, "corriger_valideur", valideur_2_siret=NETTOYAGE)
    assert (corrigee.statut, corrigee.valideur_2) == ("A_VALIDER_2", NETTOYAGE)


def travaux(portail: Portail, cadre: str, qui: str, vers: str = ARCHITECTE, **champs: str) -> Piece:
    marche = GROUPEMENT if vers == ARCHITECTE else "2026-TVX-052"
    demande = chantier(portail.annuaire, marche, cadre, vers) | {"valideur_siret": MANDATAIRE, **champs}
    return portail.deposer(Acteur("fournisseur", qui), demande)


def test_un_sous_traitant_de_travaux_est_joint_au_dossier_apres_l_accord_du_titulaire(portail: Portail) -> None:
    piece = travaux(portail, "A10", VITRIER)
    assert portail.agir(Acteur("valideur_1", MANDATAIRE), piece.id, "valider").statut == "MISE_A_DISPOSITION_MOE"
    assert portail.agir(Acteur("moe", ARCHITECTE), piece.id, "joindre_au_dossier").statut == "ASSOCIEE"


@pytest.mark.parametrize("geste", ["refuser", "silence"])
def test_une_demande_de_sous_traitant_de_travaux_arrive_chez_le_debiteur_dans_tous_les_cas(
    portail: Portail, horloge: Horloge, geste: str
) -> None:
    piece = travaux(portail, "A10", VITRIER)
    if geste == "silence":
        horloge.passe(days=15)
        portail.avancer()
    else:
        portail.agir(Acteur("valideur_1", MANDATAIRE), piece.id, "refuser", motif="AUTRE")
    assert portail.piece(piece.id).statut == "MISE_A_DISPOSITION_MOE"


def test_deux_valideurs_avant_la_maitrise_d_oeuvre(portail: Portail) -> None:
    piece = travaux(portail, "A10", PAPIERS, valideur_siret=PEINTRE, valideur_2_siret=MANDATAIRE)
    assert portail.agir(Acteur("valideur_1", PEINTRE), piece.id, "valider").statut == "A_VALIDER_2"
    assert portail.agir(Acteur("valideur_2", MANDATAIRE), piece.id, "valider").statut == "MISE_A_DISPOSITION_MOE"


@pytest.mark.parametrize(("cadre", "suite"), [("A13", "A15"), ("A14", "A17")])
def test_un_projet_de_cotraitant_vise_par_le_mandataire_recoit_la_suite_de_la_moe(
    portail: Portail, cadre: str, suite: str
) -> None:
    piece = travaux(portail, cadre, PEINTRE)
    assert portail.agir(Acteur("valideur_1", MANDATAIRE), piece.id, "valider").statut == "MISE_A_DISPOSITION_MOE"
    demande = chantier(portail.annuaire, GROUPEMENT, suite, COMMUNE_MOA)
    assert portail.deposer_suivante(Acteur("moe", ARCHITECTE), piece.id, demande).statut == "MISE_A_DISPOSITION_MOA"


@pytest.mark.parametrize("cadre", ["A13", "A14"])
def test_un_refus_du_mandataire_arrete_le_projet_du_cotraitant_et_son_silence_ne_vaut_rien(
    portail: Portail, horloge: Horloge, cadre: str
) -> None:
    piece = travaux(portail, cadre, PEINTRE)
    horloge.passe(days=60)
    assert portail.avancer() == ()
    assert portail.agir(Acteur("valideur_1", MANDATAIRE), piece.id, "refuser", motif="AUTRE").statut == "REFUSEE_1"


@pytest.mark.parametrize(("cadre", "qui"), [("A10", VITRIER), ("A13", PEINTRE)])
def test_sans_maitrise_d_oeuvre_la_maitrise_d_ouvrage_recoit_les_membres_du_groupement(
    portail: Portail, cadre: str, qui: str
) -> None:
    piece = travaux(portail, cadre, qui, COMMUNE_MOA, valideur_siret=ELECTRICIEN)
    assert portail.agir(Acteur("valideur_1", ELECTRICIEN), piece.id, "valider").statut == "A_ASSOCIER_MOA"
    moa = Acteur("moa", COMMUNE_MOA)
    if cadre == "A10":
        assert portail.agir(moa, piece.id, "joindre_au_dossier").statut == "ASSOCIEE"
        return
    demande = chantier(portail.annuaire, "2026-TVX-052", "A19", COMMUNE)
    assert portail.deposer_suivante(moa, piece.id, demande).statut == "MISE_A_DISPOSITION"
