"""The one exception that people see: a sentence in French, a stable code, an exit status."""

from __future__ import annotations

import re
import unicodedata

SORTIE_INVALIDE = 1
SORTIE_REFUS = 2
SORTIE_MOTEUR = 3
SORTIE_USAGE = 64

_GARDES = "\n\t"
_ESPACES = dict.fromkeys(map(ord, "\n\t\u00a0\u202f"))
_INVISIBLES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})

_ORDINAIRE = re.compile(
    r"(?:[LDJNCSM]’|Qu’|(?:Le|La|Les|Un|Une|Des|De|Du|Au|Aux|Ce|Cet|Cette|Ces|Cela|Votre|Vos|Vous|Il|Elle|Ils|On|Rien|Ni|"
    r"Aucun|Aucune|Personne|Plusieurs|Seul|Seule|Seuls|Tout|Toute|Tous|Chaque|Deux|Trois|Plus|Pas|Trop|Dans|Sur|Pour|Par|À|"
    r"Avec|Sans|Avant|Après|Depuis|En|Quand|Si|Déjà|Là|Geste|Saisie|Pièce|Demande|[A-ZÉ][a-zàâéèêîôûç]+ez)\b)"
)
"""How a sentence begins when it does not begin with a name (Chorus Pro, SIRET, somebody)."""


def montrable(texte: str) -> str:
    """The text without what a terminal or a file would not bear: control and invisible characters, lone surrogates.

    Sentences quote names and fields that came from elsewhere; an escape sequence must not act on the reader's screen.
    """
    if texte.translate(_ESPACES).isprintable():  # most sentences: nothing to look for, character by character
        return texte
    return "".join(c if c in _GARDES or unicodedata.category(c) not in _INVISIBLES else "\ufffd" for c in texte)


class ErreurFacturier(Exception):
    """A refusal or a failure that a person can act on.

    Attributes:
        code: stable identifier in kebab-case, for machines (``fichier-illisible``).
        phrase: one French sentence saying what, where and what to do.
        sortie: exit status of the command line (1 invalid, 2 refused, 3 engine failure, 64 usage).
    """

    code = "refus"
    sortie = SORTIE_REFUS

    def __init__(self, phrase: str, *, code: str | None = None, sortie: int | None = None) -> None:
        phrase = montrable(phrase)
        super().__init__(phrase)
        self.phrase = phrase
        if code is not None:
            self.code = code
        if sortie is not None:
            self.sortie = sortie

    @property
    def suite(self) -> str:
        """The sentence as it follows a colon: an ordinary word loses its capital, a name keeps it."""
        return self.phrase[:1].lower() + self.phrase[1:] if _ORDINAIRE.match(self.phrase) else self.phrase


class ErreurMoteur(ErreurFacturier):
    """An engine (Saxon, typst, nbgrader…) failed: never to be read as a verdict."""

    code = "erreur-moteur"
    sortie = SORTIE_MOTEUR
