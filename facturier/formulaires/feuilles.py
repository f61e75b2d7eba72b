"""The sheets of a notebook, made ready: what holds the answers, and what shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from facturier.champs import ACCUEIL, SATISFACTION, Champ, FormulaireDef
from facturier.evaluation.reponses import CHAMP_VALEUR
from facturier.formulaires.espace import Espace
from facturier.formulaires.feuille_avis import FeuilleAvis
from facturier.formulaires.feuille_formulaire import FeuilleFormulaire
from facturier.formulaires.feuille_quiz import FeuilleQuiz
from facturier.formulaires.feuilles_gestes import FeuilleAide, FeuilleRecommencer, FeuilleRendu
from facturier.formulaires.memoire import Memoire
from facturier.formulaires.modele import ModeleFormulaire
from facturier.formulaires.parcours import prenom
from facturier.formulaires.quiz import ModeleQuiz
from facturier.formulaires.rendu import Rendu
from facturier.formulaires.valeur import TEXTE_MAX
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


def accueil(memoire: Memoire) -> tuple[ModeleFormulaire, VueFeuille]:
    """The first form of the day."""
    return questionnaire(ACCUEIL, memoire)


def satisfaction(memoire: Memoire, ici: Espace) -> tuple[ModeleFormulaire, VueFeuille]:
    """The survey that closes the day; its file goes in the folder of that place."""
    modele = ModeleFormulaire(SATISFACTION, memoire)
    return modele, VueFeuille(FeuilleAvis(modele, memoire, ici.dossier, partage=bool(ici.apprenant)), memoire)


def depot(modele: ModeleFormulaire, memoire: Memoire, aide: Aide | None = None) -> VueFeuille:
    """What shows a deposit form, under the portal's banner."""
    return VueFeuille(FeuilleFormulaire(modele), memoire, demander_aide=aide, portail=True)


def valeur(enonce: Mapping[str, Any], memoire: Memoire) -> tuple[ModeleFormulaire, VueFeuille]:
    """The field of an exercise answered by a line of code, for who sees no code."""
    libelle = str(enonce.get("libelle") or "Votre réponse")
    champ = Champ(CHAMP_VALEUR, libelle, obligatoire=True, longueur_max=TEXTE_MAX)
    return questionnaire(FormulaireDef(str(enonce["id"]), str(enonce["titre"]), (champ,)), memoire)


def besoin_aide(memoire: Memoire, prevenir: Aide | None, *, page: bool = False) -> VueFeuille:
    """The button « J’ai besoin d’aide »; ``prevenir`` tells the trainer."""
    return VueFeuille(FeuilleAide(memoire, prevenir=prevenir, page=page))


def rendre(ici: Espace) -> VueFeuille:
    """Where the work of that place stands, and the button that hands it in."""
    rendu = Rendu(ici.dossier, apprenant=ici.apprenant)
    return VueFeuille(FeuilleRendu(rendu, lambda: prenom(ici.dossier, ici.apprenant), page=ici.page))


def recommencer(vider: Callable[[], int]) -> VueFeuille:
    """The button that empties a notebook's forms."""
    return VueFeuille(FeuilleRecommencer(vider))
