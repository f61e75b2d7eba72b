"""The report of a validation in a browser: filtered without any script, from the keyboard."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from facturier.efacture import rapports
from facturier.efacture.resultat import Constat, Resultat

if TYPE_CHECKING:
    from playwright.sync_api import Browser

RESULTATS = [
    Resultat("juste.xml", "ubl", "EN16931", "plateforme_agreee", (), "valide"),
    Resultat(
        "fausse.xml",
        "ubl",
        "EN16931",
        "plateforme_agreee",
        (),
        "invalide",
        (
            Constat("CPRO-SERVICE", "erreur", "Le code service manque.", terme="BT-10"),
            Constat("BR-FR-CPRO-42", "avertissement", "La note est longue.", terme="BT-22", ligne=7),
        ),
    ),
    Resultat("abimee.pdf", "inconnu", None, None, (), "illisible", (Constat("SEC-PDF", "erreur", "PDF tronqué."),)),
]


def test_le_rapport_se_filtre_au_clavier_et_sans_script(navigateur: Browser, tmp_path: Path) -> None:
    with rapports.ouvrir(tmp_path / "rapport.html") as rapport:
        assert list(rapport.suivre(iter(RESULTATS))) == RESULTATS
    contexte = navigateur.new_context(locale="fr-FR", java_script_enabled=False)
    page = contexte.new_page()
    page.goto((tmp_path / "rapport.html").as_uri())

    def visibles() -> list[str]:
        return [a.locator("h3").inner_text().split()[-1] for a in page.locator("article").all() if a.is_visible()]

    assert visibles() == ["juste.xml", "fausse.xml", "abimee.pdf"]
    page.get_by_label("Tous les fichiers").focus()
    page.keyboard.press("ArrowDown")
    assert visibles() == ["fausse.xml", "abimee.pdf"]
    page.keyboard.press("ArrowDown")
    assert visibles() == ["fausse.xml"]
    page.keyboard.press("ArrowDown")
    assert visibles() == ["abimee.pdf"]
    page.get_by_label("Les invalides").check()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert page.get_by_label("Les erreurs seulement").is_checked()
    assert [li.is_visible() for li in page.locator("article.invalide li").all()] == [True, False]
    page.emulate_media(media="print")
    assert not page.locator(".filtres").is_visible()
    contexte.close()
