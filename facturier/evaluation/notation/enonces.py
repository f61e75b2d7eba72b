"""After a plain ``nbgrader generate_assignment``: the statement that a learner's kernel reads is written again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from facturier import contenu
from facturier.ecriture import write_json
from facturier.evaluation.bareme import baremes
from facturier.evaluation.notation.configuration import RELEASE, SOURCE

ENONCES = "enonces.json"


def ecrire_enonces(*, assignment: str, **_: Any) -> None:
    """nbgrader's hook, called from the course's folder; assignments that are not ours are left alone."""
    maitres = sorted((Path(SOURCE) / assignment).glob("*.ipynb"))
    carnets = [
        json.loads(m.read_text(encoding="utf-8"))["metadata"].get("facturier", {}).get("carnet") for m in maitres
    ]
    slug = next((str(c).partition("/")[0] for c in carnets if c is not None), None)
    if slug is None:
        return
    sources = Path("source") if Path("source").is_dir() else contenu.racine() / "source"
    write_json(Path(RELEASE) / assignment / ENONCES, baremes(sources)[slug].enonces())
