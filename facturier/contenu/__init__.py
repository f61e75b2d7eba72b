"""The one locator of content: the same call finds it in a checkout and in an installed wheel."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from facturier.erreurs import ErreurFacturier

_PAQUET = Path(__file__).resolve().parent.parent


@cache
def racine() -> Path:
    """Folder that holds ``source/``, ``data/``, ``notebooks/``, ``release/`` and ``nbgrader_config.py``.

    In a checkout it is the repository's top; in a wheel, ``facturier/_contenu`` (hatch ``force-include``).
    """
    embarque = _PAQUET / "_contenu"
    if (embarque / "source").is_dir():
        return embarque
    depot = _PAQUET.parent
    if (depot / "source").is_dir() and (depot / "pyproject.toml").is_file():
        return depot
    raise ErreurFacturier(
        f"Le contenu du kit est introuvable près de {_PAQUET} : réinstallez le paquet « facturier ».",
        code="contenu-introuvable",
    )


@dataclass(frozen=True)
class Objectif:
    """One objective of a chapter: ``ref`` is O1, O2 or O3 of the programme; ``texte`` starts with a verb."""

    ref: str
    texte: str


@dataclass(frozen=True)
class Chapitre:
    """A chapter's card (``source/<slug>/chapitre.toml``).

    ``ordre`` sorts the chapters; ``duree`` is in minutes; ``programme`` lists the programme's rows it serves.
    """

    slug: str
    ordre: int
    titre: str
    duree: int
    moment: str
    programme: tuple[str, ...]
    objectifs: tuple[Objectif, ...]
    prerequis: tuple[str, ...]
    dossier: Path

    @property
    def exercices(self) -> Path | None:
        """The text of its exercise notebook, or None for a chapter without exercises."""
        path = self.dossier / "exercices.md"
        return path if path.is_file() else None

    @property
    def fichiers(self) -> tuple[Path, ...]:
        """What is given beside its exercise notebook: a spreadsheet to fill (``source/<slug>/fichiers/``)."""
        return tuple(sorted(f for f in (self.dossier / "fichiers").glob("*") if f.is_file()))

    @property
    def lecon(self) -> Path:
        """The text of its lesson."""
        return self.dossier / "lecon.md"


def chapitres(sources: Path | None = None) -> tuple[Chapitre, ...]:
    """All chapters found by their cards, in teaching order.

    Raises:
        ErreurFacturier: a card is missing a field or is not TOML; the sentence names the file.
    """
    dossier = sources if sources is not None else racine() / "source"
    trouves = [_lire_carte(carte) for carte in sorted(dossier.glob("*/chapitre.toml"))]
    return tuple(sorted(trouves, key=lambda c: (c.ordre, c.slug)))


def chapitre(slug: str) -> Chapitre:
    """The chapter of that slug."""
    for candidat in chapitres():
        if candidat.slug == slug:
            return candidat
    connus = ", ".join(c.slug for c in chapitres())
    raise ErreurFacturier(f"Chapitre inconnu : « {slug} ». Chapitres disponibles : {connus}.", code="chapitre-inconnu")


@cache
def objectifs() -> dict[str, str]:
    """The course's objectives by code (``source/objectifs.toml``)."""
    lus = tomllib.loads((racine() / "source" / "objectifs.toml").read_text(encoding="utf-8"))
    return {code: str(texte) for code, texte in lus.items()}


def nom_carnet(chapitre_voulu: Chapitre) -> str:
    """File name of the lesson's notebook: its place in the day, then its slug (``02_sans_moe.ipynb``)."""
    rang = [c.slug for c in chapitres(chapitre_voulu.dossier.parent)].index(chapitre_voulu.slug)
    return f"{rang:02d}_{chapitre_voulu.slug}.ipynb"


def _lire_carte(carte: Path) -> Chapitre:
    try:
        champs = tomllib.loads(carte.read_text(encoding="utf-8"))
        return Chapitre(
            slug=carte.parent.name,
            ordre=int(champs["ordre"]),
            titre=str(champs["titre"]),
            duree=int(champs["duree"]),
            moment=str(champs["moment"]),
            programme=tuple(champs["programme"]),
            objectifs=tuple(Objectif(o["ref"], o["texte"]) for o in champs["objectifs"]),
            prerequis=tuple(champs.get("prerequis", ())),
            dossier=carte.parent,
        )
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError, ValueError) as cause:
        raise ErreurFacturier(
            f"La carte {carte} n’est pas lisible ({cause}) : corrigez ce fichier TOML.", code="carte-illisible"
        ) from cause
