"""The sheets of a notebook, made ready: what holds the answers, and what shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from facturier.champs import SATISFACTION, FormulaireDef
from facturier.formulaires.feuille_avis import FeuilleAvis
from facturier.formulaires.feuille_formulaire import FeuilleFormulaire
from facturier.formulaires.feuille_quiz import FeuilleQuiz
from facturier.formulaires.feuilles_gestes import FeuilleAide, FeuilleRecommencer, FeuilleRendu
from facturier.formulaires.memoire import Memoire
from facturier.formulaires.modele import ModeleFormulaire
from facturier.formulaires.parcours import prenom
from facturier.formulaires.quiz import ModeleQuiz
from facturier.formulaires.rendu import Rendu
from facturier.formulaires.vue_feuille import VueFeuille

Aide = Callable[[], str]


def quiz(enonce: Mapping[str, Any], memoire: Memoire, aide: Aide) -> tuple[ModeleQuiz, VueFeuille]:
    """The quiz of that statement."""
    modele = ModeleQuiz(dict(enonce), memoire)
    return modele, VueFeuille(FeuilleQuiz(modele), memoire, demander_aide=aide)


def questionnaire(definition: FormulaireDef, memoire: Memoire) -> tuple[ModeleFormulaire, VueFeuille]:
    """A form that deposits nothing."""
    modele = ModeleFormulaire(definition, memoire)
    return modele, VueFeuille(FeuilleFormulaire(modele), memoire)


def satisfaction(memoire: Memoire, dossier: Path) -> tuple[ModeleFormulaire, VueFeuille]:
    """The survey that closes the day; its file goes in that folder."""
    modele = ModeleFormulaire(SATISFACTION, memoire)
    return modele, VueFeuille(FeuilleAvis(modele, memoire, dossier), memoire)


def depot(modele: ModeleFormulaire, memoire: Memoire, aide: Aide | None = None) -> VueFeuille:
    """What shows a deposit form, under the portal's banner."""
    return VueFeuille(FeuilleFormulaire(modele), memoire, demander_aide=aide, portail=True)


def besoin_aide(memoire: Memoire, prevenir: Aide | None) -> VueFeuille:
    """The button « J’ai besoin d’aide »; ``prevenir`` tells the trainer."""
    return VueFeuille(FeuilleAide(memoire, prevenir=prevenir))


def rendre(dossier: Path) -> VueFeuille:
    """Where the work of that folder stands, and the button that hands it in."""
    return VueFeuille(FeuilleRendu(Rendu(dossier), lambda: prenom(dossier)))


def recommencer(vider: Callable[[], int]) -> VueFeuille:
    """The button that empties a notebook's forms."""
    return VueFeuille(FeuilleRecommencer(vider))
