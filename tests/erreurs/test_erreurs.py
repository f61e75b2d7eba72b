"""Sentences that people read: whatever they quote, nothing in them acts on a terminal or fails to be written."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facturier.erreurs import ErreurFacturier, montrable


@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_une_phrase_secrit_toujours_et_ne_commande_rien(texte: str) -> None:
    phrase = ErreurFacturier(f"«\u00a0{texte}\u00a0»").phrase
    phrase.encode("utf-8")
    assert all(c in "\n\t" or unicodedata.category(c)[0] != "C" for c in phrase)


def test_le_francais_reste_intact() -> None:
    phrase = "«\u00a0Éloïse d’Œuvre\u00a0»\u00a0: 1\u202f234,56\u00a0€ — 日本\n"
    assert montrable(phrase) == phrase
    assert montrable("a\x1b[2J\u202eb\ud800") == "a\ufffd[2J\ufffdb\ufffd"


@pytest.mark.parametrize(
    ("phrase", "suite"),
    [
        ("Aucun compte ne porte cette adresse.", "aucun compte ne porte cette adresse."),
        ("L’espace est fermé.", "l’espace est fermé."),
        ("Écrivez un montant.", "écrivez un montant."),
        ("À ce stade, rien ne part.", "à ce stade, rien ne part."),
        ("Chorus Pro ne lit pas ce fichier.", "Chorus Pro ne lit pas ce fichier."),
        ("Lea Martin n’est pas là.", "Lea Martin n’est pas là."),
        ("SIRET refusé.", "SIRET refusé."),
        ("«\u00a0A1\u00a0» n’existe pas.", "«\u00a0A1\u00a0» n’existe pas."),
        ("", ""),
    ],
)
def test_apres_deux_points_un_mot_ordinaire_perd_sa_majuscule_un_nom_la_garde(phrase: str, suite: str) -> None:
    assert ErreurFacturier(phrase).suite == suite
