"""A file given with a notebook, behind a button that saves it on one's own machine."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

from facturier.erreurs import ErreurFacturier
from facturier.formulaires.style import e, feuille

GENRES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv",
    ".pdf": "application/pdf",
}
OCTETS_MAX = 1024 * 1024


def bouton(nom: str, dossier: Path) -> tuple[str, str]:
    """The button as HTML, and where the file is for who has no browser.

    The bytes ride in the page: neither JupyterLab nor a page opened from a disk has to be asked for them.

    Raises:
        ErreurFacturier: no such file there, or one that is not given (a path, another kind, too big).
    """
    chemin = dossier / nom
    genre = GENRES.get(chemin.suffix)
    if chemin.name != nom or genre is None or not chemin.is_file() or chemin.stat().st_size > OCTETS_MAX:
        raise ErreurFacturier(
            f"Le fichier « {nom} » n’est pas à côté de ce carnet : demandez-le à votre formateur.",
            code="fichier-absent",
        )
    donnees = b64encode(chemin.read_bytes()).decode()
    cible = f'download="{e(nom)}" href="data:{genre};base64,{donnees}"'
    lien = f'<a class="facturier-lien" {cible}>Enregistrer « {e(nom)} »</a>'
    return f'<div class="facturier">{feuille()}<p>{lien}</p></div>', f"Le fichier {nom} est à côté de ce carnet."
