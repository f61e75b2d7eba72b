"""A class's results: one line per learner, in JSON, in CSV for a spreadsheet, and in detail for the reports."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from importlib import resources
from typing import Any, Literal

from facturier.classeurs import en_csv
from facturier.evaluation.jugement import Jugement

StatutApprenant = Literal["ok", "a_verifier", "absent", "erreur_technique"]
StatutChapitre = Literal["fait", "non_repondu", "absent", "a_verifier", "erreur_technique"]
QUIZ_ENTREE, QUIZ_SORTIE = "quiz_entree", "quiz_sortie"
MOTS = {
    "juste": "✔ Juste",
    "partiel": "◐ En partie juste",
    "faux": "✘ Faux",
    "non_repondu": "— Non répondu",
    "fait": "Fait",
    "ok": "Notée",
    "a_verifier": "À vérifier",
    "absent": "Absent",
    "erreur_technique": "Erreur technique",
}
"""What people read for each status, on the terminal, in the spreadsheet, the reports and the feedback."""
_GRAVITE: tuple[StatutChapitre, ...] = ("erreur_technique", "a_verifier", "fait", "non_repondu")


@dataclass(frozen=True)
class NoteChapitre:
    """What one learner obtained in one chapter. ``points`` is None when nothing can be said: never zero."""

    chapitre: str
    sur: Decimal
    points: Decimal | None
    statut: StatutChapitre
    jugements: tuple[Jugement, ...] = ()
    problemes: tuple[str, ...] = ()
    remarques: tuple[str, ...] = ()

    @classmethod
    def sans_rendu(cls, chapitre: str, sur: Decimal, statut: StatutChapitre, *problemes: str) -> NoteChapitre:
        """A chapter that cannot be marked: nothing handed in, or nothing that can be read."""
        return cls(chapitre, sur, None, statut, problemes=problemes)

    @classmethod
    def de_jugements(
        cls,
        chapitre: str,
        jugements: Iterable[Jugement],
        problemes: Iterable[str] = (),
        remarques: Iterable[str] = (),
    ) -> NoteChapitre:
        """The chapter's mark: sum of what was judged; the most serious status wins."""
        juges = tuple(jugements)
        notes = [j.points for j in juges if j.points is not None]
        statuts = {j.statut for j in juges}
        return cls(
            chapitre,
            sum((j.sur for j in juges), Decimal(0)),
            sum(notes, Decimal(0)) if notes else None,
            next((s for s in _GRAVITE if s in statuts), "non_repondu"),
            juges,
            tuple(problemes),
            tuple(remarques),
        )


@dataclass(frozen=True)
class ResultatApprenant:
    """One learner's line."""

    id: str
    statut: StatutApprenant
    chapitres: dict[str, NoteChapitre]
    problemes: tuple[str, ...] = ()
    remarques: tuple[str, ...] = ()

    @property
    def entree(self) -> Decimal | None:
        """Points of the entry quiz."""
        return self._points(QUIZ_ENTREE)

    @property
    def sortie(self) -> Decimal | None:
        """Points of the exit quiz."""
        return self._points(QUIZ_SORTIE)

    def _points(self, chapitre: str) -> Decimal | None:
        note = self.chapitres.get(chapitre)
        return None if note is None else note.points

    def objectifs(self) -> dict[str, dict[str, dict[str, Any]]]:
        """Points per objective, at the entry, at the exit and in the exercises; null where nothing was answered."""
        cumul: dict[str, dict[str, tuple[Decimal | None, Decimal]]] = {}
        for slug, note in self.chapitres.items():
            moment = {QUIZ_ENTREE: "entree", QUIZ_SORTIE: "sortie"}.get(slug, "exercices")
            for jugement in note.jugements:
                for critere in jugement.criteres:
                    points, sur = cumul.setdefault(critere.objectif, {}).get(moment, (None, Decimal(0)))
                    if jugement.points is not None:
                        points = (points or Decimal(0)) + critere.points
                    cumul[critere.objectif][moment] = (points, sur + critere.sur)
        return {
            objectif: {m: {"points": nombre(p), "sur": nombre(s)} for m, (p, s) in sorted(moments.items())}
            for objectif, moments in sorted(cumul.items())
        }

    def en_json(self) -> dict[str, Any]:
        """The learner's object in the command contract."""
        return {
            "id": self.id,
            "statut": self.statut,
            "entree": nombre(self.entree),
            "sortie": nombre(self.sortie),
            "exercices": {
                slug: {"points": nombre(n.points), "sur": nombre(n.sur), "statut": n.statut}
                for slug, n in self.chapitres.items()
            },
        }

    def detail(self) -> dict[str, Any]:
        """Everything that the reports draw from."""
        return {
            **self.en_json(),
            "objectifs": self.objectifs(),
            "problemes": list(self.problemes),
            "remarques": list(self.remarques),
            "chapitres": {
                slug: {
                    "exercices": [j.en_json() for j in n.jugements],
                    "problemes": list(n.problemes),
                    "remarques": list(n.remarques),
                }
                for slug, n in self.chapitres.items()
            },
        }


