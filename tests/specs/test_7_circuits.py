"""The manual, chapter 7: one full walk per circuit, each month and at the end of the market, to the payment.

A line is a deposit: role, structure, cadre, addressee, and the status that the piece then has. It answers the piece of
the line before, unless « + » opens a new dossier; « jours n » lets n days pass; « paiement » has the last piece paid.
"""

from __future__ import annotations

import joueurs
import pytest
from joueurs import ARCHITECTE, COMMUNE_MOA, COUVREUR, Horloge, chantier, facture

from facturier.portail import Acteur, Annuaire, Portail, RefusPortail, circuits, confirmation, statut_visible

MARCHES: dict[str, tuple[str, str]] = {
    "C1, maîtrise d’œuvre externe, chaque mois": (
        "2026-TVX-014",
        """
        + fournisseur COUVREUR    A4  ARCHITECTE  MISE_A_DISPOSITION_MOE
          moe         ARCHITECTE  A15 COMMUNE_MOA MISE_A_DISPOSITION_MOA
          moa         COMMUNE_MOA A19 COMMUNE     MISE_A_DISPOSITION
        paiement
        """,
    ),
    "C1, fin de marché": (
        "2026-TVX-014",
        """
        + fournisseur COUVREUR    A7  ARCHITECTE  MISE_A_DISPOSITION_MOE
          moe         ARCHITECTE  A17 COMMUNE_MOA MISE_A_DISPOSITION_MOA
          moa         COMMUNE_MOA A20 COUVREUR    A_ASSOCIER_FOURNISSEUR
          fournisseur COUVREUR    A8  COMMUNE     MISE_A_DISPOSITION
        paiement
        """,
    ),
    "C1, un hôpital qui exige service et engagement": (
        "2026-TVX-031",
        """
        + fournisseur ELECTRICIEN A4  ARCHITECTE  MISE_A_DISPOSITION_MOE
          moe         ARCHITECTE  A15 HOPITAL     MISE_A_DISPOSITION_MOA
          moa         HOPITAL     A19 HOPITAL     MISE_A_DISPOSITION
        paiement
        """,
    ),
    "C2, maîtrise d’œuvre interne, chaque mois": (
        "2026-TVX-040",
        """
        + fournisseur MENUISIER   A4  DEPARTEMENT MISE_A_DISPOSITION_MOE
          moe         DEPARTEMENT A15 DEPARTEMENT MISE_A_DISPOSITION_MOA
          moa         DEPARTEMENT A19 DEPARTEMENT MISE_A_DISPOSITION
        paiement
        """,
    ),
    "C2, fin de marché": (
        "2026-TVX-040",
        """
        + fournisseur MENUISIER   A7  DEPARTEMENT MISE_A_DISPOSITION_MOE
          moe         DEPARTEMENT A17 DEPARTEMENT MISE_A_DISPOSITION_MOA
          moa         DEPARTEMENT A20 MENUISIER   A_ASSOCIER_FOURNISSEUR
          fournisseur MENUISIER   A8  DEPARTEMENT MISE_A_DISPOSITION
        paiement
        """,
    ),
    "C3, sans maîtrise d’œuvre, la fiche dit A5": (
        "2026-TVX-051",
        """
        + fournisseur JARDINS     A5  COMMUNE_MOA MISE_A_DISPOSITION_MOA
          moa         COMMUNE_MOA A19 COMMUNE     MISE_A_DISPOSITION
        paiement
        """,
    ),
    "C3, sans maîtrise d’œuvre, la fiche dit A4 à la maîtrise d’ouvrage": (
        "2026-TVX-052",
        """
        + fournisseur ELECTRICIEN A4  COMMUNE_MOA A_ASSOCIER_MOA
          moa         COMMUNE_MOA A19 COMMUNE     MISE_A_DISPOSITION
        paiement
        """,
    ),
    "C3, fin de marché": (
        "2026-TVX-051",
        """
        + fournisseur JARDINS     A7  COMMUNE_MOA A_ASSOCIER_MOA
          moa         COMMUNE_MOA A20 JARDINS     A_ASSOCIER_FOURNISSEUR
          fournisseur JARDINS     A8  COMMUNE     MISE_A_DISPOSITION
        paiement
        """,
    ),
    "C4, maîtrise d’œuvre hors de l’outil, chaque mois": (
        "2026-TVX-060",
        """
        + fournisseur COUVREUR    A5  COMMUNE_MOA MISE_A_DISPOSITION_MOA
          moa         COMMUNE_MOA A19 COMMUNE     MISE_A_DISPOSITION
        paiement
        """,
    ),
    "C4, fin de marché": (
        "2026-TVX-060",
        """
        + fournisseur COUVREUR    A7  COMMUNE_MOA A_ASSOCIER_MOA
          moa         COMMUNE_MOA A20 COUVREUR    A_ASSOCIER_FOURNISSEUR
          fournisseur COUVREUR    A8  COMMUNE     MISE_A_DISPOSITION
        paiement
        """,
    ),
    "C5, sans maîtrise d’ouvrage dans l’outil, chaque mois": (
        "2026-TVX-065",
        """
        + fournisseur MENUISIER   A4  ARCHITECTE  MISE_A_DISPOSITION_MOE
          moe         ARCHITECTE  A16 LYCEE       MISE_A_DISPOSITION
        paiement
        """,
    ),
    "C5, fin de marché": (
        "2026-TVX-065",
        """
        + fournisseur MENUISIER   A7  ARCHITECTE  MISE_A_DISPOSITION_MOE
          moe         ARCHITECTE  A18 MENUISIER   A_ASSOCIER_FOURNISSEUR
          fournisseur MENUISIER   A8  LYCEE       MISE_A_DISPOSITION
        paiement
        """,
    ),
    "C6, ni maîtrise d’œuvre ni maîtrise d’ouvrage dans l’outil, chaque mois": (
        "2026-TVX-070",
        """
        + fournisseur JARDINS     A6  CAISSE      MISE_A_DISPOSITION
        paiement
        """,
    ),
    "C6, fin de marché": (
        "2026-TVX-070",
        """
        + fournisseur JARDINS     A8  CAISSE      MISE_A_DISPOSITION
        paiement
        """,
    ),
    "C7, la maîtrise d’ouvrage dépose la première, chaque mois": (
        "2026-TVX-075",
        """
        + moa         DEPARTEMENT A19 DEPARTEMENT MISE_A_DISPOSITION
        paiement
        """,
    ),
    "C7, fin de marché": (
        "2026-TVX-075",
        """
        + moa         DEPARTEMENT A20 ELECTRICIEN A_ASSOCIER_FOURNISSEUR
          fournisseur ELECTRICIEN A8  DEPARTEMENT MISE_A_DISPOSITION
        paiement
        """,
    ),
    "C8, maîtrise d’ouvrage déléguée, chaque mois": (
        "2026-TVX-080",
        """
        + fournisseur COUVREUR    A4  ARCHITECTE  MISE_A_DISPOSITION_MOE
          moe         ARCHITECTE  A15 MOAD        MISE_A_DISPOSITION_MOA
          moa         MOAD        A19 COMMUNE     MISE_A_DISPOSITION
        paiement
        """,
    ),
    "C8, fin de marché": (
        "2026-TVX-080",
        """
        + fournisseur COUVREUR    A7  ARCHITECTE  MISE_A_DISPOSITION_MOE
          moe         ARCHITECTE  A17 MOAD        MISE_A_DISPOSITION_MOA
          moa         MOAD        A20 COUVREUR    A_ASSOCIER_FOURNISSEUR
          fournisseur COUVREUR    A8  COMMUNE     MISE_A_DISPOSITION
        paiement
        """,
    ),
    "C9, chaque mois avant la procédure tacite": (
        "2026-TVX-090",
        """
        + fournisseur COUVREUR    A4  ARCHITECTE  MISE_A_DISPOSITION_MOE
          moe         ARCHITECTE  A15 COMMUNE_MOA MISE_A_DISPOSITION_MOA
          moa         COMMUNE_MOA A19 COMMUNE     MISE_A_DISPOSITION
        paiement
        """,
    ),
    "C9, la maîtrise d’ouvrage répond à temps par un décompte général": (
        "2026-TVX-090",
        """
        + fournisseur COUVREUR    A7  ARCHITECTE  MISE_A_DISPOSITION_MOE
        jours 31
        + fournisseur COUVREUR    A22 COMMUNE_MOA MISE_A_DISPOSITION_MOA
        jours 10
          moa         COMMUNE_MOA A20 COUVREUR    A_ASSOCIER_FOURNISSEUR
          fournisseur COUVREUR    A8  COMMUNE     MISE_A_DISPOSITION
        paiement
        """,
    ),
    "C9, la maîtrise d’ouvrage répond à temps par un décompte définitif": (
        "2026-TVX-090",
        """
        + fournisseur COUVREUR    A7  ARCHITECTE  MISE_A_DISPOSITION_MOE
          moe         ARCHITECTE  A17 COMMUNE_MOA MISE_A_DISPOSITION_MOA
        jours 31
        + fournisseur COUVREUR    A22 COMMUNE_MOA MISE_A_DISPOSITION_MOA
          moa         COMMUNE_MOA A25 COMMUNE     MISE_A_DISPOSITION
        paiement
        """,
    ),
    "C9, le silence donne un décompte tacite, que dépose le titulaire": (
        "2026-TVX-090",
        """
        + fournisseur COUVREUR    A7  ARCHITECTE  MISE_A_DISPOSITION_MOE
        jours 31
        + fournisseur COUVREUR    A22 COMMUNE_MOA MISE_A_DISPOSITION_MOA
        jours 11
        + fournisseur COUVREUR    A23 COMMUNE     MISE_A_DISPOSITION
        paiement
        """,
    ),
    "C9, le silence donne un décompte tacite, que dépose la maîtrise d’œuvre": (
        "2026-TVX-090",
        """
        + fournisseur COUVREUR    A7  ARCHITECTE  MISE_A_DISPOSITION_MOE
        jours 31
        + fournisseur COUVREUR    A22 COMMUNE_MOA MISE_A_DISPOSITION_MOA
        jours 11
        + moe         ARCHITECTE  A24 COMMUNE     MISE_A_DISPOSITION
        paiement
        """,
    ),
}


