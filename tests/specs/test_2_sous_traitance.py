"""The manual, chapter 2: the subcontractor (A9) and the co-contractor (A12), who pass before a valideur."""

from __future__ import annotations

from datetime import datetime

import pytest
from joueurs import COMMUNE, MANDATAIRE, NETTOYAGE, PEINTRE, VITRIER, Horloge, deposer

from facturier.portail import Acteur, Portail, RefusPortail

TITULAIRE = Acteur("valideur_1", NETTOYAGE)
VISEUR = Acteur("valideur_1", MANDATAIRE)


@pytest.mark.parametrize(
    ("action", "donnees", "avis"),
    [("valider", {}, "VALIDEE_1"), ("refuser", {"motif": "AUT_MOTIF_ERR_VALIDEUR"}, "REFUSEE_1")],
)
def test_la_demande_du_sous_traitant_part_chez_l_acheteur_quel_que_soit_l_avis(
    portail: Portail, action: str, donnees: dict[str, str], avis: str
) -> None:
    piece = deposer(portail, "A9")
    assert piece.statut == "A_VALIDER_1"
    apres = portail.agir(TITULAIRE, piece.id, action, **donnees)
    assert [p.statut for p in apres.historique][-3:] == [avis, "EN_COURS_ACHEMINEMENT", "MISE_A_DISPOSITION"]


def test_le_silence_de_quinze_jours_vaut_accord(portail: Portail, horloge: Horloge) -> None:
    piece = deposer(portail, "A9")
    horloge.passe(days=14, hours=23)
    assert portail.avancer() == ()
    horloge.passe(hours=2)
    assert [e["action"] for e in portail.avancer()] == ["constater_silence", "acheminer", "mettre_a_disposition"]
    apres = portail.piece(piece.id)
    assert apres.date_du("ABSENCE_VALIDATION_1_HORS_DELAI") == datetime(2026, 12, 9, 10, 42)
    assert portail.avancer() == ()


def test_apres_quinze_jours_le_valideur_ne_peut_plus_refuser(portail: Portail, horloge: Horloge) -> None:
    piece = deposer(portail, "A9")
    horloge.passe(days=16)
    avant = portail.journal
    with pytest.raises(RefusPortail, match="Mise à disposition"):
        portail.agir(TITULAIRE, piece.id, "refuser", motif="AUTRE")
    assert portail.journal == avant
    assert portail.agir(Acteur("destinataire", COMMUNE), piece.id, "mandater").statut == "MANDATEE"


def test_un_refus_motive_arrete_la_facture_du_cotraitant(portail: Portail) -> None:
    piece = deposer(portail, "A12")
    with pytest.raises(RefusPortail, match="demande un motif"):
        portail.agir(VISEUR, piece.id, "refuser")
    assert portail.agir(VISEUR, piece.id, "refuser", motif="DEST_ERR").statut == "REFUSEE_1"
    with pytest.raises(RefusPortail):
        portail.agir(Acteur("destinataire", COMMUNE), piece.id, "mandater")


def test_le_visa_du_mandataire_envoie_la_facture_du_cotraitant(portail: Portail) -> None:
    piece = deposer(portail, "A12")
    assert portail.agir(VISEUR, piece.id, "valider").statut == "MISE_A_DISPOSITION"


def test_le_silence_du_mandataire_ne_vaut_pas_accord(portail: Portail, horloge: Horloge) -> None:
    piece = deposer(portail, "A12")
    horloge.passe(days=60)
    assert portail.avancer() == ()
    assert portail.piece(piece.id).statut == "A_VALIDER_1"


def test_un_valideur_mal_designe_se_corrige_et_le_delai_repart(portail: Portail, horloge: Horloge) -> None:
    piece = deposer(portail, "A9")
    horloge.passe(days=10)
    portail.agir(TITULAIRE, piece.id, "signaler_erreur_valideur", commentaire="Ce chantier n’est pas le nôtre.")
    horloge.passe(days=10)
    portail.agir(Acteur("fournisseur", VITRIER), piece.id, "corriger_valideur", valideur_siret=MANDATAIRE)
    horloge.passe(days=14)
    assert portail.avancer() == ()
    assert portail.agir(VISEUR, piece.id, "valider").statut == "MISE_A_DISPOSITION"


@pytest.mark.parametrize(("cadre", "deposant"), [("A9", VITRIER), ("A12", PEINTRE)])
def test_le_deposant_ne_se_valide_pas_lui_meme(portail: Portail, cadre: str, deposant: str) -> None:
    with pytest.raises(RefusPortail, match="votre propre valideur"):
        deposer(portail, cadre, valideur_siret=deposant)
    piece = deposer(portail, cadre)
    with pytest.raises(RefusPortail):
        portail.agir(Acteur("fournisseur", deposant), piece.id, "valider")
