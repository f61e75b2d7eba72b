"""What the report notebooks show: accessible tables and one drawing, from a flat table of judged criteria."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facturier.evaluation.resultats import MOTS, QUIZ_ENTREE, QUIZ_SORTIE

if TYPE_CHECKING:
    import pandas as pd
    from IPython.display import HTML

COLONNES = ("apprenant", "chapitre", "exercice", "critere", "libelle", "objectif", "points", "sur", "statut", "message")


def charger(detail: str) -> pd.DataFrame:
    """One row per judged criterion, columns :data:`COLONNES`; points are floats here, for averages and drawings only.

    ``detail`` is the path of ``resultats_detail.json``.
    """
    import pandas as pd

    document = json.loads(Path(detail).read_text(encoding="utf-8"))
    lignes = [
        {
            "apprenant": apprenant["id"],
            "chapitre": chapitre,
            "exercice": jugement["exercice"],
            "critere": critere["id"],
            "libelle": critere["libelle"],
            "objectif": critere["objectif"],
            "points": float(critere["points"]),
            "sur": float(critere["sur"]),
            "statut": critere["statut"],
            "message": critere["message"],
        }
        for apprenant in document["apprenants"]
        for chapitre, rendu in apprenant["chapitres"].items()
        for jugement in rendu["exercices"]
        if jugement["points"] is not None
        for critere in jugement["criteres"]
    ]
    return pd.DataFrame(lignes, columns=list(COLONNES))


def progression(notes: pd.DataFrame, titre: str) -> HTML:
    """Entry and exit quiz per objective, in percent: a drawing and the same figures as a table."""
    parts = part_par_objectif(notes)
    if parts.empty:
        return _html("<p>Aucun quiz n’a été rendu : la progression ne peut pas être dessinée.</p>")
    rangs = [
        [
            _objectif(objectif),
            _pourcent(ligne["entree"]),
            _pourcent(ligne["sortie"]),
            _ecart(ligne["sortie"] - ligne["entree"]),
        ]
        for objectif, ligne in parts.iterrows()
    ]
    entetes = ["Objectif", "Entrée", "Sortie", "Progression"]
    return _html(dessin(parts, titre) + table_html(titre, entetes, rangs))


def part_par_objectif(notes: pd.DataFrame) -> pd.DataFrame:
    """Index: objective; columns ``entree`` and ``sortie``, share of the points earned (0 to 1, NaN when not taken)."""
    import pandas as pd

    quiz = notes[notes["chapitre"].isin([QUIZ_ENTREE, QUIZ_SORTIE])]
    sommes = quiz.groupby(["objectif", "chapitre"])[["points", "sur"]].sum()
    parts = (sommes["points"] / sommes["sur"]).unstack("chapitre")
    parts = parts.reindex(columns=pd.Index([QUIZ_ENTREE, QUIZ_SORTIE]))
    parts.columns = pd.Index(["entree", "sortie"])
    return parts.sort_index()


def reussite_par_question(notes: pd.DataFrame) -> pd.DataFrame:
    """Columns chapitre, libelle, n, reussite: what the class missed most comes first (n is small: read with care)."""
    groupes = notes.groupby(["chapitre", "libelle"], sort=True)
    table = groupes.agg(n=("points", "size"), points=("points", "sum"), sur=("sur", "sum")).reset_index()
    table["reussite"] = table["points"] / table["sur"]
    return table.sort_values(["reussite", "chapitre", "libelle"])[["chapitre", "libelle", "n", "reussite"]]


def questions(notes: pd.DataFrame) -> HTML:
    """The class's success per question, least successful first, the ten worst."""
    pires = reussite_par_question(notes).head(10).to_dict("records")
    rangs = [[r["libelle"], _titre(r["chapitre"]), r["n"], _pourcent(r["reussite"])] for r in pires]
    return _html(
        table_html("Part des points obtenus", ["Question ou critère", "Chapitre", "Copies", "Réussite"], rangs)
    )


def classe(detail: str) -> HTML:
    """One row per learner, one column per chapter: points, or the word that says why there are none."""
    document = json.loads(Path(detail).read_text(encoding="utf-8"))
    chapitres = list(dict.fromkeys(c for a in document["apprenants"] for c in a["exercices"]))
    rangs = [
        [a["id"], MOTS[a["statut"]], *(_case(a["exercices"].get(c)) for c in chapitres)] for a in document["apprenants"]
    ]
    return _html(table_html("Résultats de la classe", ["Apprenant", "Copie", *map(_titre, chapitres)], rangs))


