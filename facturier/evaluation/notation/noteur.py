"""Marks: judged here, in the trainer's process, on the harvested answers; then written in nbgrader's gradebook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbgrader import utils
from nbgrader.preprocessors import SaveAutoGrades

from facturier.erreurs import ErreurFacturier
from facturier.evaluation.bareme import Bareme, Exercice
from facturier.evaluation.classe import Part, juger_en_classe, lire_part
from facturier.evaluation.jugement import Jugement, a_verifier, juger
from facturier.evaluation.notation.maitres import Maitres, coursedir_de
from facturier.evaluation.notation.recueil import JUGEMENTS, RECUEIL
from facturier.evaluation.reponses import Reponse

_SOLUTION = "solution-"


class Noteur(SaveAutoGrades):  # type: ignore[misc]
    """nbgrader's SaveAutoGrades, except that our exercises are marked by the judge and not by what a kernel printed."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Judge, keep the verdicts in the notebook's metadata, then save the grades."""
        self._jugements: dict[str, Jugement] = {}
        bareme = Maitres(parent=self).bareme(coursedir_de(self), resources)
        if bareme is not None:
            recueil = nb.metadata.get(RECUEIL, {"reponses": {}, "problemes": [], "remarques": []})
            part = lire_part(Path(coursedir_de(self).root), resources["nbgrader"]["student"])
            jugements, ecarts = juger_tout(bareme, recueil, part)
            self._jugements = {j.exercice: j for j in jugements}
            points = {
                c.metadata.nbgrader["grade_id"]: float(c.metadata.nbgrader["points"])
                for c in nb.cells
                if utils.is_grade(c)
            }
            for cle, jugement in self._jugements.items():
                if points.get(cle) != float(jugement.sur):
                    self._jugements[cle] = a_verifier(
                        bareme.par_id[cle], "Le barème a changé depuis la distribution du carnet : reconstruisez-le."
                    )
            nb.metadata[JUGEMENTS] = {
                "titre": bareme.titre,
                "bareme": bareme.empreinte(),
                "exercices": [
                    {"titre": e.titre, "genre": e.genre, **self._jugements[e.id].en_json()} for e in bareme.exercices
                ],
                "problemes": [_en_clair(p, bareme) for p in recueil["problemes"]],
                "remarques": [_en_clair(r, bareme) for r in (*recueil["remarques"], *ecarts)],
            }
        return super().preprocess(nb, resources)  # type: ignore[no-any-return]

    def _add_score(self, cell: Any, resources: Any) -> None:
        jugement = self._jugements.get(cell.metadata["nbgrader"]["grade_id"])
        if jugement is None:
            super()._add_score(cell, resources)
            return
        grade = self.gradebook.find_grade(jugement.exercice, self.notebook_id, self.assignment_id, self.student_id)
        grade.auto_score = _note(jugement)
        grade.needs_manual_grade = grade.manual_score is not None or jugement.statut in (
            "a_verifier",
            "erreur_technique",
        )
        self.gradebook.db.commit()

    def _add_comment(self, cell: Any, resources: Any) -> None:
        grade_id = cell.metadata["nbgrader"]["grade_id"]
        jugement = self._jugements.get(grade_id.removeprefix(_SOLUTION))
        if jugement is None:
            super()._add_comment(cell, resources)
            return
        comment = self.gradebook.find_comment(grade_id, self.notebook_id, self.assignment_id, self.student_id)
        comment.auto_comment = " ".join([*(c.message for c in jugement.criteres if c.message), *jugement.remarques])
        self.gradebook.db.commit()


def juger_tout(bareme: Bareme, recueil: Any, part: Part | None = None) -> tuple[list[Jugement], list[str]]:
    """A verdict per exercise, and what to say of copies that are not the class's. Where an answer could not be read, a
    blank is not a blank: it is left to the trainer."""
    reponses = {cle: Reponse.depuis_json(obj) for cle, obj in recueil["reponses"].items()}
    jugements, ecarts = [], []
    for exercice in bareme.exercices:
        reponse = reponses.get(exercice.id)
        exercice, doute = _de_la_session(exercice, reponse, recueil.get("graine", ""))
        if doute:
            jugements.append(a_verifier(exercice, doute))
            continue
        jugement, ecart = juger_en_classe(exercice, reponse, part) if part else (juger(exercice, reponse), "")
        ecarts += [ecart] if ecart else []
        if jugement.statut == "non_repondu" and reponse is None and recueil["problemes"]:
            jugement = a_verifier(exercice, "Une réponse de ce carnet n’a pas pu être lue ou a été écartée.")
        jugements.append(jugement)
    return jugements, ecarts


def _de_la_session(exercice: Exercice, reponse: Reponse | None, graine: str) -> tuple[Exercice, str]:
    """The quiz that the notebook's session draws; and a doubt when the questions answered are those of another."""
    if exercice.tirage is None or not graine:
        return exercice, ""
    if reponse is not None and reponse.valeurs and reponse.graine != graine:
        return exercice, "Les questions répondues ne sont pas celles de cette session : demandez à voir ce poste."
    try:
        return exercice.tire(graine), ""
    except ErreurFacturier:
        return exercice, ""


def _en_clair(phrase: str, bareme: Bareme) -> str:
    """The sentence with the titles of the exercises in place of their names in the key."""
    for ident, exercice in bareme.par_id.items():
        phrase = phrase.replace(f"« {ident} »", f"« {exercice.titre} »")
    return phrase


def _note(jugement: Jugement) -> float | None:
    """nbgrader has no word for « non répondu »: the gradebook holds 0 there, our results hold null."""
    if jugement.statut == "non_repondu":
        return 0.0
    return None if jugement.points is None else float(jugement.points)
