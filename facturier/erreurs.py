"""The one exception that people see: a sentence in French, a stable code, an exit status."""

from __future__ import annotations

import unicodedata

SORTIE_INVALIDE = 1
SORTIE_REFUS = 2
SORTIE_MOTEUR = 3
SORTIE_USAGE = 64

_GARDES = "\n\t"
_ESPACES = dict.fromkeys(map(ord, "\n\t\u00a0\u202f"))
_INVISIBLES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


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


class ErreurMoteur(ErreurFacturier):
    """An engine (Saxon, typst, nbgrader…) failed: never to be read as a verdict."""

    code = "erreur-moteur"
    sortie = SORTIE_MOTEUR