@dataclass(frozen=True)
class Resultats:
    """A class's results.

    ``fichiers`` says what was written: a path, or a path per learner. ``avis`` are sentences about the class as a
    whole: files that are nobody's work, what changed since a former marking.
    """

    apprenants: tuple[ResultatApprenant, ...]
    fichiers: dict[str, Any] = field(default_factory=dict)
    avis: tuple[str, ...] = ()

    def en_json(self) -> dict[str, Any]:
        """The document of the command contract (schema: :func:`schema`)."""
        return {
            "schema": 1,
            "apprenants": [a.en_json() for a in self.apprenants],
            "avis": list(self.avis),
            "fichiers": self.fichiers,
        }

    def detail(self) -> dict[str, Any]:
        """The detailed document (``resultats_detail.json``)."""
        return {**self.en_json(), "apprenants": [a.detail() for a in self.apprenants]}

    def en_csv(self, titres: Mapping[str, str] | None = None) -> str:
        """A table for a French spreadsheet: byte-order mark, « ; », decimal comma; no cell can become a formula.

        Args:
            titres: titles of the chapters, for columns that people read; their slugs when left out.
        """
        chapitres = list(dict.fromkeys(slug for a in self.apprenants for slug in a.chapitres))
        noms = [(titres or {}).get(slug, slug) for slug in chapitres]
        colonnes = [c for nom in noms for c in (nom, f"{nom} (sur)", f"{nom} (état)")]
        lignes = [["Apprenant", "Copie", *colonnes, "À vérifier", "Remarques"]]
        for apprenant in self.apprenants:
            ligne = [apprenant.id, _propre(apprenant.statut)]
            for slug in chapitres:
                note = apprenant.chapitres[slug]
                ligne += [_cellule(note.points), _cellule(note.sur), _propre(note.statut)]
            ligne += [" ".join(apprenant.problemes), " ".join(apprenant.remarques)]
            lignes.append(ligne)
        return en_csv(lignes)


def mot(statut: str) -> str:
    """The word for a status; a Jinja filter of the feedback template."""
    return MOTS[statut]


def schema() -> dict[str, Any]:
    """JSON schema of :meth:`Resultats.en_json`."""
    texte = resources.files("facturier.evaluation").joinpath("schemas/resultats.schema.json").read_text("utf-8")
    lu: dict[str, Any] = json.loads(texte)
    return lu


def nombre(valeur: Decimal | None) -> int | float | None:
    """A JSON number; None stays None."""
    if valeur is None:
        return None
    return int(valeur) if valeur == valeur.to_integral_value() else float(valeur)


def _cellule(valeur: Decimal | None) -> str:
    return "" if valeur is None else f"{nombre(valeur)}".replace(".", ",")


def _propre(statut: str) -> str:
    """The word for a status without its sign, which a spreadsheet could take for a formula."""
    return MOTS[statut].lstrip("✔◐✘— ")
