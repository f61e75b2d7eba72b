"""Files joined to an invoice: every limit of the tables, in one place."""

from __future__ import annotations

import pytest

from facturier import referentiel
from facturier.portail import pieces_jointes
from facturier.portail.pieces_jointes import PieceJointe, controler, controler_contenu, ecrire, extension, lire

MO = 1024 * 1024


def _regles(*jointes: tuple[str, int], mode: str = "saisie", **autres: object) -> list[str]:
    trouves = controler([PieceJointe(*j) for j in jointes], mode, **autres)  # type: ignore[arg-type]
    return [regle for regle, _ in trouves]


@pytest.mark.parametrize("code", [e.code for e in referentiel.extensions()])
def test_chaque_extension_de_la_liste_passe_en_minuscules_ou_en_capitales(code: str) -> None:
    assert _regles((f"piece.{code}", 1), (f"AUTRE.{code.upper()}", 1)) == []


@pytest.mark.parametrize(
    ("nom", "regles"),
    [
        ("n" * 46 + ".pdf", []),
        ("n" * 47 + ".pdf", ["jointe-nom-long"]),
        ("releve", ["jointe-extension"]),
        ("releve.", ["jointe-extension"]),
        ("virus.exe", ["jointe-extension"]),
        ("facture.pdf.exe", ["jointe-extension"]),
        ("../../etc/passwd.pdf", ["jointe-nom"]),
        ("C:\\factures\\a.pdf", ["jointe-nom"]),
        ("a\x00b.pdf", ["jointe-nom"]),
        ("a\x1b[2Jb.pdf", ["jointe-nom"]),
        ("devis\u202efdp.pdf", ["jointe-nom"]),
        ("a\nb.pdf", ["jointe-nom"]),
        (" a.pdf", ["jointe-nom"]),
        (".pdf", ["jointe-nom", "jointe-extension"]),
        ("", ["jointe-nom", "jointe-extension"]),
        ("Relevé d’heures n° 3.pdf", []),
    ],
)
def test_un_nom_est_juge(nom: str, regles: list[str]) -> None:
    assert _regles((nom, 1)) == regles


def test_la_taille_depend_de_la_voie_de_depot() -> None:
    assert _regles(("a.pdf", 10 * MO)) == []
    assert _regles(("a.pdf", 10 * MO + 1)) == ["jointe-taille"]
    assert _regles(("a.pdf", 100 * MO), mode="pa_edi") == []
    assert _regles(("a.pdf", 100 * MO + 1), mode="pa_edi") == ["jointe-taille"]
    assert _regles(("a.pdf", 10 * MO + 1), mode="pa_api") == ["jointe-taille"]


def test_le_total_compte_la_facture_et_les_pieces_deja_jointes() -> None:
    deja = [PieceJointe(f"{n}.pdf", 10 * MO) for n in range(11)]
    assert _regles(("a.pdf", 9 * MO), deja=deja, facture=MO) == []
    assert _regles(("a.pdf", 9 * MO), deja=deja, facture=MO + 1) == ["jointes-total"]


def test_deux_pieces_ne_portent_pas_le_meme_nom() -> None:
    assert _regles(("a.pdf", 1), ("A.PDF", 1)) == ["jointe-doublon"]
    assert _regles(("a.pdf", 1), deja=[PieceJointe("a.pdf", 1)]) == ["jointe-doublon"]


def test_une_extension_inconnue_dit_que_la_liste_est_a_confirmer() -> None:
    ((_, phrase),) = controler([PieceJointe("plan.dwg", 1)])
    assert "« .dwg »" in phrase
    assert "à confirmer" in phrase


@pytest.mark.parametrize(
    ("nom", "octets", "regles"),
    [
        ("a.pdf", b"%PDF-1.7 ...", []),
        ("a.pdf", b"MZ\x90\x00", ["jointe-contenu"]),
        ("a.png", b"\x89PNG\r\n\x1a\n...", []),
        ("a.png", b"%PDF-1.7", ["jointe-contenu"]),
        ("a.docx", b"PK\x03\x04", []),
        ("a.docx", b"bonjour", ["jointe-contenu"]),
        ("a.txt", b"bonjour", []),
        ("a.pdf", b"", ["jointe-vide"]),
    ],
)
def test_un_fichier_renomme_est_reconnu_a_son_contenu(nom: str, octets: bytes, regles: list[str]) -> None:
    assert [regle for regle, _ in controler_contenu(nom, octets)] == regles


def test_la_liste_du_journal_se_relit() -> None:
    jointes = (PieceJointe("a b.pdf", 12), PieceJointe("c.png", 0))
    assert lire(ecrire(jointes)) == jointes
    assert lire("") == ()
    for illisible in ("x a.pdf", "-1 a.pdf", "² a.pdf", "9" * 13 + " a.pdf"):
        with pytest.raises(ValueError):
            lire(illisible)


def test_l_extension_est_la_derniere() -> None:
    assert (extension("a.b.PDF"), extension("pdf"), extension(".pdf")) == ("pdf", "", "")
    assert pieces_jointes.MEGA == MO
