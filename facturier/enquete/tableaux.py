"""The synthesis for a spreadsheet: by statement its counts, then the texts; nobody's answers are side by side."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from facturier import classeurs
from facturier.champs.def_satisfaction import ACCORD, SANS_AVIS
from facturier.enquete.depouillement import Question, Synthese
from facturier.session import Session

COLONNES = (
    "Affirmation",
    *(mot for _, mot in ACCORD),
    SANS_AVIS[1],
    "Sans réponse",
    "Moyenne sur 4",
    "Part d’accord (%)",
)


def en_csv(session: Session, synthese: Synthese) -> str:
    """Statements, then texts, for a French spreadsheet; no cell can become a formula."""
    entete = [[nom, _ecrit(valeur)] for nom, valeur in _presentation(session, synthese)]
    lignes = [[_ecrit(valeur) for valeur in _ligne(question)] for question in synthese.questions]
    textes = [[libelle, texte] for _, libelle, lus in synthese.textes for texte in lus]
    return classeurs.en_csv([*entete, [], COLONNES, *lignes, [], ("Question", "Réponse libre"), *textes])


def en_classeur(session: Session, synthese: Synthese) -> bytes:
    """The same in three sheets, figures as figures."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    livre = Workbook()
    premiere = livre.active
    premiere.title = "Session"
    textes = [(libelle, texte) for _, libelle, lus in synthese.textes for texte in lus]
    for feuille, rangees, largeurs in (
        (premiere, _presentation(session, synthese), (34, 90)),
        (livre.create_sheet("Affirmations"), [COLONNES, *map(_ligne, synthese.questions)], (70, *[14] * 8)),
        (livre.create_sheet("Réponses libres"), [("Question", "Réponse libre"), *textes], (34, 110)),
    ):
        classeurs.poser(feuille, [[_valeur(cellule) for cellule in rangee] for rangee in rangees])
        for place, large in enumerate(largeurs):
            feuille.column_dimensions["ABCDEFGHI"[place]].width = large
        for cases in feuille.iter_rows():
            for case in cases:
                case.alignment = Alignment(wrap_text=True, vertical="top")
                case.font = Font(bold=case.row == 1 and feuille is not premiere)
    return classeurs.octets_de(livre)


def _presentation(session: Session, synthese: Synthese) -> list[tuple[str, Any]]:
    return [
        ("Formation", session.intitule),
        ("Session", session.id),
        ("Date", session.jour.strftime("%d/%m/%Y")),
        ("Formateur", session.formateur),
        ("Avis reçus", synthese.avis),
        ("Participants", synthese.effectif),
        ("Taux de réponse (%)", synthese.taux),
        *(("À lire", note) for note in synthese.notes),
    ]


def _ligne(question: Question) -> tuple[Any, ...]:
    return (
        question.libelle,
        *question.effectifs,
        question.sans_avis,
        question.sans_reponse,
        question.moyenne,
        question.accord,
    )


def _valeur(cellule: Any) -> Any:
    return float(cellule) if isinstance(cellule, Decimal) else cellule


def _ecrit(valeur: Any) -> str:
    return "" if valeur is None else str(valeur).replace(".", ",") if isinstance(valeur, Decimal) else str(valeur)
