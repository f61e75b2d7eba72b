"""Reading what learners send back, folder or zip: bounded, never written where it asks, never followed elsewhere."""

from __future__ import annotations

import io
import os
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from facturier.erreurs import montrable

FICHIERS_MAX = 500
OCTETS_FICHIER_MAX = 64 * 1024 * 1024
OCTETS_TOTAL_MAX = 200 * 1024 * 1024
RAPPORT_MAX = 300
"""Highest compression ratio believed for an entry above ``OCTETS_SANS_RAPPORT`` (a long output repeats itself too)."""
OCTETS_SANS_RAPPORT = 16 * 1024 * 1024
_MIO = 1024 * 1024
_ENTREE_CENTRALE = b"PK\x01\x02"
_METHODES = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What every system writes; the others may ask for gigabytes of memory before the first byte."""
ARCHIVES = (".zip", ".rar", ".7z", ".gz", ".tgz", ".tar", ".xz", ".bz2")
_UTILES = (".ipynb", ".json", ".zip")
IGNORES = {"__macosx", ".ipynb_checkpoints", "desktop.ini", "thumbs.db", ".ds_store"}


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


class _TropGros(Exception):
    """The parcel as a whole goes beyond a bound."""


def ouvrir(chemin: Path) -> Colis:
    """Read a learner's folder, zip or lone notebook; what is wrong with it is told in sentences, never raised.

    A zip left as it came inside a folder, or inside another zip, is read too (one level, within the same bounds).
    """
    colis, nom = Colis(), montrable(chemin.name)
    lecteur = _Lecteur(colis)
    try:
        if chemin.is_dir():
            lecteur.dossier(chemin)
        elif chemin.suffix.lower() == ".zip":
            if chemin.stat().st_size > OCTETS_TOTAL_MAX:
                raise _TropGros(f"il dépasse {OCTETS_TOTAL_MAX // _MIO} Mio")
            lecteur.archive(chemin.read_bytes())
        elif chemin.suffix.lower() == ".ipynb":
            _borner(nom, chemin.stat().st_size, 0)
            colis.fichiers.append(Fichier(nom, chemin.read_bytes()))
        else:
            colis.problemes.append(f"« {nom} » n’est pas un zip : demandez un dossier ou une archive .zip.")
    except _TropGros as cause:
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
    nombre: int = 0
    total: int = 0

    def dossier(self, racine: Path) -> None:
        for chemin in _parcourir(racine):
            nom = montrable(chemin.relative_to(racine).as_posix())
            self._compter(1)
            if _ignore(nom):
                continue
            infos = chemin.lstat()
            if not stat.S_ISREG(infos.st_mode):
                self.colis.problemes.append(f"« {nom} » est un lien, pas un fichier ; il est écarté.")
                continue
            if not self._utile(nom):
                continue
            self._peser(nom, infos.st_size)
            with chemin.open("rb") as flux:
                self._garder(nom, flux.read(OCTETS_FICHIER_MAX), dedans=False)

    def archive(self, octets_zip: bytes, prefixe: str = "") -> None:
        # the list of its files is counted before zipfile builds it: a small archive may announce millions
        if octets_zip.count(_ENTREE_CENTRALE) > 2 * FICHIERS_MAX:
            raise _TropGros(f"il compte plus de {FICHIERS_MAX} fichiers")
        with zipfile.ZipFile(io.BytesIO(octets_zip)) as archive:
            infos = archive.infolist()
            self._compter(len(infos))
            for info in infos:
                nom = montrable(info.filename.replace("\\", "/"))
                if info.is_dir() or nom.endswith("/") or _ignore(nom):
                    continue
                refus = _refus_entree(nom, info)
                if refus:
                    self.colis.problemes.append(f"« {nom[-80:]} » {refus} ; il est écarté.")
                    continue
                if not self._utile(nom):
                    continue
                self._peser(nom, info.file_size)
                if info.file_size > OCTETS_SANS_RAPPORT and info.file_size > RAPPORT_MAX * max(info.compress_size, 1):
                    raise _TropGros(f"« {nom[-80:]} » est comprimé de façon anormale")
                with archive.open(info) as entree:
                    octets = entree.read(info.file_size + 1)
                if len(octets) > info.file_size:
                    raise _TropGros(f"« {nom[-80:]} » est plus gros qu’annoncé")
                self._garder(f"{prefixe}{nom}", octets, dedans=bool(prefixe))

    def _garder(self, nom: str, octets: bytes, *, dedans: bool) -> None:
        if not nom.lower().endswith(".zip"):
            self.colis.fichiers.append(Fichier(nom, octets))
        elif dedans:
            self.colis.problemes.append(f"« {nom[-80:]} » est une archive dans une archive ; elle est écartée.")
        else:
            try:
                self.archive(octets, f"{nom}/")
            except _TropGros:
                raise
            except Exception:  # noqa: BLE001 - the rest of the parcel is still read
                self.colis.problemes.append(f"L’archive « {nom[-80:]} » est abîmée : demandez un nouvel envoi.")

    def _utile(self, nom: str) -> bool:
        if nom.lower().endswith(_UTILES):
            return True
        if nom.lower().endswith(ARCHIVES):
            self.colis.problemes.append(f"« {nom[-80:]} » n’est pas un zip : demandez un dossier ou une archive .zip.")
        else:
            self.colis.autres.append(nom)
        return False

    def _compter(self, combien: int) -> None:
        self.nombre += combien
        if self.nombre > FICHIERS_MAX:
            raise _TropGros(f"il compte plus de {FICHIERS_MAX} fichiers")

    def _peser(self, nom: str, octets: int) -> None:
        self.total += octets
        _borner(nom, octets, self.total)


def _parcourir(racine: Path) -> Iterator[Path]:
    for dossier, sous_dossiers, fichiers in os.walk(racine, followlinks=False):
        sous_dossiers.sort()
        for nom in sorted(fichiers):
            yield Path(dossier) / nom
        for nom in [n for n in sous_dossiers if (Path(dossier) / n).is_symlink()]:
            yield Path(dossier) / nom


def _refus_entree(nom: str, info: zipfile.ZipInfo) -> str:
    chemin = PurePosixPath(nom)
    if chemin.is_absolute() or ".." in chemin.parts or (len(nom) > 1 and nom[1] == ":"):
        return "sort du dossier rendu"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "est un lien, pas un fichier"
    if info.flag_bits & 0x1:
        return "est protégé par un mot de passe"
    if info.compress_type not in _METHODES:
        return "est comprimé d’une façon inattendue"
    return ""


def _borner(nom: str, octets: int, total: int) -> None:
    if octets > OCTETS_FICHIER_MAX:
        raise _TropGros(f"« {nom[-80:]} » dépasse {OCTETS_FICHIER_MAX // _MIO} Mio")
    if total > OCTETS_TOTAL_MAX:
        raise _TropGros(f"il dépasse {OCTETS_TOTAL_MAX // _MIO} Mio une fois ouvert")


def _ignore(nom: str) -> bool:
    """Files that systems add by themselves, at any depth."""
    parties = [p.lower() for p in PurePosixPath(nom).parts]
    return any(p in IGNORES or p.startswith("._") for p in parties)
