"""The forms of a page without a kernel: the same questions as in a notebook, drawn by the same renderer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import resources
from typing import Any

from facturier.champs import FormulaireDef, options
from facturier.ecrans import examen, questions
from facturier.ecrans.blocs import Bloc, Champs, Paragraphe
from facturier.ecrans.feuille import Feuille
from facturier.ecrans.rendu import Cadre, envelopper, rendre
from facturier.ecrans.vue import EtatChamp
from facturier.evaluation.items import A_SAISIR, PAR_LIGNES
from facturier.evaluation.reponses import CHAMP_VALEUR


class _FeuilleVide(Feuille):
    """A sheet that nobody has answered yet: what is typed stays with the page."""

    def __init__(self, enonce: Mapping[str, Any]) -> None:
        super().__init__(str(enonce["id"]), str(enonce["titre"]))
        self._items = questions_de(enonce)
        self._vides: dict[str, questions.Reponse] = {
            i["id"]: [] if i["genre"] in ("multiple", *PAR_LIGNES) else "" for i in self._items
        }

    def composer(self) -> Sequence[Bloc]:
        """The questions."""
        return questions.blocs(self._items, self._vides, effacer=False)

    def etats(self) -> Mapping[str, EtatChamp]:
        """Their fields, blank."""
        return questions.etats(self._items, self._vides)


class _Questionnaire(Feuille):
    """A form of fields that nobody has filled yet."""

    def __init__(self, definition: FormulaireDef) -> None:
        super().__init__(definition.id, definition.titre)
        self._definition = definition

    def composer(self) -> Sequence[Bloc]:
        """What is said first, then the fields."""
        return [*([Paragraphe(self._definition.intro)] if self._definition.intro else []), Champs()]

    def etats(self) -> Mapping[str, EtatChamp]:
        """The fields, blank."""
        definition = self._definition
        return {
            c.id: examen.etat(c, "", "", requis=False, choix=options(c) if c.choix else (), tu=definition.facultatif_tu)
            for c in definition.champs
        }


def questionnaire(definition: FormulaireDef) -> str:
    """A form of fields, to be filled in a browser."""
    cadre = Cadre(prefixe=definition.id, aide=False, bandeau=False)
    return envelopper(rendre(_Questionnaire(definition).vue(), cadre).html())


def dessiner(enonce: Mapping[str, Any]) -> str:
    """The form of a quiz, or of a value to hand in, from its public statement."""
    cadre = Cadre(prefixe=str(enonce["id"]), aide=False, bandeau=False)
    return envelopper(rendre(_FeuilleVide(enonce).vue(), cadre).html())


def questions_de(enonce: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The questions of a quiz; a value to hand in is one question."""
    if enonce["genre"] == "quiz":
        return tuple(enonce["items"])
    return ({"id": CHAMP_VALEUR, "genre": "nombre", "question": str(enonce.get("libelle") or enonce["titre"])},)


def lectures(enonce: Mapping[str, Any]) -> str:
    """How the page must be able to read what is typed, as JSON: genre and unit by question."""
    lues = {
        i["id"]: [i["genre"], i.get("unite", "")] for i in questions_de(enonce) if i["genre"] in (*A_SAISIR, "ordre")
    }
    return json.dumps(lues, ensure_ascii=False)


@lru_cache(maxsize=1)
def style() -> str:
    """The look of the screens."""
    return (resources.files("facturier.ecrans") / "ecran.css").read_text(encoding="utf-8")
