"""First step of grading: harvest the answers before outputs are cleared, and repair what would stop nbgrader."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbgrader.preprocessors import NbGraderPreprocessor

from facturier.evaluation.bareme import Bareme
from facturier.evaluation.graines import Graine
from facturier.evaluation.notation.maitres import Maitres, coursedir_de
from facturier.evaluation.notation.reparation import reparer
from facturier.evaluation.ramassage import PHRASES_MAX, lire_problemes
from facturier.evaluation.reponses import Reponse, chemin_annexe, lire_annexe, lire_miroirs, reunir

RECUEIL = "facturier_recueil"
"""Notebook metadata written here, read by the Noteur."""
JUGEMENTS = "facturier_jugements"
"""Notebook metadata written by the Noteur, read by the feedback and the results."""


class Recueil(NbGraderPreprocessor):  # type: ignore[misc]
    """Puts the answers found in the notebook and beside it into the notebook's metadata; repairs its cells."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Harvest and repair. What a learner may have forged under our names is dropped first."""
        for cle in (RECUEIL, JUGEMENTS):
            nb.metadata.pop(cle, None)
        coursedir, maitres = coursedir_de(self), Maitres(parent=self)
        bareme = maitres.bareme(coursedir, resources)
        problemes: list[str] = []
        reponses: dict[str, Reponse] = {}
        if bareme is not None:
            infos = resources["nbgrader"]
            dossier = Path(coursedir.format_path(coursedir.submitted_directory, infos["student"], infos["assignment"]))
            reponses, problemes = recolter(nb, dossier / f"{infos['notebook']}.ipynb", bareme)
        remarques = reparer(nb, resources, maitres.ordre(coursedir, resources))
        for phrase in (*problemes, *remarques):
            self.log.warning(phrase)
        if bareme is not None:
            nb.metadata[RECUEIL] = {
                "graine": _graine(nb),
                "reponses": {cle: r.en_json() for cle, r in sorted(reponses.items())},
                "problemes": problemes,
                "remarques": remarques,
            }
        return nb, resources


def _graine(nb: Any) -> str:
    """The draw of the session that this notebook was made for, "" when it was made for none."""
    facturier = nb.metadata.get("facturier")
    graine = facturier.get("graine") if isinstance(facturier, dict) else None
    return graine if isinstance(graine, str) and Graine.est_une(graine) else ""


def recolter(nb: Any, fichier: Path, bareme: Bareme) -> tuple[dict[str, Reponse], list[str]]:
    """The answers of one submission: mirrors in the notebook and sidecar beside it; the rest is told, never guessed."""
    miroirs, problemes = lire_miroirs(nb)
    annexe, autres = lire_annexe(chemin_annexe(fichier))
    problemes = [*problemes, *autres, *lire_problemes(fichier)]
    reponses: dict[str, Reponse] = {}
    for source in (miroirs, annexe):
        for cle, reponse in source.items():
            if reponse.carnet != bareme.carnet:
                problemes.append(f"Une réponse « {cle[:60]} » vient d’un autre carnet ; elle est écartée.")
                continue
            if cle not in bareme.par_id:
                problemes.append(f"Une réponse porte un nom inconnu, « {cle[:60]} » ; elle est écartée.")
                continue
            retenue, ecartee = reunir(reponses.get(cle, reponse), reponse)
            reponses[cle] = retenue
            if ecartee is not None:
                problemes.append(
                    f"Le carnet et le dossier « reponses » divergent pour « {cle} » : "
                    f"la réponse la plus récente ({retenue.horodatage}) est retenue."
                )
    return reponses, list(dict.fromkeys(problemes))[:PHRASES_MAX]
