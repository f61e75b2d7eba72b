"""Reading the bank's spreadsheet back: weighed, typed, checked row by row; every error is told."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from facturier import classeurs, contenu
from facturier.erreurs import SORTIE_INVALIDE, ErreurFacturier, montrable
from facturier.evaluation import tirages
from facturier.evaluation.ecriture_banque import en_toml
from facturier.evaluation.gabarits import TABLES, Gabarit, Theme, essayer, lire_entete, lire_gabarit
from facturier.evaluation.graines import Graine
from facturier.evaluation.lecture_toml import Fiche
from facturier.evaluation.tableur_colonnes import COLONNES, ITEMS, NOM_DE_LA_REPONSE, REPONSES, THEMES, Colonne

LIGNES_MAX, ERREURS_MAX = 20_000, 50


class ErreursDeBanque(ErreurFacturier):
    """What must be corrected in a spreadsheet before it is imported; ``phrases`` has one sentence a row."""

    code = "banque-refusee"
    sortie = SORTIE_INVALIDE

    def __init__(self, fichier: Path, phrases: Sequence[str]) -> None:
        self.phrases = tuple(montrable(phrase) for phrase in phrases[:ERREURS_MAX])
        reste = len(phrases) - len(self.phrases)
        combien = f"{len(phrases)} erreur{'s' if len(phrases) > 1 else ''}"
        lignes = [*self.phrases, *([f"Et {reste} autres."] if reste else [])]
        super().__init__(f"{fichier.name} : {combien}, rien n’est importé.\n" + "\n".join(lignes))


@dataclass
class _Reprise:
    """What is being read: the rows, the errors found so far."""

    lignes: dict[str, list[tuple[int, dict[str, Any]]]] = field(default_factory=dict)
    erreurs: list[str] = field(default_factory=list)
    fautives: set[tuple[str, int]] = field(default_factory=set)

    def dire(self, feuille: str, rang: int, raison: str) -> None:
        self.fautives.add((feuille, rang))
        self.erreurs.append(f"Feuille « {feuille} », ligne {rang} : {raison.rstrip('.')}.")


def lire_textes(fichier: Path, racine: Path) -> dict[str, str]:
    """The TOML text of each theme of a spreadsheet, once everything in it was found right."""
    reprise = _Reprise()
    livre = classeurs.ouvrir(fichier, "exportez la banque, corrigez ce classeur et enregistrez-le au format .xlsx")
    for nom, colonnes in COLONNES.items():
        if nom not in livre.sheetnames:
            raise ErreursDeBanque(fichier, [f"La feuille « {nom} » manque."])
        reprise.lignes[nom] = list(_rangees(livre[nom], nom, colonnes, reprise))
    if any(rang == 1 for _, rang in reprise.fautives):  # a column is missing: nothing can be said of the rows
        raise ErreursDeBanque(fichier, reprise.erreurs)
    themes, gabarits = _composer(reprise)
    if not reprise.erreurs:
        banque = tirages.lire_banque(racine) if (racine / tirages.PLACES).is_file() else None
        places = banque.places if banque is not None else ()
        try:
            tirages.Banque(tuple(themes.values()), tuple(gabarits), places, "").paires(Graine())
        except ErreurFacturier as cause:
            reprise.erreurs.append(cause.phrase)
    if reprise.erreurs:
        raise ErreursDeBanque(fichier, reprise.erreurs)
    return {code: en_toml(t, [g.champs for g in gabarits if g.theme.code == code]) for code, t in themes.items()}


def _rangees(
    feuille: Any, nom: str, colonnes: Sequence[Colonne], reprise: _Reprise
) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows of a sheet with their rank, typed; the columns are found by their titles."""
    feuille.reset_dimensions()
    lues = feuille.iter_rows()
    titres = [str(case.value or "").strip() for case in next(lues, ())]
    manquantes = [colonne.titre for colonne in colonnes if colonne.titre not in titres]
    if manquantes:
        reprise.dire(nom, 1, f"la colonne « {manquantes[0]} » manque")
        return
    places = [(titres.index(colonne.titre), colonne) for colonne in colonnes]
    for rang, cases in enumerate(lues, 2):
        if rang > LIGNES_MAX:
            reprise.dire(nom, rang, f"plus de {LIGNES_MAX} lignes")
            return
        if all(case.value in (None, "") for case in cases):
            continue
        yield rang, _rangee(nom, rang, cases, places, reprise)


def _rangee(
    nom: str, rang: int, cases: Sequence[Any], places: Sequence[tuple[int, Colonne]], reprise: _Reprise
) -> dict[str, Any]:
    rangee: dict[str, Any] = {}
    for place, colonne in places:
        case = cases[place] if place < len(cases) else None
        valeur = case.value if case is not None else None
        if case is not None and case.data_type in ("f", "e"):
            reprise.dire(nom, rang, f"la colonne « {colonne.titre} » contient une formule : écrivez un texte")
        elif valeur in (None, ""):
            if colonne.exigee:
                reprise.dire(nom, rang, f"la colonne « {colonne.titre} » est vide")
        else:
            try:
                rangee[colonne.champ] = colonne.lire(valeur)
            except (ValueError, OverflowError) as cause:
                dit = cause if str(cause).startswith(("un", "«", "plus")) else "cette valeur ne se lit pas"
                reprise.dire(nom, rang, f"colonne « {colonne.titre} », {dit}")
    return rangee


