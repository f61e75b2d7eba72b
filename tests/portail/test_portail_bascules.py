"""An announced change whose day the trainer sets: the portal turns over on that very day, and replays."""

from __future__ import annotations

import pytest
from joueurs import COMMUNE, ELECTRICIEN, Horloge, deposer

from facturier.erreurs import ErreurFacturier
from facturier.portail import Acteur, Annuaire, JournalRefuse, Ouverture, Portail, RefusPortail
from facturier.portail.boite import messages_de
from facturier.portail.etat import octets
from facturier.portail.histoire import histoire

PAYEUR, FOURNISSEUR = Acteur("destinataire", COMMUNE), Acteur("fournisseur", ELECTRICIEN)
APRES = Ouverture(bascules={"arret-recyclage": "2026-11-26"})
"""The tests' clock starts on 24 November 2026."""


@pytest.fixture
def portail(annuaire: Annuaire, horloge: Horloge) -> Portail:
    return Portail(annuaire, horloge, APRES)


def gestes(portail: Portail, piece: str) -> set[str]:
    return {t.action for t in portail.gestes(PAYEUR, piece)} & {"demander_recyclage", "rejeter_aiguillage"}


def test_le_recyclage_s_offre_jusqu_a_la_veille_et_le_rejet_des_le_jour_dit(portail: Portail, horloge: Horloge) -> None:
    piece = deposer(portail).id
    vus = []
    for _ in range(3):
        vus.append(gestes(portail, piece))
        horloge.passe(days=1)
    assert vus == [{"demander_recyclage"}, {"demander_recyclage"}, {"rejeter_aiguillage"}]


def test_la_meme_erreur_est_recyclee_avant_et_veut_un_nouveau_numero_apres(portail: Portail, horloge: Horloge) -> None:
    avant, apres = deposer(portail, numero="FA-1"), deposer(portail, numero="FA-2")
    portail.agir(PAYEUR, avant.id, "demander_recyclage", motif="DEST_ERR")
    assert portail.agir(FOURNISSEUR, avant.id, "recycler", code_service="MAIRIE").numero == "FA-1"
    horloge.passe(days=2)
    with pytest.raises(RefusPortail, match="n’est pas possible"):
        portail.agir(PAYEUR, apres.id, "demander_recyclage", motif="DEST_ERR")
    assert portail.agir(PAYEUR, apres.id, "rejeter_aiguillage", motif="DEST_ERR").statut == "REJETEE"
    with pytest.raises(RefusPortail, match="même après un rejet"):
        deposer(portail, numero="FA-2", code_service="MAIRIE")
    assert deposer(portail, numero="FA-3", code_service="MAIRIE").statut == "MISE_A_DISPOSITION"


def test_chacun_lit_ce_qu_il_doit_faire_selon_le_jour(portail: Portail, horloge: Horloge) -> None:
    avant, apres = deposer(portail, numero="FA-1"), deposer(portail, numero="FA-2")
    portail.agir(PAYEUR, avant.id, "demander_recyclage", motif="DEST_ERR")
    horloge.passe(days=2)
    portail.agir(PAYEUR, apres.id, "rejeter_aiguillage", motif="DEST_ERR")
    courrier = {m.piece: m.texte for m in messages_de(portail, FOURNISSEUR)}
    assert "même numéro" in courrier[avant.id]
    assert "nouveau numéro" in courrier[apres.id]
    assert "même numéro" not in courrier[apres.id]
    assert histoire(portail, FOURNISSEUR, apres.id)[-1].quoi == "Rejeter pour erreur d’aiguillage"


def test_le_journal_se_rejoue_sous_le_meme_reglage_et_sous_nul_autre(
    portail: Portail, horloge: Horloge, annuaire: Annuaire
) -> None:
    horloge.passe(days=2)
    portail.agir(PAYEUR, deposer(portail).id, "rejeter_aiguillage", motif="DEST_ERR")
    relue = Ouverture.depuis_json(portail.document()["ouverture"])
    assert octets(Portail.rejouer(portail.journal, annuaire, ouverture=relue).etat) == octets(portail.etat)
    with pytest.raises(JournalRefuse) as refus:  # the trainer's opening prevails, whatever the file claims
        Portail.rejouer(portail.journal, annuaire, ouverture=Ouverture())
    assert refus.value.n == 1


def test_sans_reglage_le_sceau_des_journaux_deja_ecrits_ne_change_pas() -> None:
    assert "bascules" not in Ouverture().en_json()
    assert Ouverture(bascules={}).genese() == Ouverture().genese() != APRES.genese()


@pytest.mark.parametrize(
    ("bascules", "extrait"),
    [
        ({"fin-du-monde": "2026-11-26"}, "arret-recyclage"),
        ({"arret-recyclage": "26/11/2026"}, "AAAA-MM-JJ"),
        ({"arret-recyclage": "2026-11-31"}, "pas une date"),
        ({"arret-recyclage": 3}, "forme attendue"),
    ],
)
def test_une_bascule_impossible_est_refusee(bascules: dict[str, object], extrait: str) -> None:
    with pytest.raises(ErreurFacturier, match=extrait):
        Ouverture.depuis_json({"bascules": bascules})
