"""A file given with a notebook is saved as it is; nothing else can be reached through that button."""

from __future__ import annotations

import re
from base64 import b64decode
from pathlib import Path

import pytest

from facturier.erreurs import ErreurFacturier
from facturier.formulaires import fichiers
from facturier.formulaires.fichiers import bouton


def test_le_bouton_porte_le_fichier_entier(tmp_path: Path) -> None:
    (tmp_path / "calcul.xlsx").write_bytes(b"PK\x03\x04 contenu")
    html, texte = bouton("calcul.xlsx", tmp_path)
    trouve = re.search(r'download="calcul\.xlsx" href="data:[^;]+;base64,([^"]+)"', html)
    assert trouve is not None
    assert b64decode(trouve[1]) == b"PK\x03\x04 contenu"
    assert "calcul.xlsx" in texte


@pytest.mark.parametrize("nom", ["absent.xlsx", "../calcul.xlsx", "/etc/passwd", "reponses.json", "", "dossier.xlsx"])
def test_ce_qui_n_est_pas_donne_se_dit(tmp_path: Path, nom: str) -> None:
    (tmp_path / "calcul.xlsx").write_bytes(b"x")
    (tmp_path / "chapitre" / "dossier.xlsx").mkdir(parents=True)
    (tmp_path / "chapitre" / "reponses.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ErreurFacturier, match="n’est pas à côté de ce carnet"):
        bouton(nom, tmp_path / "chapitre")


def test_un_fichier_trop_gros_n_est_pas_mis_dans_la_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fichiers, "OCTETS_MAX", 3)
    (tmp_path / "calcul.xlsx").write_bytes(b"quatre")
    with pytest.raises(ErreurFacturier):
        bouton("calcul.xlsx", tmp_path)
