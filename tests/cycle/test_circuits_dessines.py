"""The drawings of the circuits say what their table says."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from facturier import cycle, referentiel
from facturier.erreurs import ErreurFacturier

SVG = "{http://www.w3.org/2000/svg}"
CAS = cycle.circuits_dessines()


@pytest.mark.parametrize("cas", CAS)
def test_chaque_depot_du_circuit_est_une_fleche_avec_son_cadre(cas: str) -> None:
    racine = ET.fromstring(cycle.diagramme_circuit(cas))
    assert racine.get("lang") == "fr"
    depots = [c for c in referentiel.circuits() if c.cas == cas and c.cadres]
    fleches = [p.get("class") for p in racine.iter(f"{SVG}path") if (p.get("class") or "").startswith("v")]
    assert fleches == ["v" if d.fiabilite == "établi" else "v d" for d in depots]
    textes = " ".join(t.text or "" for t in racine.iter(f"{SVG}text"))
    assert all(cadre in textes for d in depots for cadre in d.cadres)
    assert "à confirmer avec votre acheteur" in textes
    assert (racine.findtext(f"{SVG}desc") or "").count("\n") == len(depots) - 1


def test_la_page_montre_les_dix_circuits_et_ce_qui_est_incertain() -> None:
    page = cycle.page_circuits()
    assert len(CAS) == 10
    assert all(f"(circuits/{cas}.svg)" in page for cas in CAS)
    assert page.count("à vérifier") > 10
    assert page == cycle.page_circuits()


def test_un_circuit_inconnu_est_refuse_en_disant_lesquels_existent() -> None:
    with pytest.raises(ErreurFacturier, match="C1, C2"):
        cycle.diagramme_circuit("C99")