def parcourir(portail: Portail, horloge: Horloge, marche: str, lignes: str) -> list[str]:
    """Play the lines; the identifiers of the pieces, in their order."""
    pieces: list[str] = []
    for ligne in lignes.strip().splitlines():
        mots = ligne.split()
        if mots[0] == "jours":
            horloge.passe(days=int(mots[1]))
            continue
        if mots[0] == "paiement":
            payer(portail, pieces[-1])
            continue
        ouvre = mots[0] == "+"
        role, structure, cadre, vers, statut = mots[1:] if ouvre else mots
        acteur = Acteur(role, getattr(joueurs, structure))
        demande = chantier(portail.annuaire, marche, cadre, getattr(joueurs, vers))
        piece = portail.deposer(acteur, demande) if ouvre else portail.deposer_suivante(acteur, pieces[-1], demande)
        assert piece.statut == statut, ligne
        if not ouvre:
            assert portail.piece(pieces[-1]).statut == "ASSOCIEE", ligne
        pieces.append(piece.id)
    return pieces


def payer(portail: Portail, piece: str) -> None:
    payeur = portail.piece(piece).destinataire
    portail.agir(Acteur("destinataire", payeur), piece, "attester_service_fait")
    portail.agir(Acteur("destinataire", payeur), piece, "mandater")
    assert portail.agir(Acteur("comptable", payeur), piece, "mettre_en_paiement").statut == "MISE_EN_PAIEMENT"


