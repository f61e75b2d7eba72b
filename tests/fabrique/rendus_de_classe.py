"""What learners return, made from the released notebooks of a course of three small chapters."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
import sysconfig
from datetime import datetime
from pathlib import Path
from typing import Any

from facturier.evaluation.banque import id_choix
from facturier.evaluation.reponses import MIME, Reponse
from facturier.portail import Acteur, Annuaire, Portail

CHAPITRES = Path(__file__).parent / "chapitres"
DEPOT = Path(__file__).resolve().parents[2]
FOURNISSEUR = "99990013700012"
QUIZ_PARFAIT: dict[str, Any] = {
    "q_unique": id_choix("q_unique", "Un numéro"),
    "q_multiple": sorted([id_choix("q_multiple", "Le fournisseur"), id_choix("q_multiple", "L’acheteur")]),
    "q_nombre": "37",
}
Carnet = dict[str, Any]


class Classe:
    """Makes the work that learners return, from the released notebooks of a course."""

    def __init__(self, cours: Path, rendus: Path) -> None:
        self.cours = cours
        self.rendus = rendus
        self._lignees = 0

    def reponse(self, slug: str, formulaire: str, valeurs: dict[str, Any], **autres: Any) -> Reponse:
        """An answer as the learner's kernel keeps it."""
        self._lignees += 1
        defauts: dict[str, Any] = {
            "carnet": f"{slug}/exercices",
            "journal": (),
            "lignee": f"l{self._lignees}",
            "revision": 1,
            "horodatage": "2026-11-24T10:42:00+01:00",
        }
        return Reponse(formulaire=formulaire, valeurs=dict(valeurs), **{**defauts, **autres})

    def carnet(self, slug: str, *reponses: Reponse) -> Carnet:
        """The released notebook with these answers mirrored under their cells."""
        carnet: Carnet = json.loads((self.cours / "release" / slug / "exercices.ipynb").read_text(encoding="utf-8"))
        for reponse in reponses:
            cellule(carnet, reponse.formulaire)["outputs"].append(miroir(reponse))
        return carnet

    def quiz(self, valeurs: dict[str, Any] | None = None, **autres: Any) -> Carnet:
        return self.carnet("quiz_entree", self.reponse("quiz_entree", "quiz_entree", valeurs or QUIZ_PARFAIT, **autres))

    def calcul(self, valeur: str, **autres: Any) -> Carnet:
        return self.carnet("calcul", self.reponse("calcul", "total_ttc", {"valeur": valeur}, **autres))

    def depot(self, journal: tuple[dict[str, Any], ...]) -> Carnet:
        valeurs = {"cadre": "A1"}
        return self.carnet("depot", self.reponse("depot", "depot_essai", valeurs, journal=journal))

    def rend(self, apprenant: str, carnet: Carnet | bytes | None, nom: str = "exercices.ipynb") -> Path:
        """Write a file in the learner's folder."""
        fichier = self.rendus / apprenant / nom
        fichier.parent.mkdir(parents=True, exist_ok=True)
        if carnet is not None:
            fichier.write_bytes(carnet if isinstance(carnet, bytes) else json.dumps(carnet).encode())
        return fichier


def cellule(carnet: Carnet, grade_id: str) -> dict[str, Any]:
    """The cell of that grade id."""
    trouvee: dict[str, Any] = next(
        c for c in carnet["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id
    )
    return trouvee


def miroir(reponse: Reponse | dict[str, Any]) -> dict[str, Any]:
    """The output that mirrors an answer."""
    contenu = reponse if isinstance(reponse, dict) else reponse.en_json()
    return {
        "output_type": "display_data",
        "data": {MIME: contenu, "text/html": "<p>Réponse enregistrée</p>", "text/plain": "Réponse enregistrée"},
        "metadata": {},
    }


def code(source: str, sorties: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """A cell that the learner added."""
    return {
        "cell_type": "code",
        "id": f"x{abs(hash(source)) % 10**8}",
        "metadata": {},
        "execution_count": 1,
        "outputs": sorties or [],
        "source": source,
    }


def double(carnet: Carnet, grade_id: str) -> Carnet:
    """The notebook after somebody copied a cell and pasted it below."""
    place = carnet["cells"].index(cellule(carnet, grade_id))
    carnet["cells"].insert(place + 1, copy.deepcopy(carnet["cells"][place]))
    return carnet


def journal_de_depot(cadre: str = "A1", ttc: str = "1200,00") -> tuple[dict[str, Any], ...]:
    """What the portal writes when that invoice is deposited."""
    portail = Portail(Annuaire.charger(), lambda: datetime(2026, 11, 24, 10, 42))
    portail.deposer(
        Acteur("fournisseur", FOURNISSEUR),
        {
            "destinataire_siret": "21990002400015",
            "code_service": "ECOLE",
            "numero_engagement": "",
            "numero_marche": "2026-ENT-007",
            "cadre": cadre,
            "type_facture": "380",
            "numero_facture": "FA-2026-0042",
            "date_facture": "24/11/2026",
            "valideur_siret": "",
            "mode_paiement": "AUTRE" if cadre == "A2" else "VIREMENT",
            "iban": "" if cadre == "A2" else "FR76 3000 1007 9412 3456 7890 185",
            "montant_ht": "1000,00",
            "taux_tva": "20",
            "montant_tva": "200,00",
            "montant_ttc": ttc,
            "commentaire": "",
        },
    )
    return portail.journal


def nbgrader(cours: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Plain nbgrader, called by its absolute path from an environment that was not activated."""
    programme = Path(sysconfig.get_path("scripts")) / ("nbgrader.exe" if sys.platform == "win32" else "nbgrader")
    env = {**os.environ, "PATH": "/usr/bin:/bin", "PYTHONPATH": str(DEPOT)}
    return subprocess.run(
        [str(programme), *arguments], cwd=cours, env=env, capture_output=True, text=True, timeout=240, check=False
    )
