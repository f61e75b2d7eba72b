"""Drawn figures: the answer is the package's own, the traps are other answers; some are worked by hand."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from facturier.evaluation import calculs
from facturier.evaluation.calculs import Donnees
from facturier.evaluation.graines import Graine
from facturier.evaluation.tirages import lire_banque
from facturier.evaluation.valeurs import lire_jour, lire_nombre

GRAINES = [Graine(f"g{n}") for n in range(200)]


def _tires(nom: str) -> list[Donnees]:
    return [calculs.calculer(nom, g.hasard("essai", nom), g.au) for g in GRAINES]


def _lu(texte: str) -> Decimal:
    lu = lire_nombre(texte)
    assert lu is not None
    return lu


@pytest.mark.parametrize("nom", calculs.noms())
def test_200_tirages_ont_une_reponse_lisible_et_des_pieges_differents(nom: str) -> None:
    tires = _tires(nom)
    assert len({(d.attendu, *d.montre.values()) for d in tires}) >= min(20, len(tires)) or nom in (
        "taux_de_tva",
        "amende_facture",
    )
    for donnees in tires:
        if donnees.attendu:
            assert lire_jour(donnees.attendu) is not None or lire_nombre(donnees.attendu) is not None
        assert donnees.attendu not in donnees.pieges.values()
        assert set(donnees.pieges) <= donnees.connus
        assert all(donnees.montre.values())


def test_chaque_calcul_sert_a_un_item_et_chaque_piege_y_a_son_retour() -> None:
    servis = {g.champs["calcul"]: g for g in lire_banque().gabarits if "calcul" in g.champs}
    assert set(servis) == set(calculs.noms())
    for nom, gabarit in servis.items():
        expliques = {piege["valeur"] for piege in gabarit.champs.get("piege", [])}
        assert expliques == _tires(nom)[0].connus


def test_l_echeance_d_une_commune_est_trente_jours_apres_la_reception() -> None:
    for donnees in _tires("echeance_paiement"):
        reception = lire_jour(donnees.montre["reception"])
        assert reception is not None
        assert lire_jour(donnees.attendu) == reception + timedelta(days=30)


def test_les_interets_se_retrouvent_a_la_main() -> None:
    for donnees in _tires("interets"):
        montant, taux = _lu(donnees.montre["montant"]), _lu(donnees.montre["taux"].removesuffix("\u00a0%"))
        assert taux in (Decimal("10.15"), Decimal("10.40"))
        jours = int(donnees.montre["jours"])
        exact = montant * taux * jours / 100 / 365
        assert abs(exact - Decimal(donnees.attendu)) <= Decimal("0.005")
        assert Decimal(donnees.pieges["indemnite"]) - Decimal(donnees.attendu) == 40


def test_le_net_d_un_acompte_se_retrouve_a_la_main() -> None:
    for donnees in _tires("net_du_mois"):
        ht = _lu(donnees.montre["apres"]) - _lu(donnees.montre["avant"])
        assert Decimal(donnees.attendu) == ht * Decimal("1.2") * Decimal("0.95")
        assert Decimal(donnees.pieges["sans_retenue"]) == ht * Decimal("1.2")


def test_les_penalites_se_retrouvent_a_la_main_et_les_petites_sont_exonerees() -> None:
    for donnees in _tires("penalites"):
        assert Decimal(donnees.attendu) == _lu(donnees.montre["marche"]) / 3000 * int(donnees.montre["jours"])
        assert Decimal(donnees.attendu) > 1000
    for donnees in _tires("penalites_exonerees"):
        assert Decimal(donnees.attendu) == 0
        assert 0 < Decimal(donnees.pieges["brut"]) <= 1000


def test_un_calcul_inconnu_est_refuse() -> None:
    with pytest.raises(calculs.ErreurFacturier, match="Calcul inconnu"):
        calculs.calculer("racine_carree", Graine().hasard(), Graine().au)