@pytest.mark.parametrize("cas", MARCHES)
def test_un_marche_va_jusqu_au_paiement(cas: str, portail: Portail, horloge: Horloge) -> None:
    pieces = parcourir(portail, horloge, *MARCHES[cas])
    etats = {p.cadre: p.statut for p in portail.pieces()}
    if "A22" in etats:
        assert etats["A22"] == "ASSOCIEE"
        assert etats.get("A17", etats["A7"]) == "REMPLACEE_PAR_A22"
    rejoue = Portail.rejouer(portail.journal, portail.annuaire)
    assert rejoue.piece(pieces[-1]).statut == "MISE_EN_PAIEMENT"
    assert rejoue.pieces() == portail.pieces()


def test_chaque_circuit_de_la_table_a_son_marche(annuaire: Annuaire) -> None:
    from facturier import referentiel

    joues = {cas.split(",")[0] for cas in MARCHES} | {"C10"}
    assert joues == {c.cas for c in referentiel.circuits()} == {m.circuit for m in annuaire.marches.values()} - {""}


def test_c10_sans_reference_au_ccag_travaux_le_chantier_se_facture_en_a1(portail: Portail) -> None:
    piece = portail.deposer(Acteur("fournisseur", joueurs.ELECTRICIEN), facture("A1", numero_marche="2026-ENT-007"))
    payer(portail, piece.id)


