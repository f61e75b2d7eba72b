"""What a validation says: findings, verdict, and the JSON that the command promises (schemas/valider.schema.json)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from facturier.efacture.jeux import JeuDeRegles
from facturier.erreurs import SORTIE_INVALIDE, SORTIE_MOTEUR, SORTIE_REFUS

Gravite = Literal["erreur", "avertissement", "information"]
Verdict = Literal["valide", "invalide", "illisible", "erreur_moteur"]
FormatLu = Literal["ubl", "cii", "facturx", "inconnu"]
Canal = Literal["plateforme_agreee", "chorus_historique", "etranger"]

CONSTATS_MAX = 20_000
"""Findings told of one rule in one file: what a parent process and a report can hold."""
_SORTIES: dict[Verdict, int] = {
    "valide": 0,
    "invalide": SORTIE_INVALIDE,
    "illisible": SORTIE_REFUS,
    "erreur_moteur": SORTIE_MOTEUR,
}


@dataclass(frozen=True)
class Constat:
    """One finding at one place. ``regle`` keeps the official id; ``message_officiel`` the rule's own words in full."""

    regle: str
    gravite: Gravite
    phrase: str
    message_officiel: str | None = None
    terme: str | None = None
    ligne: int | None = None
    xpath: str | None = None

    def en_json(self) -> dict[str, Any]:
        """The finding as the command contract writes it."""
        return {
            "regle": self.regle,
            "gravite": self.gravite,
            "phrase": self.phrase,
            "message_officiel": self.message_officiel,
            "terme": self.terme,
            "ligne": self.ligne,
            "xpath": self.xpath,
        }


@dataclass(frozen=True)
class Mention:
    """One value that says who sends what to whom, with its place (see ``confrontation``)."""

    terme: str
    texte: str
    schema: str
    ligne: int | None
    xpath: str | None


@dataclass(frozen=True)
class Resultat:
    """The verdict on one file, with the rule sets that were really run.

    ``envoi`` is no part of the JSON contract: it goes from a worker to its parent (see ``confrontation``).
    """

    fichier: str
    format: FormatLu
    profil: str | None
    canal: Canal | None
    jeux_de_regles: tuple[JeuDeRegles, ...]
    verdict: Verdict
    constats: tuple[Constat, ...] = field(default=())
    envoi: tuple[Mention, ...] = field(default=())

    @classmethod
    def depuis_json(cls, lu: dict[str, Any]) -> Resultat:
        """The result that :meth:`en_json` wrote, in another process, or :meth:`en_message`, which says more.

        Raises:
            KeyError, TypeError: not such a document.
        """
        connus = {champ.name for champ in fields(Constat)}
        return cls(
            fichier=lu["fichier"],
            format=lu["format"],
            profil=lu["profil"],
            canal=lu["canal"],
            jeux_de_regles=tuple(JeuDeRegles(jeu["nom"], jeu["version"]) for jeu in lu["jeux_de_regles"]),
            verdict=lu["verdict"],
            constats=tuple(Constat(**{nom: v for nom, v in c.items() if nom in connus}) for c in lu["constats"]),
            envoi=tuple(Mention(*mention) for mention in lu.get("envoi", ())),
        )

    @property
    def sortie(self) -> int:
        """Exit status: 0 valid, 1 invalid, 2 unreadable, 3 engine failure."""
        return _SORTIES[self.verdict]

    def en_json(self) -> dict[str, Any]:
        """One element of ``resultats`` in the command contract."""
        return {
            "fichier": self.fichier,
            "format": self.format,
            "profil": self.profil,
            "canal": self.canal,
            "jeux_de_regles": [{"nom": jeu.nom, "version": jeu.version} for jeu in self.jeux_de_regles],
            "verdict": self.verdict,
            "constats": [constat.en_json() for constat in self.constats],
        }

    def en_message(self) -> dict[str, Any]:
        """What a worker tells its parent: the element of the contract, and ``envoi``."""
        return {**self.en_json(), "envoi": [list(vars(mention).values()) for mention in self.envoi]}


def borner(constats: list[Constat]) -> tuple[Constat, ...]:
    """The findings, a rule that is broken a million times being told the first times and counted."""
    fois = Counter(constat.regle for constat in constats)
    if max(fois.values(), default=0) <= CONSTATS_MAX:
        return tuple(constats)
    vus: Counter[str] = Counter()
    gardes = []
    for constat in constats:
        vus[constat.regle] += 1
        if vus[constat.regle] <= CONSTATS_MAX:
            gardes.append(constat)
    notes = (
        Constat(
            "SEC-TAILLE",
            "information",
            f"La règle {r} est enfreinte {n} fois\u00a0: seules les {CONSTATS_MAX} premières sont montrées.",
        )
        for r, n in fois.items()
        if n > CONSTATS_MAX
    )
    return (*gardes, *notes)


def document(resultats: Iterable[Resultat]) -> dict[str, Any]:
    """The whole JSON document of ``facturier valider --json``."""
    return {"schema": 1, "resultats": [resultat.en_json() for resultat in resultats]}


def sortie(resultats: Iterable[Resultat]) -> int:
    """Exit status of a batch: the gravest wins."""
    return max((resultat.sortie for resultat in resultats), default=0)
