"""The mirror shown under a form's cell: an output that JupyterLab keeps in the notebook at the next save."""

from __future__ import annotations

from typing import Any


class AfficheurIPython:
    """Outputs of the running cell, updated in place by their ``display_id``.

    The form's id is in the output's metadata too: a blank mirror has no JSON to carry it, and the launcher's page
    finds by it the outputs that another page displayed.
    """

    def montrer(self, identifiant: str, donnees: dict[str, Any]) -> None:
        """Show the mirror under the cell that is running."""
        from IPython.display import display

        display(donnees, raw=True, metadata=_metadonnees(identifiant), display_id=identifiant)

    def rafraichir(self, identifiant: str, donnees: dict[str, Any]) -> None:
        """Replace it wherever it is shown."""
        from IPython.display import update_display

        update_display(donnees, raw=True, metadata=_metadonnees(identifiant), display_id=identifiant)


def _metadonnees(identifiant: str) -> dict[str, Any]:
    return {"facturier": {"formulaire": identifiant.removeprefix("rep-")}}
