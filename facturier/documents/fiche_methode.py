"""The learner's own method sheet, two sides of A4: what they wrote, beside what the kit gives everybody.

One content, two files: PDF by typst, DOCX for a word processor (``fiche_docx``). A blank one is filled by hand.
What a learner wrote is bounded, cleaned, and carried as text: nothing of it is ever executed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from facturier import contenu, referentiel
from facturier.champs import FICHE_METHODE, Champ, libelle_choix, options
from facturier.champs.def_fiche import CLIENT
from facturier.erreurs import ErreurFacturier
from facturier.impression import imprimable, imprimer
from facturier.referentiel.faits import jour
from facturier.referentiel.redaction import rediger

NOM = "fiche-methode"
MODELE = Path(__file__).parent / "modeles" / "fiche_methode.typ"
A_REMPLIR = "……………………"
"""What a text shows where the learner wrote nothing."""
_MOT_MAX, _MORCEAU = 30, 15
_LIBRES = ("numero", "depot", "statut")
"""What a ready mail always leaves to fill."""


@dataclass(frozen=True)
class Courriel:
    """A ready mail: what it is for, its subject, its paragraphs."""

    nom: str
    objet: str
    paragraphes: tuple[str, ...]


@dataclass(frozen=True)
class Fiche:
    """All that the sheet says, in its order; "" is a place to fill by hand."""

    titre: str
    sous_titre: str
    pied: str
    carte: tuple[tuple[str, str], ...]
    verifications: tuple[str, ...]
    gestes: tuple[tuple[str, str, str], ...]
    incident: str
    differences: tuple[str, ...]
    courriels: tuple[Courriel, ...]
    a_faire: tuple[tuple[str, str], ...]


def composer(valeurs: Mapping[str, object], au: date) -> Fiche:
    """The sheet of these answers, its facts as they stand on that day; unknown fields and codes are left out.

    Raises:
        ErreurFacturier: the texts of the sheet cannot be read.
    """
    textes = _textes()
    lues = {champ.id: _propre(champ, valeurs.get(champ.id), au) for champ in FICHE_METHODE.champs}
    places = {cle: lu or A_REMPLIR for cle, lu in lues.items()} | dict.fromkeys(_LIBRES, A_REMPLIR)

    def dit(texte: str) -> str:
        return rediger(texte, au, "La fiche méthode").format_map(places)

    try:
        return Fiche(
            titre=textes["titre"],
            sous_titre=textes["sous_titre"],
            pied=f"Le Facturier. Les règles sont celles du {jour(au)} : vérifiez-les sur le vrai portail.",
            carte=tuple((champ.libelle, lues[champ.id]) for champ in CLIENT),
            verifications=(*(dit(v) for v in textes["verifications"]), lues["verification"]),
            gestes=tuple(
                (referentiel.statut(g["statut"]).libelle, dit(g["faire"]), g["numero"]) for g in textes["geste"]
            ),
            incident=lues["incident"],
            differences=tuple(dit(d) for d in textes["differences"]),
            courriels=tuple(
                Courriel(c["nom"], dit(c["objet"]), tuple(filter(None, dit(c["texte"]).split("\n"))))
                for c in textes["courriel"]
            ),
            a_faire=(
                *((dit(a["texte"]), lues[a["champ"]]) for a in textes["afaire"]),
                (lues["afaire_autre"], ""),
            ),
        )
    except (KeyError, TypeError, AttributeError) as cause:
        raise _illisible(cause) from cause


def pdf(valeurs: Mapping[str, object], au: date) -> bytes:
    """The sheet in PDF.

    Raises:
        ErreurFacturier: the texts of the sheet cannot be read, or it cannot be printed.
    """
    return imprimer(MODELE, imprimable(asdict(composer(valeurs, au))), au)


@lru_cache(maxsize=1)
def _textes() -> Mapping[str, Any]:
    try:
        return tomllib.loads((contenu.racine() / "data" / "fiche_methode.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError) as cause:
        raise _illisible(cause) from cause


def _illisible(cause: Exception) -> ErreurFacturier:
    return ErreurFacturier(
        f"Les textes de la fiche méthode (data/fiche_methode.toml) ne se lisent pas ({cause}) : corrigez ce fichier.",
        code="fiche-illisible",
    )


def _propre(champ: Champ, valeur: object, au: date) -> str:
    """The answer as it may be printed: one line, bounded, no word that would not fold; "" for what is not one."""
    if not isinstance(valeur, str):
        return ""
    if champ.choix:
        code = valeur.strip()
        return libelle_choix(champ, code, au) if code in dict(options(champ, au)) else ""
    maximum = champ.longueur_max if isinstance(champ.longueur_max, int) else 0
    texte = "".join(c if c.isprintable() else " " for c in _borne(valeur, maximum))
    return str(imprimable(" ".join(_coupe(mot) for mot in texte.split())))


def _borne(texte: str, maximum: int) -> str:
    """What the sheet has room for: cut after a word, and said to be cut."""
    if len(texte) <= maximum:
        return texte
    return f"{texte[: maximum - 1].rpartition(' ')[0] or texte[: maximum - 1]}…"


def _coupe(mot: str) -> str:
    """Whole as far as it folds in its column, else in pieces."""
    return mot if len(mot) <= _MOT_MAX else " ".join(mot[r : r + _MORCEAU] for r in range(0, len(mot), _MORCEAU))
