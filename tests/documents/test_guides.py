"""The guides on paper say what their Markdown says, whatever is typed in it."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from facturier.documents.guides import GUIDES, guides, imprime, lire

DOCS = Path(__file__).resolve().parents[2] / "docs"
JOUR = date(2026, 11, 24)


@pytest.fixture(scope="module")
def imprimes() -> dict[str, bytes]:
    return guides(JOUR)


def texte(pdf: bytes) -> str:
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    return re.sub(r"\s+", " ", " ".join(pages).replace("\u00ad", ""))


@pytest.mark.parametrize("nom", GUIDES)
def test_un_guide_imprime_garde_ses_titres_ses_tableaux_et_ses_commandes(nom: str, imprimes: dict[str, bytes]) -> None:
    lu = texte(imprimes[f"{nom}.pdf"])
    blocs = lire((DOCS / f"{nom}.md").read_text(encoding="utf-8"))
    genres = {b["genre"] for b in blocs}
    assert {"titre", "texte", "liste", "tableau", "code"} <= genres
    for bloc in blocs:
        if bloc["genre"] == "titre":
            assert re.sub(r"\s+", " ", "".join(m["t"] for m in bloc["mots"])) in lu
        if bloc["genre"] == "code":
            assert all(re.sub(r"\s+", " ", ligne.strip()) in lu for ligne in bloc["texte"].splitlines())
        if bloc["genre"] == "tableau":
            assert all("".join(m["t"] for m in case)[:9] in lu for case in bloc["entete"])


def test_le_guide_de_l_apprenant_tient_en_deux_pages(imprimes: dict[str, bytes]) -> None:
    assert len(PdfReader(io.BytesIO(imprimes["guide-apprenant.pdf"])).pages) == 2


def test_un_guide_est_un_pdf_balise_en_francais(imprimes: dict[str, bytes]) -> None:
    for pdf in imprimes.values():
        catalogue = PdfReader(io.BytesIO(pdf)).root_object
        assert catalogue["/Lang"] == "fr-FR"
        assert catalogue["/MarkInfo"]["/Marked"]


def test_les_memes_textes_donnent_les_memes_octets(imprimes: dict[str, bytes]) -> None:
    assert guides(JOUR) == imprimes


def test_rien_de_ce_qui_est_ecrit_n_est_execute() -> None:
    lu = texte(
        imprime('# Titre\n\n#read("secret") [x](https://exemple.fr/cible) <b>gras</b>\n\n- [ ] #eval("1+1")\n', JOUR)
    )
    assert '#read("secret")' in lu
    assert '#eval("1+1")' in lu
    assert "cible" not in lu
