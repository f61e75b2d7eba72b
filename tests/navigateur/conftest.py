"""One real workspace, its notebooks already run, and one real browser, shared by the tests of this folder."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest

from facturier.lanceur import preparer_espace
from facturier.lanceur.ouverture import carnets
from facturier.lanceur.preparation import preparer
from facturier.lanceur.serveur import Serveur
from tests.navigateur.ecole import ECRAN, FIL, Ecole, servie, surveiller

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CAPTURES = Path(__file__).resolve().parents[2] / "build" / "captures"
_OPTIONS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs the browser."""
    ici = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(ici):
            item.add_marker(pytest.mark.navigateur)


@pytest.fixture(scope="package")
def seance(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serveur]:
    """What ``facturier ouvrir`` leaves running: a server, and every notebook run in its session."""
    espace = preparer_espace(tmp_path_factory.mktemp("navigateur") / "travail").dossier
    with Serveur.demarrer(espace) as serveur:
        for carnet in carnets(espace):
            preparer(serveur, carnet)
        yield serveur


@pytest.fixture(scope="package")
def navigateur(chromium: str, seance: Serveur) -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as pilote:
        navigateur = pilote.chromium.launch(executable_path=chromium, args=list(_OPTIONS))
        yield navigateur
        navigateur.close()


@pytest.fixture
def page(navigateur: Browser, seance: Serveur, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A fresh French browser; its last sight is kept in build/captures, and nothing it asks may leave this machine."""
    contexte = navigateur.new_context(locale="fr-FR", viewport={"width": 1280, "height": 900})
    contexte.set_default_timeout(20_000)
    dehors: list[str] = []
    contexte.on("request", lambda demande: _noter(dehors, seance, demande.url))
    page = contexte.new_page()
    yield page
    CAPTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=CAPTURES / f"{re.sub(r'[^a-z0-9_]+', '-', request.node.name.lower())}.png")
    contexte.close()
    assert dehors == []


def _noter(dehors: list[str], seance: Serveur, url: str) -> None:
    if not url.startswith((seance.url, seance.url.replace("http", "ws", 1), "data:", "blob:", "about:")):
        dehors.append(url)


class Carnet:
    """A notebook in a page, as a learner handles it."""

    def __init__(self, page: Page, seance: Serveur, nom: str) -> None:
        self.page = page
        self.nom = nom
        self._seance = seance

    @property
    def fichier(self) -> Path:
        return self._seance.dossiers.espace / self.nom

    def ouvrir(self) -> Carnet:
        self.page.goto("about:blank")
        self._seance.disposer()  # no tab of the test before
        self.page.goto(self._seance.adresse(self.nom))
        return self.attendre()

    def recharger(self) -> Carnet:
        self.page.reload()
        return self.attendre()

    def attendre(self) -> Carnet:
        """Until the live forms are there."""
        self.page.wait_for_selector(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook")
        self.page.wait_for_selector(".jp-Notebook :is(.facturier, .facturier-ecran)", state="attached")
        self.page.wait_for_function(
            "[...document.querySelectorAll('.jp-Notebook .facturier-ecran')].every(e => e.querySelector('h2'))"
        )
        return self

    def enregistrer(self) -> dict[str, Any]:
        """Ctrl+S, and the file as it is on disk afterwards."""
        import json

        with self.page.expect_response(lambda r: r.request.method == "PUT" and "/api/contents/" in r.url):
            self.page.keyboard.press("Control+s")
        lu: dict[str, Any] = json.loads(self.fichier.read_text(encoding="utf-8"))
        return lu


@pytest.fixture
def manquements_graves() -> Callable[..., list[str]]:
    """What axe-core finds serious or critical in our own part of a page (a selector): rule and place."""
    from axe_playwright_python.sync_playwright import Axe

    def chercher(page: Any, ou: str, options: dict[str, Any] | None = None) -> list[str]:
        assert page.locator(ou).count(), ou
        rapport = Axe().run(page, context=ou, options=options or {"resultTypes": ["violations"]}).response
        assert rapport["passes"], "axe-core has looked at nothing"
        graves = [v for v in rapport["violations"] if v["impact"] in ("serious", "critical")]
        return [f"{v['id']} : {', '.join(map(str, n['target']))}" for v in graves for n in v["nodes"]]

    return chercher


@pytest.fixture
def carnet(page: Page, seance: Serveur) -> Any:
    """Open that notebook of the workspace."""
    return lambda nom: Carnet(page, seance, nom).ouvrir()


@pytest.fixture
def portail(seance: Serveur, carnet: Callable[[str], Any], request: pytest.FixtureRequest) -> Any:
    """A notebook with the screens, its own for each test, already run."""
    nom = f"notebooks/97_{abs(hash(request.node.name)) % 10**8}.ipynb"
    nb = nbformat.v4.new_notebook(metadata={"facturier": {"carnet": "essai/portail", "version": "0.1.0"}})
    nb.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    sources = ("from facturier import lecon", "lecon.portail()", "lecon.recommencer()")
    nb.cells = [nbformat.v4.new_markdown_cell("# Le portail"), *map(nbformat.v4.new_code_cell, sources)]
    (seance.dossiers.espace / nom).write_text(nbformat.writes(nb), "utf-8")
    with ThreadPoolExecutor(1) as ailleurs:  # asyncio.run fails beside a sync Playwright
        ailleurs.submit(preparer, seance, nom).result()
    ouvert = carnet(nom)
    ouvert.page.locator(f"{ECRAN} h2", has_text="Tableau de bord").wait_for()
    return ouvert


@pytest.fixture(scope="package")
def navigateur_pages(chromium: str) -> Iterator[Browser]:
    """One browser for the pages of the class, in a thread of its own."""
    from playwright.sync_api import sync_playwright

    pilote = FIL.submit(lambda: sync_playwright().start()).result()
    options = ["--no-sandbox", "--disable-gpu", "--font-render-hinting=none"]
    ouvert = FIL.submit(lambda: pilote.chromium.launch(executable_path=chromium, args=options)).result()
    yield ouvert
    FIL.submit(ouvert.close).result()
    FIL.submit(pilote.stop).result()


@pytest.fixture(scope="package")
def ecole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ecole]:
    with servie(tmp_path_factory.mktemp("classe")) as ecole:
        yield ecole


@pytest.fixture
def ouvrir(navigateur_pages: Browser, ecole: Ecole) -> Iterator[Callable[..., Page]]:
    """A page of somebody of the class; nothing it asks may leave this machine, nothing may fail in it."""
    contextes: list[Any] = []
    ennuis: list[str] = []

    def page(prenom: str, **reglages: Any) -> Page:
        contexte = navigateur_pages.new_context(
            locale="fr-FR", **{"viewport": {"width": 1280, "height": 900}, **reglages}
        )
        contexte.set_default_timeout(10_000)
        contextes.append(contexte)
        ouverte = ecole.entrer(contexte, prenom)
        surveiller(ouverte, ecole.adresse, ennuis)
        return ouverte

    yield page
    for contexte in contextes:
        FIL.submit(contexte.close).result()
    assert ennuis == []
