"""Chaque écran du catalogue, dans JupyterLab et dans les pages sans code : à la souris, puis au clavier seul."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest

from facturier.ecrans.catalogue import ECRANS
from facturier.lanceur.preparation import preparer
from facturier.lanceur.serveur import Serveur
from tests.navigateur.places import PLACES, Arret, itineraire

RACINE = Path(__file__).resolve().parents[2]
CARNET = "release/essai_places/exercices.ipynb"
TABULATIONS = 150
ARRETS = """(racine) => {
  const noms = new Set();
  const tous = ".contenu :is(a[href], button, select, textarea, summary, input:not([type=hidden]))";
  window.restants = new Set([...racine.querySelectorAll(tous)].filter((e) => {
    if (!e.checkVisibility() || e.tabIndex < 0 || e.disabled) return false;
    return e.type !== "radio" || (!noms.has(e.name) && noms.add(e.name));
  }));
}"""
"""Where the Tab key has to stop on the screen: a group of radio buttons is one place."""
ARRET = """(racine) => {
  const e = document.activeElement;
  for (const attendu of window.restants)
    if (attendu === e || (e.type === "radio" && attendu.name === e.name)) window.restants.delete(attendu);
  return racine.contains(e) && [...window.restants].some((a) => a.isConnected);
}"""
"""Whether the Tab key has more to reach, from where it is."""
MANQUES = "() => [...window.restants].filter((e) => e.isConnected).map((e) => e.outerHTML.slice(0, 160))"


class Marcheur:
    """Somebody who walks through the screens of a page; how they press is what the two below differ by."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.racine = page.locator("nowhere")

    def prendre(self, place: str) -> None:
        rang = list(PLACES).index(place)
        self.racine = self.page.locator(".facturier-ecran:has(nav)").nth(rang)
        self.racine.scroll_into_view_if_needed()

    def aller(self, arret: Arret) -> None:
        """From wherever one is in that place to the screen, by its links and buttons only."""
        self.prendre(arret.place)
        self.s_asseoir(arret.siege)
        for pas in arret.pas:
            self.presser(pas)
        titre = self.racine.locator("h2", has_text=re.compile(f"^{re.escape(arret.titre)}$"))
        titre.wait_for()
        assert titre.evaluate("e => e === document.activeElement"), "le curseur ne suit pas l’écran"

    def s_asseoir(self, siege: str) -> None:
        liste = self.racine.locator("select[name=siege]")
        bouton = self.racine.locator(f'button[name=asseoir][value="{siege}"]')
        if liste.count() and liste.input_value() != siege:
            self.choisir(liste, siege)
            self.presser("form.sieges button[name=asseoir]")
        elif bouton.count() and bouton.get_attribute("aria-pressed") == "false":
            self.presser(f'button[name=asseoir][value="{siege}"]')

    def presser(self, selecteur: str) -> None:
        """What that selector finds, opening first what it is folded in."""
        self.racine.locator(selecteur).first.wait_for(state="attached")
        vise = self.racine.locator(f"{selecteur} >> visible=true").first
        if not vise.count():
            replie = self.racine.locator("details:not([open])", has=self.page.locator(selecteur))
            self.appuyer(replie.locator("summary"))
        self.appuyer(vise)
        self.racine.locator("[aria-busy]").wait_for(state="detached")

    def appuyer(self, vise: Any) -> None:
        raise NotImplementedError

    def choisir(self, liste: Any, valeur: str) -> None:
        raise NotImplementedError

    def parcourir(self) -> None:
        """Every field and button of the screen takes the cursor."""
        raise NotImplementedError


class ALaSouris(Marcheur):
    def appuyer(self, vise: Any) -> None:
        vise.click()

    def choisir(self, liste: Any, valeur: str) -> None:
        liste.select_option(valeur)

    def parcourir(self) -> None:
        champs = self.racine.locator("form.ecran :is(input:not([type=file], [type=hidden]), select, textarea)")
        for champ in champs.locator("visible=true").all():
            champ.click(click_count=2 if champ.get_attribute("type") == "checkbox" else 1)  # left as it was
            assert champ.evaluate("e => e === document.activeElement"), champ.evaluate("e => e.outerHTML")


