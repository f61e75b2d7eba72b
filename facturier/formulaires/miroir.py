"""The mirror shown under a form's cell: an output that JupyterLab keeps in the notebook at the next save."""

from __future__ import annotations

import html
from datetime import datetime
from typing import Any

from facturier.evaluation.reponses import MIME, Reponse

RIEN = "Aucune réponse enregistrée pour l’instant."


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


def donnees_miroir(reponse: Reponse | None, resume: str = "", vide: str = RIEN) -> dict[str, Any]:
    """The mirror of an answer: its JSON, and the sentence that a reader without kernel sees."""
    if reponse is None:
        return {"text/html": _statut(vide), "text/plain": vide}
    phrase = f"{phrase_de(reponse, resume)} Copie gardée dans ce carnet."
    return {MIME: reponse.en_json(), "text/html": _statut(phrase), "text/plain": phrase}


def phrase_de(reponse: Reponse, resume: str) -> str:
    """« Réponse enregistrée à 10:42. »."""
    heure = datetime.fromisoformat(reponse.horodatage).strftime("%H:%M")
    return f"Réponse enregistrée à {heure}{f' ({resume})' if resume else ''}."


def _statut(phrase: str) -> str:
    return f'<p role="status" class="facturier-miroir">{html.escape(phrase)}</p>'


def jour_heure(reponse: Reponse) -> str:
    """When it was kept."""
    return datetime.fromisoformat(reponse.horodatage).strftime("%d/%m/%Y à %H:%M")
