"""Each circuit walked by hand to its payment, with what its piece makes payable; then one dossier paid late."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from joueurs import (
    ARCHITECTE,
    CAISSE,
    COMMUNE,
    COMMUNE_MOA,
    COUVREUR,
    DEPARTEMENT,
    ELECTRICIEN,
    JARDINS,
    LYCEE,
    MENUISIER,
    MOAD,
    ZINGUEUR,
    Horloge,
    chantier,
    facture,
)

from facturier.delais import Interets
from facturier.portail import Acteur, Piece, Portail
from facturier.portail.decomptes import DecompteCalcule, decompte_de
from facturier.portail.echeances import EcheancePiece, interets_de, paiement_de

INDEX = {"2026-04": {"BT01": Decimal("110.0")}, "2026-05": {"BT01": Decimal("114.4")}}
Pas = tuple[str, str, str, str]
"""Cadre, role and structure that deposit it, who receives it."""


@pytest.fixture
def horloge() -> Horloge:
    horloge = Horloge()
    horloge.heure = datetime(2026, 4, 1, 10, 0)
    return horloge


def somme(ht: str, taux: str = "20") -> dict[str, str]:
    tva = Decimal(ht) * Decimal(taux) / 100
    return {
        "montant_ht": ht,
        "taux_tva": taux,
        "montant_tva": f"{tva:.2f}",
        "montant_ttc": f"{Decimal(ht) + tva:.2f}",
    }


def marcher(portail: Portail, marche: str, pas: tuple[Pas, ...], ht: str, jour: str, **champs: str) -> list[Piece]:
    """The dossier of one month, from its first piece to the one that reaches who pays."""
    pieces: list[Piece] = []
    for cadre, role, qui, vers in pas:
        numero = f"{cadre}-{jour[3:5]}"
        demande = chantier(
            portail.annuaire, marche, cadre, vers, numero=numero, date_facture=jour, **somme(ht), **champs
        )
        acteur = Acteur(role, qui)
        pieces.append(
            portail.deposer_suivante(acteur, pieces[-1].id, demande) if pieces else portail.deposer(acteur, demande)
        )
    return pieces


def payer(portail: Portail, piece: str, payeur: str) -> Piece:
    for action in ("attester_service_fait", "mandater"):
        portail.agir(Acteur("destinataire", payeur), piece, action)
    return portail.agir(Acteur("comptable", payeur), piece, "mettre_en_paiement")


def calcule(portail: Portail, piece: Piece) -> DecompteCalcule:
    trouve = decompte_de(portail.piece(piece.id), portail.etat, portail.annuaire, INDEX)
    assert isinstance(trouve, DecompteCalcule), trouve
    return trouve


def par_moe(titulaire: str, moe: str, moa: str, payeur: str) -> tuple[Pas, ...]:
    return (
        ("A4", "fournisseur", titulaire, moe),
        ("A15", "moe", moe, moa),
        ("A19", "moa", moa, payeur),
    )


def sans_moe(titulaire: str) -> tuple[Pas, ...]:
    return (("A5", "fournisseur", titulaire, COMMUNE_MOA), ("A19", "moa", COMMUNE_MOA, COMMUNE))


@pytest.mark.parametrize(
    ("circuit", "marche", "pas"),
    [
        ("C1", "2026-TVX-014", par_moe(COUVREUR, ARCHITECTE, COMMUNE_MOA, COMMUNE)),
        ("C2", "2026-TVX-040", par_moe(MENUISIER, DEPARTEMENT, DEPARTEMENT, DEPARTEMENT)),
        ("C3", "2026-TVX-051", sans_moe(JARDINS)),
        ("C4", "2026-TVX-060", sans_moe(COUVREUR)),
        ("C5", "2026-TVX-065", (("A4", "fournisseur", MENUISIER, ARCHITECTE), ("A16", "moe", ARCHITECTE, LYCEE))),
        ("C6", "2026-TVX-070", (("A6", "fournisseur", JARDINS, CAISSE),)),
        ("C7", "2026-TVX-075", (("A19", "moa", DEPARTEMENT, DEPARTEMENT),)),
        ("C8", "2026-TVX-080", par_moe(COUVREUR, ARCHITECTE, MOAD, COMMUNE)),
        ("C9", "2026-TVX-090", par_moe(COUVREUR, ARCHITECTE, COMMUNE_MOA, COMMUNE)),
    ],
)
def test_chaque_circuit_de_travaux_mene_10_000_euros_a_un_acompte_paye(
    portail: Portail, circuit: str, marche: str, pas: tuple[Pas, ...]
) -> None:
    """10 000 HT + 20 % = 12 000 TTC, less the retenue, 5 % of it = 600: 11 400,00 are paid."""
    assert portail.annuaire.marches[marche].circuit == circuit
    dernier = marcher(portail, marche, pas, "10000.00", "01/04/2026")[-1]
    assert calcule(portail, dernier).decompte.a_payer == Decimal("11400.00")
    assert payer(portail, dernier.id, pas[-1][3]).statut == "MISE_EN_PAIEMENT"


def test_hors_ccag_la_facture_simple_se_paie_en_entier(portail: Portail) -> None:
    """C10: no retenue, no décompte, 10 000 HT + 20 % = 12 000,00."""
    piece = portail.deposer(
        Acteur("fournisseur", ELECTRICIEN), facture("A1", date_facture="01/04/2026", **somme("10000.00"))
    )
    assert portail.annuaire.marches[piece.marche].circuit == "C10"
    assert payer(portail, piece.id, COMMUNE).statut == "MISE_EN_PAIEMENT"
    assert piece.valeurs["montant_ttc"] == "12000.00"


def test_un_dossier_de_travaux_complet_se_recalcule_a_la_main(portail: Portail, horloge: Horloge) -> None:
    """C1, 100 000 HT: advance 5 % of 120 000 = 6 000, repaid between 65 and 80 %; retenue 5 %; roofer and zinc worker.

    April, index 110: C = 1. 60 000 HT, 72 000 TTC, less 10 000 paid directly, less 5 % of 62 000 = 3 100: 58 900.
    May, index 114,4: C = 0,15 + 0,85 × 1,04 = 1,034. 12 500 × 1,034 = 12 925; cumul 72 925 HT, 87 510 TTC; retenue
    5 % of 77 510 = 3 875,50; 72,5 % done, half of the advance, 3 000: net 70 634,50, so 11 734,50.
    End, same index: 7 500 × 1,034 = 7 755; cumul 80 680 HT, 96 816 TTC; retenue 5 % of 86 816 = 4 340,80; total
    82 475,20; paid 6 000 + 58 900 + 11 734,50 = 76 634,50; balance 5 840,70.
    """
    marche, pas = "2026-TVX-014", par_moe(COUVREUR, ARCHITECTE, COMMUNE_MOA, COMMUNE)
    demande = chantier(
        portail.annuaire,
        marche,
        "A10",
        ARCHITECTE,
        date_facture="01/04/2026",
        valideur_siret=COUVREUR,
        **somme("10000.00", "0"),
    )
    directe = portail.deposer(Acteur("fournisseur", ZINGUEUR), demande)
    portail.agir(Acteur("valideur_1", COUVREUR), directe.id, "valider")
    portail.agir(Acteur("moe", ARCHITECTE), directe.id, "joindre_au_dossier")
    avril = marcher(portail, marche, pas, "60000.00", "01/04/2026")[-1]
    assert calcule(portail, avril).decompte.a_payer == Decimal("58900.00")
    horloge.heure = datetime(2026, 5, 4, 9, 0)
    mai = marcher(portail, marche, pas, "12500.00", "04/05/2026")[-1]
    acompte = calcule(portail, mai).decompte
    assert (acompte.ligne("avance").mois, acompte.ligne("revision").mois) == (Decimal("3000.00"), Decimal("425.00"))
    assert acompte.a_payer == Decimal("11734.50")
    final = (
        ("A7", "fournisseur", COUVREUR, ARCHITECTE),
        ("A17", "moe", ARCHITECTE, COMMUNE_MOA),
        ("A20", "moa", COMMUNE_MOA, COUVREUR),
        ("A8", "fournisseur", COUVREUR, COMMUNE),
    )
    signe = marcher(portail, marche, final, "7500.00", "04/05/2026")[-1]
    general = calcule(portail, signe).general
    assert general is not None
    assert (general.total, general.solde) == (Decimal("82475.20"), Decimal("5840.70"))
    assert (general.retenue, general.paye_directement) == (Decimal("4340.80"), Decimal("10000.00"))
    assert payer(portail, signe.id, COMMUNE).statut == "MISE_EN_PAIEMENT"


def test_un_acompte_suspendu_une_fois_puis_paye_en_retard_porte_interets_et_40_euros(
    portail: Portail, horloge: Horloge
) -> None:
    """Received 1 April, suspended the 11th, completed the 21st: 30 days from there (more than the 20 left), 21 May.

    Paid 10 June, 20 days late. Rate of the first half of 2026: 2,15 + 8 = 10,15 %. Base 12 000 - 600 = 11 400:
    11 400 × 10,15 % × 20 / 365 = 63,40.
    """
    dernier = marcher(portail, "2026-TVX-080", par_moe(COUVREUR, ARCHITECTE, MOAD, COMMUNE), "10000.00", "01/04/2026")[
        -1
    ]
    payeur = Acteur("destinataire", COMMUNE)
    horloge.passe(days=10)
    portail.agir(payeur, dernier.id, "suspendre", motif="JUSTIF_ABS")
    horloge.passe(days=10)
    portail.agir(Acteur("moa", MOAD), dernier.id, "completer", commentaire="Voici l’ordre de service.")
    trouve = paiement_de(portail.piece(dernier.id), portail.etat, portail.annuaire)
    assert isinstance(trouve, EcheancePiece)
    assert trouve.echeance.limite == date(2026, 5, 21)
    horloge.heure = datetime(2026, 6, 10, 9, 0)
    payer(portail, dernier.id, COMMUNE)
    interets = interets_de(portail.piece(dernier.id), portail.etat, portail.annuaire, date(2026, 6, 10))
    assert isinstance(interets, Interets)
    assert (interets.jours, interets.montant, interets.indemnite) == (20, Decimal("63.40"), Decimal("40"))
