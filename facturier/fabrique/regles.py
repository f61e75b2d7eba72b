"""What a chapter's text must respect before it becomes a notebook; each refusal names the text and the cell."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from facturier.erreurs import ErreurFacturier
from facturier.evaluation.bareme import Bareme

Cellule = dict[str, Any]
LIGNES_MAX = 3
IMPORT = "from facturier import lecon"
DEBUT_SOLUTION = "### BEGIN SOLUTION"
FIN_SOLUTION = "### END SOLUTION"
_VERBE_DU_GENRE = {"quiz": "quiz", "depot": "exercice", "valeur": "rendre", "portail": "exercice"}


@dataclass(frozen=True)
class Appel:
    """A cell that is one call of the façade: ``lecon.<verbe>("…", nom)``."""

    verbe: str
    arguments: tuple[str, ...]


def appel_facade(code: str) -> Appel | None:
    """The call, when the code is exactly one call of the façade on constants and plain names; else None."""
    try:
        arbre = ast.parse(code)
    except SyntaxError:
        return None
    if len(arbre.body) != 1 or not isinstance(arbre.body[0], ast.Expr) or code.rstrip().endswith(";"):
        return None
    appel = arbre.body[0].value
    if not isinstance(appel, ast.Call) or appel.keywords or not isinstance(appel.func, ast.Attribute):
        return None
    if not isinstance(appel.func.value, ast.Name) or appel.func.value.id != "lecon":
        return None
    arguments = []
    for argument in appel.args:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            arguments.append(argument.value)
        elif isinstance(argument, ast.Name):
            arguments.append(f"={argument.id}")
        else:
            return None
    return Appel(appel.func.attr, tuple(arguments))


def verifier_rythme(lieu: str, cellules: list[Cellule]) -> None:
    """The rhythm of a notebook for people who do not code: sentence, one thought of code, sentence."""
    if not cellules or cellules[0]["type"] != "markdown" or not cellules[0]["source"].startswith("# "):
        raise _refus(lieu, "le texte doit commencer par un titre « # … »")
    imports = [c for c in cellules if c["type"] == "code" and "import" in c["source"].split()]
    if [c["source"] for c in imports] != [IMPORT]:
        raise _refus(lieu, f"une seule cellule d’import est admise, et c’est « {IMPORT} »")
    for avant, cellule in pairwise(cellules):
        if cellule["type"] != "code":
            continue
        if avant["type"] == "code":
            raise _refus(lieu, f"deux cellules de code se suivent, annoncez la seconde ({_debut(cellule)})")
        if len(_visible(cellule)) > LIGNES_MAX:
            raise _refus(lieu, f"une cellule montre plus de {LIGNES_MAX} lignes de code ({_debut(cellule)})")


def verifier_lecon(lieu: str, cellules: list[Cellule]) -> None:
    """A lesson holds no graded cell."""
    for cellule in cellules:
        if "exercice" in cellule or "solution" in cellule:
            raise _refus(lieu, f"une leçon n’a pas de cellule notée ({_debut(cellule)})")


def verifier_exercices(lieu: str, cellules: list[Cellule], bareme: Bareme) -> None:
    """Graded cells and the barème tell the same exercises; each graded cell is exactly one call of the façade."""
    vus: list[str] = []
    solutions: list[str] = []
    for cellule in cellules:
        if cellule["type"] != "code":
            if DEBUT_SOLUTION in cellule["source"]:
                raise _refus(lieu, f"une solution est écrite hors d’une cellule de code ({_debut(cellule)})")
        elif "exercice" in cellule:
            _verifier_cellule_notee(lieu, cellule, bareme)
            vus.append(cellule["exercice"])
        elif "solution" in cellule:
            _verifier_solution(lieu, cellule, bareme)
            solutions.append(cellule["solution"])
        elif DEBUT_SOLUTION in cellule["source"] or FIN_SOLUTION in cellule["source"]:
            raise _refus(lieu, f"une solution est écrite dans une cellule sans « solution=… » ({_debut(cellule)})")
    for nom, liste in (("exercice", vus), ("solution", solutions)):
        double = next((x for x in liste if liste.count(x) > 1), None)
        if double is not None:
            raise _refus(lieu, f"{nom} « {double} » : deux cellules portent ce nom, gardez-en une")
    _verifier_noms_remis(lieu, cellules)
    manquant = next((e for e in bareme.par_id if e not in vus), None)
    if manquant is not None:
        raise _refus(lieu, f"l’exercice « {manquant} » de corrige.toml n’a pas de cellule")


def _verifier_cellule_notee(lieu: str, cellule: Cellule, bareme: Bareme) -> None:
    identifiant = cellule["exercice"]
    exercice = bareme.par_id.get(identifiant)
    if exercice is None:
        raise _refus(lieu, f"l’exercice « {identifiant} » n’est pas dans corrige.toml")
    appel, verbe = appel_facade(cellule["source"]), _VERBE_DU_GENRE[exercice.genre]
    remis = appel.arguments[1:] if appel is not None else ()
    calcule = exercice.genre == "valeur" and len(remis) == 1 and remis[0].startswith("=")
    if appel is None or appel.verbe != verbe or appel.arguments[:1] != (identifiant,) or (remis and not calcule):
        suite = f', ou lecon.{verbe}("{identifiant}", <nom>)' if exercice.genre == "valeur" else ""
        raise _refus(
            lieu, f'la cellule notée « {identifiant} » doit être exactement lecon.{verbe}("{identifiant}"){suite}'
        )


def _verifier_noms_remis(lieu: str, cellules: list[Cellule]) -> None:
    """A blank notebook says « à faire », never NameError: what is handed in exists before the learner writes."""
    connus: set[str] = set()
    for cellule in [c for c in cellules if c["type"] == "code"]:
        appel = appel_facade(cellule["source"])
        for argument in appel.arguments if appel is not None else ():
            if argument.startswith("=") and argument[1:] not in connus:
                nom = argument[1:]
                raise _refus(lieu, f"« {nom} » est remis sans exister avant la solution, écrivez « {nom} = ... »")
        connus |= _noms_donnes("\n".join(_visible(cellule)))


def _noms_donnes(code: str) -> set[str]:
    try:
        arbre = ast.parse(code)
    except SyntaxError:
        return set()
    return {n.id for n in ast.walk(arbre) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def _verifier_solution(lieu: str, cellule: Cellule, bareme: Bareme) -> None:
    identifiant, code = cellule["solution"], cellule["source"]
    exercice = bareme.par_id.get(identifiant)
    if exercice is None or exercice.genre != "valeur":
        raise _refus(lieu, f"la solution « {identifiant} » ne correspond à aucun exercice de genre « valeur »")
    if code.count(DEBUT_SOLUTION) != 1 or code.count(FIN_SOLUTION) != 1 or code.find(FIN_SOLUTION) < code.find("BEGIN"):
        raise _refus(lieu, f"la solution « {identifiant} » doit être entre {DEBUT_SOLUTION} et {FIN_SOLUTION}")


def _visible(cellule: Cellule) -> list[str]:
    """The lines of code a learner sees: without the solution, which release replaces by one line."""
    lignes: list[str] = []
    dans_solution = False
    for ligne in cellule["source"].splitlines():
        if DEBUT_SOLUTION in ligne:
            dans_solution = True
            lignes.append(ligne)
        elif FIN_SOLUTION in ligne:
            dans_solution = False
        elif not dans_solution and ligne.strip():
            lignes.append(ligne)
    return lignes


def _debut(cellule: Cellule) -> str:
    lignes = cellule["source"].splitlines() or [""]
    return f"« {lignes[0][:60]} »"


def _refus(lieu: str, raison: str) -> ErreurFacturier:
    return ErreurFacturier(f"{lieu} : {raison}.", code="source-invalide")
