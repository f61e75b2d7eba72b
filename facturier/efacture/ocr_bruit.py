"""The mistakes that reading machines make, drawn by (seed, file): the same file under the same seed is misread alike.

One record a kind of mistake: the fields it may strike, and what it makes of them. A machine does not know which of
its readings are wrong: the confidence it announces is only a hint, sometimes misplaced in both directions.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from facturier import champs as formulaires

Confiance = Literal["sûr", "à vérifier", "non lu"]
Tirage = Callable[[str], int]
"""A whole number drawn for a purpose, always the same for the same purpose."""
Lus = Mapping[str, str]

FAUTES_MIN, FAUTES_MAX = 2, 4
"""How many fields of a page are misread."""
_SUR_MAIS_FAUX = 3
"""One misread field in so many is announced as sure."""
_JUSTE_MAIS_DOUTEUX = 5
"""One well read field in so many is announced as doubtful."""

_CHIFFRES_PRIS_POUR_LETTRES = {"0": "O", "1": "l", "5": "S", "8": "B", "2": "Z", "6": "G"}
_LETTRES_PRISES_POUR_CHIFFRES = {"O": "0", "l": "1", "I": "1", "S": "5", "B": "8", "Z": "2", "G": "6", "o": "0"}
_CHIFFRES_PROCHES = {"0": "8", "1": "7", "3": "8", "5": "6", "6": "5", "7": "1", "8": "3", "9": "4", "4": "9"}
_CONFUSIONS = _CHIFFRES_PRIS_POUR_LETTRES | _LETTRES_PRISES_POUR_CHIFFRES

_REFERENCES = ("numero_facture", "numero_engagement", "numero_marche", "code_service")
_IDENTIFIANTS = ("destinataire_siret", "valideur_siret", "iban")
_MONTANTS = ("montant_ht", "montant_tva", "montant_ttc")


@dataclass(frozen=True)
class ChampLu:
    """A field as the machine gives it, and how sure it says it is."""

    valeur: str
    confiance: Confiance


@dataclass(frozen=True)
class Faute:
    """A kind of mistake: ``abimer`` returns the misread text, or the same text when it cannot strike there."""

    code: str
    libelle: str
    champs: tuple[str, ...]
    abimer: Callable[[str, Lus, Tirage], str]


def _confondre(table: Mapping[str, str]) -> Callable[[str, Lus, Tirage], str]:
    def abimer(texte: str, lus: Lus, tirer: Tirage) -> str:
        places = [rang for rang, c in enumerate(texte) if c in table]
        if not places:
            return texte
        place = places[tirer("place") % len(places)]
        return texte[:place] + table[texte[place]] + texte[place + 1 :]

    return abimer


def _virgule_perdue(texte: str, lus: Lus, tirer: Tirage) -> str:
    return re.sub(r"[\s,]", "", texte) if "," in texte else texte


def _jour_et_mois(texte: str, lus: Lus, tirer: Tirage) -> str:
    jour, _, reste = texte.partition("/")
    mois, _, annee = reste.partition("/")
    return f"{mois}/{jour}/{annee}" if jour.isdigit() and int(jour) <= 12 else texte


def _total_pour_ht(texte: str, lus: Lus, tirer: Tirage) -> str:
    return lus.get("montant_ttc", "") or texte


def _marche_pour_engagement(texte: str, lus: Lus, tirer: Tirage) -> str:
    return lus.get("numero_marche", "") or texte


def _manque(texte: str, lus: Lus, tirer: Tirage) -> str:
    return ""


FAUTES = (
    Faute("lettre", "un chiffre pris pour une lettre, ou l’inverse", _REFERENCES, _confondre(_CONFUSIONS)),
    Faute("lettre", "un chiffre pris pour une lettre", _IDENTIFIANTS, _confondre(_CHIFFRES_PRIS_POUR_LETTRES)),
    Faute(
        "chiffre",
        "un chiffre pris pour un autre",
        (*_REFERENCES, *_IDENTIFIANTS, *_MONTANTS, "date_facture"),
        _confondre(_CHIFFRES_PROCHES),
    ),
    Faute("virgule", "la virgule perdue", _MONTANTS, _virgule_perdue),
    Faute("jour-mois", "le jour et le mois échangés", ("date_facture",), _jour_et_mois),
    Faute("total", "le total TTC pris pour le montant HT", ("montant_ht",), _total_pour_ht),
    Faute("engagement", "le numéro de marché pris pour l’engagement", ("numero_engagement",), _marche_pour_engagement),
    Faute(
        "manque",
        "un champ qui n’a pas été vu",
        ("code_service", "numero_engagement", "iban", "date_facture", "montant_tva", "mode_paiement", "type_facture"),
        _manque,
    ),
)


def bruiter(lus: Lus, graine: str, empreinte: str) -> dict[str, ChampLu]:
    """The fields as the machine gives them: some misread, each with its announced confidence."""

    def tirer(usage: str) -> int:
        return int.from_bytes(hashlib.sha256(f"{graine}|{empreinte}|{usage}".encode()).digest()[:8], "big")

    abimes = _abimer(lus, tirer)
    return {
        champ: ChampLu(abimes.get(champ, vrai), _confiance(champ, vrai, abimes.get(champ, vrai), tirer))
        for champ, vrai in lus.items()
    }


def _abimer(lus: Lus, tirer: Tirage) -> dict[str, str]:
    """The misread fields: a few of those that were printed, each struck by one mistake that really changes it."""
    candidats = sorted((champ for champ, vrai in lus.items() if vrai), key=lambda champ: tirer(f"ordre {champ}"))
    voulues = FAUTES_MIN + tirer("nombre") % (FAUTES_MAX - FAUTES_MIN + 1)
    abimes: dict[str, str] = {}
    for champ in candidats:
        if len(abimes) == voulues:
            break
        possibles = [faute for faute in FAUTES if champ in faute.champs]
        for rang in range(len(possibles)):
            faute = possibles[(tirer(f"faute {champ}") + rang) % len(possibles)]
            lu = faute.abimer(lus[champ], lus, _propre(tirer, champ))
            if lu != lus[champ]:
                abimes[champ] = lu
                break
    return abimes


def _propre(tirer: Tirage, champ: str) -> Tirage:
    """The same draws, that field's own."""
    return lambda usage: tirer(f"{usage} {champ}")


def _confiance(champ: str, vrai: str, lu: str, tirer: Tirage) -> Confiance:
    if not lu:
        return "non lu"
    if lu != vrai:
        return "sûr" if tirer(f"confiance {champ}") % _SUR_MAIS_FAUX == 0 else "à vérifier"
    return "à vérifier" if tirer(f"confiance {champ}") % _JUSTE_MAIS_DOUTEUX == 0 else "sûr"


CHAMPS_LUS: tuple[str, ...] = tuple(champ.id for champ in formulaires.DEPOT_FACTURE.champs if champ.id != "commentaire")
"""Fields that a machine looks for: all those of the form but what a person has to say."""
