"""Archives from elsewhere: entries in order, each refusal with its entry, nothing beyond the bounds."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable

import pytest

from facturier.archives import Abimee, Bornes, Compte, Entree, TropGros, lire_tar_gz, lire_zip

PETITES = Bornes(fichiers=50, octets_fichier=100_000, octets_total=300_000)
Lire = Callable[..., object]


def _zip(fichiers: dict[str, bytes]) -> bytes:
    flux = io.BytesIO()
    with zipfile.ZipFile(flux, "w", zipfile.ZIP_DEFLATED) as archive:
        for nom, octets in fichiers.items():
            archive.writestr(zipfile.ZipInfo(nom), octets, zipfile.ZIP_DEFLATED)
    return flux.getvalue()


def _tar_gz(fichiers: dict[str, bytes], *autres: tarfile.TarInfo) -> bytes:
    flux = io.BytesIO()
    with tarfile.open(fileobj=flux, mode="w:gz") as archive:
        for nom, octets in fichiers.items():
            info = tarfile.TarInfo(nom)
            info.size = len(octets)
            archive.addfile(info, io.BytesIO(octets))
        for info in autres:
            archive.addfile(info)
    return flux.getvalue()


GENRES = [pytest.param(_zip, lire_zip, id="zip"), pytest.param(_tar_gz, lire_tar_gz, id="tar.gz")]


@pytest.mark.parametrize(("fabriquer", "lire"), GENRES)
def test_les_fichiers_voulus_sont_lus_dans_l_ordre_les_autres_nommes(fabriquer: Lire, lire: Lire) -> None:
    archive = fabriquer({"b.xml": b"B", "notes.txt": b"x", "sous/a.xml": b"A", "__MACOSX/._b.xml": b"x"})
    lues = list(lire(archive, Compte(PETITES), lambda nom: nom.endswith(".xml")))  # type: ignore[call-overload]
    assert lues == [Entree("b.xml", b"B"), Entree("notes.txt"), Entree("sous/a.xml", b"A")]


@pytest.mark.parametrize(("fabriquer", "lire"), GENRES)
@pytest.mark.parametrize("nom", ["../evasion.xml", "/etc/passwd.xml", "C:/x.xml", "a/../../b.xml", "..\\b.xml"])
def test_un_nom_qui_sort_du_dossier_est_ecarte_sans_arreter_les_autres(fabriquer: Lire, lire: Lire, nom: str) -> None:
    mauvaise, bonne = lire(fabriquer({nom: b"x", "bon.xml": b"ok"}), Compte(PETITES), bool)  # type: ignore[misc]
    assert (mauvaise.octets, mauvaise.refus) == (None, "sort du dossier rendu")
    assert bonne == Entree("bon.xml", b"ok")


@pytest.mark.parametrize(("fabriquer", "lire"), GENRES)
def test_les_caracteres_invisibles_d_un_nom_ne_passent_pas(fabriquer: Lire, lire: Lire) -> None:
    (entree,) = lire(fabriquer({"a\x1b[31m\u202eb.xml": b"x"}), Compte(PETITES), bool)  # type: ignore[misc]
    assert entree.nom == "a\ufffd[31m\ufffdb.xml"


@pytest.mark.parametrize(("fabriquer", "lire"), GENRES)
@pytest.mark.parametrize(
    ("fichiers", "dit"),
    [
        ({f"{n}.xml": b"" for n in range(51)}, "plus de 50 fichiers"),
        ({f"{n}.xml": b"" for n in range(10_000)}, "plus de 50 fichiers"),
        ({"gros.xml": b"a" * 100_001}, "« gros.xml » dépasse 0 Mio"),
        ({f"{n}.xml": b"a" * 90_000 for n in range(4)}, "dépasse 0 Mio une fois ouvert"),
    ],
    ids=["51 fichiers", "10 000 fichiers", "un gros", "trop en tout"],
)
def test_une_archive_demesuree_est_arretee(fabriquer: Lire, lire: Lire, fichiers: dict[str, bytes], dit: str) -> None:
    with pytest.raises(TropGros, match=dit):
        list(lire(fabriquer(fichiers), Compte(PETITES), bool))  # type: ignore[call-overload]


def test_un_flux_gzip_infini_s_arrete_au_plafond() -> None:
    with pytest.raises(TropGros, match="une fois ouvert"):
        list(lire_tar_gz(_tar_gz({"nul.bin": b"\0" * 30_000_000}), Compte(PETITES), lambda nom: False))


@pytest.mark.parametrize("genre", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_un_lien_ou_un_peripherique_d_un_tar_est_ecarte(genre: bytes) -> None:
    info = tarfile.TarInfo("lien.xml")
    info.type, info.linkname = genre, "/etc/passwd"
    (entree,) = lire_tar_gz(_tar_gz({}, info), Compte(PETITES), bool)
    assert (entree.octets, entree.refus) == (None, "est un lien, pas un fichier")


@pytest.mark.parametrize("octets", [b"", b"PK\x03\x04", b"\x1f\x8b", b"bonjour", gzip.compress(b"pas un tar", mtime=0)])
def test_ce_qui_n_est_pas_une_archive_est_dit_abime(octets: bytes) -> None:
    for lire in (lire_zip, lire_tar_gz):
        with pytest.raises(Abimee):
            list(lire(octets, Compte(PETITES), bool))


def test_une_archive_coupee_est_dite_abimee() -> None:
    contenu = {"a.xml": bytes(range(256)) * 100, "b.xml": bytes(range(255, -1, -1)) * 100}
    for lire, octets in ((lire_zip, _zip(contenu)), (lire_tar_gz, _tar_gz(contenu))):
        with pytest.raises(Abimee):
            list(lire(octets[: len(octets) // 2], Compte(PETITES), bool))
