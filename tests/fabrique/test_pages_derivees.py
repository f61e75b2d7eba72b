"""The pages of docs/ that are derived like the rest: written, compared, and swept."""

from __future__ import annotations

from pathlib import Path

from facturier import contenu, cycle
from facturier.fabrique.ensemble import construire_pages


def test_les_pages_derivees_du_depot_sont_a_jour() -> None:
    assert construire_pages(contenu.racine(), verifier=True) == []


def test_les_dessins_sont_ecrits_compares_et_les_anciens_retires(tmp_path: Path) -> None:
    assert construire_pages(tmp_path, verifier=False) == []  # nowhere to put them
    (tmp_path / "docs").mkdir()
    dessins = sorted(f"docs/circuits/{cas}.svg" for cas in cycle.circuits_dessines())
    voulus = ["docs/circuits.md", *dessins, "docs/couverture.md"]
    assert construire_pages(tmp_path, verifier=True) == voulus
    assert not (tmp_path / "docs/circuits.md").exists()
    assert construire_pages(tmp_path, verifier=False) == voulus
    assert construire_pages(tmp_path, verifier=True) == []
    ancien = tmp_path / "docs/circuits/C99.svg"
    ancien.write_text("<svg/>", encoding="utf-8")
    assert construire_pages(tmp_path, verifier=True) == ["docs/circuits/C99.svg"]
    construire_pages(tmp_path, verifier=False)
    assert not ancien.exists()
