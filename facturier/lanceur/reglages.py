"""The private Jupyter of a workspace: its folders, its environment, its settings; nothing of the user's own."""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from facturier import ecriture
from facturier.lanceur.pages import ACCUEIL
from facturier.lanceur.pages import CONFIGURATION as CONFIGURATION_DES_PAGES

EXTENSION = "facturier-carnets"
GABARIT = "facturier"
"""The Voilà template of the pages."""
DEBUT = Path(__file__).parents[1] / "ecrans" / "modeles" / "tete.html"
"""How every page of ours begins, the one that says « not found » included."""

# Interface parts that speak English, reach for the network or only serve programmers
_EXTENSIONS_EN_MOINS = (
    "@jupyter-notebook/lab-extension",
    "@jupyter-notebook/terminal-extension",
    "@jupyter/nbgrader",
    "@jupyterlab/application-extension:property-inspector",
    "@jupyterlab/apputils-extension:licenses-plugin",
    "@jupyterlab/cell-toolbar-extension",
    "@jupyterlab/celltags-extension",
    "@jupyterlab/debugger-extension",
    "@jupyterlab/extensionmanager-extension",
    "@jupyterlab/fileeditor-extension:language-server",
    "@jupyterlab/help-extension:jupyter-forum",
    "@jupyterlab/help-extension:licenses-commands",
    "@jupyterlab/help-extension:resources",
    "@jupyterlab/hub-extension",
    "@jupyterlab/lsp-extension",
    "@voila-dashboards/jupyterlab-preview",
    "@jupyterlab/metadataform-extension",
    "@jupyterlab/notebook-extension:active-cell-tool",
    "@jupyterlab/notebook-extension:cell-counter-status",
    "@jupyterlab/notebook-extension:language-server",
    "@jupyterlab/notebook-extension:metadata-editor",
    "@jupyterlab/notebook-extension:tools",
    "@jupyterlab/notebook-extension:update-raw-mimetype",
    "@jupyterlab/running-extension",
    "@jupyterlab/terminal-extension",
    "@jupyterlab/workspaces-extension",
    "@voila-dashboards/jupyterlab-preview",
    "jupyterlab-jupytext",
)
_GREFFONS_SERVEUR_EN_MOINS = (
    "jupyter_lsp",
    "jupyter_server_terminals",
    "jupyterlab_jupytext",
    "nbgrader",
    "nbgrader.server_extensions.assignment_list",
    "nbgrader.server_extensions.course_list",
    "nbgrader.server_extensions.formgrader",
    "nbgrader.server_extensions.validate_assignment",
    "notebook_shim",
)
_EXTENSIONS_DES_PAGES = (
    "@jupyter-widgets/jupyterlab-manager",
    "@voila-dashboards/widgets-manager8",
    "anywidget",
)
_BOUTONS_EN_MOINS = ("insert", "cut", "copy", "paste", "interrupt", "restart", "cellType", "kernelName")
# one key struck beside a field must not cut, delete, merge or change a cell
_SELECTEUR_CELLULE = ".jp-Notebook.jp-mod-commandMode:not(.jp-mod-readWrite) :focus"
_RACCOURCIS_EN_MOINS = {
    "notebook:change-cell-to-code": "Y",
    "notebook:change-cell-to-markdown": "M",
    "notebook:change-cell-to-raw": "R",
    "notebook:copy-cell": "C",
    "notebook:cut-cell": "X",
    "notebook:delete-cell": "D D",
    "notebook:insert-cell-above": "A",
    "notebook:insert-cell-below": "B",
    "notebook:insert-heading-above": "Shift A",
    "notebook:insert-heading-below": "Shift B",
    "notebook:merge-cells": "Shift M",
    "notebook:paste-cell-below": "V",
}

_REGLAGES: dict[str, Any] = {
    "@jupyterlab/translation-extension:plugin": {"locale": "fr_FR"},
    "@jupyterlab/apputils-extension:notification": {
        "checkForUpdates": False,
        "doNotDisturbMode": True,
        "fetchNews": "false",
    },
    "@jupyterlab/docmanager-extension:plugin": {"autosaveInterval": 20},
    "@jupyterlab/notebook-extension:panel": {
        "toolbar": [{"name": nom, "disabled": True} for nom in _BOUTONS_EN_MOINS],
    },
    "@jupyterlab/notebook-extension:tracker": {
        "autoStartDefaultKernel": True,
        "windowingMode": "none",
        "scrollPastEnd": False,
    },
    "@jupyterlab/shortcuts-extension:shortcuts": {
        "shortcuts": [
            {"command": commande, "keys": touches.split(), "selector": _SELECTEUR_CELLULE, "disabled": True}
            for commande, touches in _RACCOURCIS_EN_MOINS.items()
        ]
    },
    "@jupyterlab/statusbar-extension:plugin": {"visible": False},
}

_BORD_FERME = {"collapsed": True, "visible": True}
DISPOSITION: dict[str, Any] = {
    "data": {
        "layout-restorer:data": {"left": _BORD_FERME, "right": _BORD_FERME, "relativeSizes": [0, 1, 0]},
    },
    "metadata": {"id": "default"},
}


