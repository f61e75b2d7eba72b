"""What opinions add up to: by statement how many of each degree and their mean, the texts, the response rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from facturier.champs.def_satisfaction import ACCORD, SANS_AVIS
from facturier.enquete.avis import AFFIRMATIONS, LIBRES, Avis

PEU = 5
"""Below that many opinions, a reader who knows the group may guess whose they are."""
D_ACCORD = ("4", "3")


@dataclass(frozen=True)
class Question:
    """One statement: ``effectifs`` are in the order of the scale, from full agreement to full disagreement.

    ``moyenne`` is out of 4, « sans avis » left out, and None when nobody has an opinion; so is ``accord``, in percent.
    """

    id: str
    libelle: str
    effectifs: tuple[int, ...]
    sans_avis: int
    sans_reponse: int
    moyenne: Decimal | None
    accord: Decimal | None

    @property
    def exprimes(self) -> int:
        """How many gave a degree."""
        return sum(self.effectifs)


@dataclass(frozen=True)
class Synthese:
    """The whole: ``effectif`` is the number of participants, None when it is not known.

    ``textes`` are sorted by themselves under each question, so that two texts of one person are not side by side.
    """

    avis: int
    effectif: int | None
    questions: tuple[Question, ...]
    textes: tuple[tuple[str, str, tuple[str, ...]], ...]

    @property
    def taux(self) -> Decimal | None:
        """Response rate, in percent."""
        return _part(self.avis, self.effectif) if self.effectif else None

    @property
    def ensemble(self) -> Question:
        """The statement about the whole day."""
        return next(question for question in self.questions if question.id == "ensemble")

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must be told."""
        dits = []
        if self.avis < PEU:
            dits.append(
                f"Moins de {PEU} avis : dans un si petit groupe, on peut deviner qui a répondu quoi. Ne cherchez pas à "
                "le savoir, et ne diffusez pas les réponses libres hors de l’organisme."
            )
        if self.effectif is not None and self.avis > self.effectif:
            dits.append(
                f"Plus d’avis ({self.avis}) que de participants ({self.effectif}) : vérifiez les fichiers réunis."
            )
        return tuple(dits)


def depouiller(avis: Sequence[Avis], effectif: int | None) -> Synthese:
    """Count them; blank ones are nobody's opinion."""
    donnes = [un for un in avis if not un.vide]
    textes = tuple(
        (
            champ.id,
            champ.libelle,
            tuple(sorted((un.textes[champ.id] for un in donnes if champ.id in un.textes), key=_cle)),
        )
        for champ in LIBRES
    )
    return Synthese(len(donnes), effectif, tuple(_question(c.id, c.libelle, donnes) for c in AFFIRMATIONS), textes)


def _question(nom: str, libelle: str, avis: Sequence[Avis]) -> Question:
    degres = [un.notes[nom] for un in avis if nom in un.notes]
    effectifs = tuple(degres.count(code) for code, _ in ACCORD)
    exprimes = sum(effectifs)
    total = sum(int(code) * nombre for (code, _), nombre in zip(ACCORD, effectifs, strict=True))
    return Question(
        nom,
        libelle,
        effectifs,
        degres.count(SANS_AVIS[0]),
        len(avis) - len(degres),
        _arrondi(Decimal(total) / exprimes, "0.1") if exprimes else None,
        _part(sum(degres.count(code) for code in D_ACCORD), exprimes) if exprimes else None,
    )


def _part(nombre: int, sur: int) -> Decimal:
    return _arrondi(Decimal(100 * nombre) / sur, "1")


def _arrondi(valeur: Decimal, pas: str) -> Decimal:
    return valeur.quantize(Decimal(pas), ROUND_HALF_UP)


def _cle(texte: str) -> tuple[str, str]:
    return texte.casefold(), texte
