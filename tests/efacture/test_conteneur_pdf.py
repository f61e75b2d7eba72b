"""The Factur-X container: what ours holds, and each defect told."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pytest
from pypdf import filters
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject, TextStringObject

from facturier.efacture import conteneur, valider


def modifier(pdf: bytes, geste: Callable[[Any], None]) -> bytes:
    ecrivain = pypdf.PdfWriter(clone_from=io.BytesIO(pdf))
    geste(ecrivain.root_object)
    sortie = io.BytesIO()
    ecrivain.write(sortie)
    return sortie.getvalue()


def fiche(catalogue: Any) -> Any:
    return catalogue["/AF"][0].get_object()


def _renommer(catalogue: Any) -> None:
    fiche(catalogue)[NameObject("/UF")] = TextStringObject("ma-facture.xml")


def _script(catalogue: Any) -> None:
    action = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    catalogue[NameObject("/OpenAction")] = DictionaryObject(action)


def _declencheur(catalogue: Any) -> None:
    catalogue[NameObject("/AA")] = DictionaryObject()


def _xmp(catalogue: Any, avant: bytes, apres: bytes) -> None:
    flux = catalogue["/Metadata"]
    assert avant in flux.get_data()
    flux.set_data(flux.get_data().replace(avant, apres))


DEFAUTS: dict[str, Callable[[Any], Any]] = {
    "PDF-XML-ABSENT": lambda c: c.pop("/Names"),
    "PDF-NOM": _renommer,
    "PDF-AF": lambda c: c.pop("/AF"),
    "PDF-RELATION": lambda c: fiche(c).pop("/AFRelationship"),
    "PDF-COULEURS": lambda c: c.pop("/OutputIntents"),
    "PDF-XMP": lambda c: c.pop("/Metadata"),
    "PDF-A3": lambda c: _xmp(c, b"<pdfaid:part>3", b"<pdfaid:part>1"),
    "PDF-PROFIL": lambda c: _xmp(c, b"<fx:ConformanceLevel>EN 16931", b"<fx:ConformanceLevel>BASIC"),
    "PDF-XMP-NOM": lambda c: _xmp(c, b"<fx:DocumentFileName>factur-x.xml", b"<fx:DocumentFileName>autre.xml"),
    "PDF-XMP-FX": lambda c: _xmp(c, b"fx:ConformanceLevel", b"fx:Autre"),
}


@pytest.mark.parametrize("piege", [_script, _declencheur])
def test_un_pdf_qui_agit_a_son_ouverture_est_refuse(tmp_path: Path, pdf: bytes, piege: Callable[[Any], None]) -> None:
    (tmp_path / "f.pdf").write_bytes(modifier(pdf, piege))
    assert [c.regle for c in valider(tmp_path / "f.pdf").constats] == ["PDF-ACTIF"]


@pytest.mark.parametrize("regle", DEFAUTS)
def test_un_defaut_du_conteneur_est_dit_et_lui_seul(tmp_path: Path, pdf: bytes, regle: str) -> None:
    chemin = tmp_path / "f.pdf"
    chemin.write_bytes(modifier(pdf, DEFAUTS[regle]))
    resultat = valider(chemin)
    # a PDF/A-3 may do without an output intent when all its colours are device-independent: a warning, no verdict
    assert resultat.verdict == ("valide" if regle == "PDF-COULEURS" else "invalide")
    assert [c.regle for c in resultat.constats] == [regle]


def test_un_pdf_chiffre_est_illisible(tmp_path: Path, pdf: bytes) -> None:
    ecrivain = pypdf.PdfWriter(clone_from=io.BytesIO(pdf))
    ecrivain.encrypt("secret", algorithm="RC4-128")
    ecrivain.write(tmp_path / "f.pdf")
    resultat = valider(tmp_path / "f.pdf")
    assert (resultat.verdict, resultat.constats[0].regle) == ("illisible", "SEC-PDF")


def test_un_xmp_piege_par_une_dtd_n_est_pas_lu(tmp_path: Path, pdf: bytes) -> None:
    chemin = tmp_path / "f.pdf"
    piege = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x:xmpmeta'
    chemin.write_bytes(modifier(pdf, lambda c: _xmp(c, b"<x:xmpmeta", piege)))
    assert [c.regle for c in valider(chemin).constats] == ["PDF-XMP"]


def test_trop_de_pieces_jointes_ou_un_arbre_sans_fin_sont_refuses(tmp_path: Path, pdf: bytes) -> None:
    nombreux = pypdf.PdfWriter(clone_from=io.BytesIO(pdf))
    for rang in range(conteneur.PIECES_MAX + 2):
        nombreux.add_attachment(f"piece{rang}.txt", b"x")
    boucle = pypdf.PdfWriter(clone_from=io.BytesIO(pdf))
    arbre = boucle._add_object(boucle.root_object["/Names"]["/EmbeddedFiles"])  # type: ignore[index]
    arbre.get_object()[NameObject("/Kids")] = ArrayObject([arbre, arbre])  # type: ignore[index]
    boucle.root_object["/Names"][NameObject("/EmbeddedFiles")] = arbre  # type: ignore[index]
    for rang, ecrivain in enumerate((nombreux, boucle)):
        chemin = tmp_path / f"{rang}.pdf"
        ecrivain.write(chemin)
        resultat = valider(chemin)
        assert (resultat.verdict, resultat.constats[0].regle) == ("illisible", "SEC-PDF")
        assert "pièces jointes" in resultat.constats[0].phrase


def test_la_facture_imprimee_est_un_pdf_a3_accessible_en_francais(pdf: bytes) -> None:
    lecteur = pypdf.PdfReader(io.BytesIO(pdf))
    catalogue = lecteur.root_object
    xmp = catalogue["/Metadata"].get_data()
    for preuve in (b"<pdfaid:part>3<", b"<pdfaid:conformance>B<", b"<pdfuaid:part>1<", b"PDF/UA Identification schema"):
        assert preuve in xmp
    assert lecteur.pdf_header == "%PDF-1.7"
    assert catalogue["/Lang"] == "fr-FR"
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/OutputIntents"]
    assert fiche(catalogue)["/AFRelationship"] == "/Data"
    for page in lecteur.pages:
        for police in page["/Resources"]["/Font"].values():
            descripteur = police["/DescendantFonts"][0]["/FontDescriptor"]
            assert "/FontFile2" in descripteur or "/FontFile3" in descripteur


def test_aucune_horloge_n_entre_dans_le_fichier(pdf: bytes) -> None:
    lecteur = pypdf.PdfReader(io.BytesIO(pdf))
    assert lecteur.metadata is not None
    assert lecteur.metadata["/CreationDate"] == lecteur.metadata["/ModDate"] == "D:20261130000000+00'00'"
    assert fiche(lecteur.root_object)["/EF"]["/F"]["/Params"]["/ModDate"] == "D:20261130000000+00'00'"
    assert lecteur.root_object["/Metadata"].get_data().count(b"2026-11-30T00:00:00+00:00") == 2


def test_la_facture_imprimee_porte_tout_ce_que_lit_un_comptable(pdf: bytes) -> None:
    texte = " ".join(pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text().split())
    references = ["PROP-2026-1107", "30/11/2026", "19/01/2027", "EJ2026-118734", "SERV-LOG", "2025-M-041"]
    attendus = [*references, "IBAN", "Valmont", "SIRET", "FR95904152774", "escompte", "moratoires"]
    assert [mot for mot in attendus if mot not in texte] == []
    for montant in ("13234,00", "2646,80", "15880,80"):
        assert montant in "".join(texte.split())


def test_un_xmp_comprime_autrement_nest_pas_decompresse(
    tmp_path: Path, pdf: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ASCII85: a short file that its decoder makes a hundred times longer in memory."""

    def piege(catalogue: Any) -> None:
        flux = StreamObject()
        flux._data = b"z" * 1_000_000
        flux[NameObject("/Filter")] = NameObject("/ASCII85Decode")
        catalogue[NameObject("/Metadata")] = flux

    chemin = tmp_path / "f.pdf"
    chemin.write_bytes(modifier(pdf, piege))
    monkeypatch.setattr(filters, "decode_stream_data", None)
    resultat = valider(chemin)
    assert "PDF-XMP" in [c.regle for c in resultat.constats]
    assert resultat.verdict == "invalide"
