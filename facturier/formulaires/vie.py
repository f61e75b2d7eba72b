"""The life of a piece as a picture of the notebook, drawn from the table, with the words that say the same."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Collection
from datetime import date

from facturier import cycle
from facturier.formulaires.style import e, feuille, liste


def html_vie(cadre: str, au: date, statuts: Collection[str] = ()) -> tuple[str, str]:
    """The drawing of ``cycle.diagramme_cadre`` as HTML, then its words for where there is no browser.

    An image, not inline SVG: its style sheet would reach the whole page.

    Raises:
        ErreurFacturier: no such cadre or status.
    """
    dessin = b64encode(cycle.diagramme_cadre(cadre, au, statuts).encode()).decode()
    dits = cycle.vie_en_mots(cadre, au, statuts)
    titre = f"Vie d’une pièce {cadre}"
    image = (
        f'<img src="data:image/svg+xml;base64,{dessin}" style="max-width: 100%; height: auto" '
        f'alt="{e(titre)} : schéma, dit en mots juste dessous.">'
    )
    en_mots = f"<details><summary>Le même schéma, en mots</summary>{liste(dits)}</details>"
    return f'<div class="facturier large">{feuille()}{image}{en_mots}</div>', " ".join((f"{titre}.", *dits))