@dataclass(frozen=True)
class Dossiers:
    """The folders of the private Jupyter, all under ``<workspace>/.jupyter``."""

    espace: Path

    @property
    def racine(self) -> Path:
        return self.espace / ".jupyter"

    @property
    def config(self) -> Path:
        return self.racine / "config"

    @property
    def donnees(self) -> Path:
        return self.racine / "data"

    @property
    def execution(self) -> Path:
        return self.racine / "runtime"

    @property
    def dispositions(self) -> Path:
        return self.racine / "dispositions"

    @property
    def ipython(self) -> Path:
        return self.racine / "ipython"

    @property
    def journal(self) -> Path:
        return self.racine / "journal-serveur.txt"


def environnement(dossiers: Dossiers, jeton: str) -> dict[str, str]:
    """The server's environment: the private folders, the interpreter's scripts first on PATH, the token out of sight.

    The token goes by the environment because a command line is readable by every user of the machine.
    """
    propre = {nom: valeur for nom, valeur in os.environ.items() if not nom.startswith(("JUPYTER", "JPY_", "NBGRADER"))}
    scripts = sysconfig.get_path("scripts")
    return propre | {
        "IPYTHONDIR": str(dossiers.ipython),
        "JUPYTER_CONFIG_DIR": str(dossiers.config),
        "JUPYTER_DATA_DIR": str(dossiers.donnees),
        "JUPYTER_PREFER_ENV_PATH": "0",
        "JUPYTER_RUNTIME_DIR": str(dossiers.execution),
        "JUPYTER_TOKEN": jeton,
        "JUPYTERLAB_SETTINGS_DIR": str(dossiers.racine / "reglages"),
        "JUPYTERLAB_WORKSPACES_DIR": str(dossiers.dispositions),
        "LANGUAGE": "fr_FR",
        "PATH": os.pathsep.join(filter(None, (scripts, propre.get("PATH", "")))),
        "PYTHONUTF8": "1",
    }


def ecrire_reglages(dossiers: Dossiers, port: int, classe: str = "") -> None:
    """Write the private configuration anew, so that a damaged or older one never outlives a start.

    ``classe``: where the portal of the class shows its screens, for the pages without code.
    """
    ecriture.write_json(dossiers.config / "jupyter_server_config.json", _config_serveur(dossiers.espace, port, classe))
    ecriture.write_text(dossiers.config / "voila.py", CONFIGURATION_DES_PAGES)
    ecriture.write_json(dossiers.config / "labconfig" / "default_setting_overrides.json", _REGLAGES)
    ecriture.write_json(
        dossiers.config / "labconfig" / "page_config.json",
        {"disabledExtensions": dict.fromkeys(_EXTENSIONS_EN_MOINS, True)},
    )
    ecriture.write_json(
        dossiers.donnees / "kernels" / "python3" / "kernel.json",
        {
            "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            "display_name": "Python 3",
            "language": "python",
            "metadata": {"debugger": False},
        },
    )
    # no history database: nothing to lock on a network drive, nothing of the learner kept that he did not hand in
    ecriture.write_json(
        dossiers.ipython / "profile_default" / "ipython_kernel_config.json", {"HistoryManager": {"enabled": False}}
    )
    dossiers.racine.chmod(0o700)  # what the running server writes there holds its token
    _installer_extension(dossiers)
    _installer_gabarit(dossiers)


def _config_serveur(espace: Path, port: int, classe: str) -> dict[str, Any]:
    return {
        "ServerApp": {
            "allow_remote_access": False,
            "ip": "127.0.0.1",
            "extra_template_paths": [str(d) for d in (Path(__file__).parent / "gabarit", DEBUT.parent)],
            "jinja_template_vars": {"accueil": ACCUEIL},
            "allow_root": True,  # a container's only user; the token and 127.0.0.1 guard the door
            "jpserver_extensions": dict.fromkeys(_GREFFONS_SERVEUR_EN_MOINS, False),
            "open_browser": False,
            "port": port,
            "port_retries": 0,
            "quit_button": True,
            "root_dir": str(espace),
            "terminals_enabled": False,
        },
        "Application": {
            "logging_config": {
                "filters": {"sans_jeton": {"()": "facturier.lanceur.journal.SansJeton"}},
                "handlers": {"console": {"filters": ["sans_jeton"]}},
            }
        },
        "KernelManager": {"shutdown_wait_time": 1.5},
        "VoilaConfiguration": {
            "allow_template_override": "NO",
            "allow_theme_override": "NO",
            "extension_allowlist": list(_EXTENSIONS_DES_PAGES),
            "file_allowlist": [r"rendus/rendu-[a-z0-9-]+\.zip"],
            "resources": {"classe": classe},
            "template": GABARIT,
        },
        "LabApp": {
            "check_for_updates_class": "jupyterlab.handlers.announcements.NeverCheckForUpdate",
            "extension_manager": "readonly",
            "news_url": None,
        },
    }


def _installer_extension(dossiers: Dossiers) -> None:
    """Copy the small front-end part that keeps the answers' mirrors of the open notebook up to date."""
    _copier(Path(__file__).parent / "extension", dossiers.donnees / "labextensions" / EXTENSION)


def _installer_gabarit(dossiers: Dossiers) -> None:
    """Copy the template of the pages where Voilà looks for it."""
    cible = dossiers.donnees / "voila" / "templates" / GABARIT
    _copier(Path(__file__).parent / "gabarit", cible)
    ecriture.write_bytes(cible / DEBUT.name, DEBUT.read_bytes())


def _copier(origine: Path, cible: Path) -> None:
    """A folder of the package, anew."""
    shutil.rmtree(cible, ignore_errors=True)
    for path in sorted(origine.rglob("*")):
        if path.is_file():
            ecriture.write_bytes(cible / path.relative_to(origine), path.read_bytes())
