"""Printing: same input, same bytes; data are never code; a failure is an engine failure."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pypdf
import pytest

from facturier.erreurs import ErreurMoteur
from facturier.impression import imprimer

JOUR = date(2026, 11, 24)
MODELE = """#let d = json(bytes(sys.inputs.donnees))
#set document(title: d.titre)
#set text(lang: "fr")
= #d.titre
#d.texte
"""


@pytest.fixture
def modele(tmp_path: Path) -> Path:
    chemin = tmp_path / "essai.typ"
    chemin.write_text(MODELE, encoding="utf-8")
    return chemin


def test_le_meme_document_donne_les_memes_octets(modele: Path) -> None:
    donnees = {"titre": "Reçu", "texte": "1\u202f234,56\u00a0€"}
    assert imprimer(modele, donnees, JOUR) == imprimer(modele, donnees, JOUR)
    assert imprimer(modele, donnees, JOUR) != imprimer(modele, donnees, date(2026, 11, 25))


def test_le_document_est_un_pdf_a3_accessible_date_du_jour_voulu(modele: Path) -> None:
    pdf = imprimer(modele, {"titre": "Reçu", "texte": "x"}, JOUR)
    catalogue = pypdf.PdfReader(io.BytesIO(pdf)).root_object
    xmp = catalogue["/Metadata"].get_data()  # type: ignore[attr-defined]
    for preuve in (b"<pdfaid:part>3<", b"<pdfaid:conformance>B<", b"<pdfuaid:part>1<", b"2026-11-24T00:00:00"):
        assert preuve in xmp


def test_un_texte_qui_ressemble_a_du_code_reste_un_texte(modele: Path) -> None:
    pdf = imprimer(modele, {"titre": "t", "texte": '#read("/etc/passwd") *gras* \\ $x$'}, JOUR)
    texte = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    assert '#read("/etc/passwd")' in texte.replace("“", '"').replace("”", '"')
    assert "root:" not in texte


@pytest.mark.parametrize("source", ["#panic()", "#read(", '#read("../secret")'])
def test_un_modele_fautif_est_une_panne_dite_en_une_phrase(tmp_path: Path, source: str) -> None:
    chemin = tmp_path / "faux.typ"
    chemin.write_text(f'#set document(title: "t")\n{source}', encoding="utf-8")
    with pytest.raises(ErreurMoteur, match=r"faux\.typ") as panne:
        imprimer(chemin, {}, JOUR)
    assert "\n" not in panne.value.phrase
    assert panne.value.sortie == 3


def test_un_modele_absent_est_dit(tmp_path: Path) -> None:
    with pytest.raises(ErreurMoteur, match="absent"):
        imprimer(tmp_path / "rien.typ", {}, JOUR)


def test_un_caractere_qu_aucune_police_ne_porte_est_refuse_plutot_que_remplace(modele: Path) -> None:
    with pytest.raises(ErreurMoteur):
        imprimer(modele, {"titre": "t", "texte": "日本"}, JOUR)
