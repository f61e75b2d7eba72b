"""Un texte se lit en carnet et en page : chacun y trouve des consignes qui valent pour lui."""

from __future__ import annotations

from pathlib import Path

import pytest

from facturier import contenu
from facturier.erreurs import ErreurFacturier
from facturier.fabrique.carnets import Source, lire_cellules
from facturier.referentiel.redaction import REFERENCE

TEXTE = """# Essai

La ligne suivante prépare la page.

```python
from facturier import lecon
```

Elle n’affiche rien.


{{ carnet("Effacez les trois points `...`,

puis exécutez.") }}{{ page("Remplissez le champ.") }} Ensuite, lisez.
"""


def cellules(dossier: Path, texte: str) -> list[dict[str, str]]:
    fichier = dossier / "lecon.md"
    fichier.write_text(texte, encoding="utf-8")
    return lire_cellules(Source(fichier, "essai/lecon"))


def test_les_deux_lectures_ont_les_memes_cellules(tmp_path: Path) -> None:
    lues = cellules(tmp_path, TEXTE)
    assert [(c["source"], c.get("page")) for c in lues if c["type"] == "markdown"] == [
        ("# Essai\n\nLa ligne suivante prépare la page.", "# Essai"),
        ("Elle n’affiche rien.", ""),
        ("Effacez les trois points `...`,\n\npuis exécutez. Ensuite, lisez.", "Remplissez le champ. Ensuite, lisez."),
    ]


@pytest.mark.parametrize("texte", ['{{ page("Seulement en page.") }}', '```python\n{{ carnet("x = 1") }}\n```'])
def test_une_page_sans_son_carnet_est_refusee(tmp_path: Path, texte: str) -> None:
    with pytest.raises(ErreurFacturier, match="se lit aussi en carnet"):
        cellules(tmp_path, f"# Essai\n\n\n{texte}\n")


@pytest.mark.parametrize("chapitre", contenu.chapitres(), ids=lambda c: c.slug)
def test_une_page_ne_parle_ni_de_code_ni_de_touches(chapitre: contenu.Chapitre) -> None:
    for fichier in filter(None, (chapitre.lecon, chapitre.exercices)):
        lues = lire_cellules(Source(fichier, f"{chapitre.slug}/essai", REFERENCE))
        vu = "\n".join(c.get("page", c["source"]) for c in lues if c["type"] == "markdown")
        assert not [mot for mot in ("Maj + Entrée", "ligne grisée", "Ctrl", "SyntaxError", "cette case") if mot in vu]
