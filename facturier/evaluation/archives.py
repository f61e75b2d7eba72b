"""Reading what learners send back, folder or zip: bounded, never written where it asks, never followed elsewhere."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from facturier.archives import IGNORES, Bornes, Compte, TropGros, fin, ignore, lire_zip
from facturier.erreurs import montrable

__all__ = ["ARCHIVES", "IGNORES", "Colis", "Fichier", "ouvrir"]

FICHIERS_MAX = 500
OCTETS_FICHIER_MAX = 64 * 1024 * 1024
OCTETS_TOTAL_MAX = 200 * 1024 * 1024
_MIO = 1024 * 1024
ARCHIVES = (".zip", ".rar", ".7z", ".gz", ".tgz", ".tar", ".xz", ".bz2")
_UTILES = (".ipynb", ".json", ".zip")


@dataclass(frozen=True)
class Fichier:
    """A file handed in: its name inside the parcel (« / » as separator) and its bytes."""

    nom: str
    octets: bytes

    @property
    def chemin(self) -> PurePosixPath:
        """Its name, as a path."""
        return PurePosixPath(self.nom)


@dataclass
class Colis:
    """What one learner sent: notebooks and JSON files, what was refused (in sentences), and what is neither."""

    fichiers: list[Fichier] = field(default_factory=list)
    problemes: list[str] = field(default_factory=list)
    autres: list[str] = field(default_factory=list)


def ouvrir(chemin: Path) -> Colis:
    """Read a learner's folder, zip or lone notebook; what is wrong with it is told in sentences, never raised.

    A zip left as it came inside a folder, or inside another zip, is read too (one level, within the same bounds).
    """
    colis, nom = Colis(), montrable(chemin.name)
    lecteur = _Lecteur(colis, Compte(Bornes(FICHIERS_MAX, OCTETS_FICHIER_MAX, OCTETS_TOTAL_MAX)))
    try:
        if chemin.is_dir():
            lecteur.dossier(chemin)
        elif chemin.suffix.lower() == ".zip":
            if chemin.stat().st_size > OCTETS_TOTAL_MAX:
                raise TropGros(f"il dépasse {OCTETS_TOTAL_MAX // _MIO} Mio")
            lecteur.archive(chemin.read_bytes())
        elif chemin.suffix.lower() in (".ipynb", ".json"):
            lecteur.compte.peser(nom, chemin.stat().st_size)
            colis.fichiers.append(Fichier(nom, chemin.read_bytes()))
        else:
            colis.problemes.append(f"« {nom} » n’est pas un zip : demandez un dossier ou une archive .zip.")
    except TropGros as cause:
        colis.fichiers.clear()
        colis.problemes.append(f"Le rendu « {nom} » est refusé : {cause}.")
    except OSError as cause:
        colis.problemes.append(f"Le rendu « {nom} » ne peut pas être lu ({cause.strerror or cause}).")
    except Exception:  # noqa: BLE001 - a damaged archive raises anything; it must not stop the class
        colis.problemes.append(f"L’archive « {nom} » est abîmée : demandez un nouvel envoi.")
    return colis


@dataclass
class _Lecteur:
    """Fills one parcel; its counts run over the folder and every zip in it."""

    colis: Colis
    compte: Compte

    def dossier(self, racine: Path) -> None:
        for chemin in _parcourir(racine):
            nom = montrable(chemin.relative_to(racine).as_posix())
            self.compte.compter(1)
            if ignore(nom):
                continue
            infos = chemin.lstat()
            if not stat.S_ISREG(infos.st_mode):
                self.colis.problemes.append(f"« {nom} » est un lien, pas un fichier ; il est écarté.")
                continue
            if not self._utile(nom):
                continue
            self.compte.peser(nom, infos.st_size)
            with chemin.open("rb") as flux:
                self._garder(nom, flux.read(OCTETS_FICHIER_MAX), dedans=False)

    def archive(self, octets_zip: bytes, prefixe: str = "") -> None:
        for entree in lire_zip(octets_zip, self.compte, self._utile):
            if entree.refus:
                self.colis.problemes.append(f"« {fin(entree.nom)} » {entree.refus} ; il est écarté.")
            elif entree.octets is not None:
                self._garder(f"{prefixe}{entree.nom}", entree.octets, dedans=bool(prefixe))

    def _garder(self, nom: str, octets: bytes, *, dedans: bool) -> None:
        if not nom.lower().endswith(".zip"):
            self.colis.fichiers.append(Fichier(nom, octets))
        elif dedans:
            self.colis.problemes.append(f"« {fin(nom)} » est une archive dans une archive ; elle est écartée.")
        else:
            try:
                self.archive(octets, f"{nom}/")
            except TropGros:
                raise
            except Exception:  # noqa: BLE001 - the rest of the parcel is still read
                self.colis.problemes.append(f"L’archive « {fin(nom)} » est abîmée : demandez un nouvel envoi.")

    def _utile(self, nom: str) -> bool:
        if nom.lower().endswith(_UTILES):
            return True
        if nom.lower().endswith(ARCHIVES):
            self.colis.problemes.append(f"« {fin(nom)} » n’est pas un zip : demandez un dossier ou une archive .zip.")
        else:
            self.colis.autres.append(nom)
        return False


def _parcourir(racine: Path) -> Iterator[Path]:
    for dossier, sous_dossiers, fichiers in os.walk(racine, followlinks=False):
        sous_dossiers.sort()
        for nom in sorted(fichiers):
            yield Path(dossier) / nom
        for nom in [n for n in sous_dossiers if (Path(dossier) / n).is_symlink()]:
            yield Path(dossier) / nom