# what the card refuses


REFUS = [
    ("2026-TVX-051", "A4", "JARDINS", "COMMUNE_MOA", "cadre-de-la-fiche", "prévoit : A5 (mensuel"),
    ("2026-TVX-052", "A5", "ELECTRICIEN", "COMMUNE_MOA", "cadre-de-la-fiche", "prévoit : A4 (mensuel"),
    ("2026-TVX-051", "A4", "JARDINS", "COMMUNE_MOA", "cadre-de-la-fiche", "à confirmer avec votre acheteur"),
    ("2026-TVX-014", "A5", "COUVREUR", "COMMUNE_MOA", "cadre-de-la-fiche", "prévoit : A4 (mensuel"),
    ("2026-TVX-014", "A6", "COUVREUR", "COMMUNE", "cadre-de-la-fiche", "« 2026-TVX-014 » (circuit C1"),
    ("2026-TVX-075", "A4", "ELECTRICIEN", "DEPARTEMENT", "cadre-de-la-fiche", "attendez la pièce"),
    ("2026-TVX-014", "A1", "COUVREUR", "COMMUNE", "cadre-de-la-fiche", "prévoit : A4 (mensuel"),
    ("2026-TVX-014", "A4", "ELECTRICIEN", "ARCHITECTE", "deposant-de-la-fiche", "déposée par le titulaire"),
    ("2026-TVX-014", "A4", "COUVREUR", "COMMUNE_MOA", "destinataire-de-la-fiche", "la maîtrise d’œuvre, Atelier"),
    ("2026-TVX-052", "A4", "ELECTRICIEN", "ARCHITECTE", "destinataire-de-la-fiche", "à confirmer avec votre acheteur"),
    ("2026-TVX-060", "A5", "COUVREUR", "MOE_HORS_OUTIL", "destinataire-de-la-fiche", "la maîtrise d’ouvrage"),
    ("2026-TVX-070", "A6", "JARDINS", "COMMUNE", "destinataire-de-la-fiche", "le service financier, Caisse"),
    ("2026-TVX-065", "A23", "MENUISIER", "LYCEE", "cadre-de-la-fiche", "prévoit : A4"),
    ("2026-TVX-090", "A22", "COUVREUR", "COMMUNE_MOA", "procedure-tacite", "suppose un projet de décompte final"),
    ("2026-TVX-090", "A23", "COUVREUR", "COMMUNE", "decompte-tacite", "resté sans réponse"),
]  # fmt: skip


@pytest.mark.parametrize(("marche", "cadre", "qui", "vers", "regle", "extrait"), REFUS)
def test_la_fiche_du_marche_tranche_et_le_refus_la_nomme(
    portail: Portail, marche: str, cadre: str, qui: str, vers: str, regle: str, extrait: str
) -> None:
    demande = chantier(portail.annuaire, marche, cadre, getattr(joueurs, vers), mode_paiement="CHEQUE")
    with pytest.raises(RefusPortail) as refus:
        portail.deposer(Acteur("fournisseur", getattr(joueurs, qui)), demande)
    assert regle in refus.value.regles, refus.value.phrase
    assert extrait in refus.value.phrases[refus.value.regles.index(regle)].replace("\u00a0", " ")
    assert portail.journal == ()


def test_la_maitrise_d_oeuvre_interne_est_un_service_de_l_acheteur(portail: Portail) -> None:
    demande = chantier(portail.annuaire, "2026-TVX-040", "A4", joueurs.DEPARTEMENT)
    with pytest.raises(RefusPortail, match="MOE-INTERNE"):
        portail.deposer(Acteur("fournisseur", joueurs.MENUISIER), {**demande, "code_service": "FINANCES"})


@pytest.mark.parametrize(
    ("marche", "cadre", "precedente", "certain"),
    [
        ("2026-TVX-014", "A4", "", True),
        ("2026-TVX-014", "A19", "A15", True),
        ("2026-TVX-051", "A5", "", False),
        ("2026-TVX-052", "A4", "", False),
        ("2026-TVX-065", "A16", "A4", False),
        ("2026-TVX-090", "A22", "", False),
        ("2026-ENT-007", "A1", "", True),
        ("", "A3", "", False),
        ("", "A21", "", False),
    ],
)
def test_un_circuit_incertain_est_a_confirmer_avec_votre_acheteur(
    annuaire: Annuaire, marche: str, cadre: str, precedente: str, certain: bool
) -> None:
    demande = {"cadre": cadre, "numero_marche": marche}
    reserve = circuits.reserve(demande, annuaire, precedente)
    assert ("à confirmer avec votre acheteur" not in reserve) == certain


