"""Opening the course: a workspace per learner, a private JupyterLab in French, notebooks already run.

Import stays cheap: the server, the kernel client and the browser are loaded by the first call that needs them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from facturier.lanceur.espace import Espace, preparer_espace

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Espace", "ouvrir", "preparer_espace"]


def ouvrir(
    dossier: Path,
    *,
    navigateur: bool = True,
    port: int | None = None,
    arreter_apres: float | None = None,
    pages: bool = False,
    classe: str = "",
) -> None:
    """Open JupyterLab on the welcome notebook of ``dossier``, or the same as a page without code when ``pages``
    (each leads to the portal of the class at ``classe``), and stay until the learner quits (see ``ouverture``)."""
    from facturier.lanceur.ouverture import ouvrir as _ouvrir

    _ouvrir(dossier, navigateur=navigateur, port=port, arreter_apres=arreter_apres, pages=pages, classe=classe)
