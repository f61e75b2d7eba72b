"""The satisfaction survey that closes the day: six statements, two free texts, nobody's name."""

from __future__ import annotations

from facturier.champs.fiches import Champ, FormulaireDef

ECHELLE = (
    ("1", "1. Pas du tout d’accord"),
    ("2", "2. Plutôt pas d’accord"),
    ("3", "3. Plutôt d’accord"),
    ("4", "4. Tout à fait d’accord"),
)
"""Four steps, no middle one: an opinion leans to one side."""


def _affirmation(champ_id: str, texte: str) -> Champ:
    return Champ(champ_id, texte, genre="choix", choix=ECHELLE, longueur_max=1)


SATISFACTION = FormulaireDef(
    id="satisfaction",
    titre="Votre avis sur la journée",
    champs=(
        _affirmation("attentes", "La journée a répondu à ce que j’en attendais."),
        _affirmation("metier", "Les exemples ressemblent aux factures que je fais."),
        _affirmation("rythme", "Le rythme m’a laissé le temps de faire les exercices."),
        _affirmation("formateur", "Les explications du formateur étaient claires."),
        _affirmation("outils", "Les carnets et le portail d’entraînement m’ont aidé à apprendre."),
        _affirmation("demain", "Je saurai transmettre une demande de paiement dès demain."),
        Champ("utile", "Ce qui vous a le plus aidé", genre="texte_long", longueur_max=1000),
        Champ(
            "changer",
            "Ce qu’il faudrait changer",
            genre="texte_long",
            aide="N’écrivez le nom de personne.",
            longueur_max=1000,
        ),
    ),
)
