"""The satisfaction survey that participants fill at the end of the day; nothing in it is graded."""

from __future__ import annotations

from facturier.champs.fiches import Champ, FormulaireDef

ACCORD = (
    ("4", "Tout à fait d’accord"),
    ("3", "Plutôt d’accord"),
    ("2", "Plutôt pas d’accord"),
    ("1", "Pas du tout d’accord"),
)
"""Four degrees, no middle: each answer leans one way. The code is what a summary averages."""


def _avis(nom: str, libelle: str) -> Champ:
    return Champ(nom, libelle, genre="choix", choix=ACCORD, presentation="radios")


SATISFACTION = FormulaireDef(
    id="satisfaction",
    titre="Votre avis sur la journée",
    intro=(
        "Rien n’est obligatoire, rien n’est noté. Vos réponses partent avec votre travail quand vous le rendez : "
        "le formateur les lit."
    ),
    champs=(
        _avis("obligations", "Je connais les obligations des acheteurs publics et celles de mon entreprise."),
        _avis("compte", "Je sais créer et modifier le compte de mon entreprise."),
        _avis("circuits", "Je comprends le parcours d’une facture, avec et sans maîtrise d’œuvre."),
        _avis("rythme", "Le rythme et la durée m’ont convenu."),
        _avis("exercices", "Les exercices ressemblent à mon travail."),
        _avis("supports", "Les supports étaient clairs et lisibles."),
        _avis("animation", "Le formateur a répondu à mes questions."),
        _avis("ensemble", "Dans l’ensemble, je suis satisfait ou satisfaite de cette journée."),
        Champ("utile", "Ce qui vous servira le plus", genre="texte_long", longueur_max=2_000),
        Champ("ameliorer", "Ce qu’il faudrait changer", genre="texte_long", longueur_max=2_000),
    ),
)
