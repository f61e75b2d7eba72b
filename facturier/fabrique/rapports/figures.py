"""What the report notebooks show: accessible tables and one drawing, from a flat table of judged criteria."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from markupsafe import Markup, escape

from facturier.evaluation.resultats import MOTS, QUIZ_ENTREE, QUIZ_SORTIE
from facturier.fabrique.rapports.lecture import aux_deux_quiz, document, jugees, ordre_du_jour, titre

if TYPE_CHECKING:
    import pandas as pd
    from IPython.display import HTML


def presentation(apprenant: str) -> HTML:
    """Whose report it is, and how to read it."""
    return page(
        f"<p><strong>{escape(apprenant)}</strong>, voici ce que montrent vos réponses, et ce que vous pouvez en faire. "
        "Une question laissée vide n’est pas comptée comme une erreur.</p>"
    )


def progression(notes: pd.DataFrame, titre_dessin: str) -> HTML:
    """Entry and exit quiz per objective, in percent: a drawing and the same figures as a table."""
    parts = part_par_objectif(notes)
    if parts.empty:
        return page("<p>Aucune réponse aux deux quiz : il n’y a pas de progression à dessiner.</p>")
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
    return page(f"<figure>{dessin(parts, titre_dessin)}{table_html(titre_dessin, entetes, rangs)}</figure>")


def progression_classe(notes: pd.DataFrame) -> HTML:
    """The progress of those who answered both quizzes; of the others, only how many they are."""
    qui = aux_deux_quiz(notes)
    if not qui:
        faits = part_par_objectif(notes)
        if faits.empty:
            return page("<p>Aucun quiz n’a encore été rempli : il n’y a pas de progression à dessiner.</p>")
        return progression(notes, "Un seul des deux quiz est rempli : la progression viendra avec l’autre")
    combien = f"{len(qui)} apprenants, ceux" if len(qui) > 1 else "1 apprenant, le seul"
    return progression(
        notes[notes["apprenant"].isin(qui)],
        f"{combien} qui {'ont' if len(qui) > 1 else 'a'} répondu aux deux quiz",
    )


def part_par_objectif(notes: pd.DataFrame) -> pd.DataFrame:
    """Index: objective; columns ``entree`` and ``sortie``, share of the points earned (0 to 1, NaN when not taken)."""
    import pandas as pd

    faites = jugees(notes)
    quiz = faites[faites["chapitre"].isin([QUIZ_ENTREE, QUIZ_SORTIE])]
    sommes = quiz.groupby(["objectif", "chapitre"])[["points", "sur"]].sum()
    parts = (sommes["points"] / sommes["sur"]).unstack("chapitre")
    parts = parts.reindex(columns=pd.Index([QUIZ_ENTREE, QUIZ_SORTIE]))
    parts.columns = pd.Index(["entree", "sortie"])
    return parts.sort_index()


def classe(detail: str) -> HTML:
    """Points of each learner in each chapter, or the word that says why there are none; each leads to its paper.

    The longer of the two lists goes down the page, the shorter across: it fits a screen, and a sheet.
    """
    lu = document(detail)
    chapitres = ordre_du_jour(c for a in lu["apprenants"] for c in a["exercices"])
    retours = lu.get("fichiers", {}).get("retours", {})
    grille: list[list[Any]] = [["Apprenant", "Copie", *map(titre, chapitres)]]
    for a in lu["apprenants"]:
        copies, cases = retours.get(a["id"], {}), [_case(a["exercices"].get(c)) for c in chapitres]
        grille.append(
            [
                nom_et_bilan(lu, a["id"]),
                MOTS[a["statut"]],
                *(lien(copies[c], mot) if c in copies else mot for c, mot in zip(chapitres, cases, strict=True)),
            ]
        )
    if len(grille) < len(grille[0]):
        grille = [list(rang) for rang in zip(*grille, strict=True)]
    return page(table_html("Résultats de la classe", grille[0], grille[1:]))


def resultats(detail: str, apprenant: str) -> HTML:
    """The chapters of one learner: points and status in words."""
    (fiche,) = (a for a in document(detail)["apprenants"] if a["id"] == apprenant)
    rangs = [[titre(chapitre), _case(fiche["exercices"][chapitre])] for chapitre in ordre_du_jour(fiche["exercices"])]
    return page(table_html("Points obtenus", ["Chapitre", "Résultat"], rangs))


def a_revoir(notes: pd.DataFrame) -> HTML:
    """What one learner can look at again, chapter by chapter: answers to review, blanks, what the trainer will read."""
    morceaux = []
    for chapitre in ordre_du_jour(notes["chapitre"]):
        ici = notes[notes["chapitre"] == chapitre]
        if texte := _a_revoir_ici(ici):
            morceaux.append(f"<h3>{escape(titre(chapitre))}</h3>{texte}")
    if not morceaux:
        return page(
            "<p>Rien à revoir : toutes vos réponses sont justes.</p>"
            if len(notes)
            else "<p>Aucune de vos réponses n’a pu être lue : voyez votre formateur.</p>"
        )
    return page("".join(morceaux))


def _a_revoir_ici(ici: pd.DataFrame) -> str:
    texte = ""
    manques = ici[ici["statut"].isin(["partiel", "faux"])].to_dict("records")
    if manques:
        rangs = [[r["libelle"], MOTS[r["statut"]], r["message"]] for r in manques]
        texte += table_html(
            "Réponses à revoir", ["Question ou critère", "Votre réponse", "Ce qu’il faut retenir"], rangs
        )
    if (ici["etat"] == "non_repondu").all():
        return "<p>Vous n’avez rien répondu ici. Rouvrez le carnet quand vous voulez : l’exercice reste à faire.</p>"
    vides = ici[(ici["statut"] == "non_repondu") & (ici["etat"] != "a_verifier")]
    if not vides.empty:
        puces = "".join(f"<li>{escape(v)}</li>" for v in vides["libelle"])
        texte += f"<p>Sans réponse :</p><ul>{puces}</ul>"
    if (ici["etat"] == "a_verifier").any():
        texte += (
            "<p>Votre formateur doit relire une partie de cette copie : ce n’est ni juste ni faux pour l’instant.</p>"
        )
    return texte


def nom_et_bilan(lu: dict[str, Any], apprenant: str) -> Markup:
    """The learner's name, linked to their own report when there is one."""
    bilan = lu.get("fichiers", {}).get("bilans", {}).get(apprenant)
    return lien(bilan, apprenant) if bilan else escape(apprenant)


