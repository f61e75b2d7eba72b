"""Paper answers typed by the trainer: a sheet to fill, one row an opinion, read back row by row."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from facturier import classeurs
from facturier.champs.def_satisfaction import ACCORD, SANS_AVIS, TEXTE_MAX
from facturier.enquete.avis import AFFIRMATIONS, DEGRES, LIBRES, Avis, avis_de
from facturier.erreurs import SORTIE_INVALIDE, ErreurFacturier

FEUILLE = "Avis"
CHAMPS = (*AFFIRMATIONS, *LIBRES)
TITRES = tuple(champ.libelle for champ in CHAMPS)
AVIS_MAX, ERREURS_MAX = 500, 20
OCTETS_MAX = 4 * 1024 * 1024
_DEGRES = " ; ".join(f"{code} = {mot.lower()}" for code, mot in (*ACCORD, SANS_AVIS))
_AIDE = (
    ("Les avis reçus sur papier : une ligne par feuille, dans l’ordre que vous voulez.",),
    (f"Affirmations : {_DEGRES}. Laissez vide ce qui n’est pas coché.",),
    (f"Réponses libres : {TEXTE_MAX} caractères au plus. Ne recopiez le nom de personne.",),
    ("N’ajoutez pas de colonne, et aucun nom. Mélangez les feuilles avant de les saisir.",),
    ("Puis : facturier satisfaction synthese SESSION.toml CE-FICHIER",),
)


def modele(fichier: Path) -> bytes:
    """The blank sheet, of the kind that the file's name asks for (.xlsx or .csv).

    Raises:
        ErreurFacturier: another kind.
    """
    if fichier.suffix.lower() == ".csv":
        return classeurs.en_csv([TITRES]).encode()
    if fichier.suffix.lower() != ".xlsx":
        raise ErreurFacturier(f"{fichier.name} : donnez un nom qui finit par .xlsx ou .csv.", code="extension-inconnue")
    return _classeur()


def lire_saisie(fichier: Path) -> list[Avis]:
    """The opinions of a filled sheet; rows left blank are nobody's.

    Raises:
        ErreurFacturier: unreadable, a column missing, or cells that are not answers; the sentence has one line a cell.
    """
    rangees = _rangees_csv(fichier) if fichier.suffix.lower() == ".csv" else _rangees_xlsx(fichier)
    titres = [titre.strip() for titre in next(rangees, [])]
    manquantes = [titre for titre in TITRES if titre not in titres]
    if manquantes:
        raise ErreurFacturier(
            f"{fichier.name} : la colonne « {manquantes[0]} » manque. Reprenez la feuille que fait "
            "« facturier satisfaction saisie ».",
            code="saisie-refusee",
        )
    if len(titres) != len(TITRES):
        raise ErreurFacturier(
            f"{fichier.name} : une colonne est en trop. Retirez-la : un avis ne porte ni nom ni remarque.",
            code="saisie-refusee",
        )
    places = [titres.index(titre) for titre in TITRES]
    avis, erreurs = [], list[str]()
    for rang, cellules in enumerate(rangees, 2):
        if rang > AVIS_MAX + 1:
            erreurs.append(f"plus de {AVIS_MAX} lignes")
            break
        valeurs = {c.id: cellules[p].strip() for c, p in zip(CHAMPS, places, strict=True) if p < len(cellules)}
        fautes = list(_fautes(rang, valeurs))
        erreurs += fautes
        if not fautes and any(valeurs.values()):
            avis.append(avis_de(_jeton(fichier, rang), 0, valeurs))
    if erreurs:
        reste = len(erreurs) - ERREURS_MAX
        dites = [*erreurs[:ERREURS_MAX], *([f"et {reste} autres"] if reste > 0 else [])]
        raise ErreurFacturier(
            f"{fichier.name}, à corriger : {' ; '.join(dites)}.", code="saisie-refusee", sortie=SORTIE_INVALIDE
        )
    return avis


def _fautes(rang: int, valeurs: dict[str, str]) -> Iterator[str]:
    for champ in CHAMPS:
        texte = valeurs.get(champ.id, "")
        if champ in AFFIRMATIONS and texte and texte not in DEGRES:
            yield f"ligne {rang}, « {champ.libelle} » : « {texte[:20]} » n’est pas un degré ({', '.join(DEGRES)})"
        elif len(texte) > TEXTE_MAX:
            yield f"ligne {rang}, « {champ.libelle} » : plus de {TEXTE_MAX} caractères"


def _jeton(fichier: Path, rang: int) -> str:
    """Two rows are two opinions, and so are two rows alike of two sheets."""
    return hashlib.sha256(f"{fichier.resolve()}|{rang}".encode()).hexdigest()[:12]


def _rangees_csv(fichier: Path) -> Iterator[list[str]]:
    try:
        octets = fichier.read_bytes() if fichier.stat().st_size <= OCTETS_MAX else b"\xff"
        texte = octets.decode("utf-8-sig")
        yield from csv.reader(io.StringIO(texte, newline=""), delimiter=";", strict=True)
    except (OSError, UnicodeDecodeError, csv.Error) as cause:
        raise ErreurFacturier(
            f"{fichier.name} n’est pas lisible : enregistrez-le en CSV UTF-8, avec des points-virgules.",
            code="csv-illisible",
        ) from cause


def _rangees_xlsx(fichier: Path) -> Iterator[list[str]]:
    livre = classeurs.ouvrir(fichier, "remplissez la feuille que fait « facturier satisfaction saisie », en .xlsx")
    if FEUILLE not in livre.sheetnames:
        raise ErreurFacturier(f"{fichier.name} : la feuille « {FEUILLE} » manque.", code="saisie-refusee")
    feuille = livre[FEUILLE]
    feuille.reset_dimensions()
    rangees: Iterable[Sequence[Any]] = feuille.iter_rows(max_row=AVIS_MAX + 3)
    for rangee in rangees:
        yield [_cellule(case) for case in rangee][: _derniere(rangee)]


def _derniere(rangee: Sequence[Any]) -> int:
    return max((place for place, case in enumerate(rangee, 1) if case.value not in (None, "")), default=0)


def _cellule(case: Any) -> str:
    """A formula is shown as it was typed, and is then no degree; a number keeps its digits."""
    valeur = case.value
    if isinstance(valeur, float) and valeur.is_integer():
        valeur = int(valeur)
    return "" if valeur is None else str(valeur)


def _classeur() -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    livre = Workbook()
    aide = livre.active
    aide.title = "Lisez-moi"
    classeurs.poser(aide, _AIDE)
    aide.column_dimensions["A"].width = 110
    feuille = livre.create_sheet(FEUILLE)
    classeurs.poser(feuille, [TITRES])
    feuille.freeze_panes = "A2"
    feuille.row_dimensions[1].height = 90
    for place, champ in enumerate(CHAMPS, 1):
        lettre = get_column_letter(place)
        feuille.column_dimensions[lettre].width = 20 if champ in AFFIRMATIONS else 60
        feuille.cell(1, place).font = Font(bold=True)
        feuille.cell(1, place).alignment = Alignment(wrap_text=True, vertical="top")
        if champ in AFFIRMATIONS:
            liste = DataValidation("list", formula1=f'"{",".join(DEGRES)}"', allow_blank=True, showErrorMessage=True)
            liste.errorTitle, liste.error = "Un degré", _DEGRES
            liste.add(f"{lettre}2:{lettre}{AVIS_MAX + 1}")
            feuille.add_data_validation(liste)
    return classeurs.octets_de(livre)
