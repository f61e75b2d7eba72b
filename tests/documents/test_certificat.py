"""The certificate of deposit: read back, it says what was deposited, by whom, when, with its fingerprint."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import pypdf
import pytest

from facturier.documents.certificat import certificat, certificat_de
from facturier.erreurs import ErreurFacturier
from facturier.portail import Acteur, Annuaire, Portail

ELECTRICIEN, COMMUNE = "99990011100017", "21990002400015"
FOURNISSEUR = Acteur("fournisseur", ELECTRICIEN)
DEMANDE = {
    "destinataire_siret": COMMUNE,
    "code_service": "ECOLE",
    "cadre": "A1",
    "type_facture": "380",
    "numero_facture": "FA-2026-0042",
    "date_facture": "23/11/2026",
    "mode_paiement": "VIREMENT",
    "iban": "FR76 3000 1007 9412 3456 7890 185",
    "montant_ht": "1 000,00",
    "taux_tva": "20",
    "montant_tva": "200,00",
    "montant_ttc": "1 200,00",
}
FICHIER = {
    "mode": "xml",
    "fichier": "facture.xml",
    "fichier_octets": "48213",
    "fichier_sha256": "0123456789abcdef" * 4,
    "fichier_format": "ubl",
    "emetteur": ELECTRICIEN,
    "pieces_jointes": "3000000 plan de l’école.png",
}


class Montre:
    heure = datetime(2026, 11, 24, 10, 42, 7)

    def __call__(self) -> datetime:
        return self.heure


@pytest.fixture
def montre() -> Montre:
    return Montre()


@pytest.fixture
def portail(montre: Montre) -> Portail:
    return Portail(Annuaire.charger(), montre)


def _texte(pdf: bytes) -> str:
    brut = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    return brut.replace("\u00a0", " ").replace("\u202f", " ")


def test_le_certificat_dit_la_piece_les_parties_les_montants_et_l_empreinte_du_fichier(portail: Portail) -> None:
    piece = portail.deposer(FOURNISSEUR, {**DEMANDE, **FICHIER})
    texte = _texte(certificat(portail, FOURNISSEUR, piece.id))
    for attendu in (
        "Certificat de dépôt",
        "P0001",
        "24/11/2026 à 10:42:07",
        "Portail, dépôt XML",
        "Mise à disposition, depuis le 24/11/2026",
        "FA-2026-0042",
        "23/11/2026",
        "Facture commerciale (380)",
        "Électricité Lumen-Fictif",
        "999 900 111 00017",
        "Commune de Bourg-Imaginaire",
        "1 000,00 €",
        "1 200,00 €",
        "plan de l’école.png (2,9 Mo)",
        "facture.xml (47,1 Ko)",
        "01234567 89abcdef",
        "n’a aucune valeur juridique",
    ):
        assert attendu in texte
    journal = portail.journal[0]["empreinte"]
    assert journal in texte.replace(" ", "").replace("\n", "")


def test_une_saisie_est_prouvee_par_l_evenement_du_journal(portail: Portail) -> None:
    piece = portail.deposer(FOURNISSEUR, DEMANDE)
    texte = _texte(certificat(portail, FOURNISSEUR, piece.id))
    assert "Données saisies, événement n° 1 du journal" in texte
    assert portail.journal[0]["empreinte"] in texte.replace(" ", "").replace("\n", "")
    assert "Événement du journal :" not in texte


def test_le_depot_d_un_brouillon_date_de_son_envoi(portail: Portail, montre: Montre) -> None:
    brouillon = portail.enregistrer(FOURNISSEUR, DEMANDE)
    with pytest.raises(ErreurFacturier, match="pas encore été déposée") as refus:
        certificat(portail, FOURNISSEUR, brouillon.id)
    assert refus.value.code == "certificat-sans-depot"
    montre.heure += timedelta(days=3)
    portail.envoyer(FOURNISSEUR, brouillon.id)
    texte = _texte(certificat(portail, FOURNISSEUR, brouillon.id))
    assert "27/11/2026 à 10:42:07" in texte
    assert "événement n° 2 du journal" in texte


def test_les_memes_faits_donnent_les_memes_octets_dans_un_pdf_accessible(portail: Portail) -> None:
    piece = portail.deposer(FOURNISSEUR, DEMANDE)
    pdf = certificat(portail, FOURNISSEUR, piece.id)
    assert pdf == certificat_de(piece, portail.journal, portail.annuaire)
    catalogue = pypdf.PdfReader(io.BytesIO(pdf)).root_object
    xmp = catalogue["/Metadata"].get_data()  # type: ignore[attr-defined]
    for preuve in (b"<pdfaid:part>3<", b"<pdfuaid:part>1<", b"2026-11-24T00:00:00"):
        assert preuve in xmp
    assert catalogue["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert str(catalogue["/Lang"]).lower().startswith("fr")


def test_ce_qu_aucune_police_ne_dessine_ni_un_faux_code_n_empechent_d_imprimer(portail: Portail) -> None:
    piece = portail.deposer(
        FOURNISSEUR, {**DEMANDE, "numero_marche": '#read("/etc/passwd") 日本 \u202e', "commentaire": "日"}
    )
    texte = _texte(certificat(portail, FOURNISSEUR, piece.id))
    assert '#read("/etc/passwd")' in texte.replace("“", '"').replace("”", '"')
    assert "root:" not in texte
    assert "?? ?" in texte
