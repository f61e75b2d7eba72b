"""The frozen invoice and its totals."""

from __future__ import annotations

import dataclasses
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facturier.erreurs import ErreurFacturier
from facturier.facture import (
    Adresse,
    EcartLigne,
    Exoneration,
    Facture,
    Ligne,
    Paiement,
    Partie,
    PieceJointe,
    RemiseOuCharge,
    totaux,
)
from facturier.montants import arrondi

ADRESSE = Adresse(("14 rue des Tanneurs",), "59400", "Cambrai")
VENDEUR = Partie("Propretéa", ADRESSE, "90415277400017", "FR95904152774")
ACHETEUR = Partie("Hôpital", ADRESSE, "26640318700013")


def ligne(numero: str = "1", quantite: str = "2", prix: str = "10", categorie: str = "S", taux: str = "20") -> Ligne:
    return Ligne(numero, "Nettoyage", Decimal(quantite), "HUR", "heure", Decimal(prix), categorie, Decimal(taux))


def facture(**champs: Any) -> Facture:
    valeurs: dict[str, Any] = {
        "numero": "F-1",
        "date_emission": date(2026, 11, 24),
        "type_document": "380",
        "cadre_norme": "S1",
        "vendeur": VENDEUR,
        "acheteur": ACHETEUR,
        "lignes": (ligne(),),
        "paiement": Paiement("30", "Virement", "FR7630099012340004567890105"),
    }
    return Facture(**{**valeurs, **champs})


LIGNES = st.lists(
    st.tuples(
        st.decimals("0.01", "9999", places=2),
        st.decimals("0", "9999", places=4),
        st.sampled_from([("S", "20"), ("S", "10"), ("S", "5.5"), ("AE", "0")]),
    ),
    min_size=1,
    max_size=12,
).map(
    lambda cas: tuple(
        Ligne(str(rang), "x", quantite, "C62", "u", prix, tva[0], Decimal(tva[1]))
        for rang, (quantite, prix, tva) in enumerate(cas, start=1)
    )
)


def test_la_tva_se_calcule_par_taux_sur_la_somme_des_lignes() -> None:
    # three lines of 0,33 €: 20 % of 0,99 € is 0,20 €, while 3 x 20 % of 0,33 € would be 0,21 €
    lue = totaux(facture(lignes=tuple(ligne(str(n), "1", "0.33") for n in range(3))))
    assert (lue.ht, lue.tva, lue.ttc) == (Decimal("0.99"), Decimal("0.20"), Decimal("1.19"))


def test_les_ecarts_d_une_ligne_entrent_dans_son_montant_et_donc_dans_la_tva() -> None:
    ecarts = (EcartLigne("remise", Decimal("5.00"), "quantité"), EcartLigne("charge", Decimal("1.50"), "gravure"))
    une = dataclasses.replace(ligne(), ecarts=ecarts)
    assert une.montant_ht == Decimal("16.50")
    lue = totaux(facture(lignes=(une, ligne("2", "-1", "4"))))
    assert (lue.lignes_ht, lue.remises, lue.tva, lue.ttc) == tuple(map(Decimal, ("12.50", "0", "2.50", "15.00")))


def test_remise_charge_et_acompte_entrent_dans_les_totaux() -> None:
    lue = totaux(
        facture(
            remises_et_charges=(
                RemiseOuCharge("remise", Decimal("5.00"), "fidélité", "S", Decimal(20)),
                RemiseOuCharge("charge", Decimal("2.00"), "transport", "S", Decimal("5.5")),
            ),
            deja_paye=Decimal("1.11"),
        )
    )
    assert (lue.lignes_ht, lue.remises, lue.charges, lue.ht) == tuple(map(Decimal, ("20.00", "5.00", "2.00", "17.00")))
    assert [(v.taux, v.base, v.montant) for v in lue.ventilation] == [
        (Decimal(20), Decimal("15.00"), Decimal("3.00")),
        (Decimal("5.5"), Decimal("2.00"), Decimal("0.11")),
    ]
    assert (lue.ttc, lue.net_a_payer) == (Decimal("20.11"), Decimal("19.00"))


def test_l_autoliquidation_porte_son_motif_dans_la_ventilation() -> None:
    motif = Exoneration("AE", "VATEX-FR-AE", "Autoliquidation")
    lue = totaux(facture(lignes=(ligne(categorie="AE", taux="0"),), exonerations=(motif,)))
    assert lue.tva == 0
    assert (lue.ventilation[0].code_exoneration, lue.ventilation[0].texte_exoneration) == (motif.code, motif.texte)


