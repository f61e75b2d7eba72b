"""The satisfaction survey that closes the day: ten statements, two free texts, nobody's name, nothing graded."""

from __future__ import annotations

from facturier.champs.fiches import Champ, FormulaireDef

ACCORD = (
    ("4", "Tout à fait d’accord"),
    ("3", "Plutôt d’accord"),
    ("2", "Plutôt pas d’accord"),
    ("1", "Pas du tout d’accord"),
)
"""Four degrees, no middle: an opinion leans one way. The code is what a summary averages."""
SANS_AVIS = ("0", "Sans avis")
"""Counted, never averaged; it also takes back an answer given by mistake."""
TEXTE_MAX = 1_000


def _avis(nom: str, libelle: str) -> Champ:
    return Champ(nom, libelle, genre="choix", choix=(*ACCORD, SANS_AVIS), presentation="echelle", longueur_max=1)


def _libre(nom: str, libelle: str) -> Champ:
    return Champ(nom, libelle, genre="texte_long", aide="N’écrivez le nom de personne.", longueur_max=TEXTE_MAX)


SATISFACTION = FormulaireDef(
    id="satisfaction",
    titre="Votre avis sur la journée",
    intro="Toutes les réponses sont facultatives ; rien n’est noté, et votre nom n’est pas demandé.",
    facultatif_tu=True,
    champs=(
        _avis("attentes", "La journée a répondu à mes attentes."),
        _avis("obligations", "Je connais les obligations des acheteurs publics et celles de mon entreprise."),
        _avis("compte", "Je sais créer et modifier le compte de mon entreprise."),
        _avis("circuits", "Je comprends le parcours d’une facture, avec et sans maîtrise d’œuvre."),
        _avis("exercices", "Les exercices ressemblent à mon travail."),
        _avis("rythme", "Le rythme et la durée m’ont convenu."),
        _avis("supports", "Les supports et le portail d’entraînement étaient clairs et lisibles."),
        _avis("animation", "Le formateur a répondu à mes questions."),
        _avis(
            "organisation",
            "L’organisation m’a convenu : informations reçues avant, accueil, salle ou réunion à distance.",
        ),
        _avis("ensemble", "Dans l’ensemble, je suis satisfait ou satisfaite de cette journée."),
        _libre("utile", "Ce qui vous servira le plus"),
        _libre("ameliorer", "Ce qu’il faudrait changer"),
    ),
)
