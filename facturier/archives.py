"""Archives that came from elsewhere, read under bounds: nothing is written to disk, no path leaves, no bomb is opened.

A zip or a tar.gz is read entry by entry. What is wrong with one entry is said with that entry; what makes the whole
archive dangerous (too many files, too many bytes, an absurd compression) stops the reading: ``TropGros``.
"""

from __future__ import annotations

import gzip
import io
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Protocol

from facturier.erreurs import montrable

MIO = 1024 * 1024
RAPPORT_MAX = 300
"""Highest compression ratio believed for an entry above ``OCTETS_SANS_RAPPORT`` (a long output repeats itself too)."""
OCTETS_SANS_RAPPORT = 16 * MIO
IGNORES = {"__macosx", ".ipynb_checkpoints", "desktop.ini", "thumbs.db", ".ds_store"}
"""Files and folders that systems add by themselves, in lower case."""
_ENTREE_CENTRALE = b"PK\x01\x02"
_METHODES = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What every system writes; the others may ask for gigabytes of memory before the first byte."""
_BLOC_TAR = 512
_NOM_MONTRE = 80

Retenir = Callable[[str], bool]
"""Whether a file of that name is wanted: the others are neither opened nor weighed."""


class TropGros(Exception):
    """An archive goes beyond a bound as a whole; the message is a French clause."""


class Abimee(Exception):
    """What announces itself as an archive cannot be read as one."""


@dataclass(frozen=True)
class Bornes:
    """What is accepted: number of entries, bytes of one, bytes of all once open."""

    fichiers: int
    octets_fichier: int
    octets_total: int


@dataclass
class Compte:
    """The running count of what is being read; one count may run over several archives and folders."""

    bornes: Bornes
    nombre: int = 0
    total: int = 0

    def compter(self, combien: int) -> None:
        """So many entries more (TropGros beyond the bound)."""
        self.nombre += combien
        if self.nombre > self.bornes.fichiers:
            raise TropGros(f"il compte plus de {self.bornes.fichiers} fichiers")

    def peser(self, nom: str, octets: int) -> None:
        """So many bytes more, for the file of that name (TropGros beyond a bound)."""
        self.total += octets
        if octets > self.bornes.octets_fichier:
            raise TropGros(f"« {fin(nom)} » dépasse {self.bornes.octets_fichier // MIO} Mio")
        if self.total > self.bornes.octets_total:
            raise TropGros(f"il dépasse {self.bornes.octets_total // MIO} Mio une fois ouvert")


@dataclass(frozen=True)
class Entree:
    """A file of an archive: its name (« / » as separator, nothing invisible), and its bytes or why it is set aside.

    ``octets`` is None for a file set aside (``refus`` says why, a French clause) or not wanted (``refus`` is empty).
    """

    nom: str
    octets: bytes | None = None
    refus: str = ""


def fin(nom: str) -> str:
    """The end of a name, short enough to be quoted."""
    return nom[-_NOM_MONTRE:]


def est_zip(octets: bytes) -> bool:
    """Whether the content begins as a zip."""
    return octets.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def est_gzip(octets: bytes) -> bool:
    """Whether the content begins as gzip."""
    return octets.startswith(b"\x1f\x8b")


def ignore(nom: str) -> bool:
    """Files that systems add by themselves, at any depth."""
    parties = [p.lower() for p in PurePosixPath(nom).parts]
    return any(p in IGNORES or p.startswith("._") for p in parties)


def sort_du_dossier(nom: str) -> bool:
    """Whether that name would leave the folder it is unpacked into."""
    chemin = PurePosixPath(nom)
    return chemin.is_absolute() or ".." in chemin.parts or (len(nom) > 1 and nom[1] == ":")


def lire_zip(octets: bytes, compte: Compte, retenir: Retenir) -> Iterator[Entree]:
    """The files of a zip, in its order; those that systems add are passed over.

    Raises:
        TropGros: beyond a bound.
        Abimee: not a zip that can be read.
    """
    # the list of its files is counted before zipfile builds it: a small archive may announce millions
    if octets.count(_ENTREE_CENTRALE) > 2 * compte.bornes.fichiers:
        raise TropGros(f"il compte plus de {compte.bornes.fichiers} fichiers")
    try:
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            infos = archive.infolist()
            compte.compter(len(infos))
            for info in infos:
                nom = montrable(info.filename.replace("\\", "/"))
                if info.is_dir() or nom.endswith("/") or ignore(nom):
                    continue
                if refus := _refus_zip(nom, info):
                    yield Entree(nom, refus=refus)
                else:
                    yield Entree(nom, _octets_zip(archive, info, nom, compte) if retenir(nom) else None)
    except (TropGros, GeneratorExit):
        raise
    except Exception as cause:  # zipfile, zlib and struct raise many kinds on damaged files, all mean unreadable
        raise Abimee(type(cause).__name__) from cause


def lire_tar_gz(octets: bytes, compte: Compte, retenir: Retenir) -> Iterator[Entree]:
    """The files of a tar compressed by gzip, in its order, read as a stream that stops at the bounds.

    Raises:
        TropGros: beyond a bound.
        Abimee: not such an archive.
    """
    plafond = compte.bornes.octets_total + (2 * compte.bornes.fichiers + 4) * 2 * _BLOC_TAR
    try:
        flux = _Borne(gzip.GzipFile(fileobj=io.BytesIO(octets)), plafond, compte.bornes)
        with tarfile.open(fileobj=flux, mode="r|", bufsize=_BLOC_TAR * 20) as archive:
            for info in archive:
                compte.compter(1)
                nom = montrable(info.name.replace("\\", "/"))
                if info.isdir() or ignore(nom):
                    continue
                if sort_du_dossier(nom):
                    yield Entree(nom, refus="sort du dossier rendu")
                elif not info.isreg():
                    yield Entree(nom, refus="est un lien, pas un fichier")
                elif not retenir(nom):
                    yield Entree(nom)
                else:
                    compte.peser(nom, info.size)
                    contenu = archive.extractfile(info)
                    yield Entree(nom, contenu.read() if contenu is not None else b"")
    except (TropGros, GeneratorExit):
        raise
    except Exception as cause:  # tarfile, gzip and zlib raise many kinds on damaged files, all mean unreadable
        raise Abimee(type(cause).__name__) from cause


def _octets_zip(archive: zipfile.ZipFile, info: zipfile.ZipInfo, nom: str, compte: Compte) -> bytes:
    compte.peser(nom, info.file_size)
    if info.file_size > OCTETS_SANS_RAPPORT and info.file_size > RAPPORT_MAX * max(info.compress_size, 1):
        raise TropGros(f"« {fin(nom)} » est comprimé de façon anormale")
    with archive.open(info) as entree:
        octets = entree.read(info.file_size + 1)
    if len(octets) > info.file_size:
        raise TropGros(f"« {fin(nom)} » est plus gros qu’annoncé")
    return octets


def _refus_zip(nom: str, info: zipfile.ZipInfo) -> str:
    if sort_du_dossier(nom):
        return "sort du dossier rendu"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "est un lien, pas un fichier"
    if info.flag_bits & 0x1:
        return "est protégé par un mot de passe"
    if info.compress_type not in _METHODES:
        return "est comprimé d’une façon inattendue"
    return ""


class _Lisible(Protocol):
    def read(self, taille: int, /) -> bytes: ...


class _Borne(io.RawIOBase):
    """A stream that refuses to give more than so many bytes, whatever the compressed ones become."""

    def __init__(self, flux: _Lisible, plafond: int, bornes: Bornes) -> None:
        self._flux, self._reste, self._bornes = flux, plafond, bornes

    def readable(self) -> bool:
        return True

    def read(self, taille: int = -1) -> bytes:
        lu = self._flux.read(self._reste + 1 if taille < 0 else min(taille, self._reste + 1))
        self._reste -= len(lu)
        if self._reste < 0:
            raise TropGros(f"il dépasse {self._bornes.octets_total // MIO} Mio une fois ouvert")
        return lu