def lien(chemin: str, texte: str) -> Markup:
    """A link to a file beside the report."""
    return Markup('<a href="{}">{}</a>').format(quote(chemin), texte)


def table_html(legende: str, entetes: Sequence[Any], rangs: list[list[Any]]) -> str:
    """A table that a screen reader can walk: caption, column scopes, the first cell as the row's header.

    Too wide for the page, it scrolls in its own frame, that the keyboard reaches.
    """
    tete = "".join(f'<th scope="col">{escape(e)}</th>' for e in entetes)
    corps = "".join(
        "<tr>" + f'<th scope="row">{escape(r[0])}</th>' + "".join(f"<td>{escape(c)}</td>" for c in r[1:]) + "</tr>"
        for r in rangs
    )
    return (
        f'<div class="cadre" role="region" aria-label="{escape(legende)}" tabindex="0"><table>'
        f"<caption>{escape(legende)}</caption><thead><tr>{tete}</tr></thead><tbody>{corps}</tbody></table></div>"
    )


def dessin(parts: pd.DataFrame, titre_dessin: str) -> str:
    """Two bars per objective, as SVG: entry hatched, exit solid, values written, so that colour is never alone."""
    largeur, haut, gauche = 640, 82, 0
    echelle = largeur - 110
    morceaux, phrases = [], []
    for rang, (objectif, ligne) in enumerate(parts.iterrows()):
        y = 24 + rang * haut
        morceaux.append(f'<text x="0" y="{y - 8}" font-weight="bold">{escape(_objectif(objectif))}</text>')
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
    total = len(parts) * haut
    return (
        f'<svg viewBox="0 0 {largeur} {total}" role="img" aria-labelledby="t-prog d-prog" '
        f'font-family="sans-serif" font-size="14" style="max-width:44rem;width:100%">'
        f'<title id="t-prog">{escape(titre_dessin)}</title>'
        f'<desc id="d-prog">{escape(" ; ".join(phrases))}.</desc>'
        '<defs><pattern id="hachures" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="6" height="6" fill="#fff"/><rect width="2" height="6" fill="#1f4e9e"/></pattern></defs>'
        + "".join(morceaux)
        + "</svg>"
    )


def _objectif(code: Any) -> str:
    from facturier import contenu

    return f"{code} : {contenu.objectifs()[code]}" if code in contenu.objectifs() else str(code)


def _case(rendu: dict[str, Any] | None) -> str:
    if rendu is None:
        return MOTS["absent"]
    if rendu["points"] is None:
        return MOTS[rendu["statut"]]
    return sur(rendu["points"], rendu["sur"])


def sur(points: Any, total: Any) -> str:
    """« 7,5 / 12 », in one piece."""
    return f"{nombre(points)}\u00a0/\u00a0{nombre(total)}"


def nombre(valeur: Any) -> str:
    """A number as French writes it."""
    return f"{float(valeur):g}".replace(".", ",")


def page(texte: str) -> HTML:
    """A piece of report, as Jupyter shows it."""
    from IPython.display import HTML

    return HTML(texte)


def _pourcent(part: float) -> str:
    return "non passé" if part != part else f"{part * 100:.0f} %"


def _ecart(ecart: float) -> str:
    if ecart != ecart:
        return "—"
    points = round(ecart * 100)
    return "stable" if points == 0 else f"{points:+d} points".replace("-", "−")
