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
_UTILES = (".ipynb", ".json")
_IGNORES = {"__macosx", ".ipynb_checkpoints", "desktop.ini", "thumbs.db", ".ds_store"}


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
    """What one learner sent: the notebooks and JSON files found, and what was refused, in sentences."""

    fichiers: list[Fichier] = field(default_factory=list)
    problemes: list[str] = field(default_factory=list)


class _TropGros(Exception):
    """The parcel as a whole goes beyond a bound."""


def ouvrir(chemin: Path) -> Colis:
    """Read a learner's folder, zip or lone notebook; what is wrong with it is told in sentences, never raised."""
    colis, nom = Colis(), montrable(chemin.name)
    try:
        if chemin.is_dir():
            _lire_dossier(chemin, colis)
        elif chemin.suffix.lower() == ".zip":
            _lire_zip(chemin, colis)
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


def _lire_dossier(racine: Path, colis: Colis) -> None:
    total = nombre = 0
    for chemin in _parcourir(racine):
        nom = montrable(chemin.relative_to(racine).as_posix())
        nombre += 1
        if nombre > FICHIERS_MAX:
            raise _TropGros(f"il compte plus de {FICHIERS_MAX} fichiers")
        if _ignore(nom):
            continue
        infos = chemin.lstat()
        if not stat.S_ISREG(infos.st_mode):
            colis.problemes.append(f"« {nom} » est un lien, pas un fichier ; il est écarté.")
            continue
        if not _utile(nom):
            continue
        total += infos.st_size
        _borner(nom, infos.st_size, total)
        with chemin.open("rb") as flux:
            colis.fichiers.append(Fichier(nom, flux.read(OCTETS_FICHIER_MAX)))


def _parcourir(racine: Path) -> Iterator[Path]:
    for dossier, sous_dossiers, fichiers in os.walk(racine, followlinks=False):
        sous_dossiers.sort()
        for nom in sorted(fichiers):
            yield Path(dossier) / nom
        for nom in [n for n in sous_dossiers if (Path(dossier) / n).is_symlink()]:
            yield Path(dossier) / nom


def _lire_zip(chemin: Path, colis: Colis) -> None:
    if chemin.stat().st_size > OCTETS_TOTAL_MAX:
        raise _TropGros(f"il dépasse {OCTETS_TOTAL_MAX // _MIO} Mio")
    octets_zip = chemin.read_bytes()
    # the list of its files is counted before zipfile builds it: a small archive may announce millions
    if octets_zip.count(_ENTREE_CENTRALE) > 2 * FICHIERS_MAX:
        raise _TropGros(f"il compte plus de {FICHIERS_MAX} fichiers")
    with zipfile.ZipFile(io.BytesIO(octets_zip)) as archive:
        infos = archive.infolist()
        if len(infos) > FICHIERS_MAX:
            raise _TropGros(f"il compte plus de {FICHIERS_MAX} fichiers")
        total = 0
        for info in infos:
            nom = montrable(info.filename.replace("\\", "/"))
            if info.is_dir() or nom.endswith("/") or _ignore(nom):
                continue
            refus = _refus_entree(nom, info)
            if refus:
                colis.problemes.append(f"« {nom[-80:]} » {refus} ; il est écarté.")
                continue
            if not _utile(nom):
                continue
            total += info.file_size
            _borner(nom, info.file_size, total)
            if info.file_size > OCTETS_SANS_RAPPORT and info.file_size > RAPPORT_MAX * max(info.compress_size, 1):
                raise _TropGros(f"« {nom[-80:]} » est comprimé de façon anormale")
            with archive.open(info) as flux:
                octets = flux.read(info.file_size + 1)
            if len(octets) > info.file_size:
                raise _TropGros(f"« {nom[-80:]} » est plus gros qu’annoncé")
            colis.fichiers.append(Fichier(nom, octets))


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


def _utile(nom: str) -> bool:
    return nom.lower().endswith(_UTILES)


def _ignore(nom: str) -> bool:
    """Files that systems add by themselves, at any depth."""
    parties = [p.lower() for p in PurePosixPath(nom).parts]
    return any(p in _IGNORES or p.startswith("._") for p in parties)
