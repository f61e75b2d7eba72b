"""The one loader: a CSV file and a dataclass in, typed rows out, or a sentence naming the file and the line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import Field, fields
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, NamedTuple, NoReturn, TypeVar, Union, get_args, get_origin, get_type_hints

from facturier.erreurs import ErreurFacturier
from facturier.referentiel.lignes import LigneSourcee

INCONNU = "inconnu"
TAILLE_MAXIMALE = 4 * 1024 * 1024
_DECIMAL = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,10})?")
_ENTIER = re.compile(r"-?[0-9]{1,18}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

L = TypeVar("L", bound=LigneSourcee)


class ReferentielIllisible(ErreurFacturier):
    """A table of the trade breaks its own rules."""

    code = "referentiel-illisible"


class Colonne(NamedTuple):
    """How one column is read: its expected form in words, and the function that reads a non-empty cell."""

    nom: str
    lire: Callable[[str], Any]
    attendu: str
    vide: bool
    valeur_vide: Any
    cle: bool
    inconnu: bool


class _Valeur(ValueError):
    """A cell that does not have the form its column expects."""


def _decimal(cellule: str) -> Decimal:
    if not _DECIMAL.fullmatch(cellule):
        raise _Valeur
    return Decimal(cellule)


def _entier(cellule: str) -> int:
    if not _ENTIER.fullmatch(cellule):
        raise _Valeur
    return int(cellule)


def _date(cellule: str) -> date:
    if not _DATE.fullmatch(cellule):
        raise _Valeur
    try:
        return date.fromisoformat(cellule)
    except ValueError:
        raise _Valeur from None


def _booleen(cellule: str) -> bool:
    if cellule not in ("oui", "non"):
        raise _Valeur
    return cellule == "oui"


def _liste(cellule: str) -> tuple[str, ...]:
    codes = tuple(cellule.split(" "))
    if "" in codes or len(set(codes)) != len(codes):
        raise _Valeur
    return codes


_LECTURES: dict[Any, tuple[Callable[[str], Any], str]] = {
    str: (str, "un texte"),
    Decimal: (_decimal, "un nombre décimal écrit avec un point (10.40)"),
    int: (_entier, "un nombre entier"),
    date: (_date, "une date AAAA-MM-JJ"),
    bool: (_booleen, "« oui » ou « non »"),
    tuple: (_liste, "des codes tous différents, séparés par une espace"),
}


def _choix(admis: tuple[str, ...]) -> Callable[[str], str]:
    def lire(cellule: str) -> str:
        if cellule not in admis:
            raise _Valeur
        return cellule

    return lire


def _colonne(champ: Field[Any], genre: Any) -> Colonne:
    inconnu = bool(champ.metadata.get("inconnu"))
    vide = bool(champ.metadata.get("facultatif"))
    if get_origin(genre) in (Union, UnionType):
        genre = next(g for g in get_args(genre) if g is not NoneType)
        vide = not inconnu
        valeur_vide: Any = None
    elif get_origin(genre) is tuple:
        genre, valeur_vide = tuple, ()
        vide = not champ.metadata.get("non_vide")
    else:
        valeur_vide = ""
    if get_origin(genre) is Literal:
        admis = get_args(genre)
        lire: Callable[[str], Any] = _choix(admis)
        attendu = "l’une de ces valeurs : " + ", ".join(f"« {a} »" for a in admis)
    else:
        lire, attendu = _LECTURES[genre]
    if inconnu:
        attendu += f", ou « {INCONNU} »"
    return Colonne(champ.name, lire, attendu, vide, valeur_vide, bool(champ.metadata.get("cle")), inconnu)


def colonnes(genre: type[LigneSourcee]) -> tuple[Colonne, ...]:
    """The columns a table of that row type must have, in display order: the trade's first, the common ones last."""
    types = get_type_hints(genre)
    communs = {c.name for c in fields(LigneSourcee)}
    ordre = sorted(fields(genre), key=lambda c: c.name in communs)
    return tuple(_colonne(c, types[c.name]) for c in ordre)


def cellules(ligne: LigneSourcee, des: tuple[Colonne, ...]) -> dict[str, str]:
    """The row as the file writes it: column name → cell."""
    return {c.nom: _cellule(getattr(ligne, c.nom), c) for c in des}


def _cellule(valeur: Any, colonne: Colonne) -> str:
    if valeur is None:
        return INCONNU if colonne.inconnu else ""
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, tuple):
        return " ".join(valeur)
    return format(valeur, "f") if isinstance(valeur, Decimal) else str(valeur)


