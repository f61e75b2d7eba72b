"""Reports of a validation, written as the verdicts come: CSV for a spreadsheet, JSON (the command contract), HTML."""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from facturier.classeurs import inerte
from facturier.ecriture import open_atomic
from facturier.efacture.explications import expliquer
from facturier.efacture.resultat import Constat, Gravite, Resultat, Verdict
from facturier.erreurs import SORTIE_USAGE, ErreurFacturier

VERDICTS: dict[Verdict, tuple[str, str, str]] = {
    "valide": ("✔", "valide", "valides"),
    "invalide": ("✘", "invalide", "invalides"),
    "illisible": ("?", "illisible", "illisibles"),
    "erreur_moteur": ("!", "non jugé (panne du moteur)", "non jugés (panne du moteur)"),
}
GRAVITES: dict[Gravite, str] = {"erreur": "Erreur", "avertissement": "Avertissement", "information": "Note"}
_EN_MEMOIRE = 4 * 1024 * 1024
_MORCEAU = 1024 * 1024


def bilan(comptes: Counter[Verdict]) -> str:
    """« 3 valides, 1 invalide »."""
    return ", ".join(
        f"{comptes[verdict]} {singulier if comptes[verdict] == 1 else pluriel}"
        for verdict, (_, singulier, pluriel) in VERDICTS.items()
        if comptes[verdict]
    )


class Rapport(ABC):
    """Verdicts set down one by one in a file that leaves memory when it grows, then given back whole."""

    def __init__(self) -> None:
        self._brouillon = tempfile.SpooledTemporaryFile(max_size=_EN_MEMOIRE)  # noqa: SIM115 - closed by __exit__
        self._comptes: Counter[Verdict] = Counter()

    def __enter__(self) -> Rapport:
        return self

    def __exit__(self, *_: object) -> None:
        self._brouillon.close()

    def suivre(self, resultats: Iterator[Resultat]) -> Iterator[Resultat]:
        """Set down each verdict as it goes by."""
        for resultat in resultats:
            self._brouillon.write(self._corps(resultat).encode("utf-8", "replace"))
            self._comptes[resultat.verdict] += 1
            yield resultat

    def morceaux(self) -> Iterator[str]:
        """The finished document, piece by piece."""
        yield self._tete()
        self._brouillon.seek(0)
        with io.TextIOWrapper(self._brouillon, encoding="utf-8", newline="") as lecture:
            while texte := lecture.read(_MORCEAU):
                yield texte
        yield self._fin()

    def ecrire(self, flux: BinaryIO) -> None:
        """The finished document, as bytes."""
        for morceau in self.morceaux():
            flux.write(morceau.encode("utf-8"))

    @abstractmethod
    def _tete(self) -> str: ...

    @abstractmethod
    def _corps(self, resultat: Resultat) -> str: ...

    def _fin(self) -> str:
        return ""


class EnJson(Rapport):
    """The document of ``facturier valider --json``."""

    def _tete(self) -> str:
        return '{\n  "schema": 1,\n  "resultats": [' + ("\n" if self._comptes else "")

    def _corps(self, resultat: Resultat) -> str:
        separateur = ",\n" if self._comptes else ""
        # ASCII: a name that is not UTF-8 (a lone surrogate) is written all the same
        texte = json.dumps(resultat.en_json(), ensure_ascii=not resultat.fichier.isprintable(), indent=2)
        return f"{separateur}    " + texte.replace("\n", "\n    ")

    def _fin(self) -> str:
        return ("\n  " if self._comptes else "") + "]\n}\n"


COLONNES = (
    *("fichier", "verdict", "format", "profil", "canal", "gravite", "regle", "terme", "ligne", "phrase"),
    *("terme_nom", "ou", "pourquoi", "geste", "source", "fiabilite"),
)


class EnCsv(Rapport):
    """One row a finding (one for a file without any), for a French spreadsheet; no cell can become a formula."""

    def _tete(self) -> str:
        return "\ufeff" + self._ligne(COLONNES)

    def _corps(self, resultat: Resultat) -> str:
        debut = (resultat.fichier, resultat.verdict, resultat.format, resultat.profil or "", resultat.canal or "")
        if not resultat.constats:
            return self._ligne((*debut, *("" for _ in COLONNES[len(debut) :])))
        return "".join(self._ligne((*debut, *self._constat(constat))) for constat in resultat.constats)

    def _constat(self, constat: Constat) -> tuple[str, ...]:
        ligne = "" if constat.ligne is None else str(constat.ligne)
        dite = expliquer(constat)
        return (
            *(constat.gravite, constat.regle, dite.terme or "", ligne, constat.phrase),
            *(dite.terme_nom or "", dite.ou, dite.pourquoi, dite.geste, dite.source, dite.fiabilite),
        )

    def _ligne(self, cellules: tuple[str, ...]) -> str:
        sortie = io.StringIO()
        table = csv.writer(sortie, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        table.writerow([inerte(c) for c in cellules])
        return sortie.getvalue()


def _genre(extension: str) -> type[Rapport] | None:
    from facturier.efacture.rapport_html import EnHtml

    return {".csv": EnCsv, ".json": EnJson, ".html": EnHtml}.get(extension)


@contextmanager
def ouvrir(chemin: Path) -> Iterator[Rapport]:
    """A report of the kind that the name asks for, written when the block ends well.

    Raises:
        ErreurFacturier: another extension, or a place where nothing can be written.
    """
    genre = _genre(chemin.suffix.lower())
    if genre is None:
        raise ErreurFacturier(
            f"Le rapport «\u00a0{chemin.name}\u00a0» doit finir par .csv, .json ou .html.",
            code="rapport-inconnu",
            sortie=SORTIE_USAGE,
        )
    dossier = next(parent for parent in chemin.absolute().parents if parent.exists())
    if chemin.is_dir() or not os.access(dossier, os.W_OK):  # said before the work, not after
        raise _non_ecrit(chemin, "le dossier est protégé")
    with genre() as rapport:
        yield rapport
        try:
            with open_atomic(chemin) as flux:
                rapport.ecrire(flux)
        except OSError as cause:
            raise _non_ecrit(chemin, cause.strerror or type(cause).__name__) from cause


def _non_ecrit(chemin: Path, pourquoi: str) -> ErreurFacturier:
    return ErreurFacturier(
        f"Le rapport {chemin} ne peut pas être écrit ({pourquoi}) : choisissez un autre endroit.",
        code="rapport-non-ecrit",
    )
