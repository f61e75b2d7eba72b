"""La fiche méthode : une feuille recto verso, en PDF et en DOCX, remplie ou vierge, quoi que l’apprenant ait écrit."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from docx import Document
from pypdf import PdfReader

from facturier import referentiel
from facturier.champs import FICHE_METHODE
from facturier.champs.listes import options
from facturier.documents.fiche_docx import docx
from facturier.documents.fiche_methode import A_REMPLIR, composer, pdf
from facturier.situations import tirer, variantes

AU = date(2026, 11, 24)
REMPLIE = {
    "client": "Centre hospitalier de Val-Fictif",
    "siret": "26990001500018",
    "marche": "2026-NET-009",
    "service": "CH-ACHATS",
    "engagement": "BC-2026-00583",
    "cadre": "A1",
    "valideur": "Personne",
    "verification": "Relire le montant constaté",
    "incident": "Rejetée : on refait, sous un autre numéro.",
    "signature": "Camille, assistante",
    "afaire_2fa": "Moi, demain matin",
    "afaire_autre": "Demander la fiche du marché",
}


def lu_en_pdf(octets: bytes) -> tuple[int, str]:
    pages = PdfReader(io.BytesIO(octets)).pages
    return len(pages), " ".join(" ".join(p.extract_text() for p in pages).split())


def lu_en_docx(octets: bytes) -> str:
    document = Document(io.BytesIO(octets))
    cellules = [c.text for t in document.tables for rangee in t.rows for c in rangee.cells]
    return " ".join([*(p.text for p in document.paragraphs), *cellules])


def test_les_deux_fichiers_disent_ce_que_l_apprenant_a_ecrit_et_ce_que_le_kit_donne() -> None:
    nombre, imprime = lu_en_pdf(pdf(REMPLIE, AU))
    assert nombre == 2
    for texte in (imprime, lu_en_docx(docx(REMPLIE, AU))):
        for champ, valeur in REMPLIE.items():
            assert (referentiel.cadre("A1").libelle if champ == "cadre" else valeur) in texte, champ
        for statut in ("A_RECYCLER", "SUSPENDUE", "REJETEE"):
            assert referentiel.statut(statut).libelle in texte
        assert texte.count("salutations distinguées") == 3
        assert texte.count("Camille, assistante") == 3
        assert "50 jours" in texte.replace("\u00a0", " ")  # a fact called from the tables
        assert "{" not in texte


def test_une_fiche_vierge_se_remplit_a_la_main() -> None:
    nombre, imprime = lu_en_pdf(pdf({}, AU))
    assert nombre == 2
    assert A_REMPLIR in imprime
    assert "Personne" not in imprime
    assert A_REMPLIR in lu_en_docx(docx({}, AU))


@pytest.mark.parametrize(
    "texte",
    [
        "#panic() $x$ *gras* @ref <b> {client} {{ 7 * 7 }} \\u{41}",
        "\x00\x1b[2J\u202e\ud800\ufffe🙂",
        "W" * 5_000,
        "mot " * 2_000,
        "ligne\n" * 500,
    ],
)
def test_ce_que_l_apprenant_ecrit_n_execute_rien_et_ne_deborde_pas(texte: str) -> None:
    ecrits = {champ.id: texte for champ in FICHE_METHODE.champs}
    nombre, imprime = lu_en_pdf(pdf(ecrits, AU))
    assert nombre == 2
    assert "49" not in imprime
    assert zipfile.ZipFile(io.BytesIO(docx(ecrits, AU))).testzip() is None
    assert lu_en_docx(docx(ecrits, AU))
    for champ in FICHE_METHODE.champs:
        if isinstance(champ.longueur_max, int) and champ.id == "client":
            assert len(dict(composer(ecrits, AU).carte)[champ.libelle]) <= champ.longueur_max + champ.longueur_max // 15


def test_un_cadre_invente_ou_une_valeur_qui_n_est_pas_un_texte_ne_s_imprime_pas() -> None:
    fiche = composer({"cadre": "A99", "client": ["x"], "inconnu": "y"}, AU)
    assert all(not valeur for _, valeur in fiche.carte)


@pytest.mark.parametrize("cas", variantes("cas_pratique").values())
def test_la_fiche_propose_le_cadre_de_chaque_incident_du_cas_pratique(cas: str) -> None:
    champ = next(c for c in FICHE_METHODE.champs if c.id == "cadre")
    assert tirer(cas, "lea").attendu["cadre"] in dict(options(champ))


def test_un_texte_trop_long_se_coupe_apres_un_mot_et_le_dit() -> None:
    maximum = FICHE_METHODE.champ("verification").longueur_max
    assert isinstance(maximum, int)
    imprimee = composer({"verification": "engagement " * 60}, AU).verifications[-1]
    assert imprimee.endswith("engagement…")
    assert len(imprimee) <= maximum
