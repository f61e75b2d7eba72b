"""The manual, chapter 7: four ways to deposit the same invoice, and the proof that it was deposited."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pypdf
import pytest
from joueurs import NETTOYAGE, valideur

from facturier.documents.certificat import certificat
from facturier.efacture.ocr import champs_vrais
from facturier.portail import Acteur, Annuaire, Portail, RefusPortail, plateforme
from facturier.portail.etat import octets
from facturier.portail.fichiers import deposer_fichier, deposer_pdf
from facturier.portail.lecture_controlee import controler_exemple
from facturier.portail.lots import deposer_lot

FACTURES = Path(__file__).parents[2] / "data" / "factures"
PDF, XML, FAUX = "menage_val_fictif.facturx.pdf", "menage_val_fictif.cii.xml", "faux_total_ttc.ubl.xml"
FOURNISSEUR = Acteur("fournisseur", NETTOYAGE)


def lire(nom: str) -> bytes:
    return (FACTURES / nom).read_bytes()


def test_un_pdf_est_lu_par_une_machine_qui_se_trompe_on_corrige_puis_on_envoie(portail: Portail) -> None:
    numero, lecture = deposer_pdf(portail, FOURNISSEUR, PDF, lire(PDF), "A1", "graine de la séance")
    assert portail.piece(numero).statut == "INTERPRETEE_OCR"
    vrais = champs_vrais(lire(PDF))
    fautes = [champ for champ, lu in lecture.champs.items() if lu.valeur != vrais[champ]]
    assert len(fautes) >= 2
    envoyee = portail.envoyer(FOURNISSEUR, numero, {champ: vrais[champ] for champ in fautes})
    controle = controler_exemple(envoyee)
    assert controle is not None
    assert controle.juste
    assert sorted(controle.corrigees) == sorted(fautes)


def test_un_fichier_structure_est_controle_avant_d_entrer(portail: Portail) -> None:
    with pytest.raises(RefusPortail) as refus:
        deposer_fichier(portail, FOURNISSEUR, FAUX, lire(FAUX), valideur=valideur)
    assert refus.value.code == "rejetee"
    piece = portail.piece(deposer_fichier(portail, FOURNISSEUR, XML, lire(XML), valideur=valideur))
    assert piece.date_du("DEPOSEE") is not None


def test_dans_un_lot_chaque_facture_a_son_verdict(portail: Portail) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as lot:
        for nom in (FAUX, XML):
            lot.writestr(nom, lire(nom))
    rendu = deposer_lot(portail, FOURNISSEUR, "novembre.zip", archive.getvalue(), valideur=valideur)
    assert [ligne.mot for ligne in rendu.lignes] == ["rejetée", "intégrée"]
    assert rendu.statut == "IN_INTEGRE_PARTIEL"


def test_par_une_plateforme_agreee_on_lit_les_statuts_de_la_norme(portail: Portail) -> None:
    numero = deposer_fichier(portail, FOURNISSEUR, XML, lire(XML), mode="pa_edi", valideur=valideur)
    lus = [f"{p.statut.code} {p.statut.libelle}" for p in plateforme.cycle_de_vie(portail.piece(numero))]
    assert lus == ["200 Déposée", "202 Reçue de la plateforme", "203 Mise à disposition"]


def test_le_certificat_prouve_le_depot_et_le_journal_se_rejoue(portail: Portail, annuaire: Annuaire) -> None:
    numero = deposer_fichier(portail, FOURNISSEUR, XML, lire(XML), valideur=valideur)
    texte = pypdf.PdfReader(io.BytesIO(certificat(portail, FOURNISSEUR, numero))).pages[0].extract_text()
    assert "Certificat de dépôt" in texte
    assert portail.piece(numero).provenance.sha256 in "".join(texte.split())
    assert octets(Portail.rejouer(portail.journal, annuaire).etat) == octets(portail.etat)