class AuClavier(Marcheur):
    def appuyer(self, vise: Any) -> None:
        self.racine.locator(".evitement").focus()
        poignee = vise.element_handle()
        for _ in range(TABULATIONS):
            self.page.keyboard.press("Tab")
            if poignee.evaluate("e => e === document.activeElement"):
                self.page.keyboard.press("Enter")
                return
        raise AssertionError(f"{vise} ne s’atteint pas avec la touche Tab")

    def choisir(self, liste: Any, valeur: str) -> None:
        liste.focus()
        self.page.keyboard.press("Home")
        while liste.input_value() != valeur:
            self.page.keyboard.press("ArrowDown")

    def parcourir(self) -> None:
        poignee = self.racine.element_handle()
        self.page.evaluate(ARRETS, poignee)
        for _ in range(TABULATIONS):
            self.page.keyboard.press("Tab")
            if not self.page.evaluate(ARRET, poignee):
                break
        assert self.page.evaluate(MANQUES) == []


@cache
def arrets() -> dict[str, Arret]:
    return itineraire()


@pytest.fixture
def carnet_des_places(seance: Serveur) -> str:
    """A notebook that shows the three places, one under the other."""
    fichier = seance.dossiers.espace / CARNET
    fichier.parent.mkdir(exist_ok=True)
    ici = f"import sys; sys.path.insert(0, {str(RACINE)!r})\nfrom tests.navigateur.places import montrer"
    sources = [ici, *(f"montrer({place!r})" for place in PLACES)]
    cellules = [nbformat.v4.new_markdown_cell("# Trois places"), *map(nbformat.v4.new_code_cell, sources)]
    noyau = {"name": "python3", "display_name": "Python 3"}
    meta = {"kernelspec": noyau, "facturier": {"carnet": "essai/places", "version": "0.1.0"}}
    fichier.write_text(nbformat.writes(nbformat.v4.new_notebook(cells=cellules, metadata=meta)), "utf-8")
    return CARNET


@pytest.fixture
def ouvrir_dans(page: Any, seance: Serveur, carnet: Callable[[str], Any], carnet_des_places: str) -> Any:
    """The page of the places, in JupyterLab or without code."""

    def ouvrir(porteur: str) -> Any:
        if porteur == "JupyterLab":
            with ThreadPoolExecutor(1) as ailleurs:  # asyncio.run fails beside a sync Playwright
                ailleurs.submit(preparer, seance, carnet_des_places).result()
            carnet(carnet_des_places)
        else:
            page.goto(seance.page(carnet_des_places), timeout=60_000)  # three portals to fill before the first byte
        page.wait_for_function(f"document.querySelectorAll('.facturier-ecran nav').length === {len(PLACES)}")
        return page

    return ouvrir


def test_chaque_ecran_du_catalogue_a_son_chemin_de_liens_et_de_boutons() -> None:
    assert list(arrets()) == list(ECRANS)


@pytest.mark.parametrize("marcheur", [ALaSouris, AuClavier], ids=["souris", "clavier"])
@pytest.mark.parametrize("porteur", ["JupyterLab", "pages"])
def test_on_va_a_chaque_ecran_et_a_chacun_de_ses_champs(
    porteur: str, marcheur: type[Marcheur], ouvrir_dans: Callable[[str], Any]
) -> None:
    ici = marcheur(ouvrir_dans(porteur))
    for arret in arrets().values():
        ici.aller(arret)
        ici.parcourir()
        if arret.bloque:
            ici.presser("form.ecran .boutons button.principal:not(.defaut)")
            recap = ici.racine.locator(".recap a").first
            recap.wait_for()
            champ = str(recap.get_attribute("data-vers"))
            assert ici.page.evaluate("document.activeElement.id") == champ, arret.ecran
        assert ici.racine.locator(".panne .avis").count() == 0
