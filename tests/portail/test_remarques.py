"""Ce qu’un récit fait remarquer à un partenaire simulé : une fois par pièce, tant que le champ ne dit pas la valeur."""

from __future__ import annotations

from typing import Any

import pytest

from facturier.annuaire import Annuaire
from facturier.erreurs import ErreurFacturier
from facturier.portail import Ouverture
from facturier.portail import demande as lecture
from facturier.situations import commencer, executer, tirer

ANNUAIRE = Annuaire.charger()
REMARQUE = {
    "role": "destinataire",
    "structure": "26990001500018",
    "champ": "montant_ht",
    "valeur": "1 000,00",
    "action": "rejeter",
    "motif": "LIVR_INCOMP",
    "commentaire": "Refaites-la.",
}


def test_l_ouverture_garde_ses_remarques_et_n_en_ecrit_que_si_elle_en_a() -> None:
    ouverture = Ouverture.depuis_json({"remarques": [REMARQUE]})
    assert Ouverture.depuis_json(ouverture.en_json()) == ouverture
    assert ouverture.genese() != Ouverture().genese()
    assert "remarques" not in Ouverture().en_json()


@pytest.mark.parametrize(
    "brutes",
    [
        "rejeter",
        [REMARQUE] * 21,
        [{**REMARQUE, "autre": ""}],
        [{**REMARQUE, "structure": "12"}],
        [{**REMARQUE, "valeur": 3}],
        [{**REMARQUE, "commentaire": "x" * 501}],
        [{**REMARQUE, "role": "le destinataire"}],
    ],
)
def test_une_remarque_mal_formee_est_refusee(brutes: Any) -> None:
    with pytest.raises(ErreurFacturier, match="remarque"):
        Ouverture.depuis_json({"remarques": brutes})


def test_le_destinataire_remarque_une_fois_et_se_tait_quand_la_piece_dit_la_valeur() -> None:
    situation = tirer("cas_recyclage", "lea", ANNUAIRE)
    depot, avance, recycle, fin = situation.saisie
    portail = executer(commencer(situation.recit, ANNUAIRE), [depot, avance])
    assert portail.piece("P0001").statut == "A_RECYCLER"
    nouveau = recycle.champs["numero_engagement"]
    assert nouveau in portail.piece("P0001").historique[-1].commentaire
    executer(portail, [recycle, fin])
    actions = [passage.action for passage in portail.piece("P0001").historique]
    assert actions.count("demander_recyclage") == 1
    assert portail.piece("P0001").statut == "MISE_EN_PAIEMENT"


def test_un_montant_se_compare_comme_un_montant_et_une_date_comme_une_date() -> None:
    assert lecture.egal("montant_ht", {"montant_ht": "1 000,00"}, "1000")
    assert lecture.egal("date_facture", {"date_facture": "2026-11-02"}, "02/11/2026")
    assert not lecture.egal("montant_ht", {"montant_ht": "mille"}, "mille")
    assert lecture.egal("code_service", {"code_service": " ch-achats "}, "CH-ACHATS")