# the end of the market


def projet_final(portail: Portail, **champs: str) -> str:
    demande = chantier(portail.annuaire, "2026-TVX-090", "A7", ARCHITECTE, **champs)
    return portail.deposer(Acteur("fournisseur", COUVREUR), demande).id


def procedure_tacite(portail: Portail, **champs: str) -> str:
    demande = chantier(portail.annuaire, "2026-TVX-090", "A22", COMMUNE_MOA, **champs)
    return portail.deposer(Acteur("fournisseur", COUVREUR), demande).id


def test_le_projet_de_decompte_final_est_unique_et_remis_aux_deux(portail: Portail) -> None:
    demande = chantier(portail.annuaire, "2026-TVX-090", "A7", ARCHITECTE)
    with pytest.raises(RefusPortail, match="remise le même jour à la maîtrise d’ouvrage"):
        portail.deposer(Acteur("fournisseur", COUVREUR), {**demande, "copie_siret": ""})
    projet_final(portail)
    with pytest.raises(RefusPortail, match="est unique"):
        projet_final(portail, numero="A7-bis")


def test_la_procedure_tacite_ne_s_ouvre_qu_apres_le_delai_de_la_maitrise_d_ouvrage(
    portail: Portail, horloge: Horloge
) -> None:
    projet_final(portail)
    horloge.passe(days=30)
    with pytest.raises(RefusPortail, match="jusqu’au 24/12/2026 inclus"):
        procedure_tacite(portail)
    horloge.passe(days=1)
    demande = chantier(portail.annuaire, "2026-TVX-090", "A22", COMMUNE_MOA)
    with pytest.raises(RefusPortail, match="remise le même jour à la maîtrise d’œuvre"):
        portail.deposer(Acteur("fournisseur", COUVREUR), {**demande, "copie_siret": ""})
    a22 = procedure_tacite(portail)
    horloge.passe(days=10)
    with pytest.raises(RefusPortail, match="C’est trop tôt"):
        portail.deposer(
            Acteur("fournisseur", COUVREUR), chantier(portail.annuaire, "2026-TVX-090", "A23", joueurs.COMMUNE)
        )
    horloge.passe(days=1)
    tardif = chantier(portail.annuaire, "2026-TVX-090", "A20", COUVREUR)
    with pytest.raises(RefusPortail, match="Le délai de réponse est écoulé depuis le 04/01/2027"):
        portail.deposer_suivante(Acteur("moa", COMMUNE_MOA), a22, tardif)


def test_un_decompte_general_notifie_ferme_la_procedure_tacite(portail: Portail, horloge: Horloge) -> None:
    *_, a20, _ = parcourir(portail, horloge, "2026-TVX-014", MARCHES["C1, fin de marché"][1].replace("paiement", ""))
    horloge.passe(days=31)
    demande = chantier(portail.annuaire, "2026-TVX-014", "A22", COMMUNE_MOA)
    with pytest.raises(RefusPortail, match=f"La pièce {a20}"):
        portail.deposer(Acteur("fournisseur", COUVREUR), demande)


def test_un_decompte_general_refuse_ferme_aussi_la_procedure_tacite(portail: Portail, horloge: Horloge) -> None:
    a20 = decompte_general(portail, horloge)
    titulaire = Acteur("fournisseur", COUVREUR)
    portail.agir(titulaire, a20, "refuser", piece_jointe="memoire.pdf", piece_jointe_octets="12000")
    horloge.passe(days=40)
    with pytest.raises(RefusPortail, match=f"La pièce {a20}"):
        portail.deposer(titulaire, chantier(portail.annuaire, "2026-TVX-014", "A22", COMMUNE_MOA))


def decompte_general(portail: Portail, horloge: Horloge) -> str:
    lignes = MARCHES["C1, fin de marché"][1].split("          fournisseur COUVREUR    A8")[0]
    return parcourir(portail, horloge, "2026-TVX-014", lignes)[-1]


