"""The drawing says what the table says, in well-formed French SVG."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from facturier import cycle, referentiel
from facturier.erreurs import ErreurFacturier

SVG = "{http://www.w3.org/2000/svg}"
CYCLES = sorted({t.cycle for t in referentiel.transitions()})


def lire(svg: str) -> tuple[ET.Element, list[str]]:
    racine = ET.fromstring(svg)
    return racine, [texte.text or "" for texte in racine.iter(f"{SVG}text")]


@pytest.mark.parametrize("nom", CYCLES)
def test_chaque_cycle_se_dessine_avec_tous_ses_gestes(nom: str) -> None:
    racine, textes = lire(cycle.diagramme(nom))
    assert racine.get("lang") == "fr"
    assert racine.findtext(f"{SVG}title")
    gestes = cycle.transitions_du_cycle(nom)
    for t in gestes:
        assert any(t.libelle in texte for texte in textes), t.id
        assert referentiel.statut(t.vers).libelle in textes
    traits = [p for p in racine.iter(f"{SVG}path") if (p.get("class") or "").startswith("v")]
    assert len(traits) == len([t for t in gestes if t.vers != t.de])


@pytest.mark.parametrize("cadre", ["A1", "A9", "A12", "A4", "A15", "A19"])
def test_un_trait_en_tirets_dit_ce_qui_n_est_pas_etabli(cadre: str) -> None:
    racine, _ = lire(cycle.diagramme_cadre(cadre))
    tirets = [p for p in racine.iter(f"{SVG}path") if p.get("class") == "v d"]
    gestes = cycle.transitions_du_cadre(cadre)
    assert len(tirets) == len([t for t in gestes if t.vers != t.de and t.fiabilite != "établi"])
    assert any("Tirets" in (texte.text or "") for texte in racine.iter(f"{SVG}text"))


def test_on_peut_ne_dessiner_que_quelques_statuts() -> None:
    statuts = ("MISE_A_DISPOSITION", "SUSPENDUE", "COMPLETEE")
    racine, textes = lire(cycle.diagramme_cadre("A1", statuts=statuts))
    assert len([r for r in racine.iter(f"{SVG}rect") if r.get("class") == "c"]) == 3
    dits = cycle.vie_en_mots("A1", statuts=statuts)
    assert [dit.partition(" : ")[0] for dit in dits] == ["Mise à disposition", "Suspendue"]
    assert all(dit.partition(" : ")[2].rstrip(".") in textes for dit in dits)
    with pytest.raises(ErreurFacturier, match="ZUT"):
        cycle.diagramme_cadre("A1", statuts=("ZUT",))


def test_un_statut_final_porte_un_double_cadre() -> None:
    racine, _ = lire(cycle.diagramme_cadre("A1"))
    doubles = [r for r in racine.iter(f"{SVG}rect") if r.get("class") == "f"]
    statuts = {t.vers for t in cycle.transitions_du_cadre("A1")}
    assert len(doubles) == len([s for s in statuts if cycle.terminal("A1", s)])


def test_le_dessin_est_toujours_le_meme() -> None:
    assert cycle.diagramme("travaux") == cycle.diagramme("travaux")


def test_un_cadre_sans_vie_connue_se_dessine_sans_geste() -> None:
    racine, textes = lire(cycle.diagramme_cadre("A11"))
    assert racine.findtext(f"{SVG}title", "").startswith("Vie d’une pièce A11")
    assert len(textes) == 2
