"""The satisfaction survey on paper: the sheet that participants fill, and what their answers add up to."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from facturier.champs import SATISFACTION
from facturier.champs.def_satisfaction import ACCORD, SANS_AVIS
from facturier.documents.seance import Bloc, imprimer_papier, jour_dit
from facturier.enquete.avis import AFFIRMATIONS, LIBRES
from facturier.enquete.depouillement import Question, Synthese
from facturier.enquete.tableaux import COLONNES
from facturier.session import Session

PAPIER = "satisfaction-papier"
SYNTHESE = "satisfaction-synthese"
_DEGRES = tuple(mot for _, mot in (*ACCORD, SANS_AVIS))
_ECRITURES = ("LATIN", "GREEK", "CYRILLIC")
"""What the bundled typeface draws; a character that it does not draw would stop the printing."""
_SIGNES = "€£°§«»–—‘’“”…•·×÷±½¼¾→←≤≥≠№©®™²³\u00a0\u202f\ufffd"
_LONG = re.compile(r"\S{40}")


def papier(session: Session, *, gros: bool = False) -> bytes:
    """The sheet to fill: no name is asked, nothing tells one sheet from another."""
    blocs: list[Bloc] = [
        _texte(f"{session.intitule}, {jour_dit(session)}. Formateur : {session.formateur}."),
        _texte(
            "Cochez une case par ligne ; laissez vide ce que vous ne souhaitez pas dire. N’écrivez ni votre nom, ni "
            "celui de quelqu’un. Remettez la feuille pliée, avec celles des autres."
        ),
        {
            "genre": "cases",
            "colonnes": ["Affirmation", *_DEGRES],
            "lignes": [champ.libelle for champ in AFFIRMATIONS],
        },
        *({"genre": "zone", "texte": champ.libelle, "hauteur": 40 if not gros else 60} for champ in LIBRES),
    ]
    return imprimer_papier(session, SATISFACTION.titre, "Enquête de satisfaction", blocs, gros=gros)


def synthese(session: Session, lue: Synthese) -> bytes:
    """What the answers add up to: response rate, each statement, the free texts."""
    recus = f"{lue.avis} sur {lue.effectif} participants ({lue.taux} %)" if lue.effectif else f"{lue.avis}"
    ensemble = lue.ensemble
    blocs: list[Bloc] = [
        {
            "genre": "fiche",
            "paires": [
                ["Formation", session.intitule],
                ["Date", jour_dit(session)],
                ["Formateur", session.formateur],
                ["Avis reçus", recus],
                ["Satisfaction d’ensemble", _ensemble(ensemble)],
            ],
        },
        *(_texte(f"À lire : {note}") for note in lue.notes),
        _titre("Les affirmations"),
        {
            "genre": "repartition",
            "colonnes": list(COLONNES),
            "rangees": [_rangee(question) for question in lue.questions],
            "parts": [_parts(question, lue.avis) for question in lue.questions],
        },
        _texte(
            "La moyenne va de 1 (pas du tout d’accord) à 4 (tout à fait d’accord) ; « sans avis » et les cases vides "
            "n’y comptent pas. La part d’accord réunit « tout à fait » et « plutôt d’accord »."
        ),
    ]
    blocs.append(
        _texte(
            "Les réponses libres sont recopiées telles quelles, rangées par ordre alphabétique et non par personne. "
            "Relisez-les avant de les transmettre : l’une d’elles peut nommer quelqu’un."
        )
    )
    for _, libelle, textes in lue.textes:
        blocs += [_titre(libelle), _liste(textes) if textes else _texte("Personne n’a répondu à cette question.")]
    return imprimer_papier(session, "Synthèse des avis", "Enquête de satisfaction", blocs, paysage=True)


def imprimable(texte: str) -> str:
    """The text with what the typeface does not draw replaced, and places where an endless word may be cut."""
    propre = "".join(c if _dessine(c) else "\ufffd" for c in unicodedata.normalize("NFC", texte))
    return _LONG.sub(lambda mot: f"{mot[0]}\u200b", propre)


def _dessine(caractere: str) -> bool:
    if " " <= caractere <= "\u017f" and caractere.isprintable():
        return True
    nom = unicodedata.name(caractere, "")
    return caractere in _SIGNES or (caractere < "\u0500" and nom.startswith(_ECRITURES))


def _rangee(question: Question) -> list[str]:
    return [
        question.libelle,
        *(str(nombre) for nombre in question.effectifs),
        str(question.sans_avis),
        str(question.sans_reponse),
        _nombre(question.moyenne),
        _nombre(question.accord),
    ]


def _parts(question: Question, avis: int) -> list[int]:
    """How dark each cell is: the share of that degree, nothing for the columns that are no degree."""
    return [*(100 * nombre // avis if avis else 0 for nombre in question.effectifs), 0, 0, 0, 0]


def _ensemble(question: Question) -> str:
    if question.moyenne is None:
        return "personne n’a répondu à cette question"
    return f"{_nombre(question.moyenne)} sur 4 ; {_nombre(question.accord)} % d’accord"


def _nombre(valeur: Any) -> str:
    return "–" if valeur is None else str(valeur).replace(".", ",")


def _titre(texte: str) -> Bloc:
    return {"genre": "titre", "texte": texte}


def _texte(texte: str) -> Bloc:
    return {"genre": "texte", "texte": texte}


def _liste(lignes: Sequence[str]) -> Bloc:
    return {"genre": "liste", "lignes": [imprimable(ligne) for ligne in lignes]}
