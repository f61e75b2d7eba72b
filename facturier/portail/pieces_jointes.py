"""Files joined to an invoice: the one place where their names, sizes, extensions and number are checked.

What the portal keeps of a file is its name and its size, never its content. Limits come from the tables « limites »,
« depots » (by way of depositing) and « extensions ».
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from facturier import referentiel

MEGA = 1024 * 1024
MODE_PAR_DEFAUT = "saisie"
OCTETS_CHIFFRES_MAX = 12
_INTERDITS = frozenset('/\\:*?"<>|')
_NOM_MONTRE = 60
_MARQUES: dict[str, tuple[bytes, ...]] = {
    "pdf": (b"%PDF-",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "gif": (b"GIF87a", b"GIF89a"),
    "bmp": (b"BM",),
    "tif": (b"II*\0", b"MM\0*"),
    "tiff": (b"II*\0", b"MM\0*"),
    "gz": (b"\x1f\x8b",),
    "gzip": (b"\x1f\x8b",),
    "tgz": (b"\x1f\x8b",),
    "bz2": (b"BZh",),
    **dict.fromkeys(("zip", "docx", "xlsx", "pptx", "odt", "ods", "odp"), (b"PK\x03\x04", b"PK\x05\x06")),
    **dict.fromkeys(("doc", "xls", "ppt", "pps"), (b"\xd0\xcf\x11\xe0",)),
    "rtf": (b"{\\rtf",),
}
"""How the content of a file of that extension begins; the others begin as they like."""


@dataclass(frozen=True)
class PieceJointe:
    """A file joined to a piece: its name and its size, never its content."""

    nom: str
    octets: int


Manquement = tuple[str, str]


def controler(
    jointes: Sequence[PieceJointe],
    mode: str = MODE_PAR_DEFAUT,
    au: date | None = None,
    *,
    deja: Sequence[PieceJointe] = (),
    facture: int = 0,
) -> list[Manquement]:
    """What is wrong with the files joined: code of the broken rule and French sentence, file after file.

    ``deja``: the files that the piece already has; ``facture``: bytes of the invoice's own file.
    """
    depot = referentiel.depot(mode, au)
    pris = {jointe.nom.casefold() for jointe in deja}
    trouves: list[Manquement] = []
    for jointe in jointes:
        trouves += controler_nom(jointe.nom, au)
        if jointe.nom.casefold() in pris:
            trouves.append(
                ("jointe-doublon", f"Une pièce jointe s’appelle déjà « {_court(jointe.nom)} » : changez de nom.")
            )
        pris.add(jointe.nom.casefold())
        if depot.piece_jointe_mo is not None and jointe.octets > depot.piece_jointe_mo * MEGA:
            trouves.append(
                ("jointe-taille", f"La pièce jointe dépasse {depot.piece_jointe_mo} Mo : réduisez-la ou divisez-la.")
            )
    total = facture + sum(jointe.octets for jointe in (*deja, *jointes))
    if depot.total_mo is not None and total > depot.total_mo * MEGA:
        trouves.append(("jointes-total", f"La facture et ses pièces dépasseraient {depot.total_mo} Mo."))
    return trouves


def controler_nom(nom: str, au: date | None = None) -> list[Manquement]:
    """What is wrong with the name of a file: length, characters, extension."""
    trouves: list[Manquement] = []
    limite = referentiel.limite("nom_piece_jointe", au).valeur
    if len(nom) > limite:
        trouves.append(
            (
                "jointe-nom-long",
                f"Le nom de la pièce jointe compte {len(nom)} caractères : {limite} au plus, extension comprise.",
            )
        )
    if nom_interdit(nom):
        phrase = "Le nom de la pièce jointe contient un caractère interdit : donnez un simple nom de fichier."
        trouves.append(("jointe-nom", phrase))
    if extension(nom) not in {e.code for e in referentiel.extensions(au)}:
        trouves.append(("jointe-extension", _phrase_extension(nom)))
    return trouves


def controler_contenu(nom: str, octets: bytes) -> list[Manquement]:
    """Whether a file begins as its extension says; only asked where the file is at hand."""
    if not octets:
        return [("jointe-vide", f"Le fichier « {_court(nom)} » est vide : choisissez-le à nouveau.")]
    marques = _MARQUES.get(extension(nom))
    if marques is None or octets.startswith(marques) or (extension(nom) == "pdf" and b"%PDF-" in octets[:1024]):
        return []
    phrase = (
        f"Le contenu de « {_court(nom)} » n’est pas celui d’un fichier .{extension(nom)} : renommer un fichier ne le "
        "convertit pas, enregistrez-le dans ce format."
    )
    return [("jointe-contenu", phrase)]


def extension(nom: str) -> str:
    """The extension in lower case, without its dot; "" when there is none."""
    tronc, point, fin = nom.rpartition(".")
    return fin.lower() if point and tronc else ""


def nom_interdit(nom: str) -> bool:
    """Whether a name holds what a file's name may not: path marks, invisible characters, edge spaces, a dot first."""
    if not nom or nom != nom.strip() or nom.startswith("."):
        return True
    return any(c in _INTERDITS or unicodedata.category(c)[0] == "C" for c in nom)


def lire(texte: str) -> tuple[PieceJointe, ...]:
    """The files that an event carries: one a line, its size in bytes, a space, its name.

    Raises:
        ValueError: not such a list.
    """
    lues = []
    for ligne in texte.split("\n") if texte else ():
        taille, _, nom = ligne.partition(" ")
        lues.append(PieceJointe(nom, lire_octets(taille)))
    return tuple(lues)


def ecrire(jointes: Sequence[PieceJointe]) -> str:
    """The text from which :func:`lire` reads these files back."""
    return "\n".join(f"{jointe.octets} {jointe.nom}" for jointe in jointes)


def lire_octets(texte: str) -> int:
    """A number of bytes, in digits (ValueError otherwise)."""
    if not (texte.isascii() and texte.isdigit() and len(texte) <= OCTETS_CHIFFRES_MAX):
        raise ValueError(texte)
    return int(texte)


def _phrase_extension(nom: str) -> str:
    if not extension(nom):
        return f"Le nom « {_court(nom)} » n’a pas d’extension : ajoutez celle du format (.pdf par exemple)."
    return (
        f"L’extension « .{_court(extension(nom))} » n’est pas dans la liste des formats admis (liste lue dans un "
        "module public, à confirmer) : convertissez la pièce en PDF."
    )


def _court(nom: str) -> str:
    return nom if len(nom) <= _NOM_MONTRE else nom[:_NOM_MONTRE] + "…"