def charger(chemin: Path, genre: type[L]) -> tuple[L, ...]:
    """Read a table. Raises ReferentielIllisible, naming the file and the line, at the first cell that breaks a rule."""
    enregistrements = _enregistrements(chemin, _texte(chemin))
    numero, entete = next(enregistrements, (1, []))
    attendues = colonnes(genre)
    _controler_entete(chemin, numero, entete, [c.nom for c in attendues])
    lignes: list[L] = []
    deja: dict[tuple[Any, ...], list[tuple[int, L]]] = {}
    for numero, cases in enregistrements:
        if len(cases) != len(entete):
            _refuser(chemin, numero, f"la ligne a {len(cases)} cellules au lieu de {len(entete)}")
        ligne = _ligne(chemin, numero, dict(zip(entete, cases, strict=True)), genre, attendues)
        cle = tuple(getattr(ligne, c.nom) for c in attendues if c.cle)
        for autre_numero, autre in deja.setdefault(cle, []):
            if _se_recouvrent(ligne, autre):
                nom = " / ".join(_cellule(getattr(ligne, c.nom), c) for c in attendues if c.cle)
                phrase = f"la clé « {nom} » est déjà à la ligne {autre_numero} pour la même période"
                _refuser(chemin, numero, phrase)
        deja[cle].append((numero, ligne))
        lignes.append(ligne)
    return tuple(lignes)


def _texte(chemin: Path) -> str:
    try:
        octets = chemin.read_bytes()
    except OSError as erreur:
        raise ReferentielIllisible(
            f"La table « {chemin} » ne peut pas être lue ; vérifiez qu’elle existe et que vous y avez accès."
        ) from erreur
    if len(octets) > TAILLE_MAXIMALE:
        raise ReferentielIllisible(f"La table « {chemin} » dépasse 4 Mio ; une table du métier est bien plus petite.")
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError as erreur:
        numero = octets.count(b"\n", 0, erreur.start) + 1
        _refuser(chemin, numero, "le texte n’est pas en UTF-8 ; enregistrez la table dans cet encodage")


def _enregistrements(chemin: Path, texte: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the number of its first line: a quoted cell may run over several lines."""
    lecteur = csv.reader(io.StringIO(texte, newline=""), strict=True)
    while True:
        numero = lecteur.line_num + 1
        try:
            cases = next(lecteur)
        except StopIteration:
            return
        except csv.Error:
            _refuser(chemin, numero, "les guillemets ou les virgules sont mal placés")
        yield numero, cases


def _controler_entete(chemin: Path, numero: int, entete: list[str], attendues: list[str]) -> None:
    reproches = (
        ("la colonne « {} » manque dans l’en-tête", [n for n in attendues if n not in entete]),
        ("la colonne « {} » est inconnue", [n for n in entete if n not in attendues]),
        ("la colonne « {} » est écrite deux fois", [n for n in entete if entete.count(n) > 1]),
    )
    for phrase, noms in reproches:
        if noms:
            _refuser(chemin, numero, phrase.format(noms[0]))


def _ligne(chemin: Path, numero: int, cases: dict[str, str], genre: type[L], attendues: tuple[Colonne, ...]) -> L:
    valeurs = {c.nom: _lire(chemin, numero, cases[c.nom], c) for c in attendues}
    debut, fin = valeurs["valide_du"], valeurs["valide_au"]
    if debut is not None and fin is not None and fin < debut:
        _refuser(chemin, numero, f"« valide_au » ({fin}) vient avant « valide_du » ({debut})")
    return genre(**valeurs)


def _lire(chemin: Path, numero: int, cellule: str, colonne: Colonne) -> Any:
    if cellule == "":
        if colonne.vide:
            return colonne.valeur_vide
        _refuser(chemin, numero, f"la colonne « {colonne.nom} » est vide et attend {colonne.attendu}")
    if cellule != cellule.strip() or "\x00" in cellule:
        _refuser(
            chemin, numero, f"la colonne « {colonne.nom} » commence ou finit par une espace ou un caractère invisible"
        )
    if colonne.inconnu and cellule == INCONNU:
        return None
    try:
        return colonne.lire(cellule)
    except _Valeur:
        extrait = cellule if len(cellule) <= 60 else cellule[:60] + "…"
        _refuser(chemin, numero, f"la colonne « {colonne.nom} » attend {colonne.attendu} et contient « {extrait} »")


def _se_recouvrent(a: LigneSourcee, b: LigneSourcee) -> bool:
    def avant(x: LigneSourcee, y: LigneSourcee) -> bool:
        return x.valide_au is not None and y.valide_du is not None and x.valide_au < y.valide_du

    return not (avant(a, b) or avant(b, a))


def _refuser(chemin: Path, numero: int, reproche: str) -> NoReturn:
    raise ReferentielIllisible(f"Table « {chemin.name} », ligne {numero} : {reproche}. Corrigez cette ligne.")