def _composer(reprise: _Reprise) -> tuple[dict[str, Theme], list[Gabarit]]:
    """Themes and items from typed rows; what is wrong is told, and what only follows from it is not."""
    objectifs = contenu.objectifs()
    themes = _themes(reprise, objectifs)
    reponses: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    for rang, champs in reprise.lignes[REPONSES]:
        reponses.setdefault(champs.get("id", ""), []).append((rang, champs))
    gabarits: list[Gabarit] = []
    pris: set[str] = set()
    for rang, champs in reprise.lignes[ITEMS]:
        ident = champs.get("id", "")
        siennes, double = reponses.pop(ident, []), ident in pris
        pris.add(ident)
        theme = themes.get(champs.pop("theme", ""))
        if (ITEMS, rang) in reprise.fautives:
            continue
        fiche = Fiche(f"{_lieu(ITEMS, rang)}, item « {ident[:64]} »", champs)
        with _raconte(reprise):
            if theme is None and "" in themes:  # the row of its theme may be the one that has no code
                continue
            if theme is None:
                raise fiche.refus("ce thème n’est pas dans la feuille « Thèmes »")
            if double:
                raise fiche.refus("cet identifiant est déjà pris, donnez-en un autre")
            jointes = _joindre(champs, siennes, reprise)
            gabarit = lire_gabarit(fiche, theme, objectifs)
            if jointes:
                essayer([gabarit])
                gabarits.append(gabarit)
    for orphelines in reponses.values() if "" not in pris else ():
        for rang, champs in orphelines:
            if "id" in champs:
                reprise.dire(REPONSES, rang, f"l’item « {champs['id'][:64]} » n’est pas dans la feuille « Items »")
    return themes, gabarits


def _themes(reprise: _Reprise, objectifs: Collection[str]) -> dict[str, Theme]:
    """The themes by code; a wrong one stands in for itself, so that its items are still looked at."""
    themes: dict[str, Theme] = {}
    for rang, champs in reprise.lignes[THEMES]:
        code = champs.pop("code", "")
        champs.setdefault("chapitres", [])
        double = code in themes
        themes.setdefault(code, Theme(code, "", min(objectifs), "", ()))
        if (THEMES, rang) in reprise.fautives:
            continue
        with _raconte(reprise):
            if double:
                raise Fiche(_lieu(THEMES, rang), {}).refus(f"le thème « {code} » est écrit deux fois")
            themes[code] = lire_entete(Fiche(_lieu(THEMES, rang), champs), code, objectifs)
    return themes


def _joindre(champs: dict[str, Any], reponses: Iterable[tuple[int, dict[str, Any]]], reprise: _Reprise) -> bool:
    """Put its answers in an item, under the names that its genre wants; False when one of them is wrong, and told."""
    table = TABLES.get(champs["genre"])
    if table is None:
        return False
    nom = NOM_DE_LA_REPONSE.get(table, "texte")
    attendus = {nom, "retour", *(("juste",) if table in ("choix", "champ") else ())}
    attendus |= {"cible"} if champs["genre"] == "appariement" else set()
    entrees = []
    juste = True
    for rang, reponse in reponses:
        if (REPONSES, rang) in reprise.fautives:
            juste = False
            continue
        entree = {nom: reponse["texte"], **{c: v for c, v in reponse.items() if c not in ("id", "texte")}}
        for fautive in sorted(entree.keys() ^ attendus):
            titre = next(c.titre for c in COLONNES[REPONSES] if c.champ == fautive)
            quoi = "est vide" if fautive in attendus else f"ne sert pas au genre « {champs['genre']} »"
            reprise.dire(REPONSES, rang, f"la colonne « {titre} » {quoi}")
            juste = False
        entrees.append(entree)
    if entrees:
        champs[table] = entrees
    return juste


def _lieu(feuille: str, rang: int) -> str:
    return f"Feuille « {feuille} », ligne {rang}"


@contextmanager
def _raconte(reprise: _Reprise) -> Iterator[None]:
    """A refusal becomes one of the errors told at the end, in the words of the spreadsheet."""
    try:
        yield
    except ErreurFacturier as cause:
        lieu, deux_points, raisons = cause.phrase.partition(" : ")
        if not deux_points:
            lieu, raisons = "", cause.phrase
        dites = (_EN_TETE.sub(_titre, raison, count=1) for raison in raisons.split(" ; "))
        reprise.erreurs.append(lieu + deux_points + " ; ".join(dites))


_EN_TETE = re.compile("« ([a-z_]+) »")
_TITRES = {colonne.champ: colonne.titre for colonnes in COLONNES.values() for colonne in colonnes}


def _titre(trouve: re.Match[str]) -> str:
    """The title of the column that holds that field."""
    return f"« {_TITRES.get(trouve[1], trouve[1])} »"
