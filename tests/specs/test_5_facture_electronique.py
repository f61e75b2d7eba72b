"""The manual, chapter 5: one invoice, three formats, one verdict by the official rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from facturier import contenu
from facturier.efacture import bibliotheque, valider
from facturier.efacture.ecriture import EXTENSIONS, FORMATS, Format
from facturier.efacture.scenario import lire

SCENARIOS = contenu.racine() / "data" / "scenarios"


def ecrire(dossier: Path, slug: str, format_voulu: Format) -> Path:
    """The file that the kit makes from a written scenario."""
    fichier = dossier / f"{slug}{EXTENSIONS[format_voulu]}"
    fichier.write_bytes(bibliotheque.octets(lire(SCENARIOS / f"{slug}.toml"), format_voulu))
    return fichier


@pytest.mark.parametrize("format_voulu", FORMATS)
def test_une_meme_facture_est_valide_dans_les_trois_formats(tmp_path: Path, format_voulu: Format) -> None:
    resultat = valider(ecrire(tmp_path, "nettoyage_hopital", format_voulu))
    assert (resultat.verdict, resultat.sortie) == ("valide", 0)
    assert resultat.jeux_de_regles, "un verdict nomme les règles qu’il a jouées"


@pytest.mark.parametrize(
    ("slug", "regle"),
    [("faux_total_ttc", "BR-CO-15"), ("penalites_absentes", "BR-FR-05"), ("autoliquidation_sans_motif", "BR-AE-10")],
)
def test_une_facture_fausse_nomme_la_regle_en_francais_et_l_endroit(tmp_path: Path, slug: str, regle: str) -> None:
    resultat = valider(ecrire(tmp_path, slug, "ubl"))
    assert (resultat.verdict, resultat.sortie) == ("invalide", 1)
    (constat,) = resultat.constats
    assert constat.regle == regle
    assert constat.phrase.endswith(".")
    assert constat.ligne is not None


def test_un_fichier_abime_n_est_ni_valide_ni_invalide(tmp_path: Path) -> None:
    fichier = ecrire(tmp_path, "nettoyage_hopital", "ubl")
    fichier.write_bytes(fichier.read_bytes()[:500])
    assert (valider(fichier).verdict, valider(fichier).sortie) == ("illisible", 2)
