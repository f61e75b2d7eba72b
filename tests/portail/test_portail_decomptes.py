"""The décompte that a works piece carries, rebuilt from the card and the dossier, explained or said not computable."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from joueurs import ARCHITECTE, COMMUNE, COMMUNE_MOA, COUVREUR, ELECTRICIEN, ZINGUEUR, chantier, deposer

from facturier.portail import Acteur, Annuaire, Piece, Portail
from facturier.portail.decomptes import DecompteCalcule, decompte_de
from facturier.portail.echeances import NonCalculable

MARCHE = "2026-TVX-080"
"""5 % of retenue, no revision, no advance; a delegated MOA."""
MOAD = "99990036800013"


def d(texte: str) -> Decimal:
    return Decimal(texte)


def somme(ht: str) -> dict[str, str]:
    return {
        "montant_ht": f"{d(ht):.2f}",
        "montant_tva": f"{d(ht) * d('0.2'):.2f}",
        "montant_ttc": f"{d(ht) * d('1.2'):.2f}",
    }


def mois(portail: Portail, rang: int, presente: str, admis: str) -> tuple[Piece, Piece, Piece]:
    """One month of C8: what the titulaire presents, what the MOE admits, what the MOA validates."""
    jour = {"date_facture": f"30/0{rang}/2026"}

    def demande(cadre: str, vers: str, ht: str, **champs: str) -> dict[str, str]:
        numero = f"{cadre}-{rang}"
        return chantier(portail.annuaire, MARCHE, cadre, vers, numero=numero, **jour, **somme(ht), **champs)

    a4 = portail.deposer(Acteur("fournisseur", COUVREUR), demande("A4", ARCHITECTE, presente))
    a15 = portail.deposer_suivante(Acteur("moe", ARCHITECTE), a4.id, demande("A15", MOAD, admis, commentaire="Métré."))
    a19 = portail.deposer_suivante(Acteur("moa", MOAD), a15.id, demande("A19", COMMUNE, admis))
    return a4, a15, a19


def calcule(portail: Portail, piece: Piece) -> DecompteCalcule:
    trouve = decompte_de(portail.piece(piece.id), portail.etat, portail.annuaire)
    assert isinstance(trouve, DecompteCalcule), trouve
    return trouve


def raison(portail: Portail, piece: Piece, annuaire: Annuaire | None = None) -> str:
    trouve = decompte_de(portail.piece(piece.id), portail.etat, annuaire or portail.annuaire)
    assert isinstance(trouve, NonCalculable), trouve
    return trouve.raison.replace("\u00a0", " ")


def test_les_sommes_admises_d_un_mois_font_le_cumul_du_suivant(portail: Portail) -> None:
    mois(portail, 4, "20000", "18000")
    a4, a15, a19 = mois(portail, 5, "10000", "10000")
    projet = calcule(portail, a4)
    assert projet.decompte.ligne("travaux").cumul == d("28000.00")
    assert projet.decompte.ligne("travaux").mois == d("10000.00")
    # 10 000 HT + 20 % of VAT, less 5 % of retenue
    assert calcule(portail, a19).decompte.a_payer == d("11400.00")
    assert calcule(portail, a15).decompte.nature == "état d’acompte"
    assert all(etape.source for etape in projet.etapes)


def test_la_correction_de_la_maitrise_d_oeuvre_se_lit_dans_les_ecarts(portail: Portail) -> None:
    a4, a15, _ = mois(portail, 4, "20000", "18000")
    assert calcule(portail, a4).ecarts == ()
    ecart = calcule(portail, a15).ecarts[0]
    assert (ecart.presente, ecart.admis) == (d("20000.00"), d("18000.00"))


def test_le_solde_recapitule_les_acomptes(portail: Portail) -> None:
    mois(portail, 4, "20000", "20000")
    jour = {"date_facture": "30/06/2026", **somme("5000")}

    def demande(cadre: str, vers: str) -> dict[str, str]:
        return chantier(portail.annuaire, MARCHE, cadre, vers, **jour)

    a7 = portail.deposer(Acteur("fournisseur", COUVREUR), demande("A7", ARCHITECTE))
    a17 = portail.deposer_suivante(Acteur("moe", ARCHITECTE), a7.id, demande("A17", MOAD))
    a20 = portail.deposer_suivante(Acteur("moa", MOAD), a17.id, demande("A20", COUVREUR))
    general = calcule(portail, a20).general
    assert general is not None
    assert (general.total, general.solde) == (d("28500.00"), d("5700.00"))
    assert [v.montant for v in general.recapitulation] == [d("22800.00")]
    assert calcule(portail, a7).decompte.nature == "projet de décompte final"


def test_la_part_payee_directement_au_sous_traitant_est_retiree(portail: Portail) -> None:
    marche = "2026-TVX-014"
    sans_tva = {"taux_tva": "0", "montant_tva": "0,00", "montant_ttc": "1 000,00", "valideur_siret": COUVREUR}
    a10 = portail.deposer(
        Acteur("fournisseur", ZINGUEUR), chantier(portail.annuaire, marche, "A10", ARCHITECTE, **sans_tva)
    )
    portail.agir(Acteur("valideur_1", COUVREUR), a10.id, "valider")
    portail.agir(Acteur("moe", ARCHITECTE), a10.id, "joindre_au_dossier")
    a4 = portail.deposer(
        Acteur("fournisseur", COUVREUR), chantier(portail.annuaire, marche, "A4", ARCHITECTE, **somme("8000"))
    )
    assert calcule(portail, a4).decompte.etat.sous_traitance == d("1000.00")


def test_une_revision_attend_son_index_dans_le_projet_et_l_exige_dans_l_etat_d_acompte(portail: Portail) -> None:
    marche = "2026-TVX-014"
    a4 = portail.deposer(Acteur("fournisseur", COUVREUR), chantier(portail.annuaire, marche, "A4", ARCHITECTE))
    assert calcule(portail, a4).decompte.a_payer > 0
    a15 = portail.deposer_suivante(
        Acteur("moe", ARCHITECTE), a4.id, chantier(portail.annuaire, marche, "A15", COMMUNE_MOA)
    )
    assert "BT01" in raison(portail, a15)
    index = {"2026-11": {"BT01": d("121.0")}}
    trouve = decompte_de(portail.piece(a15.id), portail.etat, portail.annuaire, index)
    assert isinstance(trouve, DecompteCalcule)
    # 0,15 + 0,85 × 121 / 110 = 1,085
    assert trouve.decompte.ligne("ht").mois == d("1085.00")


@pytest.mark.parametrize(
    ("champs", "extrait"),
    [
        ({"montant_ht": ""}, "ne donne pas le montant HT"),
        ({"notification": ""}, "ne donne pas la date de notification"),
        ({"duree_mois": "huit"}, "nombre de mois"),
        ({"taux_tva": "vingt"}, "n’est pas un nombre"),
        ({"revision": "selon l’index"}, "formule de révision"),
        ({"penalites": "cent euros"}, "fraction du montant"),
        ({"cotraitants": (ELECTRICIEN,)}, "groupement"),
        ({"avance": "5", "avance_remboursement_debut": "50"}, "d’autres seuils"),
        ({"retenue_garantie": "10"}, "plafond"),
    ],
)
def test_une_fiche_incomplete_ou_illisible_est_dite_non_calculable(
    portail: Portail, champs: dict[str, str], extrait: str
) -> None:
    a4, _, _ = mois(portail, 4, "1000", "1000")
    annuaire = portail.annuaire
    autre = replace(annuaire.marches[MARCHE], **champs)
    assert extrait in raison(portail, a4, Annuaire(annuaire.structures, {**annuaire.marches, MARCHE: autre}))


def test_une_facture_simple_n_est_pas_un_decompte_calculable(portail: Portail) -> None:
    assert "n’est pas un décompte" in raison(portail, deposer(portail))
