"""The door of a situation to practise on: its title and a button, until somebody wants to play it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from facturier.ecrans.blocs import Bloc, Bouton, Boutons, Fichier, Message, Paragraphe
from facturier.ecrans.feuille import Feuille, GesteDeFeuille

OUVRIR = "Ouvrir cet entraînement"
DERRIERE = "Une histoire à jouer sur les écrans du portail. Rien n’y est noté."


class Porte(Feuille):
    """What stands where the screens will be.

    Args:
        entrer: puts the screens in its place.
        phrases: what opening has to say of earlier answers.
    """

    def __init__(self, nom: str, titre: str, entrer: Callable[[], object], phrases: Sequence[str] = ()) -> None:
        super().__init__(nom, titre)
        self._entrer = entrer
        if phrases:
            self.statut = Message("info", " ".join(phrases))

    def composer(self) -> Sequence[Bloc]:
        """What is behind, and the button."""
        return (Paragraphe(DERRIERE), Boutons((Bouton("entrer", OUVRIR),)))

    def gestes(self) -> Mapping[str, GesteDeFeuille]:
        """Go in."""
        return {"entrer": self._ouvrir}

    def _ouvrir(self, _: Mapping[str, str]) -> Fichier | None:
        self._entrer()
        return None
