"""What is due is done in the order of dates, whatever way it is looked for."""

from __future__ import annotations

from datetime import datetime

import pytest

from facturier.annuaire import Annuaire
from facturier.portail import Acteur, Ouverture, Portail, agenda
from facturier.portail.agenda import Du
from facturier.portail.partenaires import CARACTERES, du_marche

DEBUT = datetime(2026, 11, 24, 10, 0)
TITULAIRE = "99990011100017"
MARCHE = "2026-ENT-007"
FACTURE = {
    "destinataire_siret": "21990002400015",
    "code_service": "ECOLE",
    "numero_marche": MARCHE,
    "cadre": "A1",
    "type_facture": "380",
    "date_facture": "24/11/2026",
    "mode_paiement": "VIREMENT",
    "iban": "FR76 3000 1007 9412 3456 7890 185",
    "montant_ht": "1 000,00",
    "taux_tva": "20",
    "montant_tva": "200,00",
    "montant_ttc": "1 200,00",
}


class PortailNaif(Portail):
    """Looks everything over again at each step."""

    def _prochain(self, jusqua: datetime, refuses: set[str]) -> Du | None:
        dus = [(quand, objet, 0) for objet, (quand, _) in self._echeances.items() if quand <= jusqua]
        dus += [(d.quand, o, 1) for o, d in self._prevus.items() if d.quand <= jusqua and o not in refuses]
        return min(dus, default=None)


@pytest.mark.parametrize("caractere", list(CARACTERES))
@pytest.mark.parametrize("graine", ["a", "b"])
def test_l_agenda_donne_le_meme_journal_que_la_recherche_complete(
    annuaire: Annuaire, caractere: str, graine: str
) -> None:
    marche = annuaire.marche(MARCHE)
    assert marche is not None
    partenaires = du_marche(marche, caractere, joues=[("fournisseur", TITULAIRE)])
    journaux = []
    for genre in (Portail, PortailNaif):
        portail = genre(annuaire, lambda: DEBUT, Ouverture(partenaires=partenaires, graine=graine))
        fournisseur = Acteur("fournisseur", TITULAIRE)
        for rang in range(12):
            portail.deposer(fournisseur, {**FACTURE, "numero_facture": f"F-{rang}"})
            portail.avancer(rang % 3)
        for piece in portail.pieces():
            if "recycler" in {t.action for t in portail.gestes(fournisseur, piece.id)}:
                portail.agir(fournisseur, piece.id, "recycler", code_service="MAIRIE")
        portail.avancer(60)
        journaux.append(portail.journal)
    assert journaux[0] == journaux[1]
    assert len(journaux[0]) > 24


def test_un_agenda_ne_garde_pas_tout_ce_qui_ne_compte_plus(annuaire: Annuaire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agenda, "RESTES_MAX", 4)
    marche = annuaire.marche(MARCHE)
    assert marche is not None
    partenaires = du_marche(marche, "prompt", joues=[("fournisseur", TITULAIRE)])
    portail = Portail(annuaire, lambda: DEBUT, Ouverture(partenaires=partenaires))
    piece = portail.deposer(Acteur("fournisseur", TITULAIRE), FACTURE | {"numero_facture": "F-1"})
    for _ in range(40):  # as a structure that changes does for every piece
        portail._prevoir(piece.id)
    assert portail.en_retard is False
    assert len(portail._agenda) <= 4 + 4 * (len(portail._echeances) + len(portail._prevus))
