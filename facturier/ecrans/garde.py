"""What is kept of a place beside the journal, as JSON and as the texts of an answer; read as if it were hostile."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from facturier.champs import FormulaireDef, Valeurs
from facturier.ecrans.blocs import Cible

if TYPE_CHECKING:
    from facturier.ecrans.ecran import Ecran
    from facturier.ecrans.poste import Poste

TEXTE_MAX = 20_000
SAISIES_MAX = 60
"""How many forms' answers are kept at most; the oldest go first."""
GARDE_MAX = 150_000
"""Characters kept of all forms together: with its journal, an answer stays within what is read back."""
NOTES_MAX = 100
CLE_MAX = 180
_SAISIE, _NOTE = "saisie ", "note "


def en_json(poste: Poste) -> dict[str, Any]:
    """What is kept of this place; a secret typed is never kept."""
    return {
        "lieu": [poste.lieu.ecran, poste.lieu.objet],
        "siege": poste.siege_choisi,
        "compte": poste.compte,
        "saisies": {cle: _sans_secret(poste, cle, valeurs) for cle, valeurs in poste.saisies.items()},
        "notes": dict(poste.notes),
    }


def reprendre(poste: Poste, garde: Mapping[str, Any]) -> None:
    """Come back to what :func:`en_json` kept; anything that is not of its shape is left aside."""
    lieu = garde.get("lieu")
    if isinstance(lieu, list) and len(lieu) == 2 and all(isinstance(mot, str) for mot in lieu):
        ecran, objet = lieu
        if ecran in poste.catalogue:
            poste.lieu = Cible(ecran, objet)
    poste.siege_choisi = _texte(garde.get("siege"))
    poste.compte = _texte(garde.get("compte"))
    poste.saisies.update({cle: v for cle, v in _table(garde.get("saisies")).items() if isinstance(v, dict)})
    for cle, valeurs in poste.saisies.items():
        poste.saisies[cle] = {champ: texte for champ, texte in valeurs.items() if isinstance(texte, str)}
    poste.notes.update({cle: texte for cle, texte in _table(garde.get("notes")).items() if isinstance(texte, str)})


def aplatir(garde: Mapping[str, Any]) -> Valeurs:
    """The same as texts only, as an answer keeps them: one a form, empty fields left out, in pieces when it is long."""
    valeurs: Valeurs = {"lieu": json.dumps(garde["lieu"]), "siege": garde["siege"], "compte": garde["compte"]}
    for cle, texte in list(garde["notes"].items())[-NOTES_MAX:]:
        _ranger(valeurs, f"{_NOTE}{cle}", texte)
    place = GARDE_MAX
    for cle, saisie in reversed(list(garde["saisies"].items())[-SAISIES_MAX:]):  # the last one touched first
        texte = json.dumps({champ: t for champ, t in saisie.items() if t}, ensure_ascii=False)
        place -= len(texte)
        if place < 0:
            break
        _ranger(valeurs, f"{_SAISIE}{cle}", texte)
    return valeurs


def deplier(valeurs: Mapping[str, Any]) -> dict[str, Any]:
    """What :func:`aplatir` was given; what cannot be read is left aside."""
    entiers: dict[str, str] = {}
    for cle, texte in valeurs.items():
        if isinstance(texte, str):
            nom = cle.partition("\t")[0]
            entiers[nom] = entiers.get(nom, "") + texte
    saisies = {c.removeprefix(_SAISIE): _lire(t) for c, t in entiers.items() if c.startswith(_SAISIE)}
    return {
        "lieu": _lire(entiers.get("lieu", "")),
        "siege": entiers.get("siege", ""),
        "compte": entiers.get("compte", ""),
        "saisies": dict(reversed(list(saisies.items()))),
        "notes": {c.removeprefix(_NOTE): t for c, t in entiers.items() if c.startswith(_NOTE)},
    }


def saisies(valeurs: Mapping[str, Any]) -> tuple[str, ...]:
    """The forms that hold something, in texts kept by :func:`aplatir`."""
    return tuple(cle for cle, texte in valeurs.items() if cle.startswith(_SAISIE) and texte not in ("", "{}"))


def _ranger(valeurs: Valeurs, cle: str, texte: str) -> None:
    if len(cle) > CLE_MAX:
        return
    for rang, debut in enumerate(range(0, len(texte) or 1, TEXTE_MAX)):
        valeurs[f"{cle}\t{rang}" if rang else cle] = texte[debut : debut + TEXTE_MAX]


def _lire(texte: str) -> object:
    try:
        return json.loads(texte)
    except (ValueError, RecursionError):
        return None


def _table(obj: object) -> dict[str, Any]:
    return obj if isinstance(obj, dict) else {}


def _texte(obj: object) -> str:
    return obj if isinstance(obj, str) else ""


def _sans_secret(poste: Poste, cle: str, valeurs: Valeurs) -> Valeurs:
    nom = cle.partition("|")[0]
    secrets: set[str] = set()
    for ecran in poste.catalogue.values():  # the steps of one path share their answers
        if nom in (ecran.id, ecran.brouillon):
            secrets |= _secrets(poste, ecran)
    return {champ: texte for champ, texte in valeurs.items() if champ not in secrets}


def _secrets(poste: Poste, ecran: Ecran) -> set[str]:
    """The fields of that screen that are never kept; those of every screen when its form cannot be made from here (it
    asks the portal about a piece that is elsewhere, or gone)."""
    try:
        definition = poste.formulaire(ecran)
    except Exception:  # noqa: BLE001 whatever stops it must not stop the keeping of the others
        definition = None
    connus = [e.formulaire for e in poste.catalogue.values()] if definition is None else [definition]
    return {c.id for d in connus if isinstance(d, FormulaireDef) for c in d.champs if c.genre == "secret"}