@pytest.mark.parametrize(
    ("champs", "extrait"),
    [
        ({"signature": ""}, "revient signé"),
        ({"signature": "signe"}, "revient signé"),
        ({"signature": "avec_reserves"}, "mémoire en réclamation"),
        ({"signature": "au crayon"}, "Signature inconnue"),
    ],
)
def test_le_decompte_general_revient_signe(
    portail: Portail, horloge: Horloge, champs: dict[str, str], extrait: str
) -> None:
    a20 = decompte_general(portail, horloge)
    demande = {**chantier(portail.annuaire, "2026-TVX-014", "A8", joueurs.COMMUNE), **champs}
    with pytest.raises(RefusPortail, match=extrait):
        portail.deposer_suivante(Acteur("fournisseur", COUVREUR), a20, demande)
    reserves = {**demande, "signature": "avec_reserves", "memoire": "memoire.pdf"}
    assert portail.deposer_suivante(Acteur("fournisseur", COUVREUR), a20, reserves).statut == "MISE_A_DISPOSITION"


def test_refuser_le_decompte_general_demande_un_memoire(portail: Portail, horloge: Horloge) -> None:
    a20 = decompte_general(portail, horloge)
    titulaire = Acteur("fournisseur", COUVREUR)
    with pytest.raises(RefusPortail, match="mémoire en réclamation"):
        portail.agir(titulaire, a20, "refuser", commentaire="Le solde est faux.")
    apres = portail.agir(titulaire, a20, "refuser", piece_jointe="memoire.pdf", piece_jointe_octets="12000")
    assert apres.statut == "REFUSEE_FOURNISSEUR"


def test_trente_jours_de_silence_font_accepter_le_decompte_general(portail: Portail, horloge: Horloge) -> None:
    a20 = decompte_general(portail, horloge)
    titulaire = Acteur("fournisseur", COUVREUR)
    horloge.passe(days=31)
    with pytest.raises(RefusPortail, match="votre silence l’a fait accepter"):
        portail.agir(titulaire, a20, "refuser", piece_jointe="memoire.pdf", piece_jointe_octets="12000")
    demande = chantier(portail.annuaire, "2026-TVX-014", "A8", joueurs.COMMUNE)
    with pytest.raises(RefusPortail, match="votre silence l’a fait accepter"):
        portail.deposer_suivante(titulaire, a20, {**demande, "signature": "avec_reserves", "memoire": "memoire.pdf"})
    assert portail.deposer_suivante(titulaire, a20, demande).statut == "MISE_A_DISPOSITION"


def test_un_acompte_rejete_est_refait_dans_le_meme_dossier_sous_un_nouveau_numero(
    portail: Portail, horloge: Horloge
) -> None:
    cas = MARCHES["C1, maîtrise d’œuvre externe, chaque mois"]
    *_, a19 = parcourir(portail, horloge, cas[0], cas[1].replace("paiement", ""))
    moa, payeur = Acteur("moa", COMMUNE_MOA), Acteur("destinataire", joueurs.COMMUNE)
    portail.agir(payeur, a19, "rejeter", motif="FACT_NON_CONFORME")
    demande = chantier(portail.annuaire, cas[0], "A19", joueurs.COMMUNE)
    with pytest.raises(RefusPortail, match="déjà déposé"):
        portail.deposer_suivante(moa, a19, demande)
    refaite = portail.deposer_suivante(moa, a19, {**demande, "numero_facture": "A19-014-2"})
    assert (refaite.statut, refaite.dossier) == ("MISE_A_DISPOSITION", "P0001")
    with pytest.raises(RefusPortail, match="a déjà une suite"):
        portail.deposer_suivante(moa, a19, {**demande, "numero_facture": "A19-014-3"})
    payer(portail, refaite.id)


def test_un_payeur_qui_ne_remonte_pas_le_paiement_laisse_voir_le_statut_d_avant(
    portail: Portail, horloge: Horloge
) -> None:
    (a6,) = parcourir(
        portail, horloge, *MARCHES["C6, ni maîtrise d’œuvre ni maîtrise d’ouvrage dans l’outil, chaque mois"]
    )
    assert portail.piece(a6).statut == "MISE_EN_PAIEMENT"
    assert statut_visible(portail.piece(a6), portail.annuaire) == "MANDATEE"
    *_, a19 = parcourir(portail, horloge, *MARCHES["C1, maîtrise d’œuvre externe, chaque mois"])
    assert statut_visible(portail.piece(a19), portail.annuaire) == "MISE_EN_PAIEMENT"
    assert "à confirmer" in confirmation(portail.piece(a6), portail.annuaire)
