"""The session file is read whole, or refused in one sentence."""

import re
from datetime import date
from pathlib import Path

import pytest

from facturier import contenu, session
from facturier.erreurs import ErreurFacturier

BONNE = """
apprenants = ["ama", "bruno"]
[session]
id = "lyon-1"
intitule = "Chorus"
date = 2026-12-03
lieu = "Lyon"
formateur = "F."
organisme = "O."
"""


def test_les_lignes_facultatives_de_l_exemple_se_lisent_une_fois_ouvertes(tmp_path: Path) -> None:
    exemple = (contenu.racine() / "data/sessions/exemple.toml").read_text(encoding="utf-8")
    fermees = re.findall(r"^# (\w+) = ", exemple, re.MULTILINE)
    assert set(session.FACULTATIFS) <= set(fermees)
    ouverte = tmp_path / "ouverte.toml"
    ouverte.write_text(
        re.sub(r"^# (?=\w+ = )", "", exemple.split("\n[session]\n")[1], flags=re.MULTILINE), encoding="utf-8"
    )
    ouverte.write_text(f"apprenants = []\n[session]\n{ouverte.read_text(encoding='utf-8')}", encoding="utf-8")
    lue = session.lire(ouverte)
    assert all(getattr(lue, champ) for champ in session.FACULTATIFS)


def test_la_session_d_exemple_se_lit() -> None:
    lue = session.lire(contenu.racine() / "data/sessions/exemple.toml")
    assert lue.jour == date(2026, 12, 3)
    assert len(lue.apprenants) == 7


@pytest.mark.parametrize(
    ("avant", "apres", "mot"),
    [
        ("2026-12-03", '"demain"', "date"),
        ('"Chorus"', '""', "intitule"),
        ('id = "lyon-1"', 'id = "../../etc"', "id"),
        ('"bruno"', '"ama"', "deux fois"),
        ('"bruno"', '"Jean Dupont"', "pseudonymes"),
        ("[session]", "[sesion]", "sesion"),
        ('lieu = "Lyon"', 'lieux = "Lyon"', "lieux"),
        ("[session]", "[session", "TOML"),
        ("[session]", "x = " + "[" * 50_000, "TOML"),
        ("date = ", "date = 2026-12-03T10:00:00 #", "date TOML"),
    ],
)
def test_une_faute_est_dite_en_une_phrase(tmp_path: Path, avant: str, apres: str, mot: str) -> None:
    fichier = tmp_path / "s.toml"
    fichier.write_text(BONNE.replace(avant, apres), encoding="utf-8")
    with pytest.raises(ErreurFacturier) as refus:
        session.lire(fichier)
    assert mot in refus.value.phrase
    assert str(fichier) in refus.value.phrase


def test_un_fichier_absent_ou_mal_encode_est_refuse(tmp_path: Path) -> None:
    with pytest.raises(ErreurFacturier, match="n’existe pas"):
        session.lire(tmp_path / "rien.toml")
    latin = tmp_path / "latin.toml"
    latin.write_bytes(BONNE.replace("Lyon", "Orléans").encode("latin-1"))
    with pytest.raises(ErreurFacturier, match="UTF-8"):
        session.lire(latin)


def test_un_pseudonyme_ne_finit_pas_par_un_saut_de_ligne(tmp_path: Path) -> None:
    fichier = tmp_path / "s.toml"
    fichier.write_text(BONNE.replace('"bruno"', '"bruno\\n"'), encoding="utf-8")
    with pytest.raises(ErreurFacturier, match="pseudonymes"):
        session.lire(fichier)
