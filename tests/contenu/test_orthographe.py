"""Every French word that people read is in a dictionary of French, or in the trade's list beside this file; dead terms
are said as such."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

RACINE = Path(__file__).resolve().parents[2]
PROSE = sorted(
    [
        *RACINE.glob("source/*/*.md"),
        *RACINE.glob("docs/guide-*.md"),
        *(RACINE / nom for nom in ("GLOSSAIRE.md", "docs/cle-usb.md", "docs/accessibilite.md")),
    ]
)
DONNEES = sorted([*RACINE.glob("source/*/*.toml"), *RACINE.glob("data/situations/*.toml")])
LUS = frozenset(
    [
        "titre",
        "recit",
        "libelle",
        "question",
        "texte",
        "retour",
        "cible",
        "manque",
        "reussi",
        "retour_juste",
        "retour_faux",
        "leurres",
        "savoir",
    ]
)
"""The keys whose texts people read."""
MOT = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
HORS_TEXTE = re.compile(
    r"^```.*?^```|`[^`]*`|\{\{.*?\}\}|\{%.*?%\}|\{\w+\}|https?://\S+|\]\([^)]*\)|^\[\w+\]: .*?$|"
    r"[\w-]+(?:\.[\w-]+)*\.(?:fr|pdf|xml|jpg|json|zip|ipynb|md|toml|xlsx|docx|csv|html)\b",
    re.S | re.M,
)
"""Code, calls of facts, addresses, names of files."""


@cache
def _dictionnaire() -> Any:
    from spellchecker import SpellChecker

    return SpellChecker(language="fr").word_frequency


@cache
def _metier() -> frozenset[str]:
    lignes = Path(__file__).with_name("mots_du_metier.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(ligne for ligne in lignes if ligne and not ligne.startswith("#"))


def inconnus(texte: str) -> list[str]:
    """The words of that text that are in neither list; capitals alone are acronyms, one or two letters are elisions."""
    return sorted({mot for mot in MOT.findall(HORS_TEXTE.sub(" ", texte)) if not _connu(mot)})


def _connu(mot: str) -> bool:
    if mot.isupper() or mot in _metier() or mot.lower() in _metier() or mot.lower() in _dictionnaire():
        return True
    parts = mot.split("-")
    return (len(parts) > 1 and all(_connu(part) for part in parts)) or len(mot) <= 2


def _textes(valeur: object, cle: str = "") -> Iterator[str]:
    if isinstance(valeur, str):
        if cle in LUS:
            yield valeur
    elif isinstance(valeur, dict):
        for nom, enfant in valeur.items():
            yield from _textes(enfant, nom)
    elif isinstance(valeur, list):
        for enfant in valeur:
            yield from _textes(enfant, cle)


@pytest.mark.parametrize("fichier", PROSE, ids=lambda f: f.relative_to(RACINE).as_posix())
def test_un_texte_n_a_que_des_mots_francais(fichier: Path) -> None:
    assert inconnus(fichier.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("fichier", DONNEES, ids=lambda f: f.relative_to(RACINE).as_posix())
def test_une_phrase_des_donnees_n_a_que_des_mots_francais(fichier: Path) -> None:
    lus = tomllib.loads(fichier.read_text(encoding="utf-8"))
    assert inconnus("\n".join(_textes(lus))) == []


def test_une_faute_se_trouve() -> None:
    assert inconnus("La facutre du titulaire") == ["facutre"]
    assert inconnus("Un echéance du cotraittant, `facutre` exclue") == ["cotraittant", "echéance"]


def test_la_liste_du_metier_est_rangee_et_ne_repete_pas_le_dictionnaire() -> None:
    lignes = Path(__file__).with_name("mots_du_metier.txt").read_text(encoding="utf-8").splitlines()
    mots = [ligne for ligne in lignes if ligne and not ligne.startswith("#")]
    assert mots == sorted(set(mots), key=str.lower)
    assert [mot for mot in mots if mot.lower() in _dictionnaire()] == []


MORTS = {
    r"\bPDP\b": r"ancien(ne)? (terme|nom)|ancien terme|appel(ait|le) désormais",
    r"\b15[\s\u00a0]€ par facture\b|\b250[\s\u00a0]€ par (défaut|transmission)\b": "ancien",
    r"[Cc]horus Pro est (?:le seul|l’unique) (?:chemin|moyen|portail) pour (?:facturer|toute)": "avant|jusqu",
}
"""What the law or the trade no longer says, and the words beside it that make it a memory."""


@pytest.mark.parametrize("fichier", PROSE, ids=lambda f: f.relative_to(RACINE).as_posix())
def test_un_terme_mort_n_est_dit_que_comme_ancien(fichier: Path) -> None:
    assert morts(fichier.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("fichier", DONNEES, ids=lambda f: f.relative_to(RACINE).as_posix())
def test_une_phrase_des_donnees_n_a_pas_de_terme_mort(fichier: Path) -> None:
    assert [
        mort for texte in _textes(tomllib.loads(fichier.read_text(encoding="utf-8"))) for mort in morts(texte)
    ] == []


def test_un_terme_mort_se_trouve() -> None:
    assert morts("Choisissez votre PDP.\n\nL’ancien nom était « PDP ».") == ["Choisissez votre PDP."]
    assert morts("L’amende est de 15 € par facture.") == ["L’amende est de 15 € par facture."]


def morts(texte: str) -> list[str]:
    """The paragraphs that say a dead term as if it were alive."""
    paragraphes = [p.strip() for p in re.split(r"\n\s*\n", texte)]
    return [
        p for p in paragraphes for terme, excuse in MORTS.items() if re.search(terme, p) and not re.search(excuse, p)
    ]
