"""What happens to copies in real life: duplicated cells, renamed files, and one who wants marks without the work."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from facturier.ecriture import write_json
from facturier.evaluation.reponses import MIME, chemin_annexe

# each line was seen to take marks, or to stop the class, with stock in-kernel grading
_ATTAQUES = (
    "get_ipython().input_transformers_cleanup.append(lambda lines: ['pass\\n'])",
    "import builtins\nbuiltins.float = lambda *_: 100",
    "class Tout:\n    def __eq__(self, autre):\n        return True\ntotal_ttc = Tout()",
    "import sys\nsys.stderr.write('bruit')\nsys.exit(0)",
    "import os\nos._exit(0)",
    "while True:\n    pass",
)


def abimer(espace: Path) -> None:
    """A graded cell copied and pasted, and the file renamed by the browser's second download."""
    carnet = espace / "release/sans_moe/exercices.ipynb"
    contenu = _lire(carnet)
    notee = next(c for c in contenu["cells"] if c["metadata"].get("nbgrader", {}).get("grade"))
    contenu["cells"].append(copy.deepcopy(notee))
    write_json(carnet, contenu)
    carnet.rename(carnet.with_name("exercices (1).ipynb"))


def attaquer(espace: Path) -> None:
    """Hostile code, invented points, a forged event in the journal, a choice that no question offers."""
    carnet = espace / "release/sans_moe/exercices.ipynb"
    contenu = _lire(carnet)
    for rang, code in enumerate(_ATTAQUES):
        contenu["cells"].insert(
            1,
            {
                "cell_type": "code",
                "execution_count": None,
                "id": f"attaque{rang}",
                "metadata": {},
                "outputs": [],
                "source": code,
            },
        )
    contenu["metadata"]["facturier"]["points"] = 100
    for cellule in contenu["cells"]:
        for sortie in cellule.get("outputs", []):
            if MIME in sortie.get("data", {}):
                _falsifier(sortie["data"][MIME])
    write_json(carnet, contenu)
    annexe = chemin_annexe(carnet)
    garde = _lire(annexe)
    for reponse in garde["formulaires"].values():
        _falsifier(reponse)
    write_json(annexe, garde)

    quiz = espace / "release/quiz_sortie/exercices.ipynb"
    annexe = chemin_annexe(quiz)
    garde = _lire(annexe)
    reponse = garde["formulaires"]["quiz_sortie"]
    reponse["valeurs"] = dict.fromkeys(reponse["valeurs"], "juste")
    reponse["horodatage"] = "2099-01-01T00:00:00+01:00"
    write_json(annexe, garde)


def _falsifier(reponse: dict[str, Any]) -> None:
    reponse["points"] = 100
    for evenement in reponse.get("journal", []):
        evenement["action"] = "mettre_en_paiement"
        evenement["role"] = "comptable"


def _lire(chemin: Path) -> dict[str, Any]:
    lu: dict[str, Any] = json.loads(chemin.read_text(encoding="utf-8"))
    return lu
