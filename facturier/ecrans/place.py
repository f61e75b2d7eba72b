"""What a conversation asks of whatever it shows: a portal's place (``Poste``), or a sheet by itself (``Feuille``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from facturier.ecrans.blocs import Cible, Fichier, Message
from facturier.ecrans.vue import Vue


class Place(Protocol):
    """What takes a person's events and gives a view."""

    statut: Message | None

    def vue(self) -> Vue:
        """The screen as it now stands."""

    def changer(self, champ: str, texte: str) -> None:
        """Take what was typed in a field."""

    def saisir(self, textes: Mapping[str, str]) -> None:
        """The same for several fields at once."""

    def ouvrir(self, cible: Cible) -> None:
        """Go to another screen."""

    def asseoir(self, cle: str) -> None:
        """Take a seat."""

    def joindre(self, champ: str, nom: str, octets: bytes | int) -> None:
        """Take a file dropped in a field."""

    def retirer(self, champ: str, nom: str) -> None:
        """Take it away again."""

    def agir(self, geste: str, valeurs: Mapping[str, str] | None = None) -> Fichier | None:
        """Make a gesture; the file that it hands out, if any."""