def resultats(detail: str, apprenant: str) -> HTML:
    """The chapters of one learner: points and status in words."""
    document = json.loads(Path(detail).read_text(encoding="utf-8"))
    (fiche,) = (a for a in document["apprenants"] if a["id"] == apprenant)
    rangs = [[_titre(chapitre), _case(rendu)] for chapitre, rendu in fiche["exercices"].items()]
    return _html(table_html(f"Résultats de {apprenant}", ["Chapitre", "Résultat"], rangs))


def a_revoir(notes: pd.DataFrame) -> HTML:
    """The criteria of one learner that are not right, each with its advice."""
    manques = notes[notes["statut"] != "juste"]
    if manques.empty:
        return _html("<p>Rien à revoir : tout est juste.</p>")
    rangs = [[r["libelle"], MOTS[r["statut"]], r["message"]] for r in manques.to_dict("records")]
    return _html(table_html("Points à revoir", ["Question ou critère", "Réponse", "Ce qu’il faut retenir"], rangs))


def table_html(legende: str, entetes: list[str], rangs: list[list[Any]]) -> str:
    """A table that a screen reader can walk: caption, column scopes, the first cell as the row's header."""
    tete = "".join(f'<th scope="col">{escape(e)}</th>' for e in entetes)
    corps = "".join(
        "<tr>"
        + f'<th scope="row">{escape(str(r[0]))}</th>'
        + "".join(f"<td>{escape(str(c))}</td>" for c in r[1:])
        + "</tr>"
        for r in rangs
    )
    return f"<table><caption>{escape(legende)}</caption><thead><tr>{tete}</tr></thead><tbody>{corps}</tbody></table>"


def dessin(parts: pd.DataFrame, titre: str) -> str:
    """Two bars per objective, as SVG: entry hatched, exit solid, values written, so that colour is never alone."""
    largeur, haut, gauche = 640, 64, 60
    echelle = largeur - gauche - 70
    morceaux, phrases = [], []
    for rang, (objectif, ligne) in enumerate(parts.iterrows()):
        y = 30 + rang * haut
        morceaux.append(f'<text x="0" y="{y + 26}" font-weight="bold">{escape(str(objectif))}</text>')
        for decalage, nom, mot in ((0, "entree", "entrée"), (24, "sortie", "sortie")):
            part = ligne[nom]
            connu = part == part  # NaN: the quiz was not taken
            long = echelle * part if connu else 0
            remplissage = "url(#hachures)" if nom == "entree" else "#1f4e9e"
            morceaux.append(
                f'<rect x="{gauche}" y="{y + decalage}" width="{long:.1f}" height="18" fill="{remplissage}" '
                'stroke="#1f4e9e"/>'
                f'<text x="{gauche + long + 6:.1f}" y="{y + decalage + 14}">{_pourcent(part)} {mot}</text>'
            )
        phrases.append(f"{objectif} : entrée {_pourcent(ligne['entree'])}, sortie {_pourcent(ligne['sortie'])}")
    total = 30 + len(parts) * haut
    return (
        f'<svg viewBox="0 0 {largeur + 40} {total}" role="img" aria-labelledby="t-prog d-prog" '
        f'font-family="sans-serif" font-size="14" style="max-width:44rem;width:100%">'
        f'<title id="t-prog">{escape(titre)}</title>'
        f'<desc id="d-prog">{escape(" ; ".join(phrases))}.</desc>'
        '<defs><pattern id="hachures" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="6" height="6" fill="#fff"/><rect width="2" height="6" fill="#1f4e9e"/></pattern></defs>'
        + "".join(morceaux)
        + "</svg>"
    )


def _titre(slug: str) -> str:
    """A chapter's title; its slug when the key came with chapters of its own."""
    from facturier import contenu

    return next((c.titre for c in contenu.chapitres() if c.slug == slug), slug)


def _objectif(code: Any) -> str:
    from facturier import contenu

    return f"{code} : {contenu.objectifs()[code]}" if code in contenu.objectifs() else str(code)


def _case(rendu: dict[str, Any] | None) -> str:
    if rendu is None:
        return MOTS["absent"]
    if rendu["points"] is None:
        return MOTS[rendu["statut"]]
    return f"{_nombre(rendu['points'])} / {_nombre(rendu['sur'])}"


def _nombre(valeur: Any) -> str:
    return f"{float(valeur):g}".replace(".", ",")


def _html(texte: str) -> HTML:
    from IPython.display import HTML

    return HTML(texte)


def _pourcent(part: float) -> str:
    return "non passé" if part != part else f"{part * 100:.0f} %"


def _ecart(ecart: float) -> str:
    if ecart != ecart:
        return "—"
    points = round(ecart * 100)
    return "stable" if points == 0 else f"{points:+d} points".replace("-", "−")
