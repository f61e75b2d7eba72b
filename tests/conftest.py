"""What every test may ask for: a Chromium to drive, or a sentence that says how to get one."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections import Counter
from pathlib import Path

import pytest

NON_EXECUTES = pytest.StashKey[int]()

_COMMANDES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
_EMPLACEMENTS = {
    "darwin": (
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    ),
    "win32": (
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    ),
}
_INSTALLER = {
    "darwin": "installez Google Chrome, ou « brew install --cask chromium »",
    "win32": "Microsoft Edge ou Google Chrome suffit : installez l’un des deux",
    "linux": "« sudo apt install chromium » (Debian, Ubuntu) ou « sudo dnf install chromium » (Fedora)",
}


def chercher_chromium() -> str | None:
    """A browser of the Chromium family on this machine, if Playwright is there to drive it."""
    if importlib.util.find_spec("playwright") is None:
        return None
    trouves = (shutil.which(commande) for commande in _COMMANDES)
    connus = (chemin for chemin in _EMPLACEMENTS.get(sys.platform, ()) if Path(chemin).is_file())
    return next(filter(None, trouves), None) or next(connus, None)


def navigateur_exige() -> bool:
    """On a CI machine a missing browser is a failure: nobody reads what was not run."""
    return os.environ.get("CI", "").lower() == "true"


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser to drive."""
    trouve = chercher_chromium()
    if trouve is None:
        pytest.fail(f"Aucun navigateur à piloter : {_comment_faire()}.", pytrace=False)
    return trouve


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without a browser, on a person's machine, its tests are set aside and said so."""
    if navigateur_exige() or chercher_chromium() is not None:
        return
    ecartes = [item for item in items if item.get_closest_marker("navigateur")]
    if ecartes:
        config.stash[NON_EXECUTES] = len(ecartes)
        config.hook.pytest_deselected(items=ecartes)
        items[:] = [item for item in items if item not in ecartes]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say how many were not run, why, and how to run them: a skip never passes for a success."""
    nombre = config.stash.get(NON_EXECUTES, 0)
    if nombre:
        s = "s" if nombre > 1 else ""
        terminalreporter.write_line(
            f"{nombre} test{s} de navigateur non exécuté{s} : aucun Chromium sur cette machine. "
            f"Pour les exécuter, {_comment_faire()}, puis relancez les tests.",
            yellow=True,
        )

    sautes: Counter[str] = Counter(_raison(rapport) for rapport in terminalreporter.stats.get("skipped", []))
    for raison, combien in sorted(sautes.items()):
        s = "s" if combien > 1 else ""
        terminalreporter.write_line(f"{combien} test{s} non exécuté{s} : {raison}.", yellow=True)


def _raison(rapport: pytest.TestReport) -> str:
    """The reason given to skip; pytest keeps it last of a triple, behind a word of its own."""
    detail = rapport.longrepr[2] if isinstance(rapport.longrepr, tuple) else str(rapport.longrepr)
    return detail.removeprefix("Skipped: ")


def _comment_faire() -> str:
    if importlib.util.find_spec("playwright") is None:
        return "installez les outils de développement (« make test » le fait)"
    return _INSTALLER.get(sys.platform, _INSTALLER["linux"])
