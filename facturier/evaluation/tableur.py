"""The bank as a spreadsheet, for trainers who have no git: written whole, read back strictly, nothing half-imported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from facturier import contenu
from facturier.classeurs import octets_de, poser
from facturier.ecriture import write_bytes
from facturier.erreurs import ErreurFacturier
from facturier.evaluation import tirages
from facturier.evaluation.gabarits import TABLES
from facturier.evaluation.items import GENRES
from facturier.evaluation.tableur_colonnes import COLONNES, ITEMS, NOM_DE_LA_REPONSE, REPONSES, THEMES
from facturier.evaluation.tableur_lecture import ErreursDeBanque, lire_textes

__all__ = ["ErreursDeBanque", "classeur", "exporter", "importer"]

_AIDE = (
    ("Cette banque se corrige dans un tableur, puis se réimporte : facturier banque importer FICHIER.xlsx",),
    (f"{THEMES} : un thème par ligne, son objectif, ce qu’il apprend à faire, les chapitres qui s’y exercent.",),
    (f"{ITEMS} : une question par ligne. L’identifiant ne change plus une fois publié.",),
    (f"{REPONSES} : une réponse par ligne, sous l’identifiant de sa question, dans l’ordre pour un rangement.",),
    (f"Genres : {', '.join(GENRES)}. Fiabilité : établi, partiel, à vérifier ; seul « établi » se note.",),
    ('Un fait s’appelle : {{ delai("paiement-sante") }} ; un chiffre de l’histoire s’écrit {{ exemple("12 %") }}.',),
    ("Plusieurs sources, erreurs ou leurres : un par ligne dans la même case (Alt + Entrée).",),
    ("Aucune formule n’est admise.",),
)


def exporter(fichier: Path, sources: Path | None = None) -> tirages.Banque:
    """Write the bank of that folder of sources as a spreadsheet; texts stay texts, even those that begin by « = ».

    Raises:
        ErreurFacturier: the bank is refused.
    """
    banque = tirages.lire_banque(sources)
    write_bytes(fichier, classeur(banque))
    return banque


def classeur(banque: tirages.Banque) -> bytes:
    """The spreadsheet of a bank."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    livre = Workbook()
    aide = livre.active
    aide.title = "Lisez-moi"
    poser(aide, _AIDE)
    aide.column_dimensions["A"].width = 110
    for nom, rangees in (
        (THEMES, [{**vars(theme), "chapitres": list(theme.chapitres)} for theme in banque.themes]),
        (ITEMS, [{**g.champs, "theme": g.theme.code} for g in banque.gabarits]),
        (REPONSES, [ligne for g in banque.gabarits for ligne in _reponses(g.champs)]),
    ):
        feuille = livre.create_sheet(nom)
        colonnes = COLONNES[nom]
        titres = [[colonne.titre for colonne in colonnes]]
        poser(feuille, titres + [[c.ecrire(r[c.champ]) if c.champ in r else None for c in colonnes] for r in rangees])
        feuille.freeze_panes = "C2"
        for rang, colonne in enumerate(colonnes, 1):
            feuille.column_dimensions[get_column_letter(rang)].width = colonne.large
            feuille.cell(1, rang).font = Font(bold=True)
        for cases in feuille.iter_rows(min_row=2):
            for case in cases:
                case.alignment = Alignment(wrap_text=True, vertical="top")
    return octets_de(livre)


def _reponses(champs: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    table = TABLES[champs["genre"]]
    nom = NOM_DE_LA_REPONSE.get(table, "texte")
    for reponse in champs.get(table, ()):
        yield {**reponse, "id": champs["id"], "texte": reponse[nom]}


def importer(fichier: Path, sources: Path | None = None) -> list[str]:
    """Replace the bank by that of a spreadsheet; the files of themes that change are returned, as ``banque/x.toml``.

    Everything is checked first, and both forms drawn; a failure while writing puts the former files back.

    Raises:
        ErreursDeBanque: what is wrong, row by row; nothing was written.
        ErreurFacturier: the file cannot be read.
    """
    racine = sources if sources is not None else contenu.racine() / "source"
    textes = lire_textes(fichier, racine)
    dossier = racine / tirages.BANQUE
    voulus = {dossier / f"{code}.toml": texte.encode() for code, texte in textes.items()}
    anciens = {f: f.read_bytes() for f in dossier.glob("*.toml")}
    changes = sorted(f for f in voulus.keys() | anciens.keys() if voulus.get(f) != anciens.get(f))
    try:
        for f in changes:
            _mettre(f, voulus.get(f))
    except OSError as cause:
        for f in changes:
            _mettre(f, anciens.get(f))
        raise ErreurFacturier(
            f"La banque ne s’écrit pas dans {dossier} ({cause.strerror}) : rien n’est importé.", code="ecriture"
        ) from cause
    return [f"{tirages.BANQUE}/{f.name}" for f in changes]


def _mettre(fichier: Path, octets: bytes | None) -> None:
    if octets is None:
        fichier.unlink(missing_ok=True)
    else:
        write_bytes(fichier, octets)
