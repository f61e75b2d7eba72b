"""What a trainer does next: whom to look at first, and what to teach again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from facturier.evaluation.resultats import QUIZ_ENTREE
from facturier.fabrique.rapports import figures
from facturier.fabrique.rapports.lecture import document, jugees, ordre_du_jour, titre

if TYPE_CHECKING:
    import pandas as pd
    from IPython.display import HTML

PLUS_BAS = 2
"""A fall from the entry quiz to the exit quiz is told from this many points on: one question says nothing."""
QUESTIONS = 10


def qui_regarder(detail: str) -> HTML:
    """Each learner who needs the trainer, the most pressing first, with the reasons."""
    lu = document(detail)
    rendus = {c for a in lu["apprenants"] for c, r in a["exercices"].items() if r["statut"] != "absent"}
    trouves = [(a, raisons(a, rendus)) for a in lu["apprenants"]]
    rangs = [
        [figures.nom_et_bilan(lu, a["id"]), Markup("<br>").join(phrase for _, phrase in sorted(motifs))]
        for a, motifs in sorted(trouves, key=lambda t: min((r for r, _ in t[1]), default=9))
        if motifs
    ]
    if not rangs:
        return figures.page("<p>Personne : toutes les copies sont complètes et jugées.</p>")
    return figures.page(figures.table_html("Le plus pressant d’abord", ["Apprenant", "Pourquoi"], rangs))


def a_savoir(detail: str) -> HTML:
    """What was set aside or repaired while collecting, and what changed since a former marking."""
    lu = document(detail)
    phrases = [*lu.get("avis", []), *(f"{a['id']} : {r}" for a in lu["apprenants"] for r in a["remarques"])]
    if not phrases:
        return figures.page("<p>Rien de particulier : tous les fichiers ont été lus tels quels.</p>")
    return figures.page(f"<ul>{''.join(f'<li>{Markup.escape(p)}</li>' for p in phrases)}</ul>")


def raisons(apprenant: dict[str, Any], rendus: set[str]) -> list[tuple[int, str]]:
    """Why this learner needs the trainer, each with its rank (0 is the most pressing).

    Args:
        rendus: the chapters that somebody of the class handed in; the others are not due yet.
    """
    if apprenant["statut"] == "absent":
        return [(2, "Aucun rendu : relancez cette personne.")]
    exercices = apprenant["exercices"]
    dus = [c for c in ordre_du_jour(exercices) if c in rendus]
    grave = 0 if apprenant["statut"] == "erreur_technique" else 1
    motifs = [(grave, phrase) for phrase in apprenant["problemes"]]
    for chapitre in dus:
        for jugement in apprenant["chapitres"][chapitre]["exercices"]:
            if jugement["statut"] in ("a_verifier", "erreur_technique"):
                motifs += [(grave, f"{titre(chapitre)} : {phrase}") for phrase in jugement["remarques"]]
    for rang, statut, phrase in ((2, "absent", "Pas de copie"), (3, "non_repondu", "Copie rendue vide")):
        if manquent := [titre(c) for c in dus if exercices[c]["statut"] == statut]:
            motifs.append((rang, f"{phrase} : {', '.join(manquent)}."))
    for chapitre in dus:
        note = exercices[chapitre]
        if chapitre != QUIZ_ENTREE and note["points"] is not None and note["points"] * 2 < note["sur"]:
            motifs.append(
                (4, f"Moins de la moitié des points : {titre(chapitre)} ({figures.sur(note['points'], note['sur'])}).")
            )
    entree, sortie = apprenant["entree"], apprenant["sortie"]
    if entree is not None and sortie is not None and entree - sortie >= PLUS_BAS:
        motifs.append(
            (
                4,
                f"Quiz de sortie sous celui d’entrée ({figures.nombre(sortie)} après {figures.nombre(entree)}).",
            )
        )
    return list(dict.fromkeys(motifs))


def a_reprendre(notes: pd.DataFrame) -> HTML:
    """What the class missed most: how many, who, and the misconception met most often.

    The entry quiz counts only until something of the afternoon is handed in: it says what to teach, not what to repeat.
    """
    faites = jugees(notes)
    soir = faites[faites["chapitre"] != QUIZ_ENTREE]
    retenues = faites if soir.empty else soir
    if retenues.empty:
        return figures.page("<p>Aucune réponse n’a encore été jugée.</p>")
    rangs: list[tuple[int, int, str, str, list[str], Any]] = []
    for (chapitre, libelle), groupe in retenues.groupby(["chapitre", "libelle"], sort=False):
        manques = groupe[groupe["statut"] != "juste"]
        if not manques.empty:
            messages = manques.loc[manques["statut"] != "non_repondu", "message"]
            rangs.append(
                (len(manques), len(groupe), str(chapitre), str(libelle), sorted(manques["apprenant"]), messages)
            )
    if not rangs:
        return figures.page("<p>Rien : tout est juste.</p>")
    pires = sorted(rangs, key=lambda r: -r[0] / r[1])[:QUESTIONS]
    quoi = "Quiz de sortie et exercices" if retenues is soir else "Quiz d’entrée : de quoi orienter la journée"
    lignes = [
        [
            libelle,
            titre(chapitre),
            f"{combien} sur {total}",
            ", ".join(qui),
            messages.mode().iloc[0] if len(messages) else "Personne n’a répondu.",
        ]
        for combien, total, chapitre, libelle, qui, messages in pires
    ]
    entetes = ["Question ou critère", "Chapitre", "Manqué par", "Qui", "Le retour le plus fréquent"]
    return figures.page(
        "<p>Avec si peu d’apprenants, lisez ces nombres comme des pistes, non comme des statistiques.</p>"
        + figures.table_html(quoi, entetes, lignes)
    )
