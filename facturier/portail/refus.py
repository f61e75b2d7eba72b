"""The two ways the portal says no: to an act, and to a journal."""

from __future__ import annotations

from collections.abc import Sequence

from facturier.erreurs import ErreurFacturier


class RefusPortail(ErreurFacturier):
    """The portal refuses an act; nothing has changed.

    Attributes:
        phrases: one French sentence per broken rule; ``phrase`` joins them.
        regles: codes of the broken rules, in the same order.
    """

    code = "refus-portail"

    def __init__(self, phrases: Sequence[str], regles: Sequence[str] = (), *, code: str | None = None) -> None:
        super().__init__(" ".join(phrases), code=code)
        self.phrases = tuple(phrases)
        self.regles = tuple(regles)


class JournalRefuse(ErreurFacturier):
    """A journal that the portal could not have written.

    Attributes:
        n: place of the first bad event, counted from 1 (0 when the journal as a whole is refused).
        raison: the reason alone, without the event's number.
    """

    code = "journal-refuse"

    def __init__(self, n: int, raison: str) -> None:
        endroit = f"à l’événement n° {n}" if n else "en entier"
        super().__init__(f"Le journal est refusé {endroit} : {raison}")
        self.n = n
        self.raison = raison