@given(LIGNES)
def test_les_totaux_s_additionnent(lignes: tuple[Ligne, ...]) -> None:
    lue = totaux(facture(lignes=lignes))
    assert lue.lignes_ht == sum(une.montant_ht for une in lignes)
    assert lue.ht == sum(part.base for part in lue.ventilation)
    assert lue.tva == sum(part.montant for part in lue.ventilation)
    assert lue.ttc == lue.ht + lue.tva == lue.net_a_payer
    for montant in (lue.ht, lue.tva, lue.ttc):
        assert montant == arrondi(montant)


@given(LIGNES, st.randoms())
def test_l_ordre_des_lignes_ne_change_rien(lignes: tuple[Ligne, ...], hasard: Any) -> None:
    melangees = list(lignes)
    hasard.shuffle(melangees)
    assert totaux(facture(lignes=tuple(melangees))) == totaux(facture(lignes=lignes))


@pytest.mark.parametrize(
    ("champs", "mot"),
    [
        ({"numero": " "}, "numéro"),
        ({"numero": "A  B"}, "espace"),
        ({"lignes": ()}, "aucune ligne"),
        ({"lignes": (ligne("1"), ligne("1"))}, "même numéro"),
        ({"echeance": date(2026, 11, 1)}, "échéance"),
        ({"deja_paye": Decimal("-1")}, "négatif"),
        ({"deja_paye": Decimal("1.005")}, "décimales"),
        ({"exonerations": (Exoneration("AE", "VATEX-FR-AE", "x"),)}, "aucune ligne"),
        (
            {
                "lignes": (ligne(categorie="AE", taux="0"),),
                "exonerations": (Exoneration("AE", "a", "x"), Exoneration("AE", "b", "y")),
            },
            "deux motifs",
        ),
    ],
)
def test_une_facture_incoherente_est_refusee(champs: dict[str, Any], mot: str) -> None:
    with pytest.raises(ErreurFacturier) as refus:
        facture(**champs)
    assert mot in refus.value.phrase


@pytest.mark.parametrize(
    ("construire", "mot"),
    [
        (lambda: ligne(quantite="0"), "nulle"),
        (lambda: ligne(prix="-1"), "négatif"),
        (lambda: ligne(taux="120"), "entre 0 et 100"),
        (lambda: Adresse((), "59400", "Cambrai"), "lignes"),
        (lambda: Adresse(("a",), "59400", ""), "ville"),
        (lambda: Adresse(("a",), "59400", "Cambrai", "France"), "ISO"),
        (lambda: Partie("", ADRESSE), "nom"),
        (lambda: Partie("X", ADRESSE, "26640318700014"), "NIC"),
        (lambda: Partie("X", ADRESSE, "266 403 187 00013"), "espaces"),
        (lambda: Partie("X", ADRESSE, "26640318700013", "FR95904152774"), "ne contient pas son SIREN"),
        (lambda: RemiseOuCharge("remise", Decimal(0), "m", "S", Decimal(20)), "positif"),
        (lambda: RemiseOuCharge("remise", Decimal("1.001"), "m", "S", Decimal(20)), "décimales"),
        (lambda: Paiement("30", "Virement", "FR76"), "IBAN"),
        (lambda: EcartLigne("remise", Decimal("-1"), "m"), "positif"),
        (lambda: EcartLigne("charge", Decimal(1), " "), "motif"),
        (lambda: EcartLigne("rabais", Decimal(1), "m"), "ni une remise"),  # type: ignore[arg-type]
        (lambda: PieceJointe(" ", "DOCUMENT_ANNEXE", "a.csv", "text/csv", "x"), "référence"),
        (lambda: PieceJointe("R1", "DOCUMENT_ANNEXE", "../a.csv", "text/csv", "x"), "nom de fichier"),
    ],
)
def test_une_donnee_fausse_est_refusee_par_son_constructeur(construire: Any, mot: str) -> None:
    with pytest.raises(ErreurFacturier) as refus:
        construire()
    assert mot in refus.value.phrase


def test_un_montant_qui_n_est_pas_decimal_est_une_faute_de_programme() -> None:
    with pytest.raises(TypeError, match="Decimal"):
        Ligne("1", "x", 2, "C62", "u", Decimal(1), "S", Decimal(20))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="finite"):
        ligne(prix="NaN")


def test_une_facture_ne_se_modifie_pas() -> None:
    une = facture()
    with pytest.raises(dataclasses.FrozenInstanceError):
        une.numero = "F-2"  # type: ignore[misc]
