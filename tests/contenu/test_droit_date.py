"""What the lessons say of the law on a day: what is to come, what is in force, what is known only roughly."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path

import pytest

from facturier import contenu
from facturier.referentiel.faits import INSECABLE
from facturier.referentiel.redaction import REFERENCE, rediger

SOURCE = Path(__file__).resolve().parents[2] / "source"


@lru_cache
def _dit(slug: str, au: date) -> str:
    """A lesson as it reads on that day."""
    fichier = contenu.chapitre(slug).lecon
    return rediger(fichier.read_text(encoding="utf-8"), au, slug).replace(INSECABLE, " ")


@pytest.mark.parametrize("slug", ["compte_creer", "portail"])
def test_un_jour_mal_connu_se_dit_avec_son_incertitude(slug: str) -> None:
    dit = _dit(slug, REFERENCE)
    assert "18 ou 19 septembre 2024" in dit
    assert "le 18 septembre 2024" not in dit


def test_un_jour_connu_se_dit_sans_incertitude() -> None:
    assert rediger('{{ le("desaccord-de-montant") }}', REFERENCE, "essai") == f"19{INSECABLE}février 2025"
    assert rediger('{{ le("reforme-emission-pme") }}', REFERENCE, "essai") == f"1er{INSECABLE}septembre 2027"
