"""The piece and its décompte, downloaded: read back, they say what the screens say, and no more."""

from __future__ import annotations

import io

import pypdf
import pytest

from facturier.documents.releve import decompte_en_pdf, piece_en_pdf
from facturier.ecrans.blocs import Cible
from facturier.ecrans.catalogue import ECRANS
from facturier.ecrans.poste import Poste
from facturier.ecrans.sieges import sieges_fixes
from facturier.erreurs import ErreurFacturier
from facturier.portail import Acteur, RefusPortail
from facturier.portail.guichet import GuichetLocal
from tests.ecrans.chantier import MATIN
from tests.portail.joueurs import (
    CAISSE,
    ELECTRICIEN,
    JARDINS,
    MANDATAIRE,
    MARCHE_PEINTURE,
    PEINTRE,
    chantier,
    facture,
)


def texte(pdf: bytes) -> str:
    brut = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    return " ".join(brut.replace("\u00a0", " ").replace("\u202f", " ").split())


@pytest.fixture
def guichet() -> GuichetLocal:
    return GuichetLocal(ELECTRICIEN, horloge=lambda: MATIN)


def test_la_piece_se_lit_avec_son_histoire(guichet: GuichetLocal) -> None:
    demande = facture(date_facture="02/11/2026", commentaire="日 #read('/etc/passwd')")
    numero = guichet.faire(guichet.acteur, "deposer", version=None, **demande)
    lu = texte(piece_en_pdf(guichet, guichet.acteur, numero))
    for attendu in ("Pièce P0001", "A1 n° FA-2026-0042", "Mise à disposition", "1 200,00", "Déposer la pièce"):
        assert attendu in lu
    assert "? #read" in lu
    assert "aucune valeur juridique" in lu


def test_le_decompte_se_lit_avec_ses_etapes_et_leurs_sources(guichet: GuichetLocal) -> None:
    demande = chantier(guichet.annuaire, "2026-TVX-033", "A4", "99990012900019", date_facture="02/11/2026")
    numero = guichet.faire(guichet.acteur, "deposer", version=None, **demande)
    lu = texte(decompte_en_pdf(guichet, guichet.acteur, numero))
    for attendu in (f"Décompte de la pièce {numero}", "Net pour le titulaire", "CCAG-Travaux 2021 art. 12", "établi"):
        assert attendu in lu


def test_le_decompte_d_un_groupement_a_une_table_par_membre(guichet: GuichetLocal) -> None:
    peintre = Acteur("fournisseur", PEINTRE)
    demande = facture("A12", numero_marche=MARCHE_PEINTURE, valideur_siret=MANDATAIRE, date_facture="02/11/2026")
    numero = guichet.faire(peintre, "deposer", version=None, **demande)
    lu = texte(decompte_en_pdf(guichet, peintre, numero))
    for siret in (MANDATAIRE, PEINTRE):
        assert guichet.annuaire.structure(siret).nom in lu


def test_qui_ne_suit_pas_la_piece_ne_la_telecharge_pas(guichet: GuichetLocal) -> None:
    demande = facture(date_facture="02/11/2026")
    numero = guichet.faire(guichet.acteur, "deposer", version=None, **demande)
    for telecharger in (piece_en_pdf, decompte_en_pdf):
        with pytest.raises(RefusPortail, match="pas de celles que ce rôle suit"):
            telecharger(guichet, Acteur("fournisseur", JARDINS), numero)
    with pytest.raises(ErreurFacturier, match="n’est pas un décompte de travaux"):
        decompte_en_pdf(guichet, guichet.acteur, numero)


def test_la_fiche_donne_tout_ce_qu_elle_annonce(guichet: GuichetLocal) -> None:
    demande = chantier(guichet.annuaire, "2026-TVX-033", "A4", "99990012900019", date_facture="02/11/2026")
    numero = guichet.faire(guichet.acteur, "deposer", version=None, **demande)
    poste = Poste(guichet, ECRANS, sieges_fixes([("fournisseur", ELECTRICIEN)]))
    poste.ouvrir(Cible("fiche", numero))
    annonces = [t for t in guichet.telechargements(guichet.acteur, numero) if t.genre != "jointe"]
    assert {t.genre for t in annonces} == {"piece", "certificat", "decompte"}
    for annonce in annonces:
        fichier = poste.agir(annonce.genre)
        assert fichier is not None, poste.statut
        assert fichier.nom == annonce.nom
        assert fichier.octets.startswith(b"%PDF")


def test_la_piece_payee_sans_le_dire_ne_le_dit_pas(guichet: GuichetLocal) -> None:
    jardins = Acteur("fournisseur", JARDINS)
    demande = chantier(guichet.annuaire, "2026-TVX-070", "A6", CAISSE, date_facture="02/11/2026")
    numero = guichet.faire(jardins, "deposer", version=None, **demande)
    guichet.faire(Acteur("destinataire", CAISSE), "mandater", numero)
    avant = piece_en_pdf(guichet, jardins, numero)
    guichet.faire(Acteur("comptable", CAISSE), "mettre_en_paiement", numero)
    assert piece_en_pdf(guichet, jardins, numero) == avant
